"""The first example: a synced square for two, and how few of its lines deal with the network."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from examples.square import game
from tests.support.processes import ROOT, python, running, wait_until
from tests.support.rooms import LOOPBACK
from tests.support.windows import screen

FOLDER = ROOT / "examples" / "square"
MOST_LINES = 25  # of netlib, in all files that the game needs: bots and tests are beside it
BESIDE = {"bots.py", "test_square.py"}
HEADLESS = {"SDL_VIDEODRIVER": "dummy", "PYTHONPATH": str(ROOT)}


def test_few_lines_deal_with_netlib() -> None:
    """What the network takes fits on a slide, by the strictest count: all that has to do with it."""
    files = [path for path in sorted(FOLDER.glob("*.py")) if path.name not in BESIDE]
    lines = [line for path in files for line in of_netlib(path.read_text("utf-8"))]
    assert len(lines) <= MOST_LINES, "\n".join(lines)
    assert f"{len(lines)} of its lines" in " ".join((FOLDER / "README.md").read_text("utf-8").split())


def of_netlib(source: str) -> list[str]:
    """Return the lines with a name that comes from netlib: its own, its classes', and what is made with them.

    Fields of such a class count, and each line of a statement that takes several; docstrings do not.
    """
    tree, shared = ast.parse(source), {"netlib"}
    while (more := shared | {name for node in tree.body for name in bound(node, shared)}) != shared:
        shared = more
    numbers = {number for node in tree.body for number in lines_within(node, shared)}
    return [line for number, line in enumerate(source.splitlines(), 1) if number in numbers]


def lines_within(statement: ast.stmt, shared: set[str]) -> Iterator[int]:
    """Yield the lines of a statement of a module: names that are given in a function stay in it."""
    known = shared
    while (more := known | {name for node in ast.walk(statement) for name in bound(node, known)}) != known:
        known = more
    for node in ast.walk(statement):
        yield from own_lines(node, known)


def uses(node: ast.AST | None, known: set[str]) -> bool:
    """Return whether a known name is in it."""
    return node is not None and any(isinstance(it, ast.Name) and it.id in known for it in ast.walk(node))


def bound(node: ast.AST, known: set[str]) -> Iterator[str]:
    """Yield the names that a node gives to what has known names in it."""
    match node:
        case ast.ClassDef(name=name, bases=bases) if any(uses(base, known) for base in bases):
            yield name
        case ast.FunctionDef() | ast.AsyncFunctionDef() if any(uses(it, known) for it in head(node)):
            yield node.name
        case ast.arg(arg=name, annotation=kind) if uses(kind, known):
            yield name
        case ast.Assign(targets=[target], value=value) if uses(value, known):
            yield from names(target)
        case ast.AnnAssign(target=target, annotation=kind, value=value) if uses(kind, known) or uses(
            value, known
        ):
            yield from names(target)
        case ast.For() | ast.AsyncFor() | ast.comprehension() if uses(node.iter, known):
            yield from names(node.target)
        case ast.withitem(context_expr=value, optional_vars=ast.expr() as target) if uses(value, known):
            yield from names(target)


def names(target: ast.expr) -> list[str]:
    """Return the names that are assigned to."""
    return [it.id for it in ast.walk(target) if isinstance(it, ast.Name) and isinstance(it.ctx, ast.Store)]


def head(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.AST]:
    """Return what stands before a function's colon."""
    return [node.args, *node.decorator_list, *([node.returns] if node.returns else [])]


def own_lines(node: ast.AST, known: set[str]) -> Iterator[int]:
    """Yield the lines of a node that deal with netlib: of one with a body only those before it."""
    match node:
        case ast.Import(names=aliases) if any(alias.name == "netlib" for alias in aliases):
            yield node.lineno
        case ast.ClassDef(name=name, body=body) if name in known:
            yield node.lineno
            fields = (it for it in body if isinstance(it, ast.AnnAssign))
            yield from (line for it in fields for line in range(it.lineno, (it.end_lineno or 0) + 1))
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name in known:
            yield from range(node.lineno, node.body[0].lineno)
            yield from (decorator.lineno for decorator in node.decorator_list)
        case ast.Name(id=name) if name in known:
            yield node.lineno


def test_the_count_of_lines_sees_through() -> None:
    """Classes and what is made of them count, wherever they go; what only draws does not."""
    source = """
import netlib
class Square(netlib.Entity):
    x: int = 0
    def words(self) -> str:
        return "square"
def draw(screen):
    screen.fill("black")
def show(screen, square: Square):
    place = square.x
    draw(screen)
    screen.fill(place)
"""
    assert len(of_netlib(source)) == 6


def test_the_program_as_it_is_started(port: int, tmp_path: Path) -> None:
    """One command opens server and window, and ends in time; its picture shows the square and the words."""
    picture = tmp_path / "squares.png"
    words = ["--port", str(port), "--seconds", "1.5", "--screenshot", str(picture)]
    command = python("-m", "examples.square", *words)
    with running(command, tmp_path / "log", environ=HEADLESS, cwd=tmp_path) as program:
        assert program.wait() == 0, program.text()
    assert f"listens on port {port}" in program.text()
    drawn = pygame.image.load(picture)
    assert drawn.get_at((game.WIDTH // 2, game.HEIGHT // 2)) == pygame.Color("tomato")
    edge = {tuple(drawn.get_at((x, y))) for x in range(game.WIDTH - 16, game.WIDTH) for y in range(60)}
    assert edge == {tuple(pygame.Color("gray12"))}  # the words end before it


def test_a_mistake_is_told_in_a_sentence(port: int, tmp_path: Path) -> None:
    """Where nobody serves, the program says so, and ends without a traceback."""
    command = python("-m", "examples.square", "--join", f"{LOOPBACK}:{port}")
    with running(command, tmp_path / "log", environ=HEADLESS, cwd=tmp_path) as program:
        assert program.wait() == 1
    assert str(port) in program.text() and "Traceback" not in program.text()


@pytest.mark.window
def test_two_windows(port: int, tmp_path: Path) -> None:
    """A key that is held in one of two windows moves its square in both, and only that."""
    with screen(tmp_path, 1640, 600) as xvfb:
        environ = {**xvfb.environ, "PYTHONPATH": str(ROOT)}
        first = python("-m", "examples.square", "--port", str(port), "--name", "Ada")
        with running(first, tmp_path / "ada", environ=environ) as ada:
            ada.wait_for("listens")
            xvfb.find_window(title="Square: Ada").move(0, 0)
            second = python("-m", "examples.square", "--join", f"{LOOPBACK}:{port}", "--name", "Ben")
            with running(second, tmp_path / "ben", environ=environ) as ben:
                window = xvfb.find_window(title="Square: Ben")
                window.move(820, 0)
                window.focus()
                with window.held("Down"):
                    wait_until(lambda: below(xvfb.picture(), 0) and below(xvfb.picture(), 820), "it moves")
                assert xvfb.picture().get_at((400, 300)) == pygame.Color("tomato")
                ben.interrupt()
                assert ben.wait() == 0
            ada.interrupt()
            assert ada.wait() == 0


def below(picture: pygame.Surface, left: int) -> bool:
    """Return whether a window's second square is away from the first, in the lower half."""
    column = [picture.get_at((left + 400, y)) for y in range(360, 600, 5)]
    return pygame.Color("deepskyblue") in column
