"""The state of `.venv`, known by looking only at files, so that a second start costs nothing."""

import sys
from pathlib import Path

from workshop.bootstrap.interpreter import has_interpreter

STAMP = "workshop-ready"  # written last: without it, an installation was interrupted


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


def can_be_updated(venv: Path, platform: str = sys.platform) -> bool:
    """Return whether the project, which is installed last, was once installed here completely."""
    pattern = "Lib/site-packages" if platform == "win32" else "lib/python*/site-packages"
    return has_interpreter(venv) and any(
        any(folder.glob("pygame_multiplayer_workshop-*.dist-info/RECORD")) for folder in venv.glob(pattern)
    )
