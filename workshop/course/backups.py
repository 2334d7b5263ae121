"""Copies of an attendee's files, made before we replace them.

They are in `.workshop/backups/step02_echo/2026-11-21_15-04-05/`, and nothing ever removes them.
"""

import contextlib
import os
from datetime import datetime
from itertools import count
from pathlib import Path

from workshop.course import progress_file, stage_files
from workshop.course.stage_files import Contents
from workshop.errors import WorkshopError

TIME_FORMAT = "%Y-%m-%d_%H-%M-%S"


ADVICE = "Likely the folder is read-only or the disk is full: copy the checkout to a place of your own."


class NotReplaced(WorkshopError):
    """A stage could not be replaced, or only in part; the text says what is there now."""


def state_folder() -> Path:
    """The folder for what we remember, where the progress is: `.workshop` in the checkout."""
    folder = progress_file.place().parent
    return folder if folder.name == ".workshop" else folder / ".workshop"


def keep(folder: Path, backups: Path, now: datetime) -> Path | None:
    """Copy a stage into a folder of its own, named after the time.

    Args:
        folder: the stage.
        backups: the folder with the backups of all stages.
        now: the local time, by which the attendee finds it.

    Returns:
        The backup; None if there was nothing to keep.

    Raises:
        OSError: it cannot be kept.
    """
    contents = stage_files.read(folder)
    if not contents:
        return None
    backup = _new_folder(backups / folder.name, now.strftime(TIME_FORMAT))
    stage_files.write(backup, contents)
    return backup


def _new_folder(parent: Path, name: str) -> Path:
    """Make a new folder, even if another program makes one at the same time."""
    parent.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        folder = parent / (name if number == 1 else f"{name}-{number}")
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            return folder
    raise AssertionError("the numbers do not end")


def replace(folder: Path, contents: Contents, *, backups: Path, now: datetime) -> Path | None:
    """Put other files into a stage, after a backup of those that are there.

    Returns:
        The backup; None if there was nothing to keep.

    Raises:
        NotReplaced: the backup or the stage cannot be written. Nothing is lost.
    """
    try:
        _need_writable(folder)
        backup = keep(folder, backups, now)
    except OSError as error:
        raise NotReplaced(f"{_reason(error)} Nothing was changed. {ADVICE}") from error
    try:
        stage_files.write(folder, contents)
    except OSError as error:
        where = f"Your files as they were: {backup}" if backup else "There was nothing to keep."
        raise NotReplaced(f"{_reason(error)} {where}\n{ADVICE}") from error
    return backup


def _reason(error: OSError) -> str:
    return f"{error.filename or 'A file'} cannot be written: {error.strerror or error}."


def _need_writable(folder: Path) -> None:
    """Check before we touch anything; only a try can tell, above all on Windows and on network drives."""
    folder.mkdir(parents=True, exist_ok=True)
    attempt = folder / f".{os.getpid()}.tmp"
    attempt.touch()
    attempt.unlink()
