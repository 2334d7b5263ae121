"""What holds for each example game: it is small, stands on netlib and pygame alone, and is explained."""

import contextlib
import re
import socket
import sys
from pathlib import Path

import pygame
import pytest

import netlib
from examples.options import PORT
from examples.running import frames, run
from tests.support.processes import ROOT, python, running
from tests.support.rooms import LOOPBACK
from tests.support.sources import code_lines, imports

EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/__main__.py"))
ALONE = [folder for folder in EXAMPLES if folder.name != "gems"]  # which is the workshop's own game
MOST_LINES = 150  # of code, in all files of a game; its bots and its tests are counted for themselves
MOST_BOT_LINES, MOST_TEST_LINES = 50, 250
SHARED = tuple(f"examples.{path.stem}." for path in (ROOT / "examples").glob("*.py"))  # copied along
LARGEST_PICTURE = 150_000  # bytes
IN_WINDOW = "tables"  # its lobby says what goes wrong, and goes on trying
ALLOWED = {"examples", "netlib", "pygame", "msgspec", "pytest", *sys.stdlib_module_names}

each = pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
each_alone = pytest.mark.parametrize("folder", ALONE, ids=lambda folder: folder.name)


def test_there_are_examples() -> None:
    """The first one that a builder reads is among them."""
    assert ROOT / "examples" / "square" in EXAMPLES


@each
def test_an_example_is_small(folder: Path) -> None:
    """The game is read in one sitting; bots and tests, which it also runs without, are short as well."""
    lines = {path.name: code_lines(path.read_text(encoding="utf-8")) for path in folder.glob("**/*.py")}
    assert lines.pop(f"test_{folder.name}.py") <= MOST_TEST_LINES
    assert lines.pop("bots.py", 0) <= MOST_BOT_LINES
    assert sum(lines.values()) <= MOST_LINES, lines


@each_alone
def test_an_example_stands_alone(folder: Path) -> None:
    """Copied elsewhere it works: it has nothing of the workshop, and nothing of another example."""
    found = [name for path in folder.glob("**/*.py") for name in strangers(path, folder.name)]
    assert not found, found


def strangers(path: Path, example: str) -> set[str]:
    """Return what a file of an example imports and must not: its own messages are msgspec's structs."""
    package = ".".join(path.parent.relative_to(ROOT).parts)
    names = imports(path.read_text(encoding="utf-8"), package)
    mine = f"examples.{example}"
    others = {
        it for it in names if it.startswith("examples.") and not f"{it}.".startswith((f"{mine}.", *SHARED))
    }
    return {it for it in names if it.partition(".")[0] not in ALLOWED} | others


def test_a_planted_import_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The workshop and another example are strangers, its own modules and netlib are none."""
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    path = tmp_path / "examples" / "mine" / "game.py"
    path.parent.mkdir(parents=True)
    path.write_text("import netlib, pygame, json\nfrom examples.mine import rules\nfrom . import more\n")
    assert not strangers(path, "mine")
    path.write_text("from workshop.game import rules\nfrom examples.mines import rules\nimport websockets\n")
    assert len(strangers(path, "mine")) == 3


@each
def test_an_example_is_explained(folder: Path) -> None:
    """Its README shows a picture of it, and how to start it."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert f"python -m examples.{folder.name}" in text
    pictures = [folder / name for name in re.findall(r"!\[[^\]]+\]\(([\w.]+)\)", text)]
    assert len(pictures) == 1
    assert 1000 < pictures[0].stat().st_size < LARGEST_PICTURE


@each_alone
def test_an_example_says_where_to_change_what(folder: Path) -> None:
    """Its README names files and names in them for rules, art, messages and tests; all of them are there."""
    text = (folder / "README.md").read_text(encoding="utf-8").partition("\n## Make it yours\n")[2]
    text = text.partition("\n## ")[0]
    rows = [row.strip("|").split(" | ") for row in text.splitlines() if row.startswith("| ")][2:]
    assert all(any(what in row[0] for row in rows) for what in ("rules", "art", "messages", "tests"))
    for _, words in rows:
        assert not (missing := missing_names(folder, re.findall(r"`([\w.]+)`", words))), (missing, words)


def missing_names(folder: Path, quoted: list[str]) -> list[str]:
    """Return which of these names are in none of the files among them."""
    files = [name for name in quoted if name.endswith(".py")]
    sources = [(folder / name).read_text(encoding="utf-8") for name in files]
    parts = [part for name in quoted if name not in files for part in name.split(".")]
    return [part for part in parts if not any(re.search(rf"\b{part}\b", source) for source in sources)]


def test_the_readme_lists_the_examples() -> None:
    """Each example has its row in the project's README, with its command."""
    chapter = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Example games")[2]
    chapter = chapter.partition("\n## ")[0]
    for folder in EXAMPLES:
        name = rf"\[{folder.name}\]\(examples/{folder.name}/README.md\)"
        assert re.search(rf"^\| {name} \| .+ \| `python -m examples.{folder.name}` \|$", chapter, re.M)


@each
def test_its_help_says_how_it_is_started(folder: Path, tmp_path: Path) -> None:
    """The usage line can be copied as it stands."""
    with running(python("-m", f"examples.{folder.name}", "--help"), tmp_path / "log") as program:
        assert program.wait() == 0
    assert f"usage: python -m examples.{folder.name} " in program.text()


@each
def test_a_server_that_is_not_there_is_told_in_a_sentence(folder: Path, port: int, tmp_path: Path) -> None:
    """Who mistypes an address reads what to do, and no traceback."""
    seconds = "1" if folder.name == IN_WINDOW else "60"
    command = python("-m", f"examples.{folder.name}", "--join", f"{LOOPBACK}:{port}", "--seconds", seconds)
    with running(command, tmp_path / "log", environ={"SDL_VIDEODRIVER": "dummy"}) as program:
        assert (program.wait() == 0) is (folder.name == IN_WINDOW), program.text()
    assert "Traceback" not in program.text()
    assert folder.name == IN_WINDOW or "is the server running" in program.text()


@each
@pytest.mark.parametrize("option", ["--port=70000", "--latency=-5"])
def test_a_number_that_cannot_be_is_told_in_a_sentence(folder: Path, option: str, tmp_path: Path) -> None:
    """Who mistypes a number reads which it is, and no traceback."""
    command = python("-m", f"examples.{folder.name}", option, "--seconds", "1")
    with running(command, tmp_path / "log", environ={"SDL_VIDEODRIVER": "dummy"}) as program:
        assert program.wait() != 0
    assert option.strip("-").partition("=")[0] in program.text() and "Traceback" not in program.text()


@each
@pytest.mark.parametrize("is_asked_for", [True, False], ids=["asked", "default"])
def test_a_port_may_be_taken(folder: Path, is_asked_for: bool, tmp_path: Path) -> None:
    """The one that was asked for is missed in a sentence; instead of the default the next one is taken."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # of the default: some other program has it already
            place = ("", 0 if is_asked_for else PORT)
            port = stack.enter_context(socket.create_server(place)).getsockname()[1]
        asked = ["--port", str(port)] if is_asked_for else []
        command = python("-m", f"examples.{folder.name}", "--seconds", "1", *asked)
        program = stack.enter_context(
            running(command, tmp_path / "log", environ={"SDL_VIDEODRIVER": "dummy"})
        )
        assert (program.wait() != 0) is is_asked_for, program.text()
    told = f"port {port} is in use" if is_asked_for else "listens on port"
    assert told in program.text() and "Traceback" not in program.text(), program.text()


def test_a_window_has_a_title_and_ends_when_it_is_closed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two windows are told apart by the player's name; what one showed last is kept if asked."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    picture = tmp_path / "last.png"
    monkeypatch.setattr(sys, "argv", ["", "--join", LOOPBACK, "--name", "Ben", "--screenshot", str(picture)])
    titles: list[str] = []

    async def play(address: str, options: object) -> None:
        screen = pygame.display.set_mode((10, 10))
        titles.append(pygame.display.get_caption()[0])
        async for _, _ in frames(60):
            screen.fill("red")
            pygame.event.post(pygame.Event(pygame.QUIT))

    run("examples.canvas", "A board.", lambda **place: netlib.Server("Board", **place), play)
    assert titles == ["Canvas: Ben"]
    assert pygame.image.load(picture).get_at((5, 5)) == pygame.Color("red")
