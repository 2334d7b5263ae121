"""Quantised fields: whole steps on the wire, the same value on both sides, clear words for mistakes."""

import math
import sys
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from netlib.errors import BadMessage
from netlib.protocol.codecs import CODECS, Codec
from netlib.protocol.frames import Snapshot
from netlib.state.intake import Intake
from netlib.state.quantise import MAX_STEPS, Quantised, in_steps, rounded, steps_of
from netlib.state.state import Entity, Replica, State, delta_body
from netlib.state.sync import Publisher
from tests.support import snapshots
from tests.support.snapshots import both, decoded

NAN, INFINITY = float("nan"), float("inf")


class Ball(Entity, frozen=True):
    x: Annotated[float, Quantised(1 / 16)]
    y: Annotated[float, Meta(ge=-1e6, le=1e6), Quantised(0.1)] = 0.0
    height: Annotated[int, Quantised(16)] = 0
    name: str = ""


class Rock(Entity, frozen=True):
    x: int
    weight: float = 1.0


SCHEMA: dict[str, type[Entity]] = {"balls": Ball, "rocks": Rock}
balls = st.builds(
    Ball,
    x=st.floats(-1e9, 1e9),
    y=st.floats(-1e5, 1e5),
    height=st.integers(-(2**40), 2**40),
    name=st.sampled_from(["", "a", "b"]),
)


def published(codec: Codec, *states: State, full: bool) -> bytes:
    """Return the newest snapshot of some states, as it travels."""
    publisher = Publisher()
    for tick, state in enumerate(states, start=1):
        publisher.update(tick, state)
    return snapshots.published(codec, publisher, full=full)


def a_replica() -> Replica:
    """Return a replica that has one ball and one rock, at tick 1."""
    replica = Replica(SCHEMA)
    whole: Any = {"balls": {"1": {"x": 16}}, "rocks": {"1": {"x": 5}}}
    assert replica.apply(Snapshot(1, full=True, state=whole))
    return replica


def test_a_quantised_field_travels_as_an_integer() -> None:
    """On the wire there are steps, in the replica there are values."""
    json, msgpack = CODECS
    world = {"balls": {1: Ball(10.52, 0.26, 35, "b")}}
    assert b'{"x":168,"y":3,"height":2,"name":"b"}' in published(json, world, full=True)
    assert decoded(msgpack, published(msgpack, world, full=True)).packed == {
        "balls": [([1], {"x": [168], "y": [3], "height": [2], "name": ["b"]})]
    }
    for codec in CODECS:
        replica = Replica({"balls": Ball})
        replica.apply(decoded(codec, published(codec, world, full=True)))
        assert replica.state == {"balls": {1: Ball(10.5, 3 * 0.1, 32, "b")}}


@both
@given(before=balls, after=balls)
def test_a_client_has_the_rounded_entity_to_the_bit(codec: Codec, before: Ball, after: Ball) -> None:
    """What a prediction compares, `rounded` of the truth, is exactly what arrives, whole or as a delta."""
    replica = Replica({"balls": Ball})
    worlds: list[State] = [{"balls": {1: before}}, {"balls": {1: after}}]
    for upto, full in ((1, True), (2, False)):
        assert replica.apply(decoded(codec, published(codec, *worlds[:upto], full=full)))
        assert replica.state["balls"][1] == rounded(worlds[upto - 1]["balls"][1])


@both
def test_a_change_below_precision_sends_nothing(codec: Codec) -> None:
    """Deltas compare what travels: a ball that trembles costs no bytes."""
    tick_2 = Intake().take({"balls": {1: Ball(10.5), 2: Ball(1.0)}})
    tick_3 = Intake().take({"balls": {1: Ball(10.52), 2: Ball(1.0)}})
    assert delta_body(tick_2, tick_3, 2, packed=codec.packed) == {"base": 2}


@given(ball=balls)
def test_rounding_moves_by_at_most_half_a_step_and_only_once(ball: Ball) -> None:
    """Rounding is as close as the step allows, and what is rounded stays as it is."""
    near = rounded(ball)
    assert abs(near.x - ball.x) <= 1 / 32
    assert abs(near.y - ball.y) <= 0.05 * (1 + 1e-9)
    assert abs(near.height - ball.height) <= 8
    assert rounded(near) == near
    assert (type(near.x), type(near.height), near.name) == (float, int, ball.name)


@given(count=st.integers(-MAX_STEPS, MAX_STEPS), step=st.floats(1e-300, 1e280, exclude_min=True))
def test_each_number_of_steps_comes_back(count: int, step: float) -> None:
    """Within the limit a float has room for every step, whatever its size: rounding is stable."""
    value = count * step
    assert round(value / step) == count


def test_what_is_not_quantised_is_left_alone() -> None:
    """Entities without quantised fields are passed on as they are, without a copy."""
    rock = Rock(5)
    assert not steps_of(Rock)
    assert in_steps(rock) is rock
    assert rounded(rock) is rock
    frozen = Intake().take({"rocks": {1: rock}, "balls": {1: Ball(1.0)}})
    assert frozen["rocks"][1] is rock
    assert frozen["balls"][1] == Ball(16)


def test_rules_of_a_class_are_about_values() -> None:
    """A check of the game's own, after construction, sees values and never steps."""

    class Careful(Entity, frozen=True):
        x: Annotated[float, Quantised(1 / 16)]

        def __post_init__(self) -> None:
            if self.x > 100:
                raise ValueError("too far")

    data = published(CODECS[0], {"things": {1: Careful(99.0)}}, full=True)
    replica = Replica({"things": Careful})
    assert replica.apply(decoded(CODECS[0], data))
    assert replica.state == {"things": {1: Careful(99.0)}}
    with pytest.raises(BadMessage, match="too far"):
        replica.apply(Snapshot(2, base=1, set={"things": {"1": {"x": 1601}}}))


@pytest.mark.parametrize("step", [0, 0.0, -1, NAN, INFINITY, -INFINITY, 1e300])
def test_a_step_is_finite_and_above_0(step: float) -> None:
    """A step that cannot count anything is refused where it is written."""
    with pytest.raises(ValueError, match="step above 0"):
        Quantised(step)


@pytest.mark.parametrize(
    "hint",
    [
        Annotated[str, Quantised(1)],
        Annotated[bool, Quantised(1)],
        Annotated[int, Quantised(0.5)],
        Annotated[float, Quantised],
        Annotated[float, Quantised(1), Quantised(2)],
        Annotated[float | None, Quantised(1)],
        Annotated[float, Quantised(1)] | None,
        tuple[float, Annotated[float, Quantised(1)]],
        Quantised,
    ],
    ids=str,
)
def test_only_a_plain_number_can_be_quantised(hint: Any) -> None:
    """A mark in the wrong place is an error for the code that uses the class, and names the field."""
    kind: Any = msgspec.defstruct("Odd", [("x", hint)], bases=(Entity,), frozen=True)
    with pytest.raises(TypeError, match=r"Odd\.x cannot be quantised"):
        Replica({"odd": kind})
    with pytest.raises(TypeError, match=r"Odd\.x cannot be quantised"):
        Publisher().update(1, {"odd": {1: kind(1)}})


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the type statement is new in Python 3.12")
def test_a_name_for_a_quantised_type_counts() -> None:
    """`type Metres = Annotated[float, Quantised(0.5)]` is as good as the type itself."""
    names: dict[str, Any] = {"Annotated": Annotated, "Quantised": Quantised}
    exec("type Metres = Annotated[float, Quantised(0.5)]", names)
    kind: Any = msgspec.defstruct("Kind", [("x", names["Metres"])], bases=(Entity,), frozen=True)
    assert steps_of(kind) == {"x": 0.5}


@pytest.mark.parametrize("value", [NAN, INFINITY, -INFINITY, 2**47, 1e300, 10**400, "far", None])
def test_what_has_no_number_of_steps_cannot_travel(value: Any) -> None:
    """The game hears which field it is, and everybody keeps the state that was published before."""
    publisher = Publisher()
    publisher.update(1, {"balls": {1: Ball(1.0)}})
    with pytest.raises(BadMessage, match=r"Ball\.x is .*number of at most 2\*\*50 steps of 0\.0625"):
        publisher.update(2, {"balls": {1: Ball(value)}})
    with pytest.raises(BadMessage, match=r"Ball\.x"):
        rounded(Ball(value))
    assert publisher.tick == 1
    assert b'"x":16' in publisher.body(CODECS[0], full=True)


@pytest.mark.parametrize("value", [1.5, 3.0, "3", True, None, NAN, [3], MAX_STEPS + 1, -(2**63)])
def test_steps_from_the_wire_are_integers(value: Any) -> None:
    """Whatever else a server sends there is refused, and the state is as it was."""
    replica = a_replica()
    before = replica.state
    for bad in (
        Snapshot(2, base=1, set={"balls": {"1": {"x": value}}}),
        Snapshot(2, base=1, packed={"balls": [([1], {"x": [value]})]}),
        Snapshot(2, full=True, state={"balls": {"1": {"x": value}}}),
    ):
        with pytest.raises(BadMessage, match="snapshot 2 does not fit"):
            replica.apply(bad)
    assert (replica.state, replica.tick) == (before, 1)


def test_bounds_of_a_quantised_field_are_about_values() -> None:
    """A limit that the game declares holds for the value, not for the number of steps."""
    replica = a_replica()
    assert replica.apply(Snapshot(2, base=1, set={"balls": {"1": {"y": 9_999_999}}}))
    assert math.isclose(replica.state["balls"][1].y, 999_999.9)
    with pytest.raises(BadMessage, match="<= 1000000"):
        replica.apply(Snapshot(3, base=2, set={"balls": {"1": {"y": 10_000_001}}}))


def test_the_same_snapshot_can_be_applied_twice() -> None:
    """Applying does not change the message: a test or a recording may use it again."""
    snapshot = Snapshot(2, full=True, state={"balls": {"1": {"x": 16}}})
    for replica in (a_replica(), a_replica()):
        assert replica.apply(snapshot)
        assert replica.state["balls"] == {1: Ball(1.0)}
