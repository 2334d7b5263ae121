"""The table of contents: what a program may import from netlib."""

import re
import subprocess
import sys
from pathlib import Path

import netlib
from tests.support.sources import code_lines

ROOT = Path(netlib.__file__).resolve().parents[1]

EXPORTS = """
    Server Peer Limits Client connect
    Message Untyped Input Command Entity Quantised rounded Codec JSON MSGPACK
    Event Events Joined Dropped Resumed Left Paused Started
    Connected Interrupted Reconnecting Disconnected ServerError StateChanged
    run frames clock Accumulator
    Predictor TickInput Verdict InterpolationBuffer ServerClock
    Browser Room find_rooms RoomFound RoomChanged RoomLost
    LinkConditions PERFECT PRESETS
    NetlibError StartError PortInUse MessageError BadMessage UnknownType MessageTooBig ConnectError
    HostNotFound Unreachable NotOurServer Refused WrongVersion RoomFull WrongPassword ConnectionLost
    RequestFailed
"""
EXPORTED = EXPORTS.split()


def test_the_exports_are_these() -> None:
    """A name that is added or taken away is a decision made here, too; nothing else is public."""
    assert netlib.__all__ == EXPORTED
    modules = {path.stem for path in (ROOT / "netlib").iterdir()}
    public = {name for name in vars(netlib) if not name.startswith("_")} - modules
    assert public == set(EXPORTED)


def test_every_export_says_what_it_is() -> None:
    """`help(netlib)` is useful: classes and functions have a docstring."""
    for name in EXPORTED:
        value = getattr(netlib, name)
        assert not callable(value) or value.__doc__ or name == "clock"


def test_the_reading_path_is_short() -> None:
    """Twelve files are named, which are there, and can be read in two evenings."""
    path = re.findall(r"`(\w+/\w+\.py)`", netlib.__doc__ or "")
    assert len(path) == 12
    assert sum(code_lines((ROOT / "netlib" / name).read_text(encoding="utf-8")) for name in path) <= 2000


def test_every_floor_is_named() -> None:
    """A folder that the table of contents does not name is not found by its readers."""
    folders = {path.parent.name for path in (ROOT / "netlib").glob("*/__init__.py")}
    assert folders and not {name for name in folders if f"`{name}`" not in (netlib.__doc__ or "")}


def test_netlib_needs_no_game() -> None:
    """Importing it imports neither pygame nor the workshop."""
    code = "import sys, netlib; print(sorted({'pygame', 'workshop', 'click', 'rich'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
