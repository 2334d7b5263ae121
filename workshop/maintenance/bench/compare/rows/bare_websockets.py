"""A bare `websockets` server: it encodes everything once as JSON and sends that to everyone, uncompressed."""

import msgspec
from websockets.asyncio.server import broadcast

from workshop.game.play.ticks import ticks
from workshop.maintenance.bench.compare.rows.serving import Announce, websockets
from workshop.maintenance.bench.compare.workload import TICK_RATE


async def serve(announce: Announce) -> None:
    """Serve until cancelled."""
    async with websockets(announce) as (table, server):
        async for _ in ticks(TICK_RATE):
            body = msgspec.json.encode(table.world.state)
            broadcast(server.connections, body, text=True)
