"""Opens the class of a room for as long as the room is open."""

import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import netlib
from workshop import steps
from workshop.instructor.classroom.register import Register
from workshop.instructor.classroom.registrar import Registrar
from workshop.instructor.classroom.store import Store


@contextlib.asynccontextmanager
async def open_class(
    path: Path | None, server: netlib.Server, warn: Callable[[str], object]
) -> AsyncIterator[Registrar]:
    """Open a class for the length of the block, which should begin before the room opens and end after it.

    Args:
        path: the class file; made if there is none. None keeps the class in memory.
        server: the room.
        warn: hears in one sentence if the file cannot be used, and what happens instead.
    """
    known = [step.id for step in steps.all_steps()]
    if path is None:
        yield Registrar(server, Register(known))
        return
    store = Store(path, warn)
    try:
        yield Registrar(server, Register(known, await store.open()), keep=store.keep)
    finally:
        await store.close()
