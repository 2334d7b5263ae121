"""A bare `websockets` server: it encodes everything once as JSON and sends that to everyone, uncompressed."""

import itertools

import msgspec
from websockets.asyncio.server import ServerConnection, broadcast
from websockets.asyncio.server import serve as listen

from workshop.maintenance.bench.compare.rows.serving import HOST, Announce, Table, every_tick


async def serve(announce: Announce) -> None:
    """Serve until cancelled."""
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
        async for _ in every_tick():
            body = msgspec.json.encode(table.world.state)
            broadcast(server.connections, body, text=True)
