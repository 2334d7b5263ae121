"""The table of contents: what a program may import from netlib."""

import inspect
import re
import subprocess
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import netlib
from tests.support.sources import code_lines

ROOT = Path(netlib.__file__).resolve().parents[1]

EXPORTS = """
    Server Peer Limits Client connect LinkMetrics ServerMetrics Rate
    Message Untyped Input Command RoomState Entity Collections Quantised rounded Angle Codec JSON MSGPACK Page
    Event Events Joined Dropped Resumed Left Paused Started
    Connected Interrupted Reconnecting Disconnected ServerError StateChanged
    run frames clock Accumulator
    Predictor TickInput Verdict InterpolationBuffer Sample ServerClock
    Browser Room RoomInfo find_rooms RoomFound RoomChanged RoomLost
    LinkConditions PERFECT PRESETS
    NetlibError WrongArgument WrongCall StartError PortInUse
    MessageError BadMessage UnknownType MessageTooBig ConnectError
    HostNotFound Unreachable NotOurServer Refused WrongVersion RoomFull WrongPassword ConnectionLost
    RequestFailed UnknownCollection
"""
EXPORTED = EXPORTS.split()


def test_the_exports_are_these() -> None:
    """A name that is added or taken away is a decision made here, too; nothing else is public."""
    assert netlib.__all__ == EXPORTED
    modules = {path.stem for path in (ROOT / "netlib").iterdir()}
    public = {name for name in vars(netlib) if not name.startswith("_")} - modules
    assert public == set(EXPORTED)


INSIDE = {
    "answer",
    "catalog",
    "handle",
    "hear",
    "publisher",
    "received",
    "rights",
    "roster",
    "ticker",
}  # see `Client`


def members(kind: type) -> Iterator[tuple[str, Any]]:
    """Yield what a class of ours has for games, by name: methods, properties, and annotated fields."""
    for base in kind.__mro__:
        if base.__module__.startswith("netlib"):
            yield from ((name, value) for name, value in vars(base).items() if name[0] != "_")


def returned(member: Any) -> Any:
    """Return the type that a property or a method is annotated to give."""
    function = member.fget if isinstance(member, property) else member
    hints = inspect.get_annotations(function, eval_str=True) if inspect.isfunction(function) else {}
    return hints.get("return")


def ours(hint: Any) -> Iterator[type]:
    """Yield netlib's own classes in a type, however deep."""
    if isinstance(hint, type) and hint.__module__.startswith("netlib"):
        yield hint
    for argument in typing.get_args(hint):
        yield from ours(argument)


def test_what_public_objects_give_is_public() -> None:
    """Whatever a game gets from an object, it can name, look up, and read about."""
    public = {value for value in vars(netlib).values() if isinstance(value, type)}
    found: set[str] = set()
    for kind in public:
        hints = list(typing.get_type_hints(kind).items()) + [(n, returned(m)) for n, m in members(kind)]
        found |= {
            f"{kind.__name__}.{name} gives a {each.__name__}"
            for name, hint in hints
            for each in ours(hint)
            if each not in public and name not in INSIDE
        }
    for thing in (netlib.Server("room", discoverable=False), netlib.Client("127.0.0.1")):
        values = {name: type(value) for name, value in vars(thing).items() if name[0] != "_"}
        found |= {
            f"{name} is a {kind}" for name, kind in values.items() if any(ours(kind)) and kind not in public
        } - {f"{name} is a {values[name]}" for name in INSIDE & values.keys()}
    assert found == set()
    undocumented = {
        f"{kind.__name__}.{name}"
        for kind in public
        for name, member in members(kind)
        if isinstance(member, property) or inspect.isfunction(member)
        if not inspect.getdoc(getattr(kind, name))
    }
    assert undocumented == set()


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
