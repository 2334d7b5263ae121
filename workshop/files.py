"""Files that people made are theirs: nothing is overwritten, and nothing is left half written."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

ATTEMPTS, PAUSE_SECONDS = 10, 0.02  # to put a new file in the old one's place


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


def write_whole(path: Path, data: bytes) -> None:
    """Put a file there whole or not at all: a reader meanwhile sees the old one. Makes its folder.

    Raises:
        OSError: it cannot be written; what was there is as before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def _replace(unfinished: Path, path: Path) -> None:
    """Put one file instead of the other; Windows refuses that while somebody reads the other."""
    for _ in range(ATTEMPTS):
        with contextlib.suppress(PermissionError):
            unfinished.replace(path)
            return
        time.sleep(PAUSE_SECONDS)
    unfinished.replace(path)
