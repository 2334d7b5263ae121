"""The first start: make `.venv` and install the project there, saying what is done. Standard library only."""

import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from workshop.bootstrap import lock
from workshop.bootstrap.trouble import SetupError, explain_pip, no_venv_module, not_writable
from workshop.bootstrap.venv import STAMP, can_be_updated, expected_stamp, is_ready, python_of

LOG = "workshop-install.log"
DOT_SECONDS = 1.0
PIP_OPTIONS = ("--no-input", "--no-color", "--progress-bar", "off", "--disable-pip-version-check")


def prepare(root: Path) -> None:
    """Make the checkout's `.venv` and install the project there, unless another terminal just did.

    Raises:
        SetupError: it cannot be done; the text says what to do.
    """
    _check_modules()
    try:
        with lock.hold(root / ".venv.lock", _say_waiting) as held:
            if not is_ready(root):
                _install(root, held)
    except OSError as error:
        raise SetupError(not_writable(root, error)) from error


def _check_modules() -> None:
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        raise SetupError(no_venv_module())


def _install(root: Path, lock: int) -> None:
    signal.signal(signal.SIGTERM, _end_with_children)
    venv = root / ".venv"
    _say(f"Setting up the workshop in {venv} (only once; about a minute, with a good connection).\n")
    if can_be_updated(venv):
        (venv / STAMP).unlink(missing_ok=True)
    else:
        _make_venv(venv, lock)
    _pip_install(root, lock)
    (venv / STAMP).write_text(expected_stamp(root), encoding="utf-8")
    _say("Ready.\n\n")


def _make_venv(venv: Path, lock: int) -> None:
    """Make the environment anew: what an interrupted run left is worth less than a clean start."""
    if venv.is_dir() and not venv.is_symlink():
        shutil.rmtree(venv)
    else:
        venv.unlink(missing_ok=True)
    venv.mkdir()
    making = [sys.executable, "-m", "venv", str(venv)]
    if run_step("making a Python environment", making, venv / LOG, lock):
        raise SetupError(f"Could not make a Python environment.\n{tail(venv / LOG)}\n{no_venv_module()}")


def _pip_install(root: Path, lock: int) -> None:
    wheelhouse = root / "wheelhouse"
    source = ["--no-index", "--find-links", str(wheelhouse)] if wheelhouse.is_dir() else []
    install = ["install", *PIP_OPTIONS, *source, "--editable", f"{root}[test]"]
    title = "installing from the folder wheelhouse" if source else "downloading and installing the packages"
    log = root / ".venv" / LOG
    if run_step(title, [str(python_of(root / ".venv")), "-m", "pip", *install], log, lock):
        text = log.read_text(encoding="utf-8", errors="replace")
        raise SetupError(f"{explain_pip(text, bool(source))}\n\nThe end of {log}:\n{tail(log)}")


def run_step(title: str, command_line: list[str], log: Path, lock: int) -> int:
    """Run a program with its output in the log, a dot for each second, and return its exit code.

    The child holds the lock too: should we be killed, nobody else starts while it still writes.
    """
    _say(f"  {title} ")
    began = time.monotonic()
    environ = {**os.environ, "PIP_USER": "0", "PYTHONPATH": "", "PYTHONSAFEPATH": "1"}
    with log.open("ab") as output:
        process = subprocess.Popen(
            command_line,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environ,
            pass_fds=() if sys.platform == "win32" else (lock,),
        )
        code = _wait_with_dots(process)
    _say(f" {'failed' if code else 'done'} ({time.monotonic() - began:.0f} s)\n")
    return code


def _wait_with_dots(process: subprocess.Popen[bytes]) -> int:
    try:
        while True:
            try:
                return process.wait(DOT_SECONDS)
            except subprocess.TimeoutExpired:
                _say(".")
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def tail(log: Path, lines: int = 8) -> str:
    """Return the last lines of a log, indented."""
    text = log.read_text(encoding="utf-8", errors="replace")
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-lines:])


def _end_with_children(*_: object) -> None:
    raise SystemExit(128 + signal.SIGTERM)


def _say_waiting() -> None:
    _say("Another terminal is setting up the workshop; waiting for it, then going on.\n")


def _say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
