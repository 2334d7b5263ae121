"""The usual tutorial: the `json` module, one encoding for each client, and `gather` over all sends."""

import asyncio
import itertools
import json

import msgspec
from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as listen

from workshop.maintenance.bench.compare.rows.serving import HOST, Announce, Table, every_tick


async def serve(announce: Announce) -> None:
    """Serve until cancelled."""
    table, ids = Table(), itertools.count(1)
    sockets: set[ServerConnection] = set()

    async def talk(socket: ServerConnection) -> None:
        id = next(ids)
        sockets.add(socket)
        try:
            async for data in socket:
                table.receive(id, data)
        finally:
            sockets.discard(socket)
            table.world.leave(id)

    async with listen(talk, HOST, 0, compression=None) as server:
        announce(server.sockets[0].getsockname()[1])
        async for _ in every_tick():
            state = msgspec.to_builtins(table.world.state)
            await asyncio.gather(
                *(socket.send(json.dumps(state)) for socket in sockets), return_exceptions=True
            )
