"""Opens the class of a room for as long as the room is open."""

import contextlib
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import netlib
from workshop import steps
from workshop.instructor.classroom.database import HOST
from workshop.instructor.classroom.host_memory import HostData, HostMemory
from workshop.instructor.classroom.register import Register
from workshop.instructor.classroom.registrar import Registrar
from workshop.instructor.classroom.store import Store


@contextlib.asynccontextmanager
async def open_class(
    path: Path | None, server: netlib.Server, warn: Callable[[str], object], host: HostMemory | None = None
) -> AsyncIterator[Registrar]:
    """Open a class for the length of the block, which should begin before the room opens and end after it.

    Args:
        path: the class file; made if there is none. None keeps the class in memory.
        server: the room.
        warn: hears in one sentence if the file cannot be used, and what happens instead.
        host: knows the host again.
    """
    known = [step.id for step in steps.all_steps()]
    host = host or HostMemory()
    if path is None:
        host.open(HostData())
        yield Registrar(server, Register(known, rested=host.rested), host)
        return
    store = Store(path, warn)
    try:
        places = await store.open()
        host.open(store.host, partial(store.put, HOST))
        yield Registrar(server, Register(known, places, rested=host.rested), host, keep=store.keep)
    finally:
        host.close()
        await store.close()
