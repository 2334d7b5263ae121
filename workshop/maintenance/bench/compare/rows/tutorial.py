"""The usual tutorial: the `json` module, one encoding for each client, and `gather` over all sends."""

import asyncio
import json

import msgspec

from workshop.game.play.ticks import ticks
from workshop.maintenance.bench.compare.rows.serving import Announce, websockets
from workshop.maintenance.bench.compare.workload import TICK_RATE


async def serve(announce: Announce) -> None:
    """Serve until cancelled."""
    async with websockets(announce) as (table, server):
        async for _ in ticks(TICK_RATE):
            state = msgspec.to_builtins(table.world.state)
            sends = (socket.send(json.dumps(state)) for socket in server.connections)
            await asyncio.gather(*sends, return_exceptions=True)
