"""Bad messages get a clear answer and are counted, and nobody else in the room feels it."""

import json

import pytest
from msgspec import msgpack

from tests.support import rooms
from tests.support.target import HELLO, Target, an_input, with_field
from tests.support.wire import MSGPACK, Frame, joined, opened

pytestmark = pytest.mark.usefixtures("no_errors_logged")

NO_OBJECTS = ["", "   ", "let me in", '{"type":"chat","text":"h', "[]", "5", "null", '"chat"']
TYPES = ["5", "null", '["chat"]', json.dumps("x" * 65), '"chat","type":"ping","time":1']
TEXTS = ["5", "null", '""', '"\\ud800"', '"\x07"', json.dumps("x" * 201), "[" * 8000 + "]" * 8000]
SEQS = ['"1"', "1.5", "true", "-1", str(2**53 + 1), str(2**64), "9" * 5000]
SHOWN_TICKS = ["-1", "-0.001", "NaN", "Infinity", "1e300", "1e999", "9" * 301, '"1"', "true", "[1]"]
NO_MOVES = ["[1]", "[1,0,0]", '["1","0"]', '{"x":1,"y":0}', f"[{'9' * 5000},0]", "[1e300,0]"]
NOT_FINITE = ["[NaN,0]", "[Infinity,0]", "[0,-Infinity]", "[1e999,0]", "[0,-1e999]"]
UNKNOWN = ["chta", "", "CHAT", "Left", "joined", "__class__"]  # a typing error, events, an attribute

# One message after the hello, as text or as bytes (a binary frame): the code that it gets.
TEXT: dict[str, tuple[str | bytes, str]] = {
    **{f"no object: {text}": (text, "bad_message") for text in NO_OBJECTS},
    **{f"type {type:.30}": (f'{{"type":{type}}}', "bad_message") for type in TYPES},
    **{f"text {text:.30}": (with_field("chat", text=text), "bad_message") for text in TEXTS},
    **{f"seq {seq:.30}": (an_input(seq=seq), "bad_message") for seq in SEQS},
    **{f"shown {t:.30}": (with_field("input", seq="1", shown_tick=t), "bad_message") for t in SHOWN_TICKS},
    **{f"move {move:.30}": (an_input(move=move), "bad_message") for move in NO_MOVES + NOT_FINITE},
    **{f"time {time}": (with_field("ping", time=time), "bad_message") for time in ("NaN", "1e999", "1e300")},
    **{f"type {type}": (with_field(type), "unknown_type") for type in UNKNOWN},
    "two objects": (with_field("chat", text='"a"') * 2, "bad_message"),
    "byte order mark": ("\ufeff" + with_field("chat", text='"a"'), "bad_message"),
    "no type": ('{"text":"hi"}', "bad_message"),
    "chat without text": (with_field("chat"), "bad_message"),
    "round trip of an hour": (with_field("ping", time="1", rtt="3600"), "bad_message"),
    "negative round trip": (with_field("ping", time="1", rtt="-1"), "bad_message"),
    "negative ack": (with_field("ack", tick="-1"), "bad_message"),
    "deep list": ("[" * 16_000, "bad_message"),
    "deep object": ('{"a":' * 3000, "bad_message"),
    "binary frame": (b"hello", "bad_message"),
    "JSON in a binary frame": (with_field("chat", text='"a"').encode(), "bad_message"),
    "type with control characters": ('{"type":"\\u0000\\u001b[31m"}', "unknown_type"),
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


async def test_deep_in_an_unknown_field(target: Target) -> None:
    """What is ignored may be deep: it is refused or ignored, as the stack allows, and hurts nobody."""
    async with joined(target.url, "Mallory", acks=False) as mallory:
        await mallory.say(with_field("chat", text='"a"', x="[" * 8000 + "]" * 8000))
        await mallory.answered()
        chats = [frame for frame in mallory.unread if frame["type"] == "chat"]
        assert len(chats) + target.refused("bad_message") == 1
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
    **{
        f"shown {tick}": (msgpack.encode({"type": "input", "seq": 1, "shown_tick": tick}), "bad_message")
        for tick in (float("nan"), float("inf"), 1e300, -1.0, 2**60, "1")
    },
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


NAMES = ["x" * 10_000, "x" * 21, "", " \u3000 ", "Mal\x07lory", "Mal\nlory", "\x1b[31mMal", "Mal\0"]
HIDDEN = ["\u202eyrollaM", "\u200b", "Mal\u2028lory"]  # right to left, no width, a line separator
REFUSED: list[tuple[Frame, str]] = [
    *(({"protocol": version}, "protocol") for version in (2, -1, int("9" * 4000))),
    *(({"name": name}, "name") for name in NAMES + HIDDEN),
]


@pytest.mark.parametrize(("fields", "code"), REFUSED)
async def test_refused_hello(target: Target, fields: Frame, code: str) -> None:
    """A hello that may not come in is refused with the documented code, and then closed with 1008."""
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
    """A client with a password comes into a room that has none."""
    async with opened(target.url) as ben:
        await ben.send({**HELLO, "password": "please"})
        await ben.expect("welcome")
