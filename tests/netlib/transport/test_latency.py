"""Simulated latency, message by message, each direction by itself; and what the real program makes of it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pytest

import netlib
from netlib import testing
from tests.support import processes, rooms
from tests.support.sessions import Note, a_room
from tests.support.wire import WireClient, joined

SLOW = netlib.LinkConditions(latency=0.2)  # what --latency 200 means
HALF = 0.1  # seconds that it adds to each way
TOLERANCE = 0.05  # seconds; with no latency, or twice as much, it would be wrong by four times that
CLUMP = 200  # messages sent in one go
ROUNDS = 10  # of measurements, of which one must be quick: a busy machine makes others slow
HELD_BACK = 0.01  # seconds; with Nagle's algorithm it is 0.02 at the least
BOTH_ENDS = pytest.mark.parametrize("end", ["server", "client"])
BOTH_WAYS = pytest.mark.parametrize("way", ["to client", "to server"])


class Way:
    """One direction of a connection, one end of which may be slow; when what came out there."""

    def __init__(self, slow: Any, send: Callable[[Note], object], receiver: Any) -> None:
        self.slow, self._send = slow, send
        self.arrived: list[tuple[int, float]] = []
        receiver.on(Note, lambda *args: self.arrived.append((args[-1].number, netlib.clock())))

    def send(self, count: int) -> None:
        """Send so many messages at once."""
        for number in range(count):
            self._send(Note(number))


@contextlib.asynccontextmanager
async def a_way(end: str, way: str) -> AsyncIterator[Way]:
    """Give a way in a room in memory."""
    async with a_room(limits=netlib.Limits(message_burst=2000)) as room:
        slow = room.peer if end == "server" else room.ada
        if way == "to client":
            yield Way(slow, room.server.broadcast, room.ada)
        else:
            yield Way(slow, room.ada.send, room.server)


@BOTH_ENDS
@BOTH_WAYS
@testing.in_virtual_time
async def test_half_each_way(end: str, way: str) -> None:
    """200 ms at one end delay each message by 100 ms, in order, and many at a time: latency is no queue."""
    async with a_way(end, way) as one:
        one.slow.link = SLOW
        sent = netlib.clock()
        one.send(CLUMP)
        await testing.until(lambda: len(one.arrived) == CLUMP, "all arrive")
        assert [number for number, _ in one.arrived] == list(range(CLUMP))
        assert [at for _, at in one.arrived] == pytest.approx([sent + HALF] * CLUMP, abs=1e-6)


@BOTH_ENDS
@BOTH_WAYS
@testing.in_virtual_time
async def test_changing_it_keeps_the_order(end: str, way: str) -> None:
    """Messages under way when the latency is set to 0 arrive at once, in order, before later ones."""
    async with a_way(end, way) as one:
        one.slow.link = netlib.LinkConditions(latency=20.0)
        one.send(CLUMP)
        await asyncio.sleep(HALF)
        changed = netlib.clock()
        one.slow.link = netlib.PERFECT
        one.send(CLUMP)
        await testing.until(lambda: len(one.arrived) == 2 * CLUMP, "all arrive")
        assert [number for number, _ in one.arrived] == [*range(CLUMP)] * 2
        assert max(at for _, at in one.arrived) < changed + 0.01


async def quickest(client: WireClient, tries: int, **sent: Any) -> float:
    """Return the seconds of a round trip: the median of some tries, in the quickest of some rounds."""
    medians = []
    for _ in range(ROUNDS):
        took = []
        for _ in range(tries):
            begun = perf_counter()
            await client.send({"time": begun, **sent})
            await client.expect(answer := {"ping": "pong"}.get(sent["type"], sent["type"]))
            took.append(client.arrived(answer) - begun)
            await asyncio.sleep(0.005)
        medians.append(median(took))
        if medians[-1] < HELD_BACK or abs(medians[-1] - 2 * HALF) < TOLERANCE:
            break
    return min(medians)


async def test_nothing_is_held_back_when_nothing_is_simulated() -> None:
    """Beside a stream of snapshots an answer comes at once: small messages do not wait for acks of TCP."""
    async with rooms.a_room(tick_rate=100) as server:
        server.on_tick(lambda dt: server.publish({}))
        async with joined(rooms.url(server), acks=False) as client:
            assert await quickest(client, 40, type="ping") < HELD_BACK


async def test_the_flag(tmp_path: Path) -> None:
    """`--latency 200` on the real server makes a round trip of 200 ms, game messages and pings alike."""
    flags = ["--host", rooms.LOOPBACK, "--port", "0", "--latency", "200"]
    command = processes.python("-m", "solutions.step14_public.server", *flags)
    with processes.running(command, tmp_path / "server.log") as program:
        port = await asyncio.to_thread(lambda: program.wait_for(r"port (\d+)")[1])
        async with joined(f"ws://{rooms.LOOPBACK}:{port}") as client:
            for sent in ({"type": "ping"}, {"type": "chat", "text": "hi"}):
                assert await quickest(client, 3, **sent) == pytest.approx(2 * HALF, abs=TOLERANCE)
