"""The class file in a thread of its own, so that no disk ever delays a tick."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from workshop.instructor.classroom.book import Book
from workshop.instructor.classroom.database import Record
from workshop.instructor.classroom.host_memory import HostData
from workshop.instructor.classroom.place import Place

PATIENCE = 1.0  # seconds to wait for the disk before going on without it


class Store:
    """Keeps places in a file; changes that come while it writes are written together afterwards.

    Args:
        path: the class file.
        warn: hears in one sentence what the host should know; it is called in the event loop.
    """

    def __init__(self, path: Path, warn: Callable[[str], object]) -> None:
        self._loop = asyncio.get_running_loop()
        self._book = Book(path, lambda text: self._loop.call_soon_threadsafe(warn, text))
        self._thread = ThreadPoolExecutor(1, "class file")
        self._changes: dict[str, Record | None] = {}
        self._writing: asyncio.Task[None] | None = None

    async def open(self) -> list[Place]:
        """Open the file, or begin one. Returns the places that were kept."""
        return await self._loop.run_in_executor(self._thread, self._book.open)

    @property
    def host(self) -> HostData:
        """What was kept of the host when the file was opened."""
        return self._book.host

    def keep(self, key: str, place: Place | None) -> Coroutine[Any, Any, object]:
        """Write a place, or delete it; awaited, it waits until that is done, but not long for a slow disk."""
        return asyncio.wait([self.put(key, place)], timeout=PATIENCE)

    def put(self, key: str, record: Record | None) -> "asyncio.Task[None]":
        """Write something soon, or delete a place. Returns what ends when that is done."""
        self._changes[key] = record
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return self._writing

    async def close(self) -> None:
        """Write what is left, and close the file."""
        if self._writing is not None:
            await asyncio.wait([self._writing])
        await self._loop.run_in_executor(self._thread, self._book.close)
        self._thread.shutdown()

    async def _write(self) -> None:
        while self._changes:
            changes, self._changes = self._changes, {}
            await self._loop.run_in_executor(self._thread, self._book.write, changes)
