"""Fifty clients that stop reading cost a server less than a megabyte each, and nobody else a snapshot."""

import asyncio
import contextlib
import json
import socket
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from websockets.frames import Frame, Opcode

import netlib
from tests.support.processes import ROOT, Program, python, running
from tests.support.target import HANDSHAKE

STALLED = 50
SECONDS = 15.0  # until the buffers of the operating system are full
MEGABYTE = 1_000_000
LATEST = 10  # ticks between two snapshots that those who stall may cost the witness
PAUSE = 1.0  # seconds between two snapshots; beside three times what the machine costs it without them
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads memory and sockets from /proc"),
]


class Stalled:
    """A client that joins, and from then on writes and does not read."""

    def __init__(self, port: int, hello: dict[str, object]) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.sendall(HANDSHAKE.encode())
        self.say({"type": "hello", "protocol": 1, "name": "Sloth", **hello})
        self._socket.setblocking(False)

    def say(self, frame: dict[str, object]) -> None:
        """Send a frame, unless the server has gone."""
        with contextlib.suppress(OSError):
            data = Frame(Opcode.TEXT, json.dumps(frame).encode()).serialize(mask=True)
            self._socket.send(data)

    def close(self) -> None:
        """End it."""
        self._socket.close()


def resident(pid: int) -> int:
    """Return the bytes of memory that a process has."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"{pid} has ended")


def unsent(port: int) -> int:
    """Return the bytes that the operating system holds for those who are connected to a port."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    mine = [row for row in rows if int(row[1].partition(":")[2], 16) == port]
    return sum(int(row[4].partition(":")[0], 16) for row in mine)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Program]:
    """Give a server with much to say, in a process of its own."""
    with running(python(ROOT / "tests" / "programs" / "busy_server.py"), tmp_path / "log") as program:
        yield program


@pytest.mark.parametrize("kind", [pytest.param({}, id="plain"), pytest.param({"received": 0}, id="counting")])
async def test_a_client_that_stops_reading_costs_little_and_delays_nobody(
    server: Program, kind: dict[str, object]
) -> None:
    """The process grows by less than 1 MB for each of fifty, and a witness gets its snapshots in time."""
    port = int(server.wait_for(r"^(\d+)$")[1])
    arrivals: list[tuple[float, int]] = []
    async with netlib.connect(f"ws://127.0.0.1:{port}", name="Witness", messages=["talk"]) as witness:
        witness.on(netlib.StateChanged, lambda changed: arrivals.append((netlib.clock(), changed.tick)))
        await asyncio.sleep(SECONDS / 3)
        alone, before = longest_gaps(arrivals), resident(server.pid)
        arrivals.clear()
        worst, _ = await stall(port, server, kind)
        assert (worst - before) / STALLED < MEGABYTE
        for beside, by_itself, most in zip(longest_gaps(arrivals), alone, (PAUSE, LATEST), strict=True):
            assert beside <= 3 * by_itself + most
        assert witness.connected


def longest_gaps(arrivals: list[tuple[float, int]]) -> tuple[float, int]:
    """Return the most seconds, and the most ticks, from one snapshot to the next."""
    gaps = [(after - before, later - tick) for (before, tick), (after, later) in pairwise(arrivals)]
    return max(seconds for seconds, _ in gaps), max(ticks for _, ticks in gaps)


async def test_the_operating_system_holds_little_too(server: Program) -> None:
    """With what waits in the socket it is still less than 1 MB for each."""
    port = int(server.wait_for(r"^(\d+)$")[1])
    before = resident(server.pid)
    worst, waiting = await stall(port, server, {})
    assert waiting > 0
    assert (worst - before + waiting) / STALLED < MEGABYTE


async def stall(port: int, server: Program, hello: dict[str, object]) -> tuple[int, int]:
    """Let fifty join and not read, for some seconds; return the most bytes in the process, and in sockets."""
    stalled, memory, sockets, end = list[Stalled](), [0], [0], netlib.clock() + SECONDS
    try:
        for _ in range(STALLED):
            stalled.append(Stalled(port, hello))
            await asyncio.sleep(0.02)
        while netlib.clock() < end:
            for client in stalled:
                client.say({"type": "ping", "time": 1})
            memory.append(resident(server.pid))
            sockets.append(unsent(port))
            await asyncio.sleep(0.2)
    finally:
        for client in stalled:
            client.close()
    return max(memory), max(sockets)
