"""The files of a stage as values: reads them, rewrites them for another place, and puts them there."""

import re
from pathlib import Path
from typing import TypeAlias

from workshop import files

Contents: TypeAlias = dict[str, bytes]  # by path in the stage, with forward slashes

NOT_OURS = ("__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache")  # folders that tools leave
SOLUTION_WORD = re.compile(rb"\bsolutions(?=[./\\]step\d\d)")


def read(folder: Path) -> Contents:
    """Every file of a stage; none if there is no such folder.

    Raises:
        OSError: a file cannot be read.
    """
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and is_source(path.relative_to(folder))
    )
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def is_source(path: Path) -> bool:
    """Whether a person wrote this file, and no tool left it."""
    return not set(path.parts) & set(NOT_OURS) and path.suffix != ".pyc"


def as_starter(solution: Contents) -> Contents:
    """A solution in the starter's place: its imports and the names in it lead there."""
    return {path: SOLUTION_WORD.sub(b"starter", data) for path, data in solution.items()}


def changed(folder: Path, contents: Contents) -> list[str]:
    """The files that are missing in the folder, or differ there."""
    there = read(folder)
    return [path for path, data in contents.items() if _lines(there.get(path)) != _lines(data)]


def write(folder: Path, contents: Contents) -> None:
    """Write the files into the folder, each of them whole or not at all; other files there stay.

    Raises:
        OSError: one cannot be written.
    """
    for path, data in contents.items():
        files.write_whole(folder / path, data)


def _lines(data: bytes | None) -> list[bytes] | None:
    """Only the lines: git may give Windows other line ends than ours."""
    return None if data is None else data.splitlines()
