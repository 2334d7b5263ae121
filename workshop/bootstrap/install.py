"""The first start: make `.venv` and install the project there, saying what is done. Standard library only."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

from workshop.bootstrap import lock
from workshop.bootstrap.progress import Progress, bar, packages_in
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
    _check_modules(root)
    try:
        with lock.hold(root / ".venv.lock", _say_waiting) as held:
            if not is_ready(root):
                _install(root, held)
    except OSError as error:
        raise SetupError(not_writable(root, error)) from error


def _check_modules(root: Path) -> None:
    if find_spec("venv") is None or not (find_spec("ensurepip") or _pip_wheel(root)):
        raise SetupError(no_venv_module())


def _pip_wheel(root: Path) -> Path | None:
    """The wheel of pip in the wheelhouse: Debian's Python brings none, and getting it needs internet."""
    return next(iter(sorted((root / "wheelhouse").glob("pip-*.whl"))), None)


def _install(root: Path, lock: int) -> None:
    signal.signal(signal.SIGTERM, _end_with_children)
    venv = root / ".venv"
    how = "no internet needed" if (root / "wheelhouse").is_dir() else "with a good connection"
    _say(f"Setting up the workshop in {venv} (only once; about a minute, {how}).\n")
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
    bare = [] if find_spec("ensurepip") else ["--without-pip"]
    making = [sys.executable, "-m", "venv", *bare, str(venv)]
    if run_step("making a Python environment", making, venv / LOG, lock):
        raise SetupError(f"Could not make a Python environment.\n{tail(venv / LOG)}\n{no_venv_module()}")


def _pip_install(root: Path, lock: int) -> None:
    wheelhouse = root / "wheelhouse"
    venv, offline = root / ".venv", wheelhouse.is_dir()
    source = ["--isolated", "--no-index", "--find-links", str(wheelhouse)] if offline else []
    pip = [] if find_spec("ensurepip") else ["pip"]
    install = ["install", *PIP_OPTIONS, *source, *pip, "--editable", f"{root}[test]"]
    title = "installing from the folder wheelhouse" if offline else "downloading and installing the packages"
    progress = Progress(venv, packages_in(wheelhouse), venv / LOG) if offline else None
    command = [str(python_of(venv)), *_pip_program(root), *install]
    if run_step(title, command, venv / LOG, lock, progress=progress, offline=offline):
        text = (venv / LOG).read_text(encoding="utf-8", errors="replace")
        raise SetupError(f"{explain_pip(text, offline)}\n\nThe end of {venv / LOG}:\n{tail(venv / LOG)}")


def _pip_program(root: Path) -> list[str]:
    """What runs pip: the environment has one, or else the wheel itself can be run."""
    wheel = None if find_spec("ensurepip") else _pip_wheel(root)
    return [str(wheel / "pip")] if wheel else ["-m", "pip"]


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

    The child holds the lock too: should we be killed, nobody else starts while it still writes.

    Args:
        title: what it does.
        progress: gives how much of it is done, from 0 to 1, for a bar; without it each second is a dot.
        offline: pip shall ask nobody, whatever this machine's settings say.
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
        code = _wait(process, _bar(title, progress) if progress and sys.stderr.isatty() else _dot)
    _say(f" {'failed' if code else 'done'} ({time.monotonic() - began:.0f} s)\n")
    return code


def environment(ours: Mapping[str, str], *, offline: bool) -> dict[str, str]:
    """The environment of a step; offline, pip's own settings (an index, other folders) are left out of it."""
    environ = {name: text for name, text in ours.items() if not (offline and name.startswith("PIP_"))}
    settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"} if offline else {}
    return {**environ, **settings, "PIP_USER": "0", "PYTHONPATH": "", "PYTHONSAFEPATH": "1"}


def _wait(process: subprocess.Popen[bytes], tell: Callable[[], None]) -> int:
    """Wait for its end, and tell once a second that it goes on."""
    try:
        while True:
            try:
                return process.wait(DOT_SECONDS)
            except subprocess.TimeoutExpired:
                tell()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def _dot() -> None:
    _say(".")


def _bar(title: str, progress: Callable[[], float]) -> Callable[[], None]:
    return lambda: _say(f"\r  {title} {bar(progress())}")


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
