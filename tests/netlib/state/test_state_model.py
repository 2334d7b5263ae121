"""Whatever is published, a client has it exactly, also what Python calls equal and the wire does not."""

from typing import Annotated, Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from netlib.errors import NetlibError
from netlib.protocol.codecs import Codec
from netlib.state.angle import Angle
from netlib.state.quantise import Quantised, rounded
from netlib.state.state import Entity, Replica
from netlib.state.sync import Publisher
from tests.support.snapshots import both, decoded, published


class Spot(msgspec.Struct, frozen=True):
    """Something inside."""

    x: float = 0.0


class Thing(Entity, frozen=True):
    real: float = 0.0
    either: int | bool | float | None = 0
    several: tuple[int | bool | float, ...] = ()
    few: frozenset[str] = frozenset()
    at: Spot = Spot()
    way: Annotated[float, Quantised(0.5), Angle()] = 0.0


class Other(Entity, frozen=True, eq=False):
    real: float = 0.0
    note: str = ""


TRICKY: list[Any] = [0, False, 0.0, -0.0, 1, True, 1.0]
tricky = st.sampled_from(TRICKY)
reals = st.sampled_from([0.0, -0.0, 1.0, 1.5])
things = st.builds(
    Thing,
    real=reals,
    either=tricky | st.none(),
    several=st.lists(tricky, max_size=2).map(tuple),
    few=st.frozensets(st.sampled_from("ab"), max_size=1),
    at=st.builds(Spot, reals),
    way=st.sampled_from([0.0, -0.0, 0.3, 350.0]),
)
others = st.builds(Other, reals, st.sampled_from(["", "x"]))
values = st.recursive(
    tricky | st.none() | st.sampled_from(["", "x"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)
dicts = st.dictionaries(st.sampled_from(["real", "note", "x"]), values, max_size=3)
ids = st.integers(1, 4)


def some(entities: Any) -> Any:
    return st.dictionaries(ids, entities, max_size=4)


typed = st.fixed_dictionaries({}, optional={"things": some(things), "others": some(others)})
free: Any = st.dictionaries(
    st.sampled_from(["things", "others", "more", "countdown"]),
    values | some(things | others | dicts),
    max_size=4,
)


def exactly(value: Any) -> Any:
    """Return what is equal only for what is the same on the wire; the order of keys does not count."""
    if isinstance(value, msgspec.Struct):
        return type(value), exactly(msgspec.structs.asdict(value))
    if isinstance(value, dict):
        return {key: exactly(one) for key, one in value.items()}
    if isinstance(value, list | tuple | frozenset):
        return type(value), [*map(exactly, sorted(value) if isinstance(value, frozenset) else value)]
    return type(value), repr(value)


def full_of(state: Any) -> Any:
    """Return a state without its empty collections, which a delta says nothing of."""
    return {name: found for name, found in state.items() if found not in ({},)}


@both
@given(history=st.lists(st.tuples(typed, st.booleans()), min_size=1, max_size=6))
def test_a_client_with_a_schema_has_exactly_what_was_published(codec: Codec, history: Any) -> None:
    """At wire precision, after full snapshots and deltas in any order."""
    publisher, replica = Publisher(), Replica({"things": Thing, "others": Other})
    for tick, (state, full) in enumerate(history, start=1):
        publisher.update(tick, state)
        assert replica.apply(decoded(codec, published(codec, publisher, full=full or tick == 1)))
        wanted = {name: {id: rounded(one) for id, one in found.items()} for name, found in state.items()}
        assert exactly(full_of(replica.state)) == exactly(full_of(wanted))


@both
@given(history=st.lists(st.tuples(free, st.booleans()), min_size=1, max_size=6))
def test_a_client_without_a_schema_has_exactly_what_was_published(codec: Codec, history: Any) -> None:
    """Values, plain entities, and entities of classes that take each other's place; steps as they travel."""
    publisher, replica = Publisher(), Replica(None)
    for tick, (state, full) in enumerate(history, start=1):
        publisher.update(tick, state)
        assert replica.apply(decoded(codec, published(codec, publisher, full=full or tick == 1)))
        assert exactly(full_of(replica.state)) == exactly(full_of(as_it_travels(state)))


def as_it_travels(state: Any) -> Any:
    """Return what a client without a schema gets."""
    if isinstance(state, Thing):
        return {**as_in_json(state), "way": round(state.way / 0.5)}
    if isinstance(state, dict):
        return {key: as_it_travels(one) for key, one in state.items()}
    return as_in_json(state)


def as_in_json(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


@both
@given(history=st.lists(st.tuples(typed, st.booleans()), min_size=2, max_size=8))
def test_a_refused_state_is_as_if_it_had_not_been(codec: Codec, history: Any) -> None:
    """Between good states there are some that are refused; the client has the newest good one."""
    publisher, replica, newest = Publisher(), Replica({"things": Thing, "others": Other}), None
    for tick, (state, good) in enumerate(history, start=1):
        word: Any = "no"
        bad = {**state, "others": {**state.get("others", {}), 9: Other(word)}}
        try:
            publisher.update(tick, state if good else bad)
        except NetlibError:
            assert not good
            continue
        first, newest = newest is None, state
        assert replica.apply(decoded(codec, published(codec, publisher, full=first)))
        wanted = {name: {id: rounded(one) for id, one in found.items()} for name, found in state.items()}
        assert exactly(full_of(replica.state)) == exactly(full_of(wanted))
