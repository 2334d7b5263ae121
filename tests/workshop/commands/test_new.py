"""`workshop new`: what it makes, asks and refuses."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

from tests.support.commands import Shell, names, workshop
from tests.support.processes import ROOT
from workshop.commands import new
from workshop.new_project.kinds import DEFAULT, NAMES

pytestmark = pytest.mark.usefixtures("typed")

SIX = [f"{number}  {name} " for number, name in enumerate(NAMES, 1)]


def answers(said: Sequence[object], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let somebody sit at a terminal, and give these answers; return what they are asked."""
    waiting, asked = list(said), list[str]()

    def prompt(question: str, **options: object) -> object:
        asked.append(question)
        return waiting.pop(0)

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(click, "prompt", prompt)
    return asked


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give an empty folder, in which the builder stands."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_game_is_made(shell: Shell, at_home: Path) -> None:
    """What to type next is told, as it is typed there."""
    out = shell("new", "my-game", "--kind", "pong").out
    assert '✓ ok  my-game has your game "My Game", which begins as pong.' in out
    for line in ("  cd my-game", "  py play.py", "  py test.py"):
        assert line in out.splitlines()
    assert names(at_home) == ["my-game"]
    assert (at_home / "my-game" / "my_game" / "game.py").is_file()


def test_a_room_without_internet(shell: Shell, monkeypatch: pytest.MonkeyPatch, at_home: Path) -> None:
    """Where a bundle has brought the packages, it is told how a game gets them."""
    assert "wheelhouse" not in shell("new", "duel").out
    (at_home / "wheelhouse").mkdir()
    monkeypatch.setattr(new, "ROOT", at_home)
    assert "Without internet, copy the folder wheelhouse into it first." in shell("new", "duel-2").out


def test_without_a_terminal_nothing_is_asked(shell: Shell, at_home: Path) -> None:
    """The kind is the first one then."""
    assert f"which begins as {DEFAULT}." in shell("new", "duel").out


def test_without_a_terminal_a_folder_is_needed(shell: Shell, at_home: Path) -> None:
    """The sentence shows a command that works."""
    assert "Say which folder to make, for example: py -m workshop new my_game" in shell("new", code=2).err


def test_on_a_terminal_it_asks(shell: Shell, monkeypatch: pytest.MonkeyPatch, at_home: Path) -> None:
    """The folder, then the kind, each by its number, with a line about it."""
    asked = answers([Path("duel"), 4], monkeypatch)
    out = shell("new").out
    assert asked == ["Folder to make", "Begin with which"]
    assert all(line in out for line in SIX)
    assert 'duel has your game "Duel", which begins as arena.' in out


def test_a_good_place_is_beside_the_checkout(monkeypatch: pytest.MonkeyPatch, at_home: Path) -> None:
    """Whoever stands in the checkout does not put a game among its files."""
    assert new.beside() == at_home / "my_game"
    for folder in (ROOT, ROOT / "examples"):
        monkeypatch.chdir(folder)
        assert new.beside() == ROOT.parent / "my_game"


def test_a_folder_with_a_space(shell: Shell, at_home: Path) -> None:
    """What is told can be typed as it stands."""
    assert '  cd "Space Race"' in shell("new", "Space Race").out.splitlines()


@pytest.mark.parametrize(("name", "why"), [("class", "it is a word of Python"), ("mine", "is not empty")])
def test_what_cannot_be_is_told_before_it_asks(
    name: str, why: str, shell: Shell, monkeypatch: pytest.MonkeyPatch, at_home: Path
) -> None:
    """Nobody chooses a kind for nothing."""
    (at_home / "mine" / "own").mkdir(parents=True)
    asked = answers([], monkeypatch)
    assert why in shell("new", name, code=2).err
    assert not asked


def test_the_list(shell: Shell) -> None:
    """A line and a picture each; the pictures are files."""
    lines = [line.strip() for line in shell("new", "--list").out.splitlines()]
    assert [line.split()[0] for line in lines[::2]] == list(NAMES)
    pictures = [Path(line.removeprefix("picture: ")) for line in lines[1::2]]
    assert all(path.resolve().is_file() and path.suffix == ".png" for path in pictures)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["2048"], "cannot begin with a digit. Choose another, such as my_2048."),
        (["random"], "Python has a module random, which it would hide"),
        (["duel", "--kind", "chess"], "'chess' is not one of 'square', 'tables'"),
        (["duel", "--dependency", "."], "no pyproject.toml that names a project"),
        (["none/duel"], "There is no folder"),
        (["mine"], "is not empty: it has file"),
        (["mine/file"], "is a file"),
    ],
)
async def test_bad_input(words: list[str], why: str, tmp_path: Path) -> None:
    """One sentence, exit code 2, and nothing is made."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").touch()
    folder, *options = words
    ended = await workshop(
        "new", str(tmp_path / folder), *(str(tmp_path) if it == "." else it for it in options)
    )
    assert ended.code == 2 and why in ended.err and "Traceback" not in ended.err
    assert names(tmp_path) == ["mine"] and names(tmp_path / "mine") == ["file"]


async def test_twice_at_once(tmp_path: Path) -> None:
    """One terminal makes it, and it is whole; the other one says that it is there."""
    words = ("new", str(tmp_path / "duel"), "--kind", "pong")
    ended = await asyncio.gather(workshop(*words), workshop(*words))
    assert sorted(it.code for it in ended) == [0, 2]
    assert "is not empty" in next(it.sentence for it in ended if it.code)
    assert names(tmp_path) == ["duel"] and (tmp_path / "duel" / "netlib" / "LICENSE").is_file()


def test_netlib_from_a_checkout(shell: Shell, at_home: Path) -> None:
    """It is a dependency then, and no folder."""
    shell("new", "duel", "--dependency", str(ROOT))
    assert not (at_home / "duel" / "netlib").exists()
    assert ROOT.as_uri() in (at_home / "duel" / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("python3.12 -m workshop", "python3.12"),
        ("../.venv/bin/python -m workshop", "py" if sys.platform == "win32" else "python3"),
        ("uv run workshop", "py" if sys.platform == "win32" else "python3"),
    ],
)
def test_how_python_is_started(typed: str, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that works in every folder is repeated; a path from here leads nowhere from there."""
    monkeypatch.setenv("WORKSHOP_TYPED", typed)
    assert new.python() == word
