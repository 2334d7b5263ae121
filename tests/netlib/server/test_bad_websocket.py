"""Frames that no WebSocket library sends, and messages that are too large."""

import pytest
from websockets.frames import Opcode

from tests.support import processes
from tests.support.target import HANDSHAKE, PING, Target, frames, with_field
from tests.support.wire import joined

pytestmark = pytest.mark.usefixtures("no_errors_logged")


BEHIND = frames((Opcode.TEXT, with_field("chat", text='"behind"').encode(), True))
BROKEN: dict[str, bytes] = {
    "lone continuation": frames((Opcode.CONT, b"hi", True)),
    "text within fragments": frames((Opcode.TEXT, b"a", False), (Opcode.TEXT, b"b", True)),
    "reserved opcode": b"\x83\x80\x00\x00\x00\x00",
    "reserved bits": b"\xf1\x80\x00\x00\x00\x00",
    "not masked": b"\x81\x02hi",
    "fragmented ping": b"\x09\x80\x00\x00\x00\x00",
    "ping of 126 bytes": b"\x89\xfe\x00\x7e" + b"\x00" * 130,
    "close of one byte": b"\x88\x81\x00\x00\x00\x00x",
    "close with code 1005": frames((Opcode.CLOSE, b"\x03\xed", True)),
    "close whose reason is not UTF-8": frames((Opcode.CLOSE, b"\x03\xe8\xff", True)),
    "HTTP": HANDSHAKE.encode(),
    "noise": bytes(range(200, 256)) * 20,
}


@pytest.mark.parametrize("case", BROKEN)
async def test_broken_websocket(target: Target, case: str) -> None:
    """Bytes that are no WebSocket frames end their own stay, and are counted; what is behind is not heard."""
    async with joined(target.url, "Mallory", acks=False) as mallory:
        mallory.socket.transport.write(BROKEN[case] + BEHIND)
        assert (await mallory.ended())[0] == (1007 if "UTF-8" in case else 1002)
        await processes.wait_until_async(lambda: len(target.server.peers) == 1, "it is gone")
        metrics = target.server.metrics
        assert (metrics.dropped, metrics.left, metrics.refused.total()) == (0, 1, 1)
        assert not [frame for frame in target.witness.unread if frame["type"] == "chat"]
        await target.unharmed()


async def test_fragments_make_one_message(target: Target) -> None:
    """A message in fragments, empty ones and a ping among them, is one message."""
    half = len(PING) // 2
    parts = [(Opcode.TEXT, PING[:half], False), (Opcode.CONT, b"", False), (Opcode.PING, b"?", True)]
    async with joined(target.url, "Mallory", acks=False) as mallory:
        mallory.socket.transport.write(frames(*parts, (Opcode.CONT, PING[half:], True)))
        await mallory.expect("pong")
        assert not target.server.metrics.refused


@pytest.mark.parametrize("text", [b'{"type":"chat","text":"\xff\xfe"}', b"\xc3", b'{"type":"ch\xe9t"}'])
async def test_invalid_utf8(target: Target, text: bytes) -> None:
    """Text that is not UTF-8 ends its sender's stay with code 1007, and what comes behind it is not heard."""
    async with joined(target.url, "Mallory", acks=False) as mallory:
        mallory.socket.transport.write(frames((Opcode.TEXT, text, True)) + BEHIND)
        assert (await mallory.ended())[0] == 1007
        await processes.wait_until_async(lambda: len(target.server.peers) == 1, "it is gone")
        assert (target.server.metrics.dropped, target.server.metrics.left) == (0, 1)
        assert not [frame for frame in target.witness.unread if frame["type"] == "chat"]
        await target.unharmed()


OVERSIZE: dict[str, tuple[bytes, bool]] = {
    "one byte too many": (frames((Opcode.TEXT, b"x" * 16_385, True)), True),
    "in fragments": (frames((Opcode.TEXT, b"x" * 9000, False), (Opcode.CONT, b"x" * 9000, True)), True),
    "valid but too big": (frames((Opcode.TEXT, PING[:-1] + b" " * 17_000 + b"}", True)), True),
    "too big to be read": (frames((Opcode.TEXT, b"x" * 65_537, True)), False),
    "announced as 2^63 - 1 bytes": (b"\x81\xff\x7f" + b"\xff" * 7 + b"\x00" * 4, False),
}


@pytest.mark.parametrize("case", OVERSIZE)
async def test_oversize(target: Target, case: str) -> None:
    """A message above the limit is closed with 1009 and a reason; if it was read, an error comes first."""
    data, told = OVERSIZE[case]
    async with joined(target.url, "Mallory", acks=False) as mallory:
        mallory.socket.transport.write(data)
        if told:
            await mallory.expect("error", "too_big")
        close, reason = await mallory.ended()
        assert close == 1009
        assert "limit" in reason
        assert (target.refused("too_big"), target.server.metrics.refused.total()) == (told, 1)
        await target.unharmed()


async def test_the_largest_message_passes(target: Target) -> None:
    """A message of exactly the limit is fine."""
    async with joined(target.url, "Mallory", acks=False) as mallory:
        await mallory.say(PING[:-1].decode() + " " * (16_384 - len(PING)) + "}")
        await mallory.expect("pong")
