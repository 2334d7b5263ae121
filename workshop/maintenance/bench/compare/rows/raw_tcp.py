"""TCP without WebSocket: a length of four bytes before each message. What is left is the system's work."""

from __future__ import annotations

import asyncio
import itertools
from typing import cast

import msgspec

from workshop.game.play.ticks import ticks
from workshop.maintenance.bench.compare.rows.serving import HOST, Announce, Table
from workshop.maintenance.bench.compare.workload import TICK_RATE

LENGTH = 4  # bytes, the most significant first


class TcpClient(asyncio.Protocol):
    """One client."""

    def __init__(self, id: int, table: Table, links: set[TcpClient]) -> None:
        self._id = id
        self._table = table
        self._links = links
        self._rest = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._links.add(self)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        at = 0
        while len(data) >= at + LENGTH:
            begin = at + LENGTH
            end = begin + int.from_bytes(data[at:begin], "big")
            if end > len(data):
                break
            self._table.receive(self._id, data[begin:end])
            at = end
        self._rest = data[at:]

    def connection_lost(self, exc: Exception | None) -> None:
        self._links.discard(self)
        self._table.world.leave(self._id)


async def serve(announce: Announce) -> None:
    """Serve until cancelled."""
    table, ids = Table(), itertools.count(1)
    links: set[TcpClient] = set()
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: TcpClient(next(ids), table, links), HOST, 0) as server:
        announce(server.sockets[0].getsockname()[1])
        async for _ in ticks(TICK_RATE):
            body = msgspec.json.encode(table.world.state)
            packet = len(body).to_bytes(LENGTH, "big") + body
            for link in links:
                link.transport.write(packet)
