"""The class in an SQLite file. Every call may wait for the disk, so a thread of its own makes it.

Errors are those of `sqlite3`, and `NotAClass`.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import msgspec

from netlib.session.names import name_key
from workshop.instructor.classroom.host_memory import HostData
from workshop.instructor.classroom.place import Place, Work

APPLICATION = 0x47454D52  # "GEMR": the number by which an SQLite file names its program
VERSION = 2  # in 1 was no host, and no time was carried from laptop to laptop
HOST = ""  # the key of what is kept of the host; no nickname has it
T = TypeVar("T")
Record: TypeAlias = Place | HostData
LOCKED_SECONDS = 1.0  # that another program may have the file to itself
TABLES = """
CREATE TABLE place (
    key TEXT PRIMARY KEY, nickname TEXT NOT NULL, proof TEXT NOT NULL, heard INTEGER NOT NULL,
    step TEXT NOT NULL, hand INTEGER NOT NULL, words TEXT NOT NULL, since REAL NOT NULL
);
CREATE TABLE work (
    key TEXT NOT NULL, step TEXT NOT NULL, seconds REAL NOT NULL, checks INTEGER NOT NULL,
    passed INTEGER NOT NULL, carried REAL NOT NULL DEFAULT 0, PRIMARY KEY (key, step)
) WITHOUT ROWID;
CREATE TABLE host (one INTEGER PRIMARY KEY CHECK (one = 1), data TEXT NOT NULL);
"""
FROM_1 = """
ALTER TABLE work ADD COLUMN carried REAL NOT NULL DEFAULT 0;
CREATE TABLE host (one INTEGER PRIMARY KEY CHECK (one = 1), data TEXT NOT NULL);
"""
PLACE = """
INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
    nickname = excluded.nickname, proof = excluded.proof, heard = excluded.heard, step = excluded.step,
    hand = excluded.hand, words = excluded.words, since = excluded.since
"""
BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}  # the last: a table is missing
LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class NotAClass(Exception):
    """The file is intact, but not one of ours."""


class Database:
    """An open class file; if there is none, a new one is made.

    Args:
        path: the file.

    Raises:
        NotAClass, sqlite3.Error: it cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            path, timeout=LOCKED_SECONDS, isolation_level=None, check_same_thread=False
        )
        # One host at a time: a lock on the class itself would keep out those who only read it.
        self._lock = path.with_name(f"{path.name}-host")
        self._alone = sqlite3.connect(self._lock, timeout=LOCKED_SECONDS, check_same_thread=False)
        try:
            self._alone.execute("BEGIN EXCLUSIVE")
            self._prepare()
        except BaseException:
            self.close()
            raise

    def read(self) -> dict[str, Record]:
        """All that is kept, by key: the host, and the places in the order in which they were taken."""
        return _read(self._connection)

    def write(self, changes: Mapping[str, Record | None]) -> None:
        """Keep these by their keys; None deletes a place. Either all of it is written, or nothing."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            for key, record in changes.items():
                if isinstance(record, HostData):
                    data = msgspec.json.encode(record).decode()
                    self._connection.execute("INSERT OR REPLACE INTO host VALUES (1, ?)", (data,))
                else:
                    self._write_place(key, record)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
        if self._alone.in_transaction:  # else the lock is another host's
            with contextlib.suppress(OSError):  # Windows deletes no open file, and an old one does no harm
                self._lock.unlink()
        self._alone.close()

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA secure_delete = ON")  # an attendee who leaves stays in no free page
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            if not _first(self._connection, "SELECT count(*) FROM sqlite_master"):
                self._connection.execute(f"PRAGMA application_id = {APPLICATION}")
                self._change(TABLES)
        _examine(self._connection)
        if _first(self._connection, "PRAGMA user_version") == 1:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._change(FROM_1)

    def _change(self, statements: str) -> None:
        for statement in statements.split(";"):
            self._connection.execute(statement)
        self._connection.execute(f"PRAGMA user_version = {VERSION}")

    def _write_place(self, key: str, place: Place | None) -> None:
        self._connection.execute("DELETE FROM work WHERE key = ?", (key,))
        if place is None:
            self._connection.execute("DELETE FROM place WHERE key = ?", (key,))
            return
        rest = (place.step, place.hand, place.words, place.since)
        self._connection.execute(PLACE, (key, place.nickname, place.proof, place.heard, *rest))
        self._connection.executemany(
            "INSERT INTO work VALUES (?, ?, ?, ?, ?, ?)",
            [(key, step, *msgspec.structs.astuple(work)) for step, work in place.work.items()],
        )


def read_places(path: Path) -> list[Place]:
    """The places in a class file; see `read_records`."""
    return [record for record in read_records(path).values() if isinstance(record, Place)]


def read_records(path: Path) -> dict[str, Record]:
    """Read a class file without changing it.

    Raises:
        NotAClass, sqlite3.Error: there is none, or it cannot be read.
    """
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=LOCKED_SECONDS, uri=True)
    with contextlib.closing(connection):
        _examine(connection)
        return _read(connection)


def is_broken(error: Exception) -> bool:
    """Whether the error means that the file is invalid, not only that it cannot be read now."""
    return isinstance(error, NotAClass) or _code(error) in BROKEN


def is_locked(error: Exception) -> bool:
    """Whether another program has the file to itself."""
    return _code(error) in LOCKED


def is_not_ours(error: Exception) -> bool:
    """Whether the file has been moved or deleted, or may only be read: to try again would change nothing."""
    return _code(error) == sqlite3.SQLITE_READONLY


def _code(error: Exception) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # the higher bits are only finer distinctions


def _examine(connection: sqlite3.Connection) -> None:
    """Raise NotAClass, or an error of sqlite3, unless this is an intact class file that we understand."""
    if _first(connection, "PRAGMA application_id") != APPLICATION:
        raise NotAClass("it is not a class file")
    if not 1 <= _first(connection, "PRAGMA user_version") <= VERSION:
        raise NotAClass("it is a class file of another version")
    if (found := _first(connection, "PRAGMA quick_check(1)")) != "ok":
        raise NotAClass(str(found))


def _first(connection: sqlite3.Connection, question: str) -> Any:
    return connection.execute(question).fetchone()[0]


def _read(connection: sqlite3.Connection) -> dict[str, Record]:
    connection.row_factory = sqlite3.Row
    work: dict[str, dict[str, Work]] = {}
    try:
        found: dict[str, Record] = dict(_host(connection))
        for row in connection.execute("SELECT * FROM work"):
            work.setdefault(row["key"], {})[row["step"]] = _as(Work, row)
        for row in connection.execute("SELECT * FROM place ORDER BY rowid"):
            place = msgspec.structs.replace(_as(Place, row), work=work.get(row["key"], {}))
            found[name_key(place.nickname)] = place
    except (msgspec.DecodeError, UnicodeDecodeError, IndexError) as error:
        raise NotAClass(f"it does not hold a class: {error}") from error
    return found


def _host(connection: sqlite3.Connection) -> Iterator[tuple[str, HostData]]:
    if _first(connection, "PRAGMA user_version") > 1:
        for row in connection.execute("SELECT data FROM host"):
            yield HOST, msgspec.json.decode(row["data"], type=HostData)


def _as(kind: type[T], row: sqlite3.Row) -> T:
    return msgspec.convert(dict(row), kind, strict=False)  # SQLite has no type for true and false
