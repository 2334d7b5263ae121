"""A project of each kind, as its builder has it: its own tests, its types, its two commands, its windows."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from tests.support import windows
from tests.support.lan import Lan
from tests.support.processes import ROOT, python, running, wait_until
from tests.support.projects import alone, make, run
from tests.support.tools import cannot_run
from workshop.bootstrap.pip import outside_python, pip_for
from workshop.new_project.kinds import NAMES

PYRIGHT = shutil.which("pyright", path=str(ROOT / "node_modules" / ".bin"))
HOME = "home"  # a machine without a network
BESIDE = 1300  # pixels from the left, where the second window is
ANYBODY = (225, 170)  # where one presses in a lobby of tables, to play with anybody
SOON = 60.0  # seconds from `new` to the first frame
MIN_COLOURS, STRIDE = 3, 3  # of a window that shows something; pixels between two that are looked at

each = pytest.mark.parametrize("kind", NAMES)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder in which mypy remembers netlib and pygame from kind to kind."""
    return tmp_path_factory.mktemp("mypy")


@each
def test_it_passes_its_own_tests(kind: str, tmp_path: Path) -> None:
    """With nothing of this checkout on its path; among them is one that changes a rule."""
    project = make(tmp_path / "my_game", kind)
    done = run(project, "pytest", "-v", "-p", "no:cacheprovider", "-p", "no:xdist")
    assert done.returncode == 0, done.stdout
    assert "test_the_rule_is_in_one_place" in done.stdout


RULES = {  # a rule of each kind: its file, as it stands there, and changed
    "square": ("game.py", "SPEED = 8 ", "SPEED = 16 "),
    "tables": ("rules.py", "LINES = (", "LINES = ((0, 5, 8), "),
    "pong": ("rules.py", "POINTS = 5", "POINTS = 3"),
    "arena": ("rules.py", "STEP = 30.0, 6.0", "STEP = 30.0, 9.0"),
    "canvas": ("rules.py", "MAX_PICTURE = 4 ", "MAX_PICTURE = 2 "),
    "gems": ("rules/units.py", "STEP_UNITS: Final = 8 ", "STEP_UNITS: Final = 6 "),
}


@pytest.mark.slow
@each
def test_a_changed_rule_is_one_change(kind: str, tmp_path: Path) -> None:
    """One place is edited, as builders do first: server, windows and bots agree in all tests."""
    file, before, after = RULES[kind]
    path = make(tmp_path / "my_game", kind) / "my_game" / file
    source = path.read_text(encoding="utf-8")
    assert source.count(before) == 1
    path.write_text(source.replace(before, after), encoding="utf-8")
    done = run(tmp_path / "my_game", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist")
    assert done.returncode == 0, done.stdout


@each
def test_its_types_are_right(kind: str, cache: Path, tmp_path: Path) -> None:
    """mypy --strict, as its pyproject.toml sets it, has nothing to say."""
    project = make(tmp_path / "my_game", kind)
    done = run(project, "mypy", "--cache-dir", cache)
    assert done.returncode == 0, done.stdout


def test_its_netlib_is_its_own(tmp_path: Path) -> None:
    """A copy that is changed is changed in the game: it is that which is imported."""
    project = make(tmp_path / "my_game", "square")
    source = "import netlib, my_game; print(netlib.__file__, my_game.__file__, sep='\\n')"
    done = subprocess.run(python("-c", source), env=alone(project), capture_output=True, text=True)
    assert {Path(line).parent.parent for line in done.stdout.splitlines()} == {project}


@each
def test_its_room_has_the_builders_name(kind: str, tmp_path: Path) -> None:
    """The server says it, and answers with it when others look for rooms."""
    project = make(tmp_path / "space-race", kind)
    done = run(project, "space_race", "--server", "--port", "0", "--seconds", "0.2")
    assert done.returncode == 0 and '"Space Race" listens on port' in done.stderr


@pytest.mark.slow
@each
def test_pyright_agrees(kind: str, tmp_path: Path) -> None:
    """The other type checker, which editors use, has nothing to say either."""
    if PYRIGHT is None:
        cannot_run("pyright is missing: npm install")
    project = make(tmp_path / "my_game", kind)
    command = [PYRIGHT, "--pythonpath", sys.executable]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the packages of a project, fetched from where pip knows."""
    project = make(tmp_path_factory.mktemp("fetched") / "my_game", "square")
    command = [*pip_for(Path(sys.executable)), "wheel", "--quiet", "--wheel-dir", str(project / "wheels")]
    packages = ["pygame-ce", "websockets", "msgspec", "ifaddr", "pytest", "pytest-asyncio", "pytest-timeout"]
    done = subprocess.run([*command, *packages], capture_output=True, text=True)
    if done.returncode:
        cannot_run(f"pip cannot get the packages: {done.stderr}")
    return project / "wheels"


@pytest.fixture
def machine() -> Iterator[Lan]:
    """Give a machine that has Python, and no network."""
    with Lan(hosts=(HOME,)) as lan:
        yield lan


@pytest.mark.slow
@pytest.mark.root
@pytest.mark.window
@pytest.mark.timeout(300)
@each
def test_the_two_commands_on_a_fresh_machine(
    kind: str, wheelhouse: Path, machine: Lan, xvfb: windows.Screen, tmp_path: Path
) -> None:
    """Python and the packages are all that is there: two windows within a minute, then its tests."""
    began, project = time.monotonic(), tmp_path / "my_game"
    made = subprocess.run(
        python("-m", "workshop", "new", project, "--kind", kind), cwd=ROOT, capture_output=True
    )
    assert made.returncode == 0, made.stderr
    shutil.copytree(wheelhouse, project / "wheelhouse")
    environ = {**xvfb.environ, "HOME": str(tmp_path), "PYTHONPATH": ""}

    def started(*words: str) -> list[str | Path]:
        return ["ip", "netns", "exec", machine.namespace(HOME), outside_python(), *words]

    with running(
        started("play.py", "--name", "Ada"), tmp_path / "ada.log", environ=environ, cwd=project
    ) as ada:
        shows(xvfb, "My Game: Ada", at=0)
        assert time.monotonic() - began < SOON
        words = ("play.py", "--join", "127.0.0.1", "--name", "Ben")
        with running(started(*words), tmp_path / "ben.log", environ=environ, cwd=project) as ben:
            shows(xvfb, "My Game: Ben", at=BESIDE)
            for x in (0, BESIDE) if kind == "tables" else ():  # there, one goes to a table first
                xvfb.xdotool("mousemove", str(x + ANYBODY[0]), str(ANYBODY[1]), "click", "1")
            ada.wait_for("Ben joined")
            pygame.image.save(xvfb.picture(), tmp_path / "both.png")  # for whoever wants to look
            assert ben.process.poll() is None, ben.text()
    with running(started("test.py"), tmp_path / "test.log", environ=environ, cwd=project) as tests:
        assert tests.wait() == 0, tests.text()
        assert " passed in " in tests.text()


def shows(xvfb: windows.Screen, title: str, *, at: int) -> None:
    """Wait for a window of that title, put it where no other is, and wait until something is drawn in it.

    Its right half was above no other window when it was opened: what is there, it has drawn itself.
    """
    window = xvfb.find_window(title=title)
    window.move(at, 0)
    half = pygame.Rect(window.area()).move(window.area().width // 2, 0)
    half.width //= 2
    wait_until(lambda: colours(xvfb.picture().subsurface(half)) >= MIN_COLOURS, f"a frame in {title}")


def colours(picture: pygame.Surface) -> int:
    """Return how many colours are in a picture, by a grid of its pixels."""
    width, height = picture.get_size()
    places = [(x, y) for x in range(0, width, STRIDE) for y in range(0, height, STRIDE)]
    return len({tuple(picture.get_at(place)) for place in places})
