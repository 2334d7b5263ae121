"""What `play.py` and `test.py` do first: make `.venv`, install what pyproject.toml names, and go on in there.

Standard library only. A second start only looks at a few files.
"""

import os
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from workshop.bootstrap.causes import cause_of
from workshop.bootstrap.interpreter import has_interpreter, python_of
from workshop.bootstrap.lock import hold
from workshop.bootstrap.pip import environment, has_pip, outside_python, pip_for

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = python_of(VENV)
READY, LOG = VENV / "ready.txt", VENV / "set-up.log"  # what is installed, written last; what pip has said
OPTIONS = ("--no-input", "--disable-pip-version-check", "--progress-bar", "off")
DOT_SECONDS, LINES = 1.0, 8
FAULT, INTERRUPTED = 2, 130
NO_VENV = (
    "This Python cannot make a virtual environment: its venv or ensurepip module is missing. On Debian and "
    "Ubuntu: sudo apt install python3-venv. Elsewhere: install Python from python.org, all parts ticked."
)
NOT_WRITABLE = (
    "Cannot write in {}: {}. Likely the folder is read-only, the disk is full, or a program from .venv still "
    "runs. Copy the folder to a place of your own, make room, or end that program; then start again."
)
ADVICE = {
    "disk": "The disk is full. Make room (about 200 MB), then start again.",
    "certificate": "A program between here and the internet changes certificates. Try another network.",
    "packages": "Cannot get the packages: no internet here, or something (a proxy, a login page) is in "
    "between. Connect and start again; or set HTTPS_PROXY to your proxy; or put the packages' wheels into a "
    "folder wheelhouse beside pyproject.toml.",
    "wheelhouse": "The folder wheelhouse lacks what the lines above name, or has it only for another Python. "
    "Put it there; or remove that folder and connect to the internet. Then start again.",
    "": "Installing failed; the lines above say why. What is installed stands in pyproject.toml.",
}


class SetUpError(Exception):
    """It cannot be set up here; the text says why, and what to do."""


def run(*words: str, extra: str = "") -> NoReturn:
    """Run a module in `.venv`, which the first start makes, and end with its exit code.

    Args:
        words: the module's name, and its arguments.
        extra: what it needs beside the game: a name of `optional-dependencies` in pyproject.toml.
    """
    try:
        _prepare(_needed(extra))
    except SetUpError as error:
        _stop(str(error), FAULT)
    except OSError as error:
        _stop(NOT_WRITABLE.format(ROOT, error.strerror or error), FAULT)
    except KeyboardInterrupt:
        _stop("Stopped before the end; the next start goes on.", INTERRUPTED)
    _go_on([str(PYTHON), "-m", *words])


def _needed(extra: str) -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *(project["optional-dependencies"][extra] if extra else ())]


def _prepare(needed: Sequence[str]) -> None:
    """Install what is not there yet, unless another terminal has just done so."""
    if _is_ready(needed):
        return
    with hold(ROOT / ".venv.lock", lambda: _say("Another terminal sets this up; waiting for it.\n")) as lock:
        if _is_ready(needed):
            return
        _say(f"Getting ready, in {VENV.name} (only once; less than a minute with a good connection).\n")
        if not has_interpreter(VENV):
            _make_venv(lock)
        _install(needed, lock)
        READY.write_text("\n".join({*_installed(), *needed}), encoding="utf-8")
        _say("Ready.\n\n")


def _is_ready(needed: Sequence[str]) -> bool:
    return has_interpreter(VENV) and {*needed} <= {*_installed()}


def _installed() -> list[str]:
    return READY.read_text(encoding="utf-8").splitlines() if READY.is_file() else []


def _make_venv(lock: int) -> None:
    if find_spec("venv") is None:
        raise SetUpError(NO_VENV)
    if VENV.is_dir() and not VENV.is_symlink():
        shutil.rmtree(VENV)
    else:
        VENV.unlink(missing_ok=True)
    VENV.mkdir()
    command = [outside_python(), "-m", "venv", "--without-pip", str(VENV)]
    if _step("making a Python environment", command, lock):
        raise SetUpError(f"{_tail()}\n{NO_VENV}")


def _install(needed: Sequence[str], lock: int) -> None:
    """Install with uv if it is there, which is quickest; if that fails, pip may know another index."""
    wheels = ROOT / "wheelhouse"
    source = ["--no-index", "--find-links", str(wheels)] if wheels.is_dir() else []
    what, uv = [*source, *needed], shutil.which("uv")
    LOG.unlink(missing_ok=True)
    title = "getting and installing the packages"
    if uv and not _step(title, [uv, "pip", "install", "--python", str(PYTHON), *what], lock):
        return
    if _step(title, [*_pip(lock), "install", *OPTIONS, *what], lock):
        cause = cause_of(_log())
        advice = ADVICE["wheelhouse" if source and cause == "packages" else cause]
        raise SetUpError(f"{_tail()}\n{advice}")


def _pip(lock: int) -> list[str]:
    """Return the command that runs pip for `.venv`: one outside, one in a wheel, or one we put there."""
    program = pip_for(PYTHON)
    if program[0] != str(PYTHON) or has_pip(str(PYTHON)):
        return program
    if wheel := next((ROOT / "wheelhouse").glob("pip-*.whl"), None):
        return [str(PYTHON), str(wheel / "pip")]
    if find_spec("ensurepip") is None or _step("getting pip", [str(PYTHON), "-m", "ensurepip"], lock):
        raise SetUpError(NO_VENV)
    return program


def _step(title: str, command: Sequence[str], lock: int) -> int:
    """Run a program with its output in the log, and return its exit code.

    It holds the lock, too: if we are killed, no other terminal starts while it still writes.
    """
    _say(f"  {title} ")
    with LOG.open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment(os.environ),
            pass_fds=() if sys.platform == "win32" else (lock,),
        )
    while process.poll() is None:
        try:
            process.wait(DOT_SECONDS)
        except subprocess.TimeoutExpired:
            _say(".")
    _say(" failed\n" if process.returncode else " done\n")
    return process.returncode


def _log() -> str:
    return LOG.read_text(encoding="utf-8", errors="replace")


def _tail() -> str:
    return "\n".join(f"    {line}" for line in _log().strip().splitlines()[-LINES:])


def _go_on(command: list[str]) -> NoReturn:
    """Go on in the environment: it takes our place or, on Windows, runs as our child.

    The project's folder is the only one beside the environment's own in which modules are looked for.
    """
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
    if sys.platform != "win32":
        os.execve(command[0], command, environ)
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches the child as well, which knows what to do
    sys.exit(subprocess.call(command, env=environ))


def _stop(text: str, code: int) -> NoReturn:
    _say(f"\n{text}\n")
    sys.exit(code)


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
