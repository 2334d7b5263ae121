"""How the user started us, so that they can type every command exactly as we print it.

Standard library only: the bootstrap needs it before anything is installed.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath, PureWindowsPath

TYPED = "WORKSHOP_TYPED"  # set by the bootstrap for what it starts


def typed_command() -> str:
    """Return what the user types to start us: `python3 -m workshop`, `uv run workshop`, …"""
    return os.environ.get(TYPED) or detect(sys.orig_argv, sys.argv[0], os.environ, sys.platform)


def command(*words: str) -> str:
    """Return a whole command to print: command("play") is `python3 -m workshop play`."""
    return " ".join([typed_command(), *words])


def same_again() -> str:
    """Return the whole command that the user typed, with its arguments."""
    return command(*sys.argv[1:])


def detect(orig_argv: Sequence[str], script: str, environ: Mapping[str, str], platform: str) -> str:
    """Return the typed command, from the process's own argument list and environment."""
    name = (PureWindowsPath if platform == "win32" else PurePosixPath)(script).name
    is_script = name.lower() in ("workshop", "workshop.exe")
    if "UV_RUN_RECURSION_DEPTH" in environ:  # uv itself puts its environment's folder on the path
        return "uv run workshop" if is_script else "uv run python -m workshop"
    if is_script:  # by its path, unless the shell finds this very script by its name
        return "workshop" if _is_same(_which("workshop"), script) else _quoted(script)
    return f"{_typed_python(orig_argv[0], platform)} -m workshop"


def _typed_python(executable: str, platform: str) -> str:
    """Return the interpreter as typed.

    PowerShell, the `py` launcher and version managers' shims all start us by a full path. If a short name
    leads to the same Python, the user typed that.
    """
    path = (PureWindowsPath if platform == "win32" else PurePosixPath)(executable.removesuffix(".exe"))
    if not path.is_absolute() or _leads_to(path.name, executable):
        return _quoted(path.name if path.is_absolute() else str(path))
    return "py" if platform == "win32" and _which("py") else _quoted(executable)


def _leads_to(name: str, executable: str) -> bool:
    found = _which(name)
    return found is not None and (_is_same(found, executable) or "shims" in PurePosixPath(found).parts)


def _which(name: str) -> str | None:
    import shutil  # late: it is slow to import, and rarely needed

    return shutil.which(name)


def _is_same(found: str | None, path: str) -> bool:
    """Return whether both name one program; Windows leaves out `.exe` and capitals as it likes."""
    return found is not None and _plain(found) == _plain(path)


def _plain(path: str) -> str:
    return os.path.normcase(path).removesuffix(".exe")


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path
