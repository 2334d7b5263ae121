"""State: a replica that is fed snapshots equals the server's world."""

from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.errors import BadMessage
from netlib.protocol.codecs import JSON, Codec
from netlib.protocol.frames import Snapshot
from netlib.state.intake import Intake
from netlib.state.quantise import Quantised, rounded
from netlib.state.state import Entity, Replica, Schema, State, delta_body
from netlib.state.sync import Publisher
from tests.support.snapshots import both, decoded, published


class Player(Entity, frozen=True):
    x: int
    y: int = 0
    name: str = ""
    score: int | None = None
    path: tuple[tuple[int, int], ...] = ()
    tags: tuple[str, ...] = ()


class Gem(Entity, frozen=True):
    worth: int
    taken: bool = False
    glow: float = 0.0
    mark: bytes = b""


class Ball(Entity, frozen=True):
    x: Annotated[float, Quantised(1 / 16)]
    spin: Annotated[float, Quantised(0.1)] = 0.0
    height: Annotated[int, Quantised(16)] = 0
    kind: str = ""


class Mark(Entity, frozen=True):
    """Nothing but its id."""


SCHEMA: dict[str, type[Entity]] = {"players": Player, "gems": Gem}
WORLD: dict[str, type[Entity]] = SCHEMA | {"balls": Ball, "marks": Mark}

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
small = st.integers(-3, 3)
ids = st.integers(1, 6)
players = st.builds(
    Player,
    x=small,
    y=st.integers(-(2**53), 2**53),
    name=text,
    score=st.none() | small,
    path=st.lists(st.tuples(small, small), max_size=2).map(tuple),
    tags=st.lists(text, max_size=2).map(tuple),
)
gems = st.builds(
    Gem,
    worth=small,
    taken=st.booleans(),
    glow=st.floats(allow_nan=False, allow_infinity=False),
    mark=st.binary(max_size=3),
)
close = st.floats(-1, 1) | st.floats(-1e9, 1e9)
balls = st.builds(Ball, x=close, spin=close, height=st.integers(-50, 50), kind=text)


def some(entities: Any) -> Any:
    return st.dictionaries(ids, entities, max_size=5)


worlds = st.fixed_dictionaries(
    {"players": some(players), "gems": some(gems), "balls": some(balls), "marks": some(st.builds(Mark))}
)
any_worlds: Any = worlds | worlds.map(lambda world: {"players": world["players"]}) | st.just({})


def arrived(codec: Codec, publisher: Publisher, *, full: bool) -> Snapshot:
    """Return the snapshot that a client gets, by way of bytes."""
    return decoded(codec, published(codec, publisher, full=full))


def complete(world: State) -> State:
    """Return the world as a client has it: all collections of its schema, at wire precision."""
    return {name: {id: rounded(one) for id, one in world.get(name, {}).items()} for name in WORLD}


@both
@given(world=any_worlds)
def test_a_full_snapshot_is_the_world(codec: Codec, world: State) -> None:
    """A newcomer's replica equals the world, whatever it held before."""
    publisher = Publisher()
    publisher.update(5, world)
    for replica in (Replica(WORLD), _filled(WORLD)):
        assert replica.apply(arrived(codec, publisher, full=True))
        assert (replica.state, replica.tick) == (complete(world), 5)


@pytest.fixture
def replica() -> Replica:
    """Give a replica with a player and a gem, at tick 1."""
    return _filled()


def _filled(schema: Schema = SCHEMA) -> Replica:
    replica = Replica(schema)
    replica.apply(Snapshot(1, full=True, state={"players": {"9": {"x": 1}}, "gems": {"9": {"worth": 1}}}))
    return replica


@both
@given(history=st.lists(any_worlds, min_size=2, max_size=6))
def test_a_long_chain_of_deltas_ends_in_the_newest_world(codec: Codec, history: list[State]) -> None:
    """A late joiner's full snapshot equals what the early one has put together from deltas."""
    publisher, early, late = Publisher(), Replica(WORLD), Replica(WORLD)
    for tick, world in enumerate(history):
        publisher.update(tick, world)
        assert early.apply(arrived(codec, publisher, full=tick == 0))
        assert early.state == complete(world)
    late.apply(arrived(codec, publisher, full=True))
    assert early.state == late.state == complete(history[-1])


def test_a_delta_holds_what_changed_and_nothing_else() -> None:
    """One field of a player, a new gem, what is gone: that is all that travels; what is equal does not."""
    bob = Player(5)
    before: State = {"players": {1: Player(1), 2: bob, 3: Player(9)}, "gems": {}}
    after: State = {"players": {1: Player(2), 2: bob}, "gems": {4: Gem(10)}}
    assert delta_body(before, after, 7) == {
        "base": 7,
        "set": {"players": {"1": {"x": 2}}, "gems": {"4": Gem(10)}},
        "gone": {"players": ["3"]},
    }
    assert delta_body({"players": {1: Player(1)}}, {"players": {1: Player(1)}}, 7) == {"base": 7}
    assert delta_body({"gems": {1: Gem(1)}}, {}, 7) == {"base": 7, "gone": {"gems": ["1"]}}


def test_a_full_snapshot_holds_every_field() -> None:
    """A newcomer gets the defaults, too: it may have another version's."""
    publisher = Publisher()
    publisher.update(1, {"gems": {1: Gem(1)}})
    gem = b'{"worth":1,"taken":false,"glow":0.0,"mark":""}'
    assert publisher.body(JSON, full=True) == b'{"full":true,"state":{"gems":{"1":' + gem + b"}}}"


def test_a_copy_does_not_follow_the_world() -> None:
    """Yesterday's snapshot stays true while the world moves on."""
    world: dict[str, dict[int, Player]] = {"players": {1: Player(1)}}
    copy = Intake().take(world)
    world["players"][2] = Player(2)
    world["more"] = {}
    assert copy == {"players": {1: Player(1)}}


def test_a_delta_from_another_tick_is_not_applied(replica: Replica) -> None:
    """The replica says that it needs a full snapshot, and keeps what it has."""
    before = replica.state
    for base in (0, 2, 8):
        assert not replica.apply(Snapshot(9, base=base, set={"players": {"9": {"x": 5}}}))
    assert (replica.state, replica.tick) == (before, 1)


def test_a_new_replica_takes_no_delta() -> None:
    """Before the first full snapshot there is nothing to change, not even at tick 0."""
    replica = Replica(SCHEMA)
    assert not replica.apply(Snapshot(1, base=0))
    assert replica.tick == -1
    assert replica.state == {"players": {}, "gems": {}}


def test_a_kept_state_does_not_change_under_its_keeper(replica: Replica) -> None:
    """Interpolation can hold on to old states."""
    kept = replica.state
    replica.apply(Snapshot(2, base=1, set={"players": {"9": {"x": 5}}}, gone={"gems": ["9"]}))
    assert kept == {"players": {9: Player(1)}, "gems": {9: Gem(1)}}
    assert replica.state == {"players": {9: Player(5)}, "gems": {}}


def test_an_unchanged_collection_is_shared(replica: Replica) -> None:
    """A delta costs nothing for what it does not mention."""
    gems_before = replica.state["gems"]
    replica.apply(Snapshot(2, base=1, set={"players": {"9": {"x": 5}}}))
    assert replica.state["gems"] is gems_before


def test_collections_and_fields_of_a_newer_server_are_ignored(replica: Replica) -> None:
    """An older client plays on with what it knows."""
    whole: Any = {"players": {"1": {"x": 1, "hat": "red"}}, "weather": {"1": {"rain": True}}}
    assert replica.apply(Snapshot(3, full=True, state=whole))
    assert replica.state == {"players": {1: Player(1)}, "gems": {}}
    assert replica.apply(Snapshot(4, base=3, set={"weather": {"1": {"rain": False}}}, gone={"fog": ["1"]}))
    assert replica.tick == 4


@pytest.mark.parametrize(
    "snapshot",
    [
        Snapshot(2, full=True, state={"players": {"1": {"x": "left"}}}),
        Snapshot(2, full=True, state={"players": {"1": {}}}),
        Snapshot(2, full=True, state={"players": {"me": {"x": 1}}}),
        Snapshot(2, base=1, set={"players": {"9": {"x": None}}}),
        Snapshot(2, base=1, set={"players": {"8": {"y": 1}}}),
        Snapshot(2, base=1, gone={"players": ["all"]}),
        Snapshot(2, base=1, set={"players": {"9": {"x": 1}, "10": {"x": "left"}}}),
        Snapshot(2, base=1, set={"gems": {"9": {"worth": 1}}, "players": {"9": {"tags": [1]}}}),
    ],
)
def test_a_snapshot_that_does_not_fit_changes_nothing(replica: Replica, snapshot: Snapshot) -> None:
    """Wrong types, missing fields and strange ids raise BadMessage and leave the state as it was."""
    before = replica.state
    with pytest.raises(BadMessage, match="snapshot 2 does not fit"):
        replica.apply(snapshot)
    assert replica.state is before
    assert replica.tick == 1


def test_a_default_of_the_client_fills_in_for_an_older_server(replica: Replica) -> None:
    """A new entity of a server that does not know a field yet has the field's default."""
    assert replica.apply(Snapshot(2, base=1, set={"players": {"3": {"x": 4, "name": "Cid"}}}))
    assert replica.state["players"][3] == Player(4, name="Cid")


def test_a_player_that_leaves_and_another_that_comes_in_one_delta(replica: Replica) -> None:
    """What is gone and what is new do not get into each other's way."""
    replica.apply(Snapshot(2, base=1, set={"players": {"10": {"x": 3}}}, gone={"players": ["9"]}))
    assert replica.state["players"] == {10: Player(3)}


def test_a_plain_value_does_not_take_the_place_of_what_the_schema_names() -> None:
    """A room of another kind may send any value: the game finds its collections where it looks for them."""
    replica = Replica({"players": Player})
    assert replica.apply(Snapshot(1, 0, full=True, state={"": {"0": {"players": "none", "countdown": 3}}}))
    assert replica.state == {"players": {}, "countdown": 3}


def test_a_few_bytes_do_not_unpack_to_any_number_of_entities() -> None:
    """A client spends no gigabyte on four megabytes of a hostile room; and nobody publishes such."""
    columns: Any = [([1] * 100_000, {})]
    with pytest.raises(BadMessage, match="more than 1000000 entities"):
        Replica(None).apply(Snapshot(1, 0, full=True, packed={str(number): columns for number in range(11)}))
    many = {number: Gem(number) for number in range(100_000)}
    with pytest.raises(BadMessage, match="a state has 1100000 entities"):
        Intake().take({str(number): many for number in range(11)})
