"""What TAKE_HOME.md says is true: commands, files, names and numbers."""

import inspect
import re
from pathlib import Path

import pytest

import netlib
from netlib import interest
from netlib.rooms import RoomServer
from netlib.server.room import GameRoom
from tests.support.processes import ROOT
from tests.support.take_home import TEXT
from workshop import steps
from workshop.commands.table import COMMANDS
from workshop.maintenance.upkeep import quotes
from workshop.maintenance.upkeep.guides import FENCE

ARENA = ROOT / "examples" / "arena"
CODE = re.findall(r"`([^`\n]+)`", FENCE.sub("", TEXT))
DECISIONS = 10


def test_it_has_ten_decisions() -> None:
    """They are numbered, and each says where in the project or in netlib it is found."""
    parts = re.findall(r"^## (\d+)\. .+\?\n((?:(?!## ).*\n)*)", TEXT, re.MULTILINE)
    assert [int(number) for number, _ in parts] == list(range(1, DECISIONS + 1))
    for number, text in parts[1:]:
        assert re.search(r"netlib[/.]\w", text), number


def test_its_commands_exist() -> None:
    """Every command that it names is one of ours."""
    assert set(re.findall(r"(?m)(?:`|^)workshop (\w+)", TEXT)) <= COMMANDS.keys()


@pytest.mark.parametrize(("info", "code"), FENCE.findall(TEXT))
def test_its_code_is_in_the_kinds(info: str, code: str) -> None:
    """What it quotes stands in the example from which a project is made, word for word."""
    assert list(quotes.problems(info, code, quotes.from_checkout)) == []


@pytest.mark.parametrize("path", sorted({code for code in CODE if re.fullmatch(r"[\w/]+\.py", code)}))
def test_its_files_exist(path: str) -> None:
    """Paths of netlib are whole; a bare name is a file of the arena, or one that `new` writes."""
    assert (ROOT / path).is_file() if "/" in path else (ARENA / path).is_file()


def test_its_kinds_are_the_examples() -> None:
    """Each kind has a line in the first table."""
    rows = re.findall(r"^\| .+ \| `(\w+)` \| .+ \|$", TEXT.partition("## 2.")[0], re.MULTILINE)
    assert sorted(rows) == sorted(
        [path.parent.name for path in ROOT.glob("examples/*/__main__.py")] + ["gems"]
    )


def test_its_names_are_netlibs() -> None:
    """What it calls netlib's is there, with these arguments; limits have the numbers that it gives."""
    words = " ".join(CODE)
    for name in re.findall(r"netlib\.(\w+)", words):
        assert hasattr(netlib, name) or (ROOT / "netlib" / name).is_dir(), name
    for name, arguments in re.findall(r"netlib\.(\w+)\(([^`]*?)\)(?= |$)", words):
        taken = inspect.signature(getattr(netlib, name)).parameters
        assert set(re.findall(r"(\w+)=", arguments)) <= taken.keys(), name
    assert {"Private", "Views"} <= vars(interest).keys() and hasattr(GameRoom, "on_admit")
    limits = netlib.Limits()
    assert f"`Limits.grace_time` ({limits.grace_time:g} s)" in TEXT
    assert f"`Limits.idle_time` ({limits.idle_time / 2:g} s)" in TEXT
    assert f"`Limits.handshakes_per_second` ({limits.handshakes_per_second:g})" in TEXT
    assert f"`handshake_burst` ({limits.handshake_burst:g})" in TEXT
    rooms = inspect.signature(RoomServer).parameters["max_rooms_per_address"].default
    assert f"`max_rooms_per_address` ({rooms})" in TEXT


def test_its_steps_are_about_what_it_says() -> None:
    """A step that it names has the word of that decision in its guide."""
    for number, word in (("06", "authority"), ("10", "predict"), ("11", "interpol"), ("12", "session")):
        assert re.search(rf"Steps? (\d\d and )?{number} (is|are) about this", TEXT), number
        assert word in Path(steps.find(number).guide).read_text(encoding="utf-8").lower()
