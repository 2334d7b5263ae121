"""One file for each kind of laptop: the project with a folder `wheelhouse` in it, packed as a ZIP."""

import hashlib
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from workshop.bundle.checkout import Source

TOP = "pygame-workshop"  # the folder that unpacking makes
EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest date in a ZIP, always: the same files make the same archive
RIGHTS = 0o644 << 16


def contents(sources: Sequence[Source], wheels: Sequence[Path]) -> str:
    """A digest of the parts of an archive: the project's files, and the names and sizes of the wheels."""
    digest = hashlib.sha256()
    for source in sources:
        digest.update(f"{source.path} {len(source.data)}\n".encode() + source.data)
    for wheel in wheels:
        digest.update(f"{wheel.name} {wheel.stat().st_size}\n".encode())
    return digest.hexdigest()


def pack(file: Path, sources: Sequence[Source], wheels: Sequence[Path], packed: Callable[[], object]) -> None:
    """Write an archive of the project and the wheels for this laptop; ``packed`` is called for each file."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for source in sources:
            archive.writestr(_entry(source.path), source.data)
            packed()
        for wheel in wheels:
            entry = _entry(f"wheelhouse/{wheel.name}")
            entry.compress_type = zipfile.ZIP_STORED  # it is compressed already
            archive.writestr(entry, wheel.read_bytes())
            packed()


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(f"{TOP}/{path}", EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = RIGHTS
    return entry
