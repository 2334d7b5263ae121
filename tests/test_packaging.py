"""What a wheel and an sdist of the project have in them, and what the commands do where only the wheel is."""

import os
import shutil
import site
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.commands import HEADLESS
from tests.support.processes import ROOT
from workshop.bootstrap.interpreter import python_of
from workshop.bootstrap.pip import pip_for
from workshop.commands import dev
from workshop.commands.table import COMMANDS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

BUILD = """
import sys, setuptools.build_meta as backend
(_, folder) = sys.argv  # which setuptools changes
backend.build_sdist(folder), backend.build_wheel(folder)
"""
MADE_HERE = (
    *("__pycache__", ".git", ".venv*", ".*_cache", ".hypothesis", ".workshop", ".coverage", "build", "dist"),
    *("*.egg-info", "node_modules", "package-lock.json", "uv.lock", "wheelhouse"),
)
HELP = [f"{name} --help" for name in COMMANDS] + [f"dev {name} --help" for name in dev.COMMANDS]
WORKS = [
    *("", "--version", "play --seconds 0.5", "host --seconds 0.5 --port 0", "schedule", "class"),
    "lab --seconds 0.5 --port 0",
    *("dev bench --players 2 --rows a --seconds 0.2", "dev fuzz --seconds 0.2"),
]
SAYS_WHY = [  # these find no room, no recording, no class: in a checkout they would not, either
    *("join 127.0.0.1:1", "bots 1 127.0.0.1:1", "class join Ann --host 127.0.0.1:1"),
    *("replay none.rec", "stuck", "unstuck"),
]
WANTS_CHECKOUT = [
    *("list", "start 2", "run", "check 1", "watch", "hint", "diff", "solution", "next", "reset", "export"),
    *("slides", "slides build", "bundle here", "test", "dev check", "dev mutants", "dev new x --title X"),
    "new x",
    "dev films",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a wheel and an sdist of this checkout, built by setuptools."""
    folder = tmp_path_factory.mktemp("packaging")
    tools, copy = folder / "tools", folder / "copy"
    run(
        [*pip_for(Path(sys.executable)), "install", "--quiet", "--target", str(tools), "setuptools>=77"], ROOT
    )
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*MADE_HERE))
    (copy / "build" / "lib" / "solutions").mkdir(parents=True)
    (copy / "build" / "lib" / "solutions" / "left.py").touch()  # by a build of an older version
    run([sys.executable, "-c", BUILD, str(folder)], copy, PYTHONPATH=str(tools))
    return folder


@pytest.fixture(scope="module")
def installed(built: Path) -> Path:
    """Give the Python of an environment that has the wheel, and beside it only what it needs."""
    folder = built / "environment"
    venv.create(folder)
    (place,) = [*folder.glob("lib/python*/site-packages"), *folder.glob("Lib/site-packages")]
    with zipfile.ZipFile(wheel_of(built)) as archive:
        archive.extractall(place)
    # By a line in a .pth the packages here are found, and not the checkout, which a .pth beside them names.
    (place / "needed.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    return python_of(folder)


def run(command: Sequence[str], folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a program that succeeds."""
    done = subprocess.run(command, cwd=folder, env={**os.environ, **environ}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done


def wheel_of(built: Path) -> Path:
    """The wheel in the folder."""
    return next(built.glob("*.whl"))


def workshop(python: Path, words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command of the workshop that was installed, in a folder."""
    environ = {**os.environ, **HEADLESS, "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    environ |= {"HOME": str(python.parent), "USERPROFILE": str(python.parent)}
    command = [str(python), "-m", "workshop", *words.split()]
    return subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, encoding="utf-8", timeout=120
    )


def test_a_wheel_has_two_packages(built: Path) -> None:
    """Nothing named examples, solutions, starter or tests lands at the top of anybody's site-packages."""
    names = zipfile.ZipFile(wheel_of(built)).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"netlib", "workshop"}


def test_an_sdist_has_all(built: Path) -> None:
    """What comes as an archive can be tested like a checkout: nothing of it is left out."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    ours = {path.relative_to(built / "copy") for path in (built / "copy").rglob("*") if path.is_file()}
    assert {path.as_posix() for path in ours if path.parts[0] != "build"} <= names


def test_every_command_is_tried() -> None:
    """A new command must be tried without a checkout, too."""
    tried = {" ".join(words.split()[: 2 if words.startswith("dev") else 1]) for words in WORKS + SAYS_WHY}
    tried |= {" ".join(words.split()[: 2 if words.startswith("dev") else 1]) for words in WANTS_CHECKOUT}
    wanted = {*COMMANDS, *(f"dev {name}" for name in dev.COMMANDS)} - {"dev", "doctor"}
    assert tried >= wanted


def test_the_wheel_alone(installed: Path, tmp_path: Path) -> None:
    """In an empty folder each command works or says in one sentence why not, and nothing is written."""
    packages = {*installed.parents[1].glob("[Ll]ib/**/*")}
    for words in WORKS + HELP:
        done = workshop(installed, words, tmp_path)
        assert (done.returncode, done.stderr) == (0, ""), (words, done)
    for words in SAYS_WHY + WANTS_CHECKOUT:
        done = workshop(installed, words, tmp_path)
        assert done.returncode == 2 and "Traceback" not in done.stderr, (words, done)
        assert ("checkout of the project" in done.stderr) == (words in WANTS_CHECKOUT), (words, done)
    assert "installed copy" in workshop(installed, "doctor", tmp_path).stdout
    assert {*installed.parents[1].glob("[Ll]ib/**/*")} == packages
    assert not list(tmp_path.iterdir())


def test_programs_of_an_editable_install(tmp_path: Path) -> None:
    """The checkout itself is installed editable: each of its programs can be started from any folder."""
    for package in ("solutions.step14_public.server", "starter.step14_public.server", "examples.square"):
        done = run([sys.executable, "-m", package, "--help"], tmp_path, PYTHONPATH="")
        assert "--port" in done.stdout
