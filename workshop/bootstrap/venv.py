"""What is in `.venv`, told by looking at files alone, so that a second start costs nothing."""

import sys
from pathlib import Path

STAMP = "workshop-ready"  # written last: without it, an installation was interrupted


def python_of(venv: Path, platform: str = sys.platform) -> Path:
    """Return where the environment's interpreter is."""
    return venv / "Scripts" / "python.exe" if platform == "win32" else venv / "bin" / "python"


def is_ready(root: Path) -> bool:
    """Return whether the checkout's `.venv` is whole and belongs to this place and pyproject.toml."""
    try:
        stamp = (root / ".venv" / STAMP).read_text(encoding="utf-8")
    except OSError:
        return False
    return stamp == expected_stamp(root) and has_interpreter(root / ".venv")


def expected_stamp(root: Path) -> str:
    """Return what a finished installation leaves: a moved checkout or a changed project differs."""
    return f"{root}\n{(root / 'pyproject.toml').read_text(encoding='utf-8')}"


def has_interpreter(venv: Path) -> bool:
    """Return whether the Python that the environment was made from is still there.

    An upgrade of the system may take it away, and `.venv/bin/python` then starts another version or none.
    """
    try:
        lines = (venv / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    settings = dict(line.split(" = ", 1) for line in lines if " = " in line)
    origin = settings.get("executable") or settings.get("home") or ""
    return bool(origin) and Path(origin).exists() and python_of(venv).exists()


def can_be_updated(venv: Path, platform: str = sys.platform) -> bool:
    """Return whether the project was once installed here completely: that is done last."""
    pattern = "Lib/site-packages" if platform == "win32" else "lib/python*/site-packages"
    return has_interpreter(venv) and any(
        any(folder.glob("pygame_multiplayer_workshop-*.dist-info/RECORD")) for folder in venv.glob(pattern)
    )
