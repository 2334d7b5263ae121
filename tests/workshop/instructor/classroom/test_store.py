"""The class file in a thread of its own: a slow disk delays no tick."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.support.classes import a_class, a_member, join
from workshop.instructor.classroom.book import Book
from workshop.instructor.classroom.database import read_places

SLOW = 2.0  # seconds that a disk stands still, each time


async def test_a_slow_disk_holds_up_no_tick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the disk stands still, ticks go on and answers come; what was to be written is, in the end."""
    write, writes = Book.write, list[object]()

    def slowly(book: Book, changes: dict[str, object]) -> None:
        writes.append(changes)
        time.sleep(SLOW)
        write(book, changes)  # type: ignore[arg-type]

    monkeypatch.setattr(Book, "write", slowly)
    monkeypatch.setattr("workshop.instructor.classroom.store.PATIENCE", 0.1)
    async with a_class(tmp_path / "class.db", tick_rate=100) as (server, _):
        members = [a_member(server, f"attendee {number}") for number in range(10)]
        await asyncio.gather(*map(join, members))
        held_up = server.metrics.ticks_skipped / server.tick_rate
        assert held_up < len(writes) * SLOW / 2, "a busy machine may cost some; the disk would cost all"
    assert len(read_places(tmp_path / "class.db")) == 10
