"""Users' files are theirs: we overwrite none of them, and leave none half written."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from itertools import count
from pathlib import Path

ATTEMPTS, PAUSE_SECONDS = 10, 0.02  # to put a new file in the old one's place


def set_aside(path: Path) -> Path | None:
    """Rename the file at ``path``, if there is one, to a free name beside it.

    Returns:
        The new name; None if there was no file.

    Raises:
        OSError: it cannot be renamed, or is a folder.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    return path.rename(free_name(path)) if path.exists() else None


def free_name(path: Path) -> Path:
    """A name beside the file that no other file has: ``shot.1.png`` for ``shot.png``."""
    names = (path.with_name(f"{path.stem}.{number}{path.suffix}") for number in count(1))
    return next(name for name in names if not name.exists())


def near(path: Path) -> str:
    """The path as the user would type it here."""
    try:
        return os.path.relpath(path)
    except ValueError:  # on another of Windows' drives
        return str(path)


def write_whole(path: Path, data: bytes) -> None:
    """Write a whole file or nothing; readers see the old one until then. Makes its folder.

    Raises:
        OSError: it cannot be written; the old file is unchanged.
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
    """Put one file in the place of the other; Windows refuses that while a program reads the other."""
    for _ in range(ATTEMPTS):
        with contextlib.suppress(PermissionError):
            unfinished.replace(path)
            return
        time.sleep(PAUSE_SECONDS)
    unfinished.replace(path)
