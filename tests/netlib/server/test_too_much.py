"""Too much of everything: messages, pings, fragments. Nobody else in the room feels it."""

import asyncio
import contextlib
import json

import pytest
from websockets.frames import Opcode

from tests.support import processes, rooms
from tests.support.target import HANDSHAKE, HELLO, PING, Target, an_input, cut_off, frames, tcp
from tests.support.wire import WireClient, joined

pytestmark = pytest.mark.usefixtures("no_errors_logged")


FLOODS = {
    "garbage": b"x",
    "unknown types": b'{"type":"chta"}',
    "pings": PING,
    "inputs": an_input().encode(),
    "second hellos": json.dumps(HELLO).encode(),
    "acks": b'{"type":"ack","tick":0}',
    "large messages": PING[:-1] + b" " * 1000 + b"}",
}
CLOSE_1008 = (1008).to_bytes(2)


@pytest.mark.parametrize("case", FLOODS)
async def test_ten_thousand_messages(target: Target, case: str) -> None:
    """Ten thousand messages at once end in a close with 1008 that says why; the witness loses nothing."""
    one = frames((Opcode.TEXT, FLOODS[case], True))
    async with tcp(target) as (reader, writer):
        writer.write(HANDSHAKE.encode())
        await reader.readuntil(b"\r\n\r\n")
        writer.write(frames((Opcode.TEXT, json.dumps(HELLO).encode(), True)))
        answer = asyncio.create_task(cut_off(reader))
        with contextlib.suppress(ConnectionError):
            for _ in range(100):
                writer.write(one * 100)
                await writer.drain()
        said = await answer
    assert CLOSE_1008 + b"too many refused messages" in said
    assert 0 < said.count(b'"type":"error"') <= 30, "a few errors, not one for each message"
    assert target.server.metrics.refused.total() > 100
    await target.unharmed(seconds=0.25)


async def test_as_much_as_allowed(target: Target) -> None:
    """A client at the documented burst is not refused anything."""
    async with joined(target.url, "Mallory", acks=False) as mallory:
        for number in range(390):
            await mallory.send({"type": "ping", "time": number})
        await mallory.answered()
        assert not target.server.metrics.refused


async def test_scattered_mistakes_close_too(target: Target) -> None:
    """After a hundred refused messages the next one closes the connection, however slowly they came."""
    async with joined(target.url, "Mallory", acks=False) as mallory:
        for _ in range(100):
            await mallory.say("x")
        await mallory.answered()
        await mallory.say("x")
        assert (await mallory.ended())[0] == 1008
        assert target.refused("bad_message") == 101


async def test_pings_that_nobody_reads(target: Target) -> None:
    """A client that sends and never reads costs the server bounded memory."""
    async with joined(target.url, "Mallory", acks=False) as mallory:
        mallory.socket.transport.pause_reading()
        (connection,) = (rooms.connection_of(peer) for peer in target.server.peers if peer.name == "Mallory")
        flood = frames((Opcode.PING, b"x" * 125, True)) * 1000
        for _ in range(100):
            if mallory.socket.transport.is_closing():
                break
            mallory.socket.transport.write(flood)
            await _drained(mallory)
        buffered = connection.buffered
        mallory.socket.transport.abort()
    assert buffered < 4 * 1024 * 1024
    await target.unharmed()


async def _drained(client: WireClient) -> None:
    transport = client.socket.transport
    await processes.wait_until_async(
        lambda: transport.is_closing() or not transport.get_write_buffer_size(), "the server reads"
    )


async def test_fragments_without_end(target: Target) -> None:
    """A message of endlessly many empty fragments is cut off."""
    async with joined(target.url, "Mallory", acks=False) as mallory:
        mallory.socket.transport.write(frames((Opcode.TEXT, b"", False)))
        flood = frames((Opcode.CONT, b"", False)) * 1000
        for _ in range(100):
            if mallory.socket.close_code is not None:
                break
            mallory.socket.transport.write(flood)
            await _drained(mallory)
        assert (await mallory.ended(timeout=3))[0] in (1002, 1008, 1009)
    await target.unharmed()
