"""Which outline and which dots a player's body has, so that players can be told apart without colours.

Each of eight colours in a row has an outline of its own; every further eight have one dot more.
"""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import Final, TypeAlias

Spot: TypeAlias = tuple[float, float]
Outline: TypeAlias = tuple[Spot, ...]  # corners, around a body of about radius 1; none for a circle

MOST_DOTS: Final = 3
BACK, DOTS_APART, DOT = 0.58, 0.38, 0.15  # behind the middle; between two; their radius


def _around(reaches: Sequence[float], turn: float = pi / 2) -> Outline:
    """Corners at equal angles, so far from the middle; the first is ``turn`` radians from the right."""
    angles = [turn + 2 * pi * corner / len(reaches) for corner in range(len(reaches))]
    return tuple(
        (reach * cos(angle), reach * sin(angle)) for reach, angle in zip(reaches, angles, strict=True)
    )


def _turned(*quarter: Spot) -> Outline:
    """These corners, and the same on the other three sides."""
    turns = ((1, 0), (0, 1), (-1, 0), (0, -1))
    return tuple((x * c - y * s, x * s + y * c) for c, s in turns for x, y in quarter)


_ARM, _END = 0.42, 1.05  # half the width of a cross's arms, and their length
OUTLINES: Final[tuple[Outline, ...]] = (
    (),
    _turned((0.84, 0.84)),
    _around([1.36] * 3),
    _around([1.22] * 4),
    _turned((-_ARM, -_END), (_ARM, -_END), (_ARM, -_ARM)),
    _around([1.3, 0.72] * 5),
    ((-0.62, -1.08), (0.62, -1.08), (0.62, 1.08), (-0.62, 1.08)),
    _around([1.1] * 6, turn=0.0),
)


def outline(colour: int) -> Outline:
    """The outline of a player's body, by the number of its colour."""
    return OUTLINES[colour % len(OUTLINES)]


def dots(colour: int, facing: float = pi / 2) -> list[Spot]:
    """Where the dots of that body are: at its back, when it looks in a direction in radians."""
    count = colour // len(OUTLINES) % (MOST_DOTS + 1)
    aside = [(place - (count - 1) / 2) * DOTS_APART for place in range(count)]
    x, y = cos(facing), sin(facing)
    return [(it * y - BACK * x, -it * x - BACK * y) for it in aside]
