"""Large messages and worlds over real sockets: everything arrives, nobody is cut for it, or is told why."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

import netlib
from netlib.protocol.codecs import Codec
from netlib.session.parts import LARGE, MAX_WHOLE
from tests.support import rooms
from tests.support.snapshots import both
from tests.support.wire import joined

AT_ONCE = [(30, 10_000), (20, 100_000), (2, 1_000_000), (5000, 20), (1, 5_000_000)]
PATIENCE = 60.0  # seconds, for a machine with much else to do


class Paste(netlib.Message, frozen=True):
    """Something to look at."""

    data: bytes


class Stroke(netlib.Entity, frozen=True):
    """Something drawn."""

    points: str
    colour: int = 0


def strokes(count: int) -> dict[int, Stroke]:
    """Return so many strokes, of about half a kilobyte each."""
    return {n: Stroke(f"{n % 1000}," * 125, n) for n in range(count)}


@pytest.fixture
async def room() -> AsyncIterator[netlib.Server]:
    """Give a room on loopback."""
    async with rooms.a_room() as server:
        yield server


def guest(server: netlib.Server, **options: Any) -> netlib.Client:
    """Return a client that does not come back, and so shows each cut."""
    known: dict[str, Any] = {"messages": [Paste], "schema": {"strokes": Stroke}, "reconnect_time": 0}
    return netlib.Client(rooms.url(server), **{**known, **options})


async def until(condition: Any) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


@both
@pytest.mark.parametrize(("count", "size"), AT_ONCE)
async def test_what_is_said_at_once_arrives(room: netlib.Server, codec: Codec, count: int, size: int) -> None:
    """A client that reads is not cut for what it was sent, however much that is at a time."""
    async with guest(room, codec=codec) as client:
        got: list[Paste] = []
        client.on(Paste, got.append)
        for number in range(count):
            room.broadcast(Paste(number.to_bytes(4, "big") * (size // 4)))
        await until(lambda: len(got) == count or not client.connected)
        assert [int.from_bytes(paste.data[:4], "big") for paste in got] == list(range(count))
        (peer,) = room.peers
        await until(lambda: peer.backlog == 0)


@both
async def test_a_client_may_say_much_too(codec: Codec) -> None:
    """As large as the server allows; the program waits in between until less waits."""
    got: list[int] = []
    async with rooms.a_room(limits=netlib.Limits(message_size=8 << 20)) as room:
        room.on(Paste, lambda peer, paste: got.append(len(paste.data)))
        async with guest(room, codec=codec) as client:
            for _ in range(6):
                client.send(Paste(bytes(1_000_000)))
                assert client.backlog >= 1_000_000
                async with asyncio.timeout(PATIENCE):
                    await client.drain()
                assert client.backlog < 1024 * 1024
            client.send(Paste(bytes(2_000_000)))
        await until(lambda: len(got) == 7)
    assert got == [1_000_000] * 6 + [2_000_000], "what was said before the goodbye counts"


@both
async def test_a_large_world_is_joined(room: netlib.Server, codec: Codec) -> None:
    """Once and whole, while it changes; from then on only what changes comes."""
    world = strokes(16_000)
    assert len(codec.encode(list(world.values()))) > MAX_WHOLE
    room.publish({"strokes": world})
    async with guest(room, codec=codec) as client:
        while not client.state["strokes"]:
            world = {**world, len(world): Stroke("1,2")}
            room.publish({"strokes": world})
            await asyncio.sleep(0.01)
        await until(lambda: client.state["strokes"] == world)
        before = client.metrics.bytes_in.total
        for number in range(3):
            world = {**world, number: Stroke("3,4")}
            room.publish({"strokes": world})
            await until(lambda number=number: client.state["strokes"][number].points == "3,4")
        assert client.metrics.bytes_in.total - before < LARGE


@both
async def test_bytes_go_through_requests(room: netlib.Server, codec: Codec) -> None:
    """Both ways, in both encodings: in JSON they are text on the wire."""
    room.on_request(Paste)(lambda peer, paste: Paste(paste.data[::-1]))
    async with guest(room, codec=codec) as client:
        assert await client.request(Paste(b"\x89PNG")) == Paste(b"GNP\x89")


async def test_a_world_published_before_the_start_comes_once() -> None:
    """It has a tick that can be acknowledged; the next ones are deltas."""
    world = strokes(100)
    room = rooms.a_room()
    room.publish({"strokes": world})
    async with room, joined(rooms.url(room)) as client:
        await client.until(client.snapshots)
        for number in range(3):
            world = {**world, number: Stroke("")}
            room.publish({"strokes": world})
            await client.answered()
        forms = [(frame["tick"] > 0, frame.get("full", False)) for _, frame in client.snapshots()]
    assert forms == [(True, True), (True, False), (True, False), (True, False)]


async def test_a_client_that_takes_no_parts_gets_whole_frames(room: netlib.Server) -> None:
    """Up to what every client accepts; what is larger ends its stay, in words, and nobody else's."""
    async with guest(room) as other, joined(rooms.url(room), "Plain") as plain:
        room.broadcast(Paste(bytes(2_500_000)))
        assert len((await plain.expect("paste", timeout=PATIENCE))["data"]) > 3_000_000
        room.broadcast(Paste(bytes(3_500_000)))
        code, reason = await plain.ended(timeout=PATIENCE)
        assert (code, reason) == (1008, "a message of 4666694 bytes is more than its client takes (4194304)")
        assert other.connected


async def test_a_world_that_does_not_fit_is_refused_in_words(room: netlib.Server) -> None:
    """To a client that takes no parts; it is not to try again."""
    room.publish({"strokes": strokes(12_000)})
    async with joined(rooms.url(room), "Plain") as plain:
        code, reason = await plain.ended(timeout=PATIENCE)
    assert code == 1008
    assert reason.startswith("a snapshot of ") and reason.endswith("is more than its client takes (4194304)")


async def test_a_frame_that_is_too_large_ends_a_client_for_good() -> None:
    """It is not tried again: the same would come again."""
    hellos = 0

    async def say_too_much(socket: ServerConnection) -> None:
        nonlocal hellos
        hellos += 1
        await socket.recv()
        welcome = {"player_id": 1, "resume": "x", "resumed": False, "room": "?", "tick": 0, "tick_rate": 1}
        await socket.send(msgspec.json.encode({"type": "welcome", **welcome, "server_time": 0}), text=True)
        await socket.send("x" * (MAX_WHOLE + 1))
        await socket.wait_closed()

    json = [Subprotocol("netlib.v1.json")]
    async with serve(say_too_much, rooms.LOOPBACK, 0, subprotocols=json, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with netlib.connect(f"ws://{rooms.LOOPBACK}:{port}") as client:
            events = [event async for event in client]
    reason = "frame with 4194305 bytes exceeds limit of 4194304 bytes"
    assert events == [netlib.Connected(1, False), netlib.Disconnected(1009, reason)]
    assert hellos == 1
