"""The state of `.venv`, known by looking only at files, so that a second start costs nothing."""

import sys
from pathlib import Path

STAMP = "workshop-ready"  # written last: without it, an installation was interrupted


def python_of(venv: Path, platform: str = sys.platform) -> Path:
    """Return where the environment's interpreter is."""
    return venv / "Scripts" / "python.exe" if platform == "win32" else venv / "bin" / "python"


def is_ready(root: Path) -> bool:
    """Return whether the checkout's `.venv` is complete and belongs to this folder and pyproject.toml."""
    try:
        stamp = (root / ".venv" / STAMP).read_text(encoding="utf-8")
    except OSError:
        return False
    return stamp == expected_stamp(root) and has_interpreter(root / ".venv")


def expected_stamp(root: Path) -> str:
    """Return the stamp of a finished installation; it differs for a moved checkout or a changed project."""
    return f"{root}\n{(root / 'pyproject.toml').read_text(encoding='utf-8')}"


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


def can_be_updated(venv: Path, platform: str = sys.platform) -> bool:
    """Return whether the project, which is installed last, was once installed here completely."""
    pattern = "Lib/site-packages" if platform == "win32" else "lib/python*/site-packages"
    return has_interpreter(venv) and any(
        any(folder.glob("pygame_multiplayer_workshop-*.dist-info/RECORD")) for folder in venv.glob(pattern)
    )
