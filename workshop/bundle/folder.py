"""The folder of a bundle, and a record in it of what is ours: nothing else is ever overwritten."""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from workshop.errors import WorkshopError
from workshop.files import near, set_aside

RECORD = "bundle.json"
FORMAT = 1
CHUNK = 1 << 20  # bytes that are read at a time


class NotWritable(WorkshopError):
    """The folder cannot be written; the text says why."""


class Fetched(msgspec.Struct, frozen=True):
    """What became of one target.

    Args:
        wheels: their names, when all are here.
        lacks: the package that has no wheel.
    """

    wheels: list[str] = []
    lacks: str = ""


class Record(msgspec.Struct):
    """What has been done.

    Args:
        wanted: what the wheels were fetched for.
        targets: what became of each, by its name.
        files: SHA-256 of each file that we have written, by its path.
        archives: what each archive was made of, by its name.
    """

    format: int = FORMAT
    wanted: list[str] = []
    targets: dict[str, Fetched] = {}
    files: dict[str, str] = {}
    archives: dict[str, str] = {}


class Folder:
    """The folder of a bundle.

    Args:
        path: made when the first file is written.

    Raises:
        NotWritable: there is a record that is not ours.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.record = _read(path / RECORD)
        self.moved: list[Path] = []

    def forget_unless(self, wanted: list[str]) -> None:
        """Fetch the wheels again when others are wanted than those that were."""
        if self.record.wanted != wanted:
            self.record.wanted, self.record.targets = wanted, {}

    def write(self, path: str, data: bytes) -> None:
        """Write a file of ours.

        Args:
            path: within the folder, with slashes.
        """
        with self.writing(path) as part:
            part.write_bytes(data)

    @contextlib.contextmanager
    def writing(self, path: str) -> Iterator[Path]:
        """A file to be written; when the block ends well it takes its place, and what was there gives way.

        Raises:
            NotWritable: the system does not let us.
        """
        file = self.path / path
        part = file.with_name(f".{file.name}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            yield part
            digest = sha256(part)
            self._make_room(path, file)
            part.replace(file)
        except OSError as error:
            raise NotWritable(f"{near(file)} cannot be written: {error.strerror or error}.") from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        self.record.files[path] = digest
        self.save()

    def _make_room(self, path: str, file: Path) -> None:
        """Rename what is there and is not ours, or was changed by somebody since."""
        if not self.is_ours(path) and (aside := set_aside(file)):
            self.moved.append(aside)

    def is_ours(self, path: str) -> bool:
        """Whether a file is there as we have written it."""
        file = self.path / path
        return file.is_file() and self.record.files.get(path) == sha256(file)

    def save(self) -> None:
        """Write the record, whole or not at all."""
        part = self.path / f".{RECORD}.part"
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            part.write_bytes(msgspec.json.format(msgspec.json.encode(self.record)))
            part.replace(self.path / RECORD)
        except OSError as error:
            raise NotWritable(f"{near(self.path)} cannot be written: {error.strerror or error}.") from error


def is_strange(path: Path) -> bool:
    """Whether somebody else's files are there: a folder with something in it and no record of ours."""
    try:
        return any(path.iterdir()) and not (path / RECORD).is_file()
    except FileNotFoundError:
        return False
    except NotADirectoryError as error:
        raise NotWritable(f"{near(path)} is a file; name a folder.") from error


def sha256(file: Path) -> str:
    """The digest of a file's bytes."""
    digest = hashlib.sha256()
    with file.open("rb") as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


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
