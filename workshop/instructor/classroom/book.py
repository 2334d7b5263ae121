"""The class file, and what happens when it fails: nothing is overwritten, and the class goes on.

An invalid file is renamed, and a new one begun. A locked one stays where it is, and the class goes on in a
file beside it: renaming a database that another program has open can break both it and the next one
(sqlite.org/howtocorrupt.html). Every call may wait for the disk.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from workshop.files import free_name, set_aside
from workshop.instructor.classroom.database import (
    HOST,
    Database,
    NotAClass,
    Record,
    is_broken,
    is_locked,
    is_not_ours,
    read_records,
)
from workshop.instructor.classroom.host_memory import HostData
from workshop.instructor.classroom.place import Place

FAILURES = (NotAClass, sqlite3.Error, OSError)


class Book:
    """Keeps the places of a class, and what is known of its host.

    Args:
        path: the class file.
        warn: hears in one sentence what the host should know.

    Attributes:
        path: the file that has the class now.
    """

    def __init__(self, path: Path, warn: Callable[[str], object]) -> None:
        self.path = path
        self._warn = warn
        self._database: Database | None = None
        self._records: dict[str, Record] = {}
        self._unwritten: dict[str, Record | None] = {}
        self._told = False

    def open(self) -> list[Place]:
        """Open the file, or begin one. Returns the places in it. It never fails."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._database = Database(self.path)
            self._records = self._database.read()
        except FAILURES as error:
            if not is_broken(error):
                with contextlib.suppress(*FAILURES):  # it may still be readable
                    self._records = read_records(self.path)
            self._begin_anew(error)
        return [record for record in self._records.values() if isinstance(record, Place)]

    @property
    def host(self) -> HostData:
        """What is kept of the host."""
        kept = self._records.get(HOST)
        return kept if isinstance(kept, HostData) else HostData()

    def write(self, changes: Mapping[str, Record | None]) -> None:
        """Keep these by their keys; None deletes a place. If that fails, the next call tries again."""
        self._unwritten.update(changes)
        known = {**self._records, **changes}
        self._records = {key: record for key, record in known.items() if record is not None}
        try:
            self._write()
        except FAILURES as error:
            self._failed(error)

    def close(self) -> None:
        """Write what is left, into another file if necessary, and close."""
        try:
            if self._unwritten:
                self._write()
        except FAILURES as error:
            self._begin_anew(error)
        self._shut()

    def _write(self) -> None:
        if self._database is None:
            self._database = Database(self.path)
            self._unwritten = {**self._records, **self._unwritten}
        self._database.write(self._unwritten)
        self._unwritten, self._told = {}, False

    def _failed(self, error: Exception) -> None:
        if is_broken(error) or is_not_ours(error):
            self._begin_anew(error)
        elif not self._told:
            self._told = True
            self._warn(f"{self.path} cannot be written now ({reason(error)}); it is tried again.")

    def _begin_anew(self, error: Exception) -> None:
        """Go on in a new file, with all that we know; if that is not possible, in memory."""
        self._shut()
        before = self.path
        try:
            if is_broken(error):
                told = f"It is now {set_aside(before)}, and a new one is begun."
            else:
                self.path = free_name(before) if before.exists() else before
                told = f"The class is in {self.path} from now on."
            self._database = Database(self.path)
            self._database.write(self._records)
            self._unwritten = {}
        except FAILURES:
            self._shut()
            self.path, self._told = before, True
            told = "The class is in memory only, and ends with the host."
        self._warn(f"{before} cannot be used ({reason(error)}). {told}")

    def _shut(self) -> None:
        if self._database is not None:
            self._database.close()
        self._database = None


def reason(error: Exception) -> str:
    """Why a file cannot be used, in a few words."""
    if is_locked(error):
        return "another program has it open"
    if is_not_ours(error):
        return "it was moved, or may only be read"
    return getattr(error, "strerror", None) or str(error)
