"""The folder of a bundle, with a record of our own files in it: we never overwrite any others."""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from workshop.errors import WorkshopError
from workshop.files import near, set_aside, write_whole

RECORD = "bundle.json"
FORMAT = 1


class NotWritable(WorkshopError):
    """The folder cannot be written; the text says why."""


class Fetched(msgspec.Struct, frozen=True):
    """The result for one target."""

    wheels: list[str] = []  # their file names, if we have all of them
    lacks: str = ""  # the package that has no wheel


class Record(msgspec.Struct):
    """What has been done."""

    format: int = FORMAT
    wanted: list[str] = []  # the requirements for which the wheels were fetched
    targets: dict[str, Fetched] = {}  # the result for each target, by its name
    files: dict[str, str] = {}  # SHA-256 of each file that we have written, by its path
    archives: dict[str, str] = {}  # the digest of each archive's parts, by its name


class Folder:
    """The folder of a bundle.

    Args:
        path: made when the first file is written.

    Raises:
        NotWritable: the folder has a record that is not ours.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.record = _read(path / RECORD)
        self.moved: list[Path] = []

    def forget_unless(self, wanted: list[str]) -> None:
        """Fetch the wheels again if the requirements have changed."""
        if self.record.wanted != wanted:
            self.record.wanted, self.record.targets = wanted, {}

    def write(self, path: str, data: bytes) -> None:
        """Write a file of ours; its path in the folder has slashes."""
        with self.writing(path) as part:
            part.write_bytes(data)

    @contextlib.contextmanager
    def writing(self, path: str) -> Iterator[Path]:
        """Give a file to write; if the block succeeds, it replaces ours, or renames one that is not ours.

        Raises:
            NotWritable: the system does not let us.
        """
        file = self.path / path
        part = file.with_name(f".{file.name}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            yield part
            digest = sha256(part)
            if not self.is_ours(path) and (aside := set_aside(file)):
                self.moved.append(aside)
            part.replace(file)
        except OSError as error:
            raise NotWritable(f"{near(file)} cannot be written: {error.strerror or error}.") from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        self.record.files[path] = digest
        self.save()

    def is_ours(self, path: str) -> bool:
        """Whether a file is there, and unchanged since we wrote it."""
        file = self.path / path
        return file.is_file() and self.record.files.get(path) == sha256(file)

    def save(self) -> None:
        """Write the whole record, or nothing."""
        try:
            write_whole(self.path / RECORD, msgspec.json.format(msgspec.json.encode(self.record)))
        except OSError as error:
            raise NotWritable(f"{near(self.path)} cannot be written: {error.strerror or error}.") from error


def is_strange(path: Path) -> bool:
    """Whether the folder has files that are not ours: it is not empty, and has no record of ours."""
    try:
        return any(path.iterdir()) and not (path / RECORD).is_file()
    except FileNotFoundError:
        return False
    except NotADirectoryError as error:
        raise NotWritable(f"{near(path)} is a file; name a folder.") from error


def sha256(file: Path) -> str:
    """The digest of a file's bytes."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def size_in_words(size: int) -> str:
    """Bytes as people read them: `74 MB`."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.0f} MB" if size < 1_000_000_000 else f"{size / 1_000_000_000:.1f} GB"


def _read(file: Path) -> Record:
    try:
        record = msgspec.json.decode(file.read_bytes(), type=Record)
    except FileNotFoundError:
        return Record()
    except (OSError, msgspec.MsgspecError, NotADirectoryError) as error:
        raise NotWritable(f"{near(file)} is not one of ours: {error}. Name another folder.") from error
    if record.format != FORMAT:
        raise NotWritable(f"{near(file)} is of another version of the workshop. Name another folder.")
    return record
