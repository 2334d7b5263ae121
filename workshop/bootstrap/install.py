"""The first start: make `.venv` and install the project there, with progress. Standard library only."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from workshop.bootstrap import lock
from workshop.bootstrap.interpreter import python_of
from workshop.bootstrap.pip import environment, has_pip, outside_python, pip_for
from workshop.bootstrap.progress import bar, packages_in, progress
from workshop.bootstrap.trouble import SetupError, explain_pip, no_venv_module, not_writable
from workshop.bootstrap.venv import STAMP, can_be_updated, expected_stamp, is_ready

LOG = "workshop-install.log"
DOT_SECONDS = 1.0
END_SECONDS = 3.0  # that a step may take to end once we ask it to
# Most modules are never imported, and need not be compiled.
PIP_OPTIONS = (
    *("--no-input", "--no-color", "--progress-bar", "off", "--disable-pip-version-check"),
    "--no-compile",
)
UV_OPTIONS = ("--no-progress", "--color", "never")


def prepare(root: Path) -> None:
    """Make the checkout's `.venv` and install the project there, unless another terminal has just done so.

    Raises:
        SetupError: that is not possible; the text says what to do.
    """
    _check_modules(root)
    with _alone(root) as held:
        if not is_ready(root):
            _install(root, held)


def add(root: Path, packages: Sequence[str]) -> None:
    """Install more packages into the checkout's `.venv`.

    Raises:
        SetupError: that is not possible; the text says what to do.
    """
    with _alone(root) as held:
        _say(f"This needs some more packages in {root / '.venv'} (only once).\n")
        _install_packages(root, packages, held)
        _say("Ready.\n\n")


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[int]:
    """Hold the lock; SIGTERM ends us together with the processes that we have started."""
    before = signal.signal(signal.SIGTERM, _end_with_children)
    try:
        waiting = "Another terminal is setting up the workshop; waiting for it, then going on.\n"
        with lock.hold(root / ".venv.lock", lambda: _say(waiting)) as held:
            yield held
    except OSError as error:
        raise SetupError(not_writable(root, error)) from error
    finally:
        signal.signal(signal.SIGTERM, before)


def _check_modules(root: Path) -> None:
    installers = find_spec("ensurepip") or _pip_wheel(root) or shutil.which("uv")
    if find_spec("venv") is None or not (installers or has_pip(outside_python())):
        raise SetupError(no_venv_module())


def _pip_wheel(root: Path) -> Path | None:
    """The wheel of pip in the wheelhouse: Debian's Python has no pip, and getting one needs internet."""
    return next(iter(sorted((root / "wheelhouse").glob("pip-*.whl"))), None)


def _install(root: Path, lock: int) -> None:
    venv = root / ".venv"
    offline = (root / "wheelhouse").is_dir()
    how = "no internet needed" if offline else "with a good connection"
    _say(f"Setting up the workshop in {venv} (only once; less than a minute, {how}).\n")
    if can_be_updated(venv):
        (venv / STAMP).unlink(missing_ok=True)
    else:
        _make_venv(venv, lock)
    # Without internet, install everything now; then the bar, which counts all wheels, is right, too.
    _install_packages(root, ["--editable", f"{root}[test]" if offline else str(root)], lock)
    (venv / STAMP).write_text(expected_stamp(root), encoding="utf-8")
    _say("Ready.\n\n")


def _make_venv(venv: Path, lock: int) -> None:
    """Make the environment again: a clean start is better than what an interrupted run has left."""
    if venv.is_dir() and not venv.is_symlink():
        shutil.rmtree(venv)
    else:
        venv.unlink(missing_ok=True)
    venv.mkdir()
    making = [sys.executable, "-m", "venv", "--without-pip", str(venv)]
    if run_step("making a Python environment", making, venv / LOG, lock):
        raise SetupError(f"Could not make a Python environment.\n{tail(venv / LOG)}\n{no_venv_module()}")


def _install_packages(root: Path, packages: Sequence[str], lock: int) -> None:
    """Install with uv if it is there, which is quickest; if that fails, pip may know another index."""
    wheelhouse, venv = root / "wheelhouse", root / ".venv"
    if wheelhouse.is_dir():
        source = ["--isolated", "--no-index", "--find-links", str(wheelhouse)]
        shown = partial(progress, venv, packages_in(wheelhouse), venv / LOG)
        command = [*_pip(root, lock), "install", *PIP_OPTIONS, *source, *packages]
        title = "installing from the folder wheelhouse"
        failed = run_step(title, command, venv / LOG, lock, progress=shown, offline=True)
    else:
        failed = _uv_install(venv, packages, lock) and run_step(
            "downloading and installing the packages",
            [*_pip(root, lock), "install", *PIP_OPTIONS, *packages],
            venv / LOG,
            lock,
        )
    if failed:
        raise SetupError(_why(root))


def _uv_install(venv: Path, packages: Sequence[str], lock: int) -> int:
    """Let uv install. Returns its exit code, or 1 without uv."""
    uv = shutil.which("uv")
    if not uv:
        return 1
    command = [uv, "pip", "install", *UV_OPTIONS, "--python", str(python_of(venv)), *packages]
    return run_step("downloading and installing the packages with uv", command, venv / LOG, lock)


def _pip(root: Path, lock: int) -> list[str]:
    """The command that runs pip for `.venv`: the one outside, one in a wheel, or one that we install now."""
    python, log = python_of(root / ".venv"), root / ".venv" / LOG
    program = pip_for(python)
    if program[0] != str(python) or has_pip(str(python)):
        return program
    if wheel := _pip_wheel(root):
        return [str(python), str(wheel / "pip")]
    if find_spec("ensurepip") is None:
        raise SetupError(_why(root))
    if run_step("putting pip into it", [str(python), "-m", "ensurepip"], log, lock):
        raise SetupError(f"Could not get pip.\n{tail(log)}\n{no_venv_module()}")
    return program


def _why(root: Path) -> str:
    """Why installing has failed, from the log."""
    log = root / ".venv" / LOG
    text = log.read_text(encoding="utf-8", errors="replace")
    return f"{explain_pip(text, (root / 'wheelhouse').is_dir())}\n\nThe end of {log}:\n{tail(log)}"


def run_step(
    title: str,
    command_line: list[str],
    log: Path,
    lock: int,
    *,
    progress: Callable[[], float] | None = None,
    offline: bool = False,
) -> int:
    """Run a program with its output in the log, and return its exit code.

    The child holds the lock, too: if we are killed, no other terminal starts while it still writes.

    Args:
        title: what it does.
        progress: gives the share that is done, from 0 to 1, for a bar; without it each second is a dot.
        offline: pip must not use the network, whatever this machine's settings say.
    """
    _say(f"  {title} ")
    began = time.monotonic()
    with log.open("ab") as output:
        process = subprocess.Popen(
            command_line,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment(os.environ, offline=offline),
            pass_fds=() if sys.platform == "win32" else (lock,),
        )
        shown = progress if sys.stderr.isatty() else None
        code = _wait(process, lambda: _say(f"\r  {title} {bar(shown())}" if shown else "."))
    _say(f" {'failed' if code else 'done'} ({time.monotonic() - began:.0f} s)\n")
    return code


def _wait(process: subprocess.Popen[bytes], tell: Callable[[], None]) -> int:
    """Wait for its end, and show once a second that it still runs."""
    try:
        while True:
            try:
                return process.wait(DOT_SECONDS)
            except subprocess.TimeoutExpired:
                tell()
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it like Ctrl-C: pip then also ends the second pip that it runs inside the environment."""
    process.terminate() if sys.platform == "win32" else process.send_signal(signal.SIGINT)
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def tail(log: Path, lines: int = 8) -> str:
    """Return the last lines of a log, indented."""
    text = log.read_text(encoding="utf-8", errors="replace")
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-lines:])


def _end_with_children(*_: object) -> None:
    raise SystemExit(128 + signal.SIGTERM)


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
