"""What the servers without netlib share: reading a message, and taking WebSockets."""

import itertools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import msgspec
from websockets.asyncio.server import Server, ServerConnection
from websockets.asyncio.server import serve as listen

from workshop.maintenance.bench.compare.workload import Hello, Move, World

HOST = "127.0.0.1"
Announce: TypeAlias = Callable[[int], None]  # gets the port as soon as clients may connect
Serve: TypeAlias = Callable[[Announce], Coroutine[Any, Any, None]]


class Table:
    """The world of a server without netlib, and its players."""

    def __init__(self) -> None:
        self.world = World()
        self._decoder = msgspec.json.Decoder(Hello | Move)

    def receive(self, id: int, data: bytes | str) -> None:
        """Take a client's message. One that does not fit raises, as in a server that checks nothing else."""
        message = self._decoder.decode(data)
        if isinstance(message, Hello):
            self.world.join(id, message.name)
        else:
            self.world.step(id, message.move)


@asynccontextmanager
async def websockets(announce: Announce) -> AsyncIterator[tuple[Table, Server]]:
    """A table whose players come over the library `websockets`, uncompressed."""
    table, ids = Table(), itertools.count(1)

    async def talk(socket: ServerConnection) -> None:
        id = next(ids)
        try:
            async for data in socket:
                table.receive(id, data)
        finally:
            table.world.leave(id)

    async with listen(talk, HOST, 0, compression=None) as server:
        announce(server.sockets[0].getsockname()[1])
        yield table, server
