"""Simulated latency, measured with game messages at the other end's socket, each direction by itself.

The other end is a plain websockets client or server, in this process and so on the same clock.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

import netlib
from tests.support import processes, rooms
from tests.support.processes import TIMEOUT
from tests.support.wire import JSON, joined

SLOW = netlib.LinkConditions(latency=0.2)  # what --latency 200 means
HALF = 0.1  # seconds that it adds to each way
TOLERANCE = 0.01  # seconds
MESSAGES = 20  # whose median counts
SPACING = 0.005  # seconds between them
CLUMP = 200  # messages sent in one go

Sender = Callable[[int], Awaitable[None]]


class Note(netlib.Message, frozen=True):
    """A game's message, both ways."""

    number: int


@dataclass
class Way:
    """One direction of a connection: how to send there, and what arrived when."""

    send: Sender
    sent: dict[int, float] = field(default_factory=dict)
    arrived: dict[int, float] = field(default_factory=dict)

    def arrive(self, number: int) -> None:
        """Note that a message came out at the other end's socket."""
        self.arrived[number] = perf_counter()

    async def deliver(self, count: int, *, spacing: float = 0.0) -> list[float]:
        """Send so many messages, and wait for them; return how long each took, in seconds."""
        first = len(self.sent)
        numbers = range(first, first + count)
        for number in numbers:
            self.sent[number] = perf_counter()
            await self.send(number)
            await asyncio.sleep(spacing)
        await processes.wait_until_async(lambda: len(self.arrived) == first + count, "all arrive")
        return [self.arrived[number] - self.sent[number] for number in numbers]

    async def one_way(self) -> float:
        """Return the median time of some messages, in seconds."""
        return median(await self.deliver(MESSAGES, spacing=SPACING))


@dataclass
class Line:
    """A connection, one end of which may be slow; ``set_link`` changes that end."""

    ways: dict[str, Way]
    set_link: Callable[[netlib.LinkConditions], None]


@contextlib.asynccontextmanager
async def slow_server(link: netlib.LinkConditions) -> AsyncIterator[Line]:
    """Give a netlib server with that link, and a plain client."""
    async with (
        rooms.a_room(link=link, limits=netlib.Limits(message_burst=2000)) as server,
        joined(rooms.url(server)) as client,
    ):
        (peer,) = server.peers

        async def to_client(number: int) -> None:
            server.broadcast(Note(number))

        async def to_server(number: int) -> None:
            await client.send({"type": "note", "number": number})

        ways = {"to client": Way(to_client), "to server": Way(to_server)}
        server.on(Note, lambda _, note: ways["to server"].arrive(note.number))
        client.heard["note"] = lambda frame: ways["to client"].arrive(frame["number"])
        yield Line(ways, lambda new: setattr(peer, "link", new))


@contextlib.asynccontextmanager
async def slow_client(link: netlib.LinkConditions) -> AsyncIterator[Line]:
    """Give a netlib client with that link, and a plain server."""
    sockets: list[ServerConnection] = []

    async def to_client(number: int) -> None:
        await sockets[0].send(json.dumps({"type": "note", "number": number}))

    async def to_server(number: int) -> None:
        client.send(Note(number))

    ways = {"to client": Way(to_client), "to server": Way(to_server)}

    async def handle(socket: ServerConnection) -> None:
        sockets.append(socket)
        async for data in socket:
            frame = json.loads(data)
            if frame["type"] == "note":
                ways["to server"].arrive(frame["number"])
            elif frame["type"] == "hello":
                await socket.send(json.dumps(WELCOME))

    async with serve(handle, rooms.LOOPBACK, 0, subprotocols=[Subprotocol(JSON)], compression=None) as plain:
        port = next(iter(plain.sockets)).getsockname()[1]
        client = netlib.Client(f"ws://{rooms.LOOPBACK}:{port}", link=link)
        client.on(Note, lambda note: ways["to client"].arrive(note.number))
        async with client:
            yield Line(ways, lambda new: setattr(client, "link", new))


WELCOME: dict[str, Any] = {
    "type": "welcome", "player_id": 1, "resume": "", "resumed": False, "room": "plain",
    "tick": 0, "tick_rate": 30, "server_time": 0.0,
}  # fmt: skip
ENDS = {"server": slow_server, "client": slow_client}
BOTH_ENDS = pytest.mark.parametrize("end", ENDS)
BOTH_WAYS = pytest.mark.parametrize("way", ["to client", "to server"])


@BOTH_ENDS
@BOTH_WAYS
async def test_half_each_way(end: str, way: str) -> None:
    """200 ms at one end delay each message by 100 ms, in order, and many at a time: latency is no queue."""
    async with ENDS[end](SLOW) as line:
        assert await line.ways[way].one_way() == pytest.approx(HALF, abs=TOLERANCE)
        took = await line.ways[way].deliver(CLUMP)
        order = list(line.ways[way].arrived)
        assert order == sorted(order)
        assert min(took) >= HALF - TOLERANCE
        assert max(took) < 2 * HALF, "not one after the other"


@BOTH_ENDS
@BOTH_WAYS
async def test_changing_it_keeps_the_order(end: str, way: str) -> None:
    """Messages under way when the latency changes arrive in order; set to 0, at once."""
    async with ENDS[end](SLOW) as line:
        line.set_link(netlib.LinkConditions(latency=20.0))
        waiting = asyncio.create_task(line.ways[way].deliver(MESSAGES, spacing=SPACING))
        await processes.wait_until_async(lambda: len(line.ways[way].sent) > MESSAGES // 2, "half are sent")
        line.set_link(netlib.PERFECT)
        took = await waiting
        order = list(line.ways[way].arrived)
    assert order == sorted(order)
    assert max(took) < 1.0


async def test_nothing_is_held_back_when_nothing_is_simulated() -> None:
    """Beside a stream of snapshots an answer comes at once: small messages do not wait for acks of TCP."""
    async with rooms.a_room(tick_rate=100) as server:
        server.on_tick(lambda dt: server.publish({}))
        async with joined(rooms.url(server), acks=False) as client:
            took = []
            for _ in range(40):
                sent = perf_counter()
                await client.send({"type": "ping", "time": sent})
                await client.expect("pong")
                took.append(client.arrived("pong") - sent)
                await asyncio.sleep(SPACING)
    assert median(took) < 0.005


@BOTH_WAYS
async def test_both_ends_add_up(way: str) -> None:
    """When server and client both set a latency, each message meets both halves."""
    got = asyncio.Queue[float]()
    async with rooms.a_room(link=SLOW) as server:
        server.on(Note, lambda peer, note: got.put_nowait(perf_counter()))
        client = netlib.Client(rooms.url(server), link=SLOW)
        client.on(Note, lambda note: got.put_nowait(perf_counter()))
        async with client:
            took = []
            for number in range(3):
                sent = perf_counter()
                (server.broadcast if way == "to client" else client.send)(Note(number))
                took.append(await asyncio.wait_for(got.get(), TIMEOUT) - sent)
    assert median(took) == pytest.approx(2 * HALF, abs=2 * TOLERANCE)


async def test_the_flag(tmp_path: Path) -> None:
    """`--latency 200` on the real server makes a round trip of 200 ms, game messages and pings alike."""
    flags = ["--host", rooms.LOOPBACK, "--port", "0", "--latency", "200"]
    command = processes.python("-m", "solutions.step14_public.server", *flags)
    with processes.running(command, tmp_path / "server.log") as program:
        port = await asyncio.to_thread(lambda: program.wait_for(r"port (\d+)")[1])
        async with joined(f"ws://{rooms.LOOPBACK}:{port}") as client:
            took: dict[str, list[float]] = {"ping": [], "chat": []}
            for _ in range(3):
                for kind, answer in (("ping", "pong"), ("chat", "chat")):
                    sent = perf_counter()
                    await client.send({"type": kind, "time": sent, "text": "hi"})
                    await client.expect(answer)
                    took[kind].append(client.arrived(answer) - sent)
    assert [median(times) for times in took.values()] == pytest.approx([2 * HALF] * 2, abs=2 * TOLERANCE)
