"""Bad input gets a clear answer and is counted, and nobody else in the room feels it."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Annotated, Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from msgspec import Meta, msgpack
from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode

import netlib
from tests.support import processes, rooms
from tests.support.wire import MSGPACK, Frame, WireClient, joined, opened

TICK_RATE = 100  # ticks per second
MAX_GAP = 8  # ticks between two snapshots that a busy machine may cost the witness
MAX_SKIPPED = 20  # ticks that a busy machine may cost the server in one test
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
    """A room in which a witness plays while others misbehave.

    Attributes:
        failures: what reached the event loop's last resort; it must stay empty.
    """

    server: netlib.Server
    witness: WireClient
    failures: list[str] = field(default_factory=list)

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
        ticks = [frame["tick"] for _, frame in self.witness.snapshots()]
        assert max(after - before for before, after in pairwise(ticks)) <= MAX_GAP
        assert self.server.metrics.ticks_skipped <= MAX_SKIPPED
        assert self.witness.socket.close_code is None
        assert not self.failures


@contextlib.asynccontextmanager
async def a_target(**limits: Any) -> AsyncIterator[Target]:
    """Give a room with a witness; limits are those of netlib.Limits."""
    server = rooms.a_room(tick_rate=TICK_RATE, input_type=Move, limits=netlib.Limits(**limits))
    server.on(Chat, lambda peer, message: server.broadcast(message))
    server.on_tick(lambda dt: server.publish({"clock": {1: Clock(server.tick)}}))
    async with server, joined(rooms.url(server), "Witness") as witness:
        target = Target(server, witness)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: target.failures.append(str(context)))
        yield target


@pytest.fixture
async def target() -> AsyncIterator[Target]:
    """Give a room with a witness."""
    async with a_target() as room:
        yield room


@pytest.fixture(autouse=True)
def no_errors_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test in which the server logs an error: nothing that a client sends is one."""
    with caplog.at_level(logging.WARNING):
        yield
    assert not [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


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
    async with asyncio.timeout(rooms.TIMEOUT):
        with contextlib.suppress(ConnectionError):
            return await reader.read()
    return b""


def with_field(type: str, **fields: str) -> str:
    """Return a JSON object as text; the values are JSON already, whether right or wrong."""
    return "{" + ",".join([f'"type":"{type}"', *(f'"{key}":{value}' for key, value in fields.items())]) + "}"


def an_input(*, seq: str = "1", move: str = "[1,0]") -> str:
    return with_field("input", seq=seq, move=move)


# One message after the hello, as text or as bytes (a binary frame): the code that it gets, the close if any.

TEXT: dict[str, tuple[str | bytes, str]] = {
    "empty frame": ("", "bad_message"),
    "spaces": ("   ", "bad_message"),
    "words": ("let me in", "bad_message"),
    "half an object": ('{"type":"chat","text":"h', "bad_message"),
    "two objects": (with_field("chat", text='"a"') * 2, "bad_message"),
    "byte order mark": ("\ufeff" + with_field("chat", text='"a"'), "bad_message"),
    "list": ("[]", "bad_message"),
    "number": ("5", "bad_message"),
    "null": ("null", "bad_message"),
    "string": ('"chat"', "bad_message"),
    "no type": ('{"text":"hi"}', "bad_message"),
    "type is a number": ('{"type":5}', "bad_message"),
    "type is null": ('{"type":null}', "bad_message"),
    "type is a list": ('{"type":["chat"]}', "bad_message"),
    "long type": (with_field("x" * 65), "bad_message"),
    "two types": ('{"type":"chat","type":"ping","time":1}', "bad_message"),
    "lone surrogate": (with_field("chat", text='"\\ud800"'), "bad_message"),
    "raw control character": (with_field("chat", text='"\x07"'), "bad_message"),
    "chat without text": (with_field("chat"), "bad_message"),
    "text is a number": (with_field("chat", text="5"), "bad_message"),
    "text is null": (with_field("chat", text="null"), "bad_message"),
    "text is empty": (with_field("chat", text='""'), "bad_message"),
    "text too long": (with_field("chat", text=json.dumps("x" * 201)), "bad_message"),
    "seq is text": (an_input(seq='"1"'), "bad_message"),
    "seq is a fraction": (an_input(seq="1.5"), "bad_message"),
    "seq is true": (an_input(seq="true"), "bad_message"),
    "seq is negative": (an_input(seq="-1"), "bad_message"),
    "seq above 2^53": (an_input(seq=str(2**53 + 1)), "bad_message"),
    "seq above 2^64": (an_input(seq=str(2**64)), "bad_message"),
    "seq of 5000 digits": (an_input(seq="9" * 5000), "bad_message"),
    "move of one number": (an_input(move="[1]"), "bad_message"),
    "move of three numbers": (an_input(move="[1,0,0]"), "bad_message"),
    "move of texts": (an_input(move='["1","0"]'), "bad_message"),
    "move is an object": (an_input(move='{"x":1,"y":0}'), "bad_message"),
    "move is NaN": (an_input(move="[NaN,0]"), "bad_message"),
    "move is Infinity": (an_input(move="[Infinity,0]"), "bad_message"),
    "move is -Infinity": (an_input(move="[0,-Infinity]"), "bad_message"),
    "move is 1e999": (an_input(move="[1e999,0]"), "bad_message"),
    "move is -1e999": (an_input(move="[0,-1e999]"), "bad_message"),
    "move is 1e300": (an_input(move="[1e300,0]"), "bad_message"),
    "move of 5000 digits": (an_input(move=f"[{'9' * 5000},0]"), "bad_message"),
    "time is NaN": (with_field("ping", time="NaN"), "bad_message"),
    "time is 1e999": (with_field("ping", time="1e999"), "bad_message"),
    "time is 1e300": (with_field("ping", time="1e300"), "bad_message"),
    "round trip of an hour": (with_field("ping", time="1", rtt="3600"), "bad_message"),
    "negative round trip": (with_field("ping", time="1", rtt="-1"), "bad_message"),
    "negative ack": (with_field("ack", tick="-1"), "bad_message"),
    "deep list": ("[" * 16_000, "bad_message"),
    "deep object": ('{"a":' * 3000, "bad_message"),
    "deep where text belongs": (with_field("chat", text="[" * 8000 + "]" * 8000), "bad_message"),
    "deep in an unknown field": (with_field("chat", text='"a"', x="[" * 8000 + "]" * 8000), "bad_message"),
    "binary frame": (b"hello", "bad_message"),
    "JSON in a binary frame": (with_field("chat", text='"a"').encode(), "bad_message"),
    "misspelt type": (with_field("chta", text='"a"'), "unknown_type"),
    "empty type": (with_field(""), "unknown_type"),
    "type in capitals": (with_field("CHAT", text='"a"'), "unknown_type"),
    "type with control characters": ('{"type":"\\u0000\\u001b[31m"}', "unknown_type"),
    "name of a lifecycle event": (with_field("Left"), "unknown_type"),
    "name of a lifecycle event, in snake case": (with_field("joined"), "unknown_type"),
    "name of an attribute": (with_field("__class__"), "unknown_type"),
    "a server's frame": (with_field("welcome", player_id="1"), "unknown_type"),
    "a server's snapshot": (with_field("snapshot", tick="1", full="true"), "unknown_type"),
    "second hello": (json.dumps(HELLO), "second_hello"),
    "second hello of another version": (json.dumps({**HELLO, "protocol": 99}), "second_hello"),
}


@pytest.mark.parametrize("case", TEXT)
async def test_after_hello(target: Target, case: str) -> None:
    """A wrong message gets an error with the documented code, and the connection lives on."""
    data, code = TEXT[case]
    async with joined(target.url, "Mallory", acks=False) as mallory:
        await mallory.say(data)
        error = await mallory.expect("error")
        assert (error["code"], target.refused(code)) == (code, 1)
        assert 0 < len(error["message"]) < 1000
        await mallory.answered()
        await target.unharmed()


PACKED: dict[str, tuple[str | bytes, str]] = {
    "empty frame": (b"", "bad_message"),
    "reserved byte": (b"\xc1", "bad_message"),
    "half a map": (b"\x82\xa4type\xa4chat", "bad_message"),
    "map of 2^32 keys": (b"\xdf\xff\xff\xff\xff", "bad_message"),
    "string of 2^32 bytes": (b"\x81\xa4type\xdb\xff\xff\xff\xff", "bad_message"),
    "list": (b"\x90", "bad_message"),
    "deep list": (b"\x91" * 16_000, "bad_message"),
    "deep map": (b"\x81\xa1a" * 5000, "bad_message"),
    "deep in a field": (b"\x82\xa4type\xa4chat\xa4text" + b"\x91" * 16_000, "bad_message"),
    "integer key": (msgpack.encode({1: 2}), "bad_message"),
    "bytes for text": (msgpack.encode({"type": "chat", "text": b"hi"}), "bad_message"),
    "invalid UTF-8": (b"\x82\xa4type\xa4chat\xa4text\xa2\xff\xfe", "bad_message"),
    "extension type": (msgpack.encode({"type": "chat", "text": msgpack.Ext(5, b"x")}), "bad_message"),
    "NaN": (msgpack.encode({"type": "ping", "time": float("nan")}), "bad_message"),
    "infinity": (msgpack.encode({"type": "input", "seq": 1, "move": [float("inf"), 0.0]}), "bad_message"),
    "text frame": (with_field("chat", text='"hi"'), "bad_message"),
    "unknown type": (msgpack.encode({"type": "chta"}), "unknown_type"),
}


@pytest.mark.parametrize("case", PACKED)
async def test_after_hello_in_messagepack(target: Target, case: str) -> None:
    """The same holds on a MessagePack connection, for garbage that only MessagePack can say."""
    data, code = PACKED[case]
    async with joined(target.url, "Mallory", encoding=MSGPACK) as mallory:
        await mallory.say(data)
        assert (await mallory.expect("error"))["code"] == code
        assert target.refused(code) == 1
        await mallory.answered()
        await target.unharmed()


BEFORE: dict[str, tuple[Frame | str, str]] = {
    "input": ({"type": "input", "seq": 1, "move": [1, 0]}, "no_hello"),
    "chat": ({"type": "chat", "text": "hi"}, "no_hello"),
    "ack": ({"type": "ack", "tick": 0}, "no_hello"),
    "ping": ({"type": "ping", "time": 1}, "no_hello"),
    "unknown type": ({"type": "chta"}, "unknown_type"),
    "not JSON": ("GET / HTTP/1.1", "bad_message"),
    "hello without a name": ({"type": "hello", "protocol": 1}, "bad_message"),
    "hello without a version": ({"type": "hello", "name": "Mallory"}, "bad_message"),
    "name is a number": ({**HELLO, "name": 5}, "bad_message"),
    "version is text": ({**HELLO, "protocol": "1"}, "bad_message"),
}


@pytest.mark.parametrize("case", BEFORE)
async def test_before_hello(target: Target, case: str) -> None:
    """What comes before the hello gets an error, has no effect, and a proper hello still gets in."""
    sent, code = BEFORE[case]
    async with opened(target.url) as mallory:
        await mallory.say(sent if isinstance(sent, str) else json.dumps(sent))
        assert (await mallory.expect("error"))["code"] == code
        assert target.refused(code) == 1
        assert not [frame for frame in target.witness.unread if frame["type"] == "chat"]
        await mallory.send(HELLO)
        await mallory.expect("welcome")
        await target.unharmed()


REFUSED: dict[str, tuple[Frame, str]] = {
    "newer version": ({"protocol": 2}, "protocol"),
    "negative version": ({"protocol": -1}, "protocol"),
    "version of 4000 digits": ({"protocol": int("9" * 4000)}, "protocol"),
    "name of 10 KB": ({"name": "x" * 10_000}, "name"),
    "name of 21 characters": ({"name": "x" * 21}, "name"),
    "empty name": ({"name": ""}, "name"),
    "name of spaces": ({"name": " \u3000 "}, "name"),
    "name with a bell": ({"name": "Mal\x07lory"}, "name"),
    "name with a line break": ({"name": "Mal\nlory"}, "name"),
    "name with a terminal's escape": ({"name": "\x1b[31mMal"}, "name"),
    "name with a null": ({"name": "Mal\0"}, "name"),
    "name with a right-to-left override": ({"name": "\u202eyrollaM"}, "name"),
    "name of a zero-width space": ({"name": "\u200b"}, "name"),
    "name with a line separator": ({"name": "Mal\u2028lory"}, "name"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_refused_hello(target: Target, case: str) -> None:
    """A hello that may not come in is refused with the documented code, and then closed with 1008."""
    fields, code = REFUSED[case]
    async with opened(target.url) as mallory:
        await mallory.send({**HELLO, **fields})
        refusal = await mallory.expect("refused")
        assert (refusal["code"], target.refused(code)) == (code, 1)
        close, reason = await mallory.ended()
        assert (close, bool(reason)) == (1008, True)
        assert target.server.peers == [peer for peer in target.server.peers if peer.name == "Witness"]
        await target.unharmed()


@pytest.mark.parametrize("password", ["", "please", "x" * 10_000, "\u0000"])
async def test_wrong_password(password: str) -> None:
    """A wrong password is refused and counted, and a guess costs a connection."""
    async with rooms.a_room(password="sesame") as server, opened(rooms.url(server)) as mallory:
        await mallory.send({**HELLO, "password": password})
        assert (await mallory.expect("refused"))["code"] == "password"
        assert (await mallory.ended())[0] == 1008
        assert server.metrics.refused["password"] == 1
        assert not server.peers


async def test_an_open_room_asks_for_no_password(target: Target) -> None:
    """Who brings a password to a room that has none comes in."""
    async with opened(target.url) as ben:
        await ben.send({**HELLO, "password": "please"})
        await ben.expect("welcome")


# Frames that no WebSocket library sends: the close code that they get.


def frames(*parts: tuple[Opcode, bytes, bool]) -> bytes:
    """Return masked WebSocket frames: opcode, content, whether it is the last of its message."""
    return b"".join(WebSocketFrame(opcode, data, fin).serialize(mask=True) for opcode, data, fin in parts)


PING = with_field("ping", time="1").encode()
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
    "HTTP": HANDSHAKE.encode(),
    "noise": bytes(range(200, 256)) * 20,
}


@pytest.mark.parametrize("case", BROKEN)
async def test_broken_websocket(target: Target, case: str) -> None:
    """Bytes that are no WebSocket frames end their own connection with code 1002, and no other."""
    async with joined(target.url, "Mallory", acks=False) as mallory:
        mallory.socket.transport.write(BROKEN[case])
        assert (await mallory.ended())[0] == 1002
        await processes.wait_until_async(lambda: len(target.server.peers) == 1, "it is gone")
        await target.unharmed()


@pytest.mark.parametrize("data", [BROKEN["reserved opcode"], frames((Opcode.TEXT, b"x" * 70_000, True))])
async def test_broken_websocket_is_counted(target: Target, data: bytes) -> None:
    """The host sees in the counters that someone broke the WebSocket protocol."""
    async with joined(target.url, "Mallory", acks=False) as mallory:
        mallory.socket.transport.write(data)
        await mallory.ended()
    assert target.server.metrics.refused.total() == 1


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
    """A text frame that is not UTF-8 gets an error like every other message that is not JSON."""
    async with joined(target.url, "Mallory", acks=False) as mallory:
        mallory.socket.transport.write(frames((Opcode.TEXT, text, True)))
        assert (await mallory.expect("error"))["code"] == "bad_message"
        await mallory.answered()
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
        assert target.refused("too_big") == told
        await target.unharmed()


async def test_the_largest_message_passes(target: Target) -> None:
    """A message of exactly the limit is fine."""
    async with joined(target.url, "Mallory", acks=False) as mallory:
        await mallory.say(PING[:-1].decode() + " " * (16_384 - len(PING)) + "}")
        await mallory.expect("pong")


# Too much of it.

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
        (peer,) = (peer for peer in target.server.peers if peer.name == "Mallory")
        flood = frames((Opcode.PING, b"x" * 125, True)) * 1000
        for _ in range(100):
            if mallory.socket.transport.is_closing():
                break
            mallory.socket.transport.write(flood)
            await _drained(mallory)
        buffered = peer._connection.buffered
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


# Endless handshakes, and HTTP.


async def test_tcp_without_a_word() -> None:
    """Connections that never say anything are dropped in time, and leave room for others."""
    async with a_target(handshake_time=0.4) as target, contextlib.AsyncExitStack() as stack:
        silent = [await stack.enter_async_context(tcp(target)) for _ in range(30)]
        for reader, _ in silent:
            assert await cut_off(reader) == b""
        assert target.refused("handshake") == 30
        await target.unharmed()


@pytest.mark.parametrize("head", [UPGRADE, "G", "GET /info HTTP/1.1\r\nHost: localhost\r\n"])
async def test_http_that_drips(head: str) -> None:
    """A request that never ends is cut off in time, even when bytes keep coming."""
    async with a_target(handshake_time=0.4) as target, tcp(target) as (reader, writer):
        writer.write(head.encode())
        end = asyncio.create_task(cut_off(reader))
        while not end.done():
            writer.write(b"x")
            await asyncio.wait([end], timeout=0.05)
        assert await end == b""
        assert target.refused("handshake") == 1
        await target.unharmed()


async def test_websocket_without_hello() -> None:
    """A WebSocket on which nobody says hello gets an error, then a close with 1008."""
    async with a_target(handshake_time=0.3) as target, opened(target.url) as silent:
        await silent.expect("error", "handshake")
        close, reason = await silent.ended()
        assert (close, reason) == (1008, "no hello within 0.3 s")
        await target.unharmed()


async def test_no_hello_is_counted_once() -> None:
    """One connection without a hello counts as one, also when it does not answer the close."""
    async with a_target(handshake_time=0.3) as target, tcp(target) as (reader, writer):
        writer.write(HANDSHAKE.encode())
        assert b"no hello within" in await cut_off(reader)
        assert target.refused("handshake") == 1


async def test_too_many_connections() -> None:
    """Connections beyond the limit are dropped at once; who is in stays in."""
    async with a_target(max_connections=5) as target, contextlib.AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(tcp(target)) for _ in range(12)]
        ends = [asyncio.create_task(cut_off(reader)) for reader, _ in streams]
        await processes.wait_until_async(lambda: sum(end.done() for end in ends) >= 8, "8 are dropped")
        await target.unharmed()
        for end in ends:
            end.cancel()


HTTP: dict[str, tuple[str, bytes]] = {
    "unknown page": ("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 404"),
    "path upwards": ("GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 404"),
    "path upwards, encoded": ("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 404"),
    "query": ("GET /health?x=../.. HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 200"),
    "whole URL, which is no URL": ("GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 4"),
    "path that is no URL": ("GET //[ HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 4"),
    "origin that is no URL": (f"{UPGRADE}Origin: http://[\r\n\r\n", b"HTTP/1.1 403"),
    "two origins": (f"{UPGRADE}Origin: http://localhost\r\nOrigin: http://a\r\n\r\n", b"HTTP/1.1 403"),
    "origin null": (f"{UPGRADE}Origin: null\r\n\r\n", b"HTTP/1.1 403"),
    "unknown subprotocol": (f"{UPGRADE}Sec-WebSocket-Protocol: x\r\n\r\n", b"HTTP/1.1 400"),
    "old WebSocket": (UPGRADE.replace("13", "8") + "\r\n", b"HTTP/1.1 400"),
    "bad key": (UPGRADE.replace("dGhl", "!!!!") + "\r\n", b"HTTP/1.1 400"),
    "POST": ("POST /info HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi", b"HTTP/1.1 400"),
    "huge header": (f"GET /info HTTP/1.1\r\nX: {'x' * 9000}\r\n\r\n", b"HTTP/1.1 431"),
    "200 headers": ("GET /info HTTP/1.1\r\n" + "X: x\r\n" * 200 + "\r\n", b"HTTP/1.1 431"),
    "huge path": (f"GET /{'x' * 9000} HTTP/1.1\r\n\r\n", b"HTTP/1.1 414"),
    "TLS": ("\x16\x03\x01\x02\x00\r\n\r\n", b"HTTP/1.1 400"),
    "no HTTP": ("\r\n\r\n\r\n", b"HTTP/1.1 400"),
}


@pytest.mark.parametrize("case", HTTP)
async def test_http(target: Target, case: str) -> None:
    """A wrong HTTP request gets the status that it deserves; then the connection ends."""
    text, status = HTTP[case]
    async with tcp(target) as (reader, writer):
        writer.write(text.encode("latin-1"))
        answer = await cut_off(reader)
    assert answer.startswith(status)
    await target.unharmed()


# Anything at all.


@dataclass
class Arena:
    """A room with a witness that lives through many examples, each of which runs its loop for a while."""

    runner: asyncio.Runner
    target: Target


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    """Give a room for many examples."""
    with asyncio.Runner() as runner:
        stack = contextlib.AsyncExitStack()
        target = runner.run(stack.enter_async_context(a_target(messages_per_second=1e6, message_burst=1e6)))
        yield Arena(runner, target)
        runner.run(stack.aclose())


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
TYPES = (
    st.sampled_from(["hello", "ack", "ping", "input", "chat", "welcome", "snapshot", "joined"]) | st.text()
)
KEYS = st.sampled_from(["protocol", "name", "tick", "received", "time", "rtt", "seq", "move", "text", "from"])
OBJECTS = st.builds(lambda kind, rest: {**rest, "type": kind}, TYPES, st.dictionaries(KEYS, JSON_VALUES))
TEXTS = st.one_of(
    JSON_VALUES.map(json.dumps),
    OBJECTS.map(json.dumps),
    st.text(max_size=200).filter(lambda text: text.isprintable()),
)


@given(st.lists(st.one_of(TEXTS, st.binary(max_size=200)), max_size=8), st.booleans())
@settings(max_examples=25)
def test_any_messages(arena: Arena, data: list[str | bytes], hello: bool) -> None:
    """Whatever messages a client sends, before its hello or after it, the server and its witness go on."""

    async def attack() -> None:
        arena.target.failures.clear()
        async with (joined if hello else opened)(arena.target.url) as mallory:
            with contextlib.suppress(ConnectionError):
                for part in data:
                    await mallory.say(part)
        await survived(arena.target)

    arena.runner.run(attack())


async def test_broken_frame_right_behind_the_upgrade(target: Target) -> None:
    """A broken frame in the same segment as the WebSocket handshake ends that connection, quietly."""
    async with tcp(target) as (reader, writer):
        writer.write(HANDSHAKE.encode() + b"\0\0")
        await cut_off(reader)
    await target.unharmed()


@given(st.binary(max_size=400), st.sampled_from(["", "GET /", UPGRADE, HANDSHAKE]))
@settings(max_examples=25)
def test_any_bytes(arena: Arena, data: bytes, before: str) -> None:
    """Whatever bytes come over TCP, before, in or after a handshake, the server and its witness go on."""

    async def attack() -> None:
        arena.target.failures.clear()
        async with tcp(arena.target) as (reader, writer):
            writer.write(before.encode())
            if before == HANDSHAKE:
                await reader.readuntil(b"\r\n\r\n")
            writer.write(data)
            with contextlib.suppress(ConnectionError):
                await writer.drain()
        await survived(arena.target)

    arena.runner.run(attack())


async def survived(target: Target) -> None:
    """Check that the witness is answered and gets snapshots, and that nothing failed on the way."""
    await target.witness.answered()
    await target.witness.snapshot(full=False)
    target.witness.frames.clear()
    assert not target.failures
