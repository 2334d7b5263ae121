"""The interpreter of a virtual environment: where it is, and whether it is still whole."""

import sys
from pathlib import Path


def python_of(venv: Path, platform: str = sys.platform) -> Path:
    """Return where the environment's interpreter is."""
    return venv / "Scripts" / "python.exe" if platform == "win32" else venv / "bin" / "python"


def has_interpreter(venv: Path) -> bool:
    """Return whether the Python from which the environment was made is still there.

    An upgrade of the system may remove it; then `.venv/bin/python` starts another version, or none.
    """
    try:
        lines = (venv / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    settings = dict(line.split(" = ", 1) for line in lines if " = " in line)
    origin = settings.get("executable") or settings.get("home") or ""
    return bool(origin) and Path(origin).exists() and python_of(venv).exists()
