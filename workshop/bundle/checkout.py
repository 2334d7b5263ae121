"""The project's own files: those that git knows, or, without git, those in the folder."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from workshop import git

# What a machine makes for itself. Names that begin with a dot are left out too, except KEPT.
LEFT_OUT = {"__pycache__", "wheelhouse", "build", "dist"}
LEFT_OUT_ENDINGS = (".egg-info", ".pyc", ".log", ".pem", ".key")
KEPT = {".ci", ".gitignore"}


class Source(msgspec.Struct, frozen=True):
    """One file: its path with slashes, and its bytes."""

    path: str
    data: bytes


def files(root: Path) -> list[Source]:
    """All files of the project, from the last commit or else as they are now, ordered by path."""
    found = _from_git(root)
    return sorted(found or _from_folder(root), key=lambda source: source.path)


def _from_git(root: Path) -> list[Source]:
    """The committed files; none without git, or if this folder is not a repository of its own."""
    top = (git.said(root, "rev-parse", "--show-toplevel") or b"").decode(errors="replace").strip()
    if not top or Path(top).resolve() != root.resolve():
        return []
    return [Source(path, data) for path, data in git.archived(root, "HEAD").items()]


def _from_folder(root: Path) -> Iterator[Source]:
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if _belongs(name)]
        for name in names:
            if _belongs(name):
                file = Path(folder) / name
                yield Source(file.relative_to(root).as_posix(), file.read_bytes())


def _belongs(name: str) -> bool:
    hidden = name.startswith(".") and name not in KEPT
    return not hidden and name not in LEFT_OUT and not name.endswith(LEFT_OUT_ENDINGS)
