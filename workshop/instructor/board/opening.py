"""Opens a room with all that belongs to it, in the right order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import netlib
from netlib.client.dial import NOBODY, Witness
from netlib.server.http import Page
from workshop.errors import WorkshopError
from workshop.game.rules.maps import Map
from workshop.instructor.board.addresses import Addresses
from workshop.instructor.board.pages import Make
from workshop.instructor.board.room import Board
from workshop.instructor.classroom.host_memory import HostMemory
from workshop.instructor.classroom.opening import open_class
from workshop.instructor.classroom.registrar import Registrar
from workshop.instructor.recorder import recorded
from workshop.slides import build


@contextlib.asynccontextmanager
async def open_room(
    server: netlib.Server,
    map: Map,
    *,
    class_file: Path | None,
    password: str,
    witness: Witness,
    warn: Callable[[str], None],
    addresses: Addresses | None = None,
    host: HostMemory | None = None,
) -> AsyncIterator[Registrar]:
    """Open a room, its class, its board and its recording, for the length of the block, which gets the class.

    Args:
        map: the map of its game.
        class_file: see `open_class`.
        password: what players need to join.
        witness: writes a recording.
        warn: hears in one sentence what does not work; the room goes on.
        addresses: where it is reached.
        host: knows the host again.
    """
    addresses = addresses or Addresses(server)
    async with contextlib.AsyncExitStack() as room:
        registrar = await room.enter_async_context(open_class(class_file, server, warn, host))
        pages = await _slides(warn)
        board = Board(server, map, registrar, addresses, password=password, more_pages=pages)
        await room.enter_async_context(server)
        await room.enter_async_context(board)
        if witness is not NOBODY:
            await room.enter_async_context(recorded(server, witness, password=password, warn=warn))
        yield registrar


async def _slides(warn: Callable[[str], None]) -> dict[str, Make]:
    """The slides, which take a moment to build; none if they cannot be built."""
    try:
        # The page contains its scripts, and so its own policy.
        page = Page(await asyncio.to_thread(build.page), "text/html; charset=utf-8")
    except WorkshopError as error:
        warn(f"There are no slides at /slides/: {error}")
        return {}
    return {"/slides/": lambda: page, "/slides": lambda: page}
