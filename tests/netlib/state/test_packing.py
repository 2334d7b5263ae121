"""Packing: columns say what maps say in fewer bytes, and nonsense in them harms nobody."""

import json
import random
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from netlib.errors import BadMessage
from netlib.protocol.codecs import JSON, MSGPACK, Codec
from netlib.protocol.frames import MAX_PACKED, Snapshot
from netlib.state.packing import as_columns, as_maps, compare, from_columns
from netlib.state.state import Entity, Replica, State, delta_body
from netlib.state.sync import Publisher
from tests.support.page import PAGE
from tests.support.snapshots import both, decoded
from tests.support.wire import as_in_json


class Player(Entity, frozen=True):
    name: str
    x: int
    y: int
    score: int = 0


class Resource(Entity, frozen=True):
    kind: str
    x: int
    y: int


class Mark(Entity, frozen=True):
    """Nothing but its id."""


SCHEMA: dict[str, type[Entity]] = {"players": Player, "resources": Resource, "marks": Mark}
ADA, BEN, CID = (Player(name, 0, 0) for name in ("Ada", "Ben", "Cid"))


def plain(value: Any) -> Any:
    """Return what a client sees of a value."""
    return msgspec.json.decode(msgspec.json.encode(value))


def test_entities_with_the_same_fields_share_a_group() -> None:
    """Names of fields stand once for all of them; the ids are differences."""
    moved = {7: replace(ADA, x=168, y=99), 8: replace(BEN, score=1), 300: replace(CID, x=3, y=4)}
    assert plain(as_columns(compare({7: ADA, 8: BEN, 300: CID}, moved))) == [
        [[7, 293], {"x": [168, 3], "y": [99, 4]}],
        [[8], {"score": [1]}],
    ]


def test_new_entities_have_all_their_fields() -> None:
    """A newcomer to the room gets defaults, too, and gets what has no fields at all."""
    assert plain(as_columns(compare({}, {3: ADA, 1: BEN}))) == [
        [[3, -2], {"name": ["Ada", "Ben"], "x": [0, 0], "y": [0, 0], "score": [0, 0]}]
    ]
    assert plain(as_columns(compare({}, {5: Mark(), 6: Mark()}))) == [[[5, 1], {}]]
    assert not as_columns(compare({5: Mark()}, {5: Mark()}))


def test_classes_may_mix_in_a_collection() -> None:
    """Each class has its own fields, and an entity that becomes another class is told whole."""
    before = {1: ADA, 2: Resource("wood", 1, 1), 3: Resource("gem", 5, 5)}
    after = {1: replace(ADA, x=5), 2: replace(BEN, x=9), 3: Resource("gem", 5, 6)}
    changes = compare(before, after)
    assert plain(as_maps(changes)) == {
        "1": {"x": 5},
        "2": {"name": "Ben", "x": 9, "y": 0, "score": 0},
        "3": {"y": 6},
    }
    assert from_columns(plain(as_columns(changes))) == {1: {"x": 5}, 2: plain(after[2]), 3: {"y": 6}}


def test_what_counts_as_equal_is_not_asked_of_the_class() -> None:
    """A class that calls two players equal by their name does not keep a move from travelling."""

    class Named(Entity, frozen=True):
        name: str
        x: int

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Named) and self.name == other.name

        __hash__ = Entity.__hash__

    assert as_maps(compare({1: Named("a", 1)}, {1: Named("a", 2)})) == {"1": {"x": 2}}


class Loose(Entity, frozen=True):
    """Holds what Python calls equal."""

    either: int | bool | float = 0
    real: float = 0.0
    several: tuple[int | bool, ...] = ()


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (Loose(0), Loose(False), {"either": False}),
        (Loose(1), Loose(1.0), {"either": 1.0}),
        (Loose(real=0.0), Loose(real=-0.0), {"real": -0.0}),
        (Loose(several=(0,)), Loose(several=(False,)), {"several": [False]}),
        (Loose(1, 1.5, (1,)), Loose(1, 1.5, (1,)), None),
    ],
)
def test_what_is_equal_but_not_the_same_travels(before: Loose, after: Loose, changed: Any) -> None:
    """0, False and -0.0 are equal in Python, and three values on the wire."""
    changes = compare({1: before, 2: before}, {1: after, 2: before})
    assert repr(plain(as_maps(changes))) == repr({"1": changed} if changed else {})
    columns = [[[1], {name: [value] for name, value in changed.items()}]] if changed else []
    assert repr(plain(as_columns(changes))) == repr(columns)


ids = st.integers(-(2**40), 2**53)
small = st.integers(-2, 2)
players = st.builds(Player, name=st.sampled_from("ab"), x=small, y=small, score=small)
collections = st.dictionaries(ids, players, max_size=8)


@given(before=collections, data=st.data())
def test_columns_say_what_maps_say(before: dict[int, Player], data: st.DataObject) -> None:
    """Unpacking gives the same ids, fields and values as the maps of JSON, whatever changed."""
    known = st.sampled_from(list(before)) if before else ids
    after = data.draw(st.dictionaries(known | ids, players, max_size=8))
    changes = compare(before, after)
    unpacked = from_columns(plain(as_columns(changes)))
    assert {str(id): fields for id, fields in unpacked.items()} == plain(as_maps(changes))


def test_the_example_on_the_page() -> None:
    """PROTOCOL.md's packed snapshot is what this code makes, and means what the page says it means."""
    chapter = PAGE.partition("### Packed snapshots")[2].partition("\n## ")[0]
    found = [json.loads(text) for text in re.findall(r"```text\n(\{.*?)```", chapter, re.DOTALL)]
    packed, maps = (frame for frame in found if frame["type"] == "snapshot")
    wood, ada, ben = Resource("wood", 0, 0), replace(ADA, y=5), replace(BEN, x=1)
    before: State = {"players": {7: ada, 300: CID, 8: ben}, "resources": {12: wood}}
    moved = {
        7: replace(ada, x=18752, y=12224),
        300: replace(CID, x=9120, y=4096),
        8: replace(ben, x=18880, y=12352, score=5),
    }
    after: State = {"players": moved, "resources": {}}
    for frame, form in ((packed, True), (maps, False)):
        body = plain(delta_body(before, after, 1234, packed=form))
        assert body.items() <= frame.items()
    assert {**as_in_json(packed), "packed": {}} == {**maps, "packed": {}}
    assert f"{MAX_PACKED:,} entities" in PAGE


def a_place(rng: random.Random) -> dict[str, int]:
    return {"x": rng.randrange(40_001), "y": rng.randrange(40_001)}


def a_world(first_id: int) -> tuple[State, random.Random]:
    """Return 200 players and 50 resources, and what moves them."""
    rng = random.Random(1)
    people = {first_id + n: Player(f"Player {n}", **a_place(rng), score=n % 30) for n in range(200)}
    things = {first_id + n: Resource(("wood", "stone", "gem")[n % 3], **a_place(rng)) for n in range(50)}
    return {"players": people, "resources": things}, rng


@pytest.mark.parametrize("first_id", [1, 1000, 100_000])
@pytest.mark.parametrize(("every", "at_most"), [(1, 0.14), (5, 0.04)])
def test_a_delta_is_a_fraction_of_the_world(every: int, at_most: float, first_id: int) -> None:
    """200 players that all move take 14 % of the world's JSON, a fifth of them 4 %, also with high ids."""
    before, rng = a_world(first_id)
    moved = {id: replace(one, **a_place(rng)) for id, one in before["players"].items() if id % every == 0}
    publisher = Publisher()
    publisher.update(12345, before)
    publisher.update(12346, {**before, "players": {**before["players"], **moved}})
    head = MSGPACK.encode({"type": "snapshot", "tick": 12346, "last_input_seq": 12345})
    data = MSGPACK.splice(head, publisher.body(MSGPACK, full=False))
    whole = msgspec.json.encode({"type": "snapshot", "tick": 12345, **before})
    assert len(data) / len(whole) <= at_most


def a_replica() -> Replica:
    """Return a replica with one player and one resource, at tick 1."""
    replica = Replica(SCHEMA)
    things = {"players": {"1": plain(ADA)}, "resources": {"1": plain(Resource("wood", 1, 1))}}
    assert replica.apply(Snapshot(1, full=True, state=things))
    return replica


def arrived(replica: Replica, codec: Codec, packed: Any, **more: Any) -> bool:
    """Apply a delta with that content, by way of bytes."""
    data = codec.encode({"type": "snapshot", "tick": 2, "base": 1, "packed": packed, **more})
    return replica.apply(decoded(codec, data))


NONSENSE: dict[str, Any] = {
    "no groups": {"players": 5},
    "a map of groups": {"players": {"1": {"x": 1}}},
    "a group that is a map": {"players": [{"x": 1}]},
    "a group of one": {"players": [[[1]]]},
    "a group of three": {"players": [[[1], {"x": [1]}, 3]]},
    "columns without names": {"players": [[[1], [[1]]]]},
    "a column that is a number": {"players": [[[1], {"x": 1}]]},
    "a short column": {"players": [[[1, 1], {"x": [1, 2], "y": [1]}]]},
    "a long column": {"players": [[[1], {"x": [1, 2]}]]},
    "a long column that is unknown": {"players": [[[1], {"hat": [1, 2]}]]},
    "an empty column": {"players": [[[1], {"x": []}]]},
    "no ids": {"players": [[[], {"x": [1]}]]},
    "an id that is text": {"players": [[["1"], {"x": [1]}]]},
    "an id with a fraction": {"players": [[[1.5], {"x": [1]}]]},
    "an id that is true": {"players": [[[True], {"x": [1]}]]},
    "an id that is null": {"players": [[[None], {"x": [1]}]]},
    "an id twice in a group": {"players": [[[1, 0], {"x": [1, 2]}]]},
    "an id in two groups": {"players": [[[1], {"x": [1]}], [[1], {"y": [1]}]]},
    "a value of another type": {"players": [[[1], {"x": ["left"]}]]},
    "one value of another type": {"resources": [[[1, 1], {"kind": ["a", 5], "x": [1, 1], "y": [1, 1]}]]},
    "an infinite value": {"players": [[[1], {"x": [None]}]]},
    "a new entity in part": {"players": [[[2], {"x": [1]}]]},
    "too many": {"marks": [[[1] * (MAX_PACKED + 1), {}]]},
    "10 MB of ids": {"marks": [[[1] * 10_000_000, {}]]},
    "10 MB of values": {"players": [[[1], {"x": [1] * 10_000_000}]]},
    "too many in all": {"marks": [[[1] * MAX_PACKED, {}], [[MAX_PACKED + 1], {}]]},
    "too many groups": {"players": [[[], {}]] * (MAX_PACKED + 1)},
}


@both
@pytest.mark.parametrize("packed", NONSENSE.values(), ids=NONSENSE)
def test_a_malformed_packed_snapshot_changes_nothing(codec: Codec, packed: Any) -> None:
    """It raises BadMessage, at once, and the state is what it was."""
    replica = a_replica()
    before = replica.state
    with pytest.raises(BadMessage):
        arrived(replica, codec, packed)
    assert (replica.state, replica.tick) == (before, 1)


def test_names_of_fields_are_text() -> None:
    """In MessagePack the key of a map could be anything; only text is a name."""
    replica = a_replica()
    for name in (1, None, True, 1.5, b"x"):
        with pytest.raises(BadMessage):
            arrived(replica, MSGPACK, {"players": [[[1], {name: [1]}]]})
        with pytest.raises(BadMessage):
            arrived(replica, MSGPACK, {name: []})


@both
@given(
    groups=st.lists(
        st.tuples(
            st.lists(small, max_size=3),
            st.dictionaries(st.sampled_from("xyz"), st.lists(small, max_size=3), max_size=2),
        ),
        max_size=3,
    )
)
def test_whatever_is_in_the_columns_is_applied_or_refused(codec: Codec, groups: Any) -> None:
    """Random groups raise nothing but BadMessage."""
    replica = a_replica()
    try:
        assert arrived(replica, codec, {"players": groups})
    except BadMessage:
        assert replica.tick == 1


@both
def test_collections_and_fields_of_a_newer_server_are_ignored(codec: Codec) -> None:
    """An older client plays on with what it knows, as with maps."""
    replica = a_replica()
    packed = {
        "weather": [[[1], {"rain": [True, False]}]],
        "players": [[[1, 1], {"x": [5, 6], "hat": ["red", None], "name": ["A", "B"], "y": [0, 0]}]],
    }
    assert arrived(replica, codec, packed, gone={"fog": [1, 2]})
    assert replica.state["players"] == {1: Player("A", 5, 0), 2: Player("B", 6, 0)}


@both
def test_both_forms_are_understood_in_both_encodings(codec: Codec) -> None:
    """A server of another make may send maps in MessagePack, columns in JSON, or some of each."""
    for more in (
        {"set": {"players": {"1": {"x": 5}}}, "gone": {"resources": ["1"]}, "packed": {}},
        {"packed": {"players": [[[1], {"x": [5]}]]}, "gone": {"resources": [1]}},
        {"set": {"players": {"1": {"x": 5}}}, "packed": {"marks": []}, "gone": {"resources": ["1", 1]}},
    ):
        replica = a_replica()
        assert arrived(replica, codec, **{"packed": {}, **more})
        assert replica.state == {"players": {1: Player("Ada", 5, 0)}, "resources": {}, "marks": {}}


def test_json_stays_readable() -> None:
    """Maps in JSON, columns in MessagePack."""
    publisher = Publisher()
    publisher.update(1, {"players": {1: ADA}})
    assert b'"state":{"players":{"1":{"name":"Ada"' in publisher.body(JSON, full=True)
    assert MSGPACK.decoder(dict[str, Any]).decode(publisher.body(MSGPACK, full=True)) == {
        "full": True,
        "packed": {"players": [[[1], {"name": ["Ada"], "x": [0], "y": [0], "score": [0]}]]},
    }
