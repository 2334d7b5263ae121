"""Files that people made are theirs: nothing is overwritten."""

from __future__ import annotations

import os
from pathlib import Path


def set_aside(path: Path) -> Path | None:
    """Rename the file at ``path``, if there is one, to a free name beside it: ``shot.png`` to ``shot.1.png``.

    Returns:
        The new name, or None when there was nothing.
    """
    if not path.exists():
        return None
    number = 1
    while (aside := path.with_name(f"{path.stem}.{number}{path.suffix}")).exists():
        number += 1
    return path.rename(aside)


def near(path: Path) -> str:
    """The path as one would type it here."""
    try:
        return os.path.relpath(path)
    except ValueError:  # on another of Windows' drives
        return str(path)
