"""`python3 -m workshop` on a bare checkout: from nothing to the command line, or one clear message."""

import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.processes import ROOT, running, wait_until
from workshop.bootstrap import install, shadows, start, typed
from workshop.bootstrap.trouble import SetupError
from workshop.bootstrap.venv import STAMP

NOTHING_REACHABLE = {  # a package index on a port of this machine where nobody listens
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
    "PIP_RETRIES": "0",
    "PIP_FIND_LINKS": "",
    "PIP_EXTRA_INDEX_URL": "",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a copy of what the bootstrap needs of this checkout, in a folder with an awkward name."""
    copy = tmp_path / "Mein Kurs ü"
    for folder in ("workshop", "netlib"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    return copy


def bare_python() -> str:
    """Return the Python that this environment was made from, which has nothing installed."""
    return str(vars(sys)["_base_executable"])


def test_no_network(checkout: Path, tmp_path: Path) -> None:
    """Without network and wheelhouse: one message with the ways out, exit code 2, no traceback."""
    command = [bare_python(), "-m", "workshop", "play"]
    with running(command, tmp_path / "log", environ=NOTHING_REACHABLE, cwd=checkout) as program:
        assert program.wait(timeout=90) == 2
    assert "no internet here" in program.text()
    assert "wheelhouse" in program.text()
    assert "Traceback" not in program.text()
    assert not (checkout / ".venv" / STAMP).exists()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_terminals_and_a_second_start(checkout: Path, tmp_path: Path) -> None:
    """Two first starts at once: one installs, the other waits, both go on. A third start installs nothing."""
    command = [bare_python(), "-m", "workshop", "--version"]
    with running(command, tmp_path / "first.log", cwd=checkout) as first:
        first.wait_for("Setting up the workshop")
        with running(command, tmp_path / "second.log", cwd=checkout) as second:
            assert (first.wait(timeout=600), second.wait(timeout=600)) == (0, 0)
    assert [program.text().count("Setting up") for program in (first, second)] == [1, 0]
    assert "waiting for it" in second.text()
    with running(command, tmp_path / "third.log", cwd=checkout) as third:
        assert third.wait() == 0
    assert third.text().startswith("workshop, version")
    # The script works from any folder.
    folder = "Scripts" if sys.platform == "win32" else "bin"
    script = checkout / ".venv" / folder / "workshop"
    with running([script, "plya"], tmp_path / "script.log", cwd=tmp_path) as program:
        assert program.wait() == 2
    assert "Did you mean" in program.text()


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], str]]:
    """Pretend that nothing is installed; give the commands, and how they were typed, that we go on with."""
    went: list[tuple[list[str], str]] = []

    def go_on(command: list[str], environ: dict[str, str]) -> int:
        went.append((command, environ[typed.TYPED]))
        return 7

    monkeypatch.setattr(start, "is_inside", lambda _: False)
    monkeypatch.setattr(start, "is_installed_here", lambda: False)
    monkeypatch.setattr(start, "is_ready", lambda _: True)
    monkeypatch.setattr(start, "go_on", go_on)
    monkeypatch.setenv(typed.TYPED, "py -m workshop")
    return went


def test_goes_on_inside(bare: list[tuple[list[str], str]]) -> None:
    """The arguments, and how the person started us, are handed on; the exit code comes back."""
    assert start.start(["play", "--bots", "3"]) == 7
    ((command, typed),) = bare
    assert command[1:] == ["-m", "workshop", "play", "--bots", "3"]
    assert Path(command[0]).parent.parent == ROOT / ".venv"
    assert typed == "py -m workshop"


@pytest.mark.parametrize(
    ("problem", "code", "expected"),
    [(SetupError("The disk is full."), 2, "The disk is full."), (KeyboardInterrupt(), 130, "starts afresh")],
)
def test_problems_are_one_message(
    bare: list[tuple[list[str], str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    problem: BaseException,
    code: int,
    expected: str,
) -> None:
    """A failed or interrupted first start ends with a sentence and its exit code; nothing is started."""

    def fail(_: Path) -> None:
        raise problem

    monkeypatch.setattr(start, "is_ready", lambda _: False)
    monkeypatch.setattr(install, "prepare", fail)
    assert start.start(["play"]) == code
    assert expected in capsys.readouterr().err
    assert not bare


def test_unfinished_environment_from_inside(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A user who has activated a half-made `.venv` is told to leave it."""
    monkeypatch.setattr(start, "is_inside", lambda _: True)
    monkeypatch.setattr(start, "find_spec", lambda name: None if name == "rich" else object())
    assert start.start([]) == 2
    assert "rich is missing. Leave it by typing deactivate" in capsys.readouterr().err


@pytest.mark.parametrize(("place", "expected"), [("/usr/lib/site-packages", True), (str(ROOT), False)])
def test_metadata_in_the_checkout_does_not_count(
    monkeypatch: pytest.MonkeyPatch, place: str, expected: bool
) -> None:
    """An editable install leaves metadata in the checkout that every Python finds there."""
    found = SimpleNamespace(locate_file=lambda _: place)
    monkeypatch.setattr("importlib.metadata.distributions", lambda name: [found])
    assert start.is_installed_here() is expected


def test_an_installed_package_is_no_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where there is no pyproject.toml beside us, `python -m workshop` installs nothing."""
    monkeypatch.setattr(start, "ROOT", tmp_path)
    assert start.is_installed_here()


def test_needed_imports_are_the_dependencies() -> None:
    """The list of what must be importable is the one of pyproject.toml."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    called = {"pygame-ce": "pygame", "markdown-it-py": "markdown_it"}
    packages = [text.partition(">=")[0] for text in project["dependencies"]]
    names = {called.get(package, package) for package in packages}
    assert names == set(shadows.IMPORTS)
    assert project["name"] == start.PROJECT


def test_interrupted_first_start_leaves_nothing(checkout: Path, tmp_path: Path) -> None:
    """Ctrl-C in the middle of the first start ends all of it within a second, with a sentence."""
    with running([bare_python(), "-m", "workshop"], tmp_path / "log", cwd=checkout) as program:
        program.wait_for("making a Python environment")
        program.interrupt()
        assert program.wait(timeout=5) == 130
        assert "Stopped before the end" in program.text()
        assert "Traceback" not in program.text()
        wait_until(lambda: not program.left_behind(), "no process is left")
