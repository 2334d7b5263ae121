"""What TAKE_HOME.md says is true: commands, files, names and numbers."""

import inspect
import re
import sys
from pathlib import Path

import pytest

import netlib
from examples.options import read_options
from netlib import interest
from netlib.rooms import RoomServer
from netlib.server.room import GameRoom
from tests.support.processes import ROOT
from tests.support.take_home import TEXT
from workshop import steps
from workshop.commands.table import COMMANDS
from workshop.maintenance.upkeep import quotes
from workshop.maintenance.upkeep.guides import FENCE
from workshop.new_project import kinds

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


def test_its_kinds_are_those_of_new() -> None:
    """Each kind has a line in the first table."""
    rows = re.findall(r"^\| .+ \| `(\w+)` \| .+ \|$", TEXT.partition("## 2.")[0], re.MULTILINE)
    assert rows == list(kinds.NAMES)


def test_its_options_are_those_of_a_project(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a project is started with is in its --help, or it is an option of `workshop new`."""
    monkeypatch.setattr(sys, "argv", ["play.py", "--help"])
    with pytest.raises(SystemExit):
        read_options("examples.arena", "", bots=True)
    known = capsys.readouterr().out + "--kind --list"
    ours = [code for code in CODE if re.match("--|python3 play.py|workshop new", code)]
    named = set(re.findall(r"--\w+", " ".join(ours)))
    assert len(named) > 6 and named <= set(re.findall(r"--\w+", known))


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
