"""Angles: numbers that begin again after a whole turn, and are blended the short way round.

::

    class Ship(netlib.Entity, frozen=True):
        heading: Annotated[float, Angle()]

Between 350 and 10 degrees lies 0, not 180. The mark changes nothing on the wire, and goes together with
`Quantised`: ``Annotated[float, Quantised(0.5), Angle()]``.
"""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from netlib.errors import WrongArgument
from netlib.state.marks import marked


class Angle(msgspec.Struct, frozen=True):
    """Mark of a field, inside ``Annotated``: interpolation and prediction blend it the short way round.

    What is drawn may lie a little outside of the range that the game uses, such as 361 degrees.

    Args:
        turn: a whole turn, in the unit of the field: 360 for degrees, ``math.tau`` for radians.

    Raises:
        ValueError: that is not a finite number above 0.
    """

    turn: float = 360.0

    def __post_init__(self) -> None:
        if not 0 < self.turn < math.inf:
            raise WrongArgument(f"a whole turn is 360 degrees or math.tau radians, not {self.turn}")


@cache
def turns_of(kind: type[msgspec.Struct]) -> Mapping[str, float]:
    """The whole turn of each field of a class that is an angle, by the field's name.

    Raises:
        WrongArgument: a field is marked that is no plain number.
    """
    return {name: _turn(kind, name, number, found) for name, number, found in marked(kind, Angle)}


def way(before: float, after: float, turn: float | None) -> float:
    """How far it is from one value to another; of an angle, whose ``turn`` is given, the short way round."""
    return after - before if turn is None else math.remainder(after - before, turn)


def _turn(kind: type[msgspec.Struct], name: str, number: Any, found: list[Angle]) -> float:
    match found:
        case [angle] if number in (float, int):
            return angle.turn
    raise WrongArgument(
        f"{kind.__name__}.{name} cannot be an angle: write Annotated[float, Angle()], or "
        "Annotated[float, Angle(math.tau)] for radians"
    )
