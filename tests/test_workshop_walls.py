"""The walls of workshop/: who may import whom, read from the source."""

import ast
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support.processes import ROOT
from tests.support.sources import circle, imports, name_of

MOST_MODULES = 20  # flat in a folder
ANSWERS = {"wrong", "right", "planted"}  # they stand in for files of a solution
SENDS = {"send", "send_input"}
PLAY = "workshop.game.play"
SEEN_OR_SENT = {"pygame", "workshop.game.drawing", PLAY}  # what rules know nothing of


def sources() -> dict[str, str]:
    """Return the source of each module of workshop/, by its full name."""
    paths = sorted((ROOT / "workshop").rglob("*.py"))
    return {name_of(path): path.read_text(encoding="utf-8") for path in paths if not ANSWERS & {*path.parts}}


SOURCES = sources()


def is_within(name: str, package: str) -> bool:
    """Return whether a name is a package's own or lies in it."""
    return name == package or name.startswith(f"{package}.")


def calls(source: str) -> set[str]:
    """Return the names of the methods that a source calls."""
    return {
        node.func.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def trespasses(module: str, source: str) -> set[str]:
    """Return what a module of the game imports or calls, and must not."""
    if is_within(module, "workshop.game.rules"):
        return {name for name in imports(source) if any(is_within(name, it) for it in SEEN_OR_SENT)}
    if is_within(module, "workshop.game.drawing"):
        return {name for name in imports(source) if is_within(name, PLAY)} | (calls(source) & SENDS)
    return set()


def crowded(paths: Iterable[Path]) -> set[Path]:
    """Return the folders with too many modules."""
    flat = (path.parent for path in paths if path.name != "__init__.py" and not ANSWERS & {*path.parts})
    return {folder for folder, modules in Counter(flat).items() if modules > MOST_MODULES}


def test_rules_know_no_pygame_and_drawing_sends_nothing() -> None:
    """The game's rules run without pygame; what draws neither sends nor knows what plays."""
    found = {name: trespasses(name, source) for name, source in SOURCES.items()}
    assert not {name: what for name, what in found.items() if what}


def test_no_circle() -> None:
    """No modules import each other, neither directly nor through others."""
    assert not circle(SOURCES, late=False)


def test_no_folder_is_crowded() -> None:
    """A folder is taken in at a glance."""
    assert not crowded((ROOT / "workshop").rglob("*.py"))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("workshop.game.rules.world", "import pygame"),
        ("workshop.game.rules.world", "def late():\n    from pygame import Rect"),
        ("workshop.game.rules.world", "from workshop.game.drawing import window"),
        ("workshop.game.drawing.hud", "from workshop.game.play.controls import Controls"),
        ("workshop.game.drawing.hud", "from workshop.game import play"),
        ("workshop.game.drawing.hud", "def f(client):\n    client.send_input(1)"),
    ],
)
def test_a_planted_trespass_is_found(module: str, source: str) -> None:
    """The check itself finds each kind of trespass."""
    assert trespasses(module, source)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from workshop.commands.game import play", True),
        ("if TYPE_CHECKING:\n    import workshop.commands.game.play", True),
        ("def late():\n    from workshop.commands.game import play", False),
    ],
)
def test_a_planted_circle_is_found(source: str, found: bool) -> None:
    """Imports for type checkers count, those within functions do not."""
    assert bool(circle({**SOURCES, "workshop.paths": source}, late=False)) is found


def test_a_crowd_is_found() -> None:
    """The twenty-first module is one too many; answers are no modules."""
    many = [Path(f"a/{number}.py") for number in range(21)]
    assert crowded(many) and not crowded(
        [*many[1:], Path("a/__init__.py"), *(Path("right") / it for it in many)]
    )
