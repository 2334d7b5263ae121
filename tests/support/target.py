"""A room in which a witness plays while others misbehave; and what they misbehave with."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Annotated, Any

from msgspec import Meta
from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode

import netlib
from tests.support import rooms
from tests.support.processes import TIMEOUT
from tests.support.wire import Frame, WireClient, joined

TICK_RATE = 100  # ticks per second
MOST_SPENT = 0.6  # seconds of the processor between two snapshots; no other program's work counts in it
HELLO: Frame = {"type": "hello", "protocol": 1, "name": "Mallory"}
UPGRADE = (
    "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
)
HANDSHAKE = UPGRADE + "\r\n"

Axis = Annotated[float, Meta(ge=-1e9, le=1e9)]


class Move(netlib.Input, frozen=True, kw_only=True, tag="input"):
    move: tuple[Axis, Axis] = (0.0, 0.0)


class Chat(netlib.Message, frozen=True):
    text: Annotated[str, Meta(min_length=1, max_length=200)]


class Clock(netlib.Entity, frozen=True):
    tick: int


@dataclass
class Target:
    """A room in which a witness plays while others misbehave."""

    server: netlib.Server
    witness: WireClient
    failures: list[str] = field(default_factory=list)
    spent: dict[int, float] = field(default_factory=dict)  # by tick: seconds of the processor until then

    @property
    def url(self) -> str:
        """Where it is."""
        return rooms.url(self.server)

    def refused(self, code: str) -> int:
        """Return how often the server has refused something by that word, as the host sees it."""
        return self.server.metrics.refused[code]

    async def unharmed(self, *, seconds: float = 0.03) -> None:
        """Check that the witness still gets every snapshot, and its chat passes."""
        start = len(self.witness.snapshots())
        wanted = start + round(seconds * TICK_RATE)
        await self.witness.until(lambda: len(self.witness.snapshots()) >= wanted, "more snapshots")
        await self.witness.send({"type": "chat", "text": "all is well"})
        await self.witness.until(lambda: {"type": "chat", "text": "all is well"} in self.witness.unread)
        self.witness.unread.clear()
        spent = [self.spent[frame["tick"]] for _, frame in self.witness.snapshots()]
        assert max(after - before for before, after in pairwise(spent)) <= MOST_SPENT
        assert self.witness.socket.close_code is None
        assert not self.failures


@contextlib.asynccontextmanager
async def a_target(**limits: Any) -> AsyncIterator[Target]:
    """Give a room with a witness; limits are those of netlib.Limits."""
    server = rooms.a_room(tick_rate=TICK_RATE, input_type=Move, limits=netlib.Limits(**limits))
    server.on(Chat, lambda peer, message: server.broadcast(message))
    spent = {0: time.thread_time()}

    @server.on_tick
    def tick(dt: float) -> None:
        spent[server.tick] = time.thread_time()
        server.publish({"clock": {1: Clock(server.tick)}})

    async with server, joined(rooms.url(server), "Witness") as witness:
        target = Target(server, witness, spent=spent)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: target.failures.append(str(context)))
        yield target


@contextlib.asynccontextmanager
async def tcp(target: Target) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Give a bare TCP connection to the server."""
    reader, writer = await asyncio.open_connection(rooms.LOOPBACK, target.server.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def cut_off(reader: asyncio.StreamReader) -> bytes:
    """Return what the server says until it ends the connection."""
    async with asyncio.timeout(TIMEOUT):
        with contextlib.suppress(ConnectionError):
            return await reader.read()
    return b""


def with_field(type: str, **fields: str) -> str:
    """Return a JSON object as text; the values are JSON already, whether right or wrong."""
    return "{" + ",".join([f'"type":"{type}"', *(f'"{key}":{value}' for key, value in fields.items())]) + "}"


def an_input(*, seq: str = "1", move: str = "[1,0]") -> str:
    return with_field("input", seq=seq, move=move)


def frames(*parts: tuple[Opcode, bytes, bool]) -> bytes:
    """Return masked WebSocket frames: opcode, content, whether it is the last of its message."""
    return b"".join(WebSocketFrame(opcode, data, fin).serialize(mask=True) for opcode, data, fin in parts)


PING = with_field("ping", time="1").encode()
