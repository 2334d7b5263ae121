"""The bytes of areas joined are those that one area would have, as PROTOCOL.md says."""

import json

import msgspec

import netlib
from netlib.interest.areas import Divider
from netlib.interest.pieces import delta, joined, pieces
from netlib.interest.views import AreaPublisher, Square
from netlib.protocol.codecs import JSON, MSGPACK, Codec
from tests.support.page import PAGE
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


def test_the_example_on_the_page() -> None:
    """One player walks within its cell, one into another that is seen, too, and one out of sight."""

    class Player(netlib.Entity, frozen=True):
        name: str
        x: int

    example = PAGE.partition("## 19.")[2].partition("```text\n")[2].partition("```")[0]
    publisher = AreaPublisher(Divider(100, {"players": ("x", "x")}))
    publisher.focuses[7] = Square(187, 187, 189, 189)
    players = {7: Player("Ada", 18800), 8: Player("Ben", 18801), 9: Player("Cy", 18750)}
    publisher.update(1234, {"players": players})
    base = publisher.seen_by(7).newest
    players = {7: Player("Ada", 18944), 8: Player("Ben", 19001), 9: Player("Cy", 18752)}
    publisher.update(1235, {"players": players})
    found = json.loads(publisher.seen_by(7).snapshot(JSON, 1, full=False, base=base))
    assert found == json.loads(example)


@both
def test_nothing_new_is_a_delta_with_nothing_in_it(codec: Codec) -> None:
    """As everywhere: neither `set` nor `packed` nor `gone`."""
    same = pieces(codec, {"a": {1: Thing(1)}}, {"a": {1: Thing(1)}})
    for parts in ([], [same], [same, same]):
        assert codec.decoder(dict).decode(delta(codec, joined(codec, parts), 5)) == {"base": 5}
