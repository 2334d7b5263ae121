"""Messages: the frames that PROTOCOL.md promises."""

import math

import msgspec
import pytest

from netlib.errors import BadMessage
from netlib.protocol.codecs import JSON, MSGPACK
from netlib.protocol.messages import Catalog, encode
from workshop.game.rules.messages import MESSAGES, Chat, Move

CATALOG = Catalog((*MESSAGES, Move))


def test_chat_says_from() -> None:
    """The sender of a line is called "from" on the wire."""
    assert msgspec.json.decode(encode(JSON, Chat("hi", 7))) == {"type": "chat", "text": "hi", "from": 7}


def test_an_input_may_leave_out_what_is_not_pressed() -> None:
    """The documented frame is accepted, with and without its last field."""
    whole = b'{"type":"input","seq":1,"move":[1.0,0.0],"collect":false}'
    short = b'{"type":"input","seq":1,"move":[1,0]}'
    assert CATALOG.decode(JSON, whole) == CATALOG.decode(JSON, short) == Move(seq=1, move=(1.0, 0.0))


def test_a_huge_move_is_accepted() -> None:
    """The rules clamp it; it is not a bad message."""
    assert CATALOG.decode(JSON, b'{"type":"input","seq":1,"move":[100000,0]}') == Move(seq=1, move=(1e5, 0))


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1e300])
def test_what_is_no_number_is_refused(number: float) -> None:
    """NaN, infinity and absurd numbers never reach the rules."""
    frame = msgspec.msgpack.encode({"type": "input", "seq": 1, "move": [number, 0.0]})
    with pytest.raises(BadMessage):
        CATALOG.decode(MSGPACK, frame)


@pytest.mark.parametrize("text", ["", "x" * 201])
def test_chat_has_some_length(text: str) -> None:
    """Empty and endless lines are refused."""
    with pytest.raises(BadMessage):
        CATALOG.decode(JSON, msgspec.json.encode({"type": "chat", "text": text}))
