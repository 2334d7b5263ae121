"""Angles: the short way round, in degrees and radians."""

import math
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.errors import WrongArgument
from netlib.state.angle import Angle, turns_of, way
from netlib.state.intake import Intake
from netlib.state.quantise import Quantised, rounded, steps_of
from netlib.state.state import Entity, Replica


class Ship(Entity, frozen=True):
    x: float = 0.0
    heading: Annotated[float, Angle()] = 0.0
    turret: Annotated[float, Quantised(0.5), Angle(math.tau)] = 0.0
    course: Annotated[int, Angle()] = 0


def test_a_mark_says_how_much_a_turn_is() -> None:
    """Degrees, unless it says another unit; it goes together with `Quantised`."""
    assert turns_of(Ship) == {"heading": 360.0, "turret": math.tau, "course": 360.0}
    assert steps_of(Ship) == {"turret": 0.5}
    assert rounded(Ship(turret=0.6)) == Ship(turret=0.5)


@pytest.mark.parametrize(
    ("before", "after", "by"), [(350, 0, 10), (0, 350, -10), (10, 350, -20), (90, 180, 90), (-170, 170, -20)]
)
def test_the_short_way(before: float, after: float, by: float) -> None:
    """Over the end of the range, whichever range it is; a number that is no angle goes straight."""
    assert way(before, after, 360.0) == by
    assert way(math.radians(before), math.radians(after), math.tau) == pytest.approx(math.radians(by))
    assert way(before, after, None) == after - before


@given(before=st.floats(-1e4, 1e4), after=st.floats(-1e4, 1e4), turn=st.sampled_from([360.0, math.tau, 1.0]))
def test_it_leads_there_and_is_never_more_than_half_a_turn(before: float, after: float, turn: float) -> None:
    """For any two angles."""
    by = way(before, after, turn)
    assert abs(by) <= turn / 2
    assert math.remainder(before + by - after, turn) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("turn", [0, -1, math.nan, math.inf])
def test_a_turn_is_finite_and_above_0(turn: float) -> None:
    """What cannot be a turn is refused where it is written."""
    with pytest.raises(WrongArgument, match=r"360 degrees or math\.tau"):
        Angle(turn)


@pytest.mark.parametrize(
    "hint",
    [
        Annotated[str, Angle()],
        Annotated[float, Angle],
        Annotated[float, Angle(), Angle()],
        Annotated[float | None, Angle()],
        tuple[Annotated[float, Angle()], ...],
    ],
    ids=str,
)
def test_only_a_plain_number_can_be_an_angle(hint: Any) -> None:
    """Another would not be blended, and nobody would know why."""
    kind: Any = msgspec.defstruct("Odd", [("x", hint)], bases=(Entity,), frozen=True)
    for use in (lambda: Replica({"odd": kind}), lambda: Intake().take({"odd": {1: kind(1)}})):
        with pytest.raises(WrongArgument, match=r"Odd\.x cannot be an angle"):
            use()
