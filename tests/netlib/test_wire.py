"""netlib's own messages, as PROTOCOL.md shows them."""

from typing import Any

import msgspec
import pytest

from netlib.codecs import CODECS, JSON
from netlib.errors import BadMessage
from netlib.messages import Catalog, Message, encode, message_type
from netlib.wire import (
    FROM_CLIENT,
    FROM_SERVER,
    RESERVED,
    Ack,
    ErrorReply,
    Hello,
    Ping,
    Pong,
    Refusal,
    Snapshot,
    Welcome,
)

EXAMPLES: list[tuple[Message, dict[str, Any]]] = [
    (Hello(1, "Ada"), {"type": "hello", "protocol": 1, "name": "Ada"}),
    (
        Hello(1, "Ada", password="x", spectator=True),
        {"type": "hello", "protocol": 1, "name": "Ada", "password": "x", "spectator": True},
    ),
    (
        Welcome(7, "t", False, "Gem Rush", 0, 30, 0.0, "Ada 2"),
        {
            "type": "welcome",
            "player_id": 7,
            "resume": "t",
            "resumed": False,
            "room": "Gem Rush",
            "tick": 0,
            "tick_rate": 30,
            "server_time": 0.0,
            "name": "Ada 2",
        },
    ),
    (Refusal("full", "wait"), {"type": "refused", "code": "full", "message": "wait"}),
    (
        Snapshot(1234, full=True, state={"players": {"7": {"x": 1}}}),
        {"type": "snapshot", "tick": 1234, "full": True, "state": {"players": {"7": {"x": 1}}}},
    ),
    (
        Snapshot(1235, 1, base=1234, set={"players": {"7": {"x": 168}}}, gone={"resources": ["12"]}),
        {
            "type": "snapshot",
            "tick": 1235,
            "last_input_seq": 1,
            "base": 1234,
            "set": {"players": {"7": {"x": 168}}},
            "gone": {"resources": ["12"]},
        },
    ),
    (Ack(tick=1235), {"type": "ack", "tick": 1235}),
    (Ack(received=5), {"type": "ack", "received": 5}),
    (Ping(1.5), {"type": "ping", "time": 1.5}),
    (Pong(1.5, 41.1), {"type": "pong", "time": 1.5, "server_time": 41.1}),
    (
        ErrorReply("bad_message", "why"),
        {"type": "error", "code": "bad_message", "message": "why"},
    ),
]
everything = Catalog({*FROM_CLIENT, *FROM_SERVER})


@pytest.mark.parametrize(("message", "shown"), EXAMPLES, ids=lambda value: type(value).__name__)
def test_each_frame_looks_as_documented(message: Message, shown: dict[str, Any]) -> None:
    """A frame has exactly the fields of the documentation, and comes back as the same message."""
    assert msgspec.json.decode(encode(JSON, message)) == shown
    for codec in CODECS:
        assert everything.decode(codec, codec.encode(shown)) == message


def test_an_ack_of_no_snapshot_is_not_an_ack_of_snapshot_zero() -> None:
    """`tick: 0` asks for a full snapshot; an ack without a tick says nothing about snapshots."""
    ack = everything.decode(JSON, b'{"type":"ack","tick":0}')
    assert isinstance(ack, Ack)
    assert ack.tick == 0
    assert Ack().tick is msgspec.UNSET


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 1e300])
def test_times_are_finite(value: float) -> None:
    """NaN and infinity, which MessagePack can carry, do not get into the arithmetic of clocks."""
    for codec in CODECS:
        for fields in ({"type": "ping", "time": value}, {"type": "ping", "time": 1.0, "rtt": value}):
            with pytest.raises(BadMessage):
                everything.decode(codec, codec.encode(fields))


@pytest.mark.parametrize("tick", [-1, 2**60, 1.5, "7", None, True])
def test_ticks_are_counts(tick: object) -> None:
    """A tick is a whole number from 0 that JavaScript can hold, too."""
    with pytest.raises(BadMessage):
        everything.decode(JSON, JSON.encode({"type": "ack", "tick": tick}))


def test_netlibs_names_are_reserved() -> None:
    """A game cannot take a name that netlib uses in either direction."""
    assert {message_type(kind) for kind in (*FROM_CLIENT, *FROM_SERVER)} | {"input"} == RESERVED
    assert {"hello", "welcome", "snapshot", "ack", "ping", "error"} <= RESERVED
