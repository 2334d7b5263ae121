"""The bytes of areas joined are those that one area would have, as PROTOCOL.md says."""

import json

import msgspec

import netlib
from netlib.interest.pieces import delta, joined, pieces
from netlib.protocol.codecs import JSON, MSGPACK, Codec
from tests.support.snapshots import both


class Thing(netlib.Entity, frozen=True):
    x: int
    y: int = 0


def test_a_delta_in_json() -> None:
    """What comes into view is whole, what goes is in `gone`, and what changes cell is in both."""
    here, there = {"a": {1: Thing(1), 2: Thing(2)}}, {"a": {7: Thing(7)}, 'b"': {1: Thing(1)}}
    parts = [
        pieces(JSON, here, {"a": {2: Thing(3)}}),
        pieces(JSON, there, {"a": {7: Thing(7), 1: Thing(9)}}),
    ]
    assert json.loads(delta(JSON, joined(JSON, parts), 5)) == {
        "base": 5,
        "set": {"a": {"2": {"x": 3}, "1": {"x": 9, "y": 0}}},
        "gone": {"a": ["1"], 'b"': ["1"]},
    }


def test_a_delta_in_messagepack() -> None:
    """The groups of all areas, one after the other."""
    parts = [pieces(MSGPACK, {}, {"a": {id: Thing(id)}}) for id in range(20)]
    parts += [pieces(MSGPACK, {"a": {70: Thing(1)}}, {})]
    assert msgspec.msgpack.decode(delta(MSGPACK, joined(MSGPACK, parts), 5)) == {
        "base": 5,
        "packed": {"a": [[[id], {"x": [id], "y": [0]}] for id in range(20)]},
        "gone": {"a": [70]},
    }


@both
def test_nothing_new_is_a_delta_with_nothing_in_it(codec: Codec) -> None:
    """As everywhere: neither `set` nor `packed` nor `gone`."""
    same = pieces(codec, {"a": {1: Thing(1)}}, {"a": {1: Thing(1)}})
    for parts in ([], [same], [same, same]):
        assert codec.decoder(dict).decode(delta(codec, joined(codec, parts), 5)) == {"base": 5}
