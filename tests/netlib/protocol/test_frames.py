"""netlib's own messages, as PROTOCOL.md shows them."""

import msgspec
import pytest

from netlib.errors import BadMessage
from netlib.protocol.codecs import CODECS, JSON
from netlib.protocol.frames import FROM_CLIENT, FROM_SERVER, RESERVED, Ack
from netlib.protocol.messages import Catalog, encode, message_type
from tests.support.page import Example, examples

everything = Catalog({*FROM_CLIENT, *FROM_SERVER})
EXAMPLES = [
    example
    for example in (*examples("→"), *examples("←"))
    if example.label != "rooms" and example.frame.get("type") in RESERVED - {"input"}
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.label)
def test_each_frame_looks_as_documented(example: Example) -> None:
    """A frame has exactly the fields of the documentation, and is the same in both encodings."""
    message, *others = [everything.decode(codec, codec.encode(example.frame)) for codec in CODECS]
    assert others == [message]
    sent = msgspec.json.decode(encode(JSON, message))
    assert sent == {name: value for name, value in example.frame.items() if value or name in sent}
    assert everything.decode(JSON, JSON.encode(sent)) == message


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
