"""Messages that do not fit, or do not tell the truth: types, ranges, depth, counts, tokens, acks."""

import json
from math import inf, nan
from random import Random
from typing import Any

import msgspec

NUMBERS = (0, 1, -1, 0.5, 1e308, -(2**53), 2**53, 2**53 + 1, 2**63, 2**64 - 1, nan, inf, True)
TEXTS = ("", "x", "x" * 300, "\x00", "\ud800", "\u202e", "a" + "\u0301" * 4, "👩\u200d💻", "ack", "__class__")
SECRETS = ("", "x", "n" * 16, "n" * 128, "n" * 129)
COMMANDS = ("host", "kick", "pause", "shutdown", "link", "")
PARTS = ("message", "snapshot", "")
DEPTHS = (3, 100, 5000)
KEYS = (
    *("type", "tick", "received", "text", "seq", "body"),
    *("id", "name", "protocol", "__proto__", "", "x" * 70),
)

Message = dict[str, Any]


def hello(rng: Random, token: str) -> Message:
    """A hello that may want back a session of its own, of another or of nobody, and may count wrongly."""
    said: Message = {"type": "hello", "protocol": 1, "name": rng.choice(("Mallory", "Mallory", *TEXTS))}
    if rng.random() < 0.6:
        said["nonce"] = rng.choice(SECRETS)
    if rng.random() < 0.6:
        said["resume"] = rng.choice((token, token, *SECRETS))
    if rng.random() < 0.6:
        said["received"] = rng.choice((0, 0, 1, 17, *NUMBERS))
    said["spectator"], said["parts"] = rng.random() < 0.3, rng.random() < 0.5
    return said


def lie(rng: Random, token: str) -> Message:
    """A message of any kind that there is, true or not, and perhaps bent out of shape."""
    number = rng.choice((0, 1, 2, 17, 10**6, *NUMBERS))
    said: Message = rng.choice(
        (
            {"type": "ack", "tick": number},
            {"type": "ack", "received": number},
            {"type": "ack", "tick": number, "received": rng.choice(NUMBERS)},
            {"type": "input", "seq": number, "move": [rng.choice(NUMBERS), rng.choice(NUMBERS)]},
            {"type": "input", "seq": rng.randrange(200), "move": [1, 0], "collect": True},
            {"type": "chat", "text": rng.choice(TEXTS)},
            {"type": "ping", "time": number, "rtt": rng.choice(NUMBERS)},
            {"type": "request", "id": number, "body": _body(rng, token)},
            {"type": "reply", "id": number, "body": None, "code": rng.choice(TEXTS)},
            {"type": "command", "do": rng.choice(COMMANDS), "password": "x"},
            {"type": "part", "of": rng.choice(PARTS), "data": "{", "last": rng.random() < 0.5},
            {"type": "snapshot", "tick": number, "full": True, "state": {}},
            {"type": "welcome", "player_id": number, "resume": token},
            {"type": "order", "do": "rename", "player": number, "text": rng.choice(TEXTS)},
            {"type": rng.choice(TEXTS)},
            hello(rng, token),
        )
    )
    return bent(rng, said) if rng.random() < 0.4 else said


def _body(rng: Random, token: str) -> Message | str:
    return lie(rng, token) if rng.random() < 0.4 else rng.choice(TEXTS)


def bent(rng: Random, said: Message) -> Message:
    """The message with a field lost, added, or of another type."""
    said = dict(said)
    key = rng.choice((*said, rng.choice(KEYS)))
    if rng.random() < 0.3:
        said.pop(key, None)
    else:
        said[key] = rng.choice((None, [], {}, [dict(said)], *NUMBERS, *TEXTS))
    return said


def encoded(rng: Random, said: Message, *, binary: bool) -> bytes:
    """The message as bytes; sometimes very deep, sometimes with bytes lost, changed or doubled."""
    if rng.random() < 0.05:
        data = _deep(rng, binary=binary)
    else:
        data = _msgpack(said) if binary else json.dumps(said).encode()
    for _ in range(rng.randrange(1, 4) if rng.random() < 0.2 else 0):
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.choice((b"", rng.randbytes(1), data[:at][-9:])) + data[at + rng.randrange(2) :]
    return data


def _msgpack(said: Message) -> bytes:
    try:
        return msgspec.msgpack.encode(said)
    except (UnicodeEncodeError, OverflowError):  # half a character; a number of more than 64 bits
        return b"\x81\xa4type\xa2\xff\xfe"


def _deep(rng: Random, *, binary: bool) -> bytes:
    depth = rng.choice(DEPTHS)
    if binary:
        return rng.choice((b"\x91", b"\x81\xa1a", b"\x82\xa4type\xa4chat\xa4text\x91")) * depth
    return rng.choice((b"[", b'{"a":', b'{"type":"chat","text":[')) * depth
