"""What `play.py` and `test.py` do on a machine where nothing is installed yet."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from examples.project import set_up
from tests.support.processes import TIMEOUT, python, running
from tests.support.wheels import a_wheel, from_nowhere, only_from
from workshop.bootstrap.lock import hold
from workshop.new_project.contents import contents
from workshop.new_project.kinds import kind_of
from workshop.new_project.naming import Names
from workshop.new_project.placing import place

SOURCE = "import sys\nprint(sys.prefix, sys.argv[1:])\nsys.exit(7)\n"
NO_RETRY = {"PIP_RETRIES": "0"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a project that needs two packages which hold nothing: one to play, and one more to test."""
    files = contents(kind_of("square"), Names("game", "Game"))
    kept = {path: text for path, text in files.items() if path.parts[0] in ("set_up", "play.py", "test.py")}
    place(tmp_path / "project", kept)
    (tmp_path / "project" / "game.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "project" / "pyproject.toml").write_text(
        '[project]\ndependencies = ["thing>=1"]\n[project.optional-dependencies]\ntest = ["pytest>=1"]\n'
        'types = ["mypy>=1"]\n'
    )
    return tmp_path / "project"


@pytest.fixture
def index(tmp_path: Path) -> Mapping[str, str]:
    """Give the environment in which pip can get these packages, and no others."""
    for name in ("thing", "pytest", "mypy"):
        a_wheel(tmp_path / "index", name)
    return only_from(tmp_path / "index")


def start(
    program: Path, *words: str, environ: Mapping[str, str], cwd: Path | None = None
) -> tuple[int, str, str]:
    """Start a program of a project; return its exit code, and what it says on both streams."""
    command = [sys.executable, str(program), *words]
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **NO_RETRY, "PYTHONPATH": "", **environ},
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_first_start_installs_and_the_second_does_not(
    project: Path, index: Mapping[str, str], tmp_path: Path
) -> None:
    """Words and exit code are passed on, wherever one stands; a second start asks nobody, also when moved."""
    code, out, err = start(project / "play.py", "--name", "Ada", environ=index, cwd=tmp_path)
    assert (code, out) == (7, f"{project / '.venv'} ['--name', 'Ada']\n")
    assert err.startswith("Getting ready, in") and err.endswith("done\nReady.\n\n")
    assert start(project / "play.py", environ=from_nowhere()) == (7, f"{project / '.venv'} []\n", "")
    moved = project.rename(tmp_path / "moved")
    assert start(moved / "play.py", environ=from_nowhere())[::2] == (7, "")


def test_what_the_tests_need_comes_later(project: Path, index: Mapping[str, str]) -> None:
    """`test.py` installs more into the same environment, once; `play.py` has no need to know."""
    start(project / "play.py", environ=index)
    code, _, err = start(project / "test.py", environ=index)
    assert "getting and installing" in err and "making" not in err
    assert code == 1 and "No module named pytest" in err  # the wheel holds nothing
    assert "No module named mypy" in start(project / "test.py", "--types", environ=index)[2]
    for words in ([], ["--types"]):
        assert "Getting ready" not in start(project / "test.py", *words, environ=from_nowhere())[2]
    assert start(project / "play.py", environ=from_nowhere())[2] == ""


def test_without_a_network_it_says_so_and_goes_on_next_time(project: Path, index: Mapping[str, str]) -> None:
    """The reason and what to do, no traceback; then the next start does the rest."""
    code, _, err = start(project / "play.py", environ=from_nowhere())
    assert code == 2 and "Traceback" not in err
    assert err.splitlines()[-1].startswith("Cannot get the packages: no internet here")
    code, _, err = start(project / "play.py", environ=index)
    assert code == 7 and "making" not in err


def test_a_wheelhouse_needs_no_network(project: Path) -> None:
    """A folder of wheels beside pyproject.toml is enough."""
    a_wheel(project / "wheelhouse", "thing")
    assert start(project / "play.py", environ=from_nowhere())[0] == 7


def test_a_wheelhouse_may_have_pip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Debian's Python has none, and getting it needs a network."""
    wheel = a_wheel(tmp_path / "wheelhouse", "pip")
    monkeypatch.setattr(set_up, "ROOT", tmp_path)
    monkeypatch.setattr(set_up, "pip_for", lambda python: [str(python), "-m", "pip"])
    monkeypatch.setattr(set_up, "has_pip", lambda python: False)
    assert set_up._pip(0) == [str(set_up.PYTHON), str(wheel / "pip")]


def test_a_wheelhouse_that_lacks_a_package_is_told(project: Path) -> None:
    """Nobody is sent to fetch the folder that is there: it is that which is not whole."""
    a_wheel(project / "wheelhouse", "other")
    code, _, err = start(project / "play.py", environ=from_nowhere())
    assert code == 2 and "No matching distribution found for thing" in err
    assert err.splitlines()[-1].startswith("The folder wheelhouse lacks")


needs_scripts = pytest.mark.skipif(sys.platform == "win32", reason="a script stands in for uv")


def with_uv(folder: Path, does: str) -> Mapping[str, str]:
    """Return the environment in which there is a uv, which only does this."""
    folder.mkdir()
    (folder / "uv").write_text(f"#!/bin/sh\n{does}\n")
    (folder / "uv").chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


@needs_scripts
@pytest.mark.parametrize("works", [True, False])
def test_uv_is_tried_first(works: bool, project: Path, index: Mapping[str, str], tmp_path: Path) -> None:
    """It is quickest; where it knows no index that has the packages, pip may know one."""
    uv = with_uv(tmp_path / "bin", f"echo uv $*; exit {0 if works else 1}")
    code, _, err = start(project / "play.py", environ={**index, **uv})
    assert code == 7 and err.count("getting and installing") == (1 if works else 2)
    log = (project / ".venv" / "set-up.log").read_text(encoding="utf-8")
    assert f"uv pip install --python {project / '.venv'}" in log and ("thing-1.0" in log) == (not works)


@needs_scripts
def test_ctrl_c_is_no_traceback(project: Path, tmp_path: Path) -> None:
    """What was begun goes on with the next start, and says so."""
    environ = {**from_nowhere(), **with_uv(tmp_path / "bin", "exec sleep 600"), "PYTHONPATH": ""}
    with running(python(project / "play.py"), tmp_path / "log", environ=environ) as program:
        program.wait_for("getting and installing")
        program.interrupt()
        assert program.wait() == 130
        assert "Stopped before the end" in program.text() and "Traceback" not in program.text()
        assert not program.left_behind()


@pytest.mark.parametrize("damage", ["interrupted", "no interpreter", "a file"])
def test_a_damaged_environment_is_mended(damage: str, project: Path, index: Mapping[str, str]) -> None:
    """A first start that was killed, a Python that was removed, something else of that name."""
    start(project / "play.py", environ=index)
    if damage == "interrupted":
        (project / ".venv" / "ready.txt").unlink()
    elif damage == "no interpreter":
        (project / ".venv" / "pyvenv.cfg").write_text("executable = /gone/python3\n")
    else:
        shutil.rmtree(project / ".venv")
        (project / ".venv").write_text("mine")
    code, _, err = start(project / "play.py", environ=index)
    assert code == 7 and ("making" in err) == (damage != "interrupted")


def test_a_second_terminal_waits(project: Path, index: Mapping[str, str], tmp_path: Path) -> None:
    """Two started at once install once."""
    environ = {**NO_RETRY, **index, "PYTHONPATH": ""}
    with ExitStack() as programs:
        with hold(project / ".venv.lock", lambda: None):
            waiting = programs.enter_context(
                running(python(project / "play.py"), tmp_path / "log", environ=environ)
            )
            waiting.wait_for("Another terminal sets this up")
        assert waiting.wait() == 7


def test_a_folder_that_cannot_be_written_is_told(project: Path, index: Mapping[str, str]) -> None:
    """The reason, why that is likely, and what to do."""
    (project / ".venv.lock").mkdir()
    code, _, err = start(project / "play.py", environ=index)
    assert code == 2 and err.startswith(f"\nCannot write in {project}: Is a directory. Likely")


@pytest.mark.parametrize("lacks", ["venv", "ensurepip"])
def test_a_python_without_its_parts_is_told(
    lacks: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Debian's Python comes without venv and ensurepip: the sentence names its package."""
    for name, path in (
        ("ROOT", ""),
        ("VENV", ".venv"),
        ("PYTHON", ".venv/python"),
        ("LOG", "log"),
        ("READY", "ready"),
    ):
        monkeypatch.setattr(set_up, name, tmp_path / path)
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["thing"]\n')
    monkeypatch.setattr(set_up, "find_spec", lambda name: None if name == lacks else name)
    monkeypatch.setattr(set_up, "pip_for", lambda python: [str(python), "-m", "pip"])
    monkeypatch.setattr(set_up, "has_pip", lambda python: False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit) as ended:
        set_up.run("game")
    assert ended.value.code == 2 and "sudo apt install python3-venv" in capsys.readouterr().err


@pytest.mark.parametrize("program", ["play.py", "test.py"])
def test_an_old_python_is_told(program: str, project: Path) -> None:
    """The programs parse there, and say which Python they need before they import anything of ours."""
    ast.parse((project / program).read_text(encoding="utf-8"), feature_version=(3, 4))
    pretend = f"import sys; sys.version_info = (3, 9, 1); exec(open({program!r}).read())"
    done = subprocess.run([sys.executable, "-c", pretend], cwd=project, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "Game needs Python 3.11 or newer; this is 3.9. python.org has it.\n"
