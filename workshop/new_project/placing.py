"""A folder with many files, made whole or not at all."""

import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePath

from workshop.errors import WorkshopError


class CannotPlace(WorkshopError):
    """The folder cannot be made; nothing of it remains, and the text says what to do."""


def check(folder: Path) -> None:
    """See whether a folder can be made there: nothing is, or an empty folder.

    Raises:
        CannotPlace: it cannot.
    """
    if folder.is_dir():
        if found := next(folder.iterdir(), None):
            raise CannotPlace(f"{folder} is not empty: it has {found.name}. Choose the name of a new folder.")
    elif folder.exists() or folder.is_symlink():
        raise CannotPlace(f"{folder} is a file. Choose the name of a new folder.")
    elif not folder.parent.is_dir():
        raise CannotPlace(
            f"There is no folder {folder.parent} to put it in. Make that first, or choose another."
        )


def place(folder: Path, files: Mapping[PurePath, str | bytes]) -> None:
    """Write files into a new folder, or an empty one; others see it when all of them are there.

    Args:
        files: by their paths in the folder; text is written as UTF-8.

    Raises:
        CannotPlace: that is not possible, or somebody else has made the folder meanwhile.
    """
    check(folder)
    try:
        _build(folder, files)
    except OSError as error:
        check(folder)  # another terminal may have been quicker
        raise CannotPlace(
            f"{folder} cannot be made, and nothing of it is left: {error.strerror or error}. Likely you may "
            "not write there, or the disk is full. Choose another place, or make room."
        ) from error


def _build(folder: Path, files: Mapping[PurePath, str | bytes]) -> None:
    """Build beside the place, then rename; an empty folder stays the same: a shell may stand in it."""
    is_there = folder.is_dir()
    beside = folder if is_there else folder.parent
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=beside) as unfinished:
        built = Path(unfinished, "whole")
        for path, content in files.items():
            target = built / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        if is_there:
            _move_all(built, folder)
        else:
            built.rename(folder)


def _move_all(built: Path, folder: Path) -> None:
    """Move what was built into an empty folder: all of it, or nothing."""
    moved: list[Path] = []
    try:
        # Folders first: a second terminal's cannot take the place of ours, which are not empty.
        for path in sorted(built.iterdir(), key=Path.is_file):
            moved.append(path.rename(folder / path.name))
    except OSError:
        for path in moved:
            path.rename(built / path.name)
        raise
