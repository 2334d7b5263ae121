"""The project's own files: those that git knows, or, where there is no git, those of the folder."""

import io
import os
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

GIT_SECONDS = 60.0  # that git may take
# What is made on a machine and belongs to it. Anything that begins with a dot is left out, too, but for .ci.
LEFT_OUT = {"__pycache__", "wheelhouse", "build", "dist"}
LEFT_OUT_ENDINGS = (".egg-info", ".pyc", ".log", ".pem", ".key")
KEPT = {".ci", ".gitignore"}


class Source(msgspec.Struct, frozen=True):
    """One file: its path with slashes, and its bytes."""

    path: str
    data: bytes


def files(root: Path) -> list[Source]:
    """All files of the project, as committed last, or else as they are, in the order of their paths."""
    found = _from_git(root)
    return sorted(found or _from_folder(root), key=lambda source: source.path)


def _from_git(root: Path) -> list[Source]:
    """What is committed; nothing where git, or a repository of just this folder, is missing."""
    top = _git(root, "rev-parse", "--show-toplevel").decode(errors="replace").strip()
    if not top or Path(top).resolve() != root.resolve():
        return []
    packed = _git(root, "archive", "--format=tar", "HEAD")
    if not packed:
        return []
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        return [Source(entry.name, _bytes(archive, entry)) for entry in archive if entry.isfile()]


def _bytes(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    data = archive.extractfile(entry)
    return data.read() if data else b""


def _git(root: Path, *words: str) -> bytes:
    command = ["git", "-C", str(root), *words]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=GIT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""


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
