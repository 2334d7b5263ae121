"""Which outline and which dots a player's body has, so that players can be told apart without colours.

Each of eight colours in a row has an outline of its own; every further eight have one dot more.
"""

from math import cos, pi, sin
from typing import Final, TypeAlias

Spot: TypeAlias = tuple[float, float]
Outline: TypeAlias = tuple[Spot, ...]  # corners, around a body of about radius 1; none for a circle

MOST_DOTS: Final = 3
BACK, DOTS_APART, DOT = 0.58, 0.38, 0.15  # behind the middle; between two; their radius


def _regular(corners: int, reach: float, turn: float) -> Outline:
    return tuple(
        (reach * cos(turn + 2 * pi * corner / corners), reach * sin(turn + 2 * pi * corner / corners))
        for corner in range(corners)
    )


def _star(points: int, reach: float, notch: float) -> Outline:
    tips, notches = _regular(points, reach, pi / 2), _regular(points, notch, pi / 2 + pi / points)
    return tuple(spot for pair in zip(tips, notches, strict=True) for spot in pair)


def _box(x: float, y: float) -> Outline:
    return ((-x, -y), (x, -y), (x, y), (-x, y))


_ARM, _END = 0.42, 1.05  # half the width of a cross's arms, and their length
_QUARTER: Final = ((_ARM, -_END), (_ARM, -_ARM), (_END, -_ARM))
_CROSS: Final[Outline] = (
    *_QUARTER,
    *((-y, x) for x, y in _QUARTER),
    *((-x, -y) for x, y in _QUARTER),
    *((y, -x) for x, y in _QUARTER),
)
OUTLINES: Final[tuple[Outline, ...]] = (
    (),
    _box(0.84, 0.84),
    _regular(3, 1.36, pi / 2),
    _regular(4, 1.22, 0.0),
    _CROSS,
    _star(5, 1.3, 0.72),
    _box(0.62, 1.08),
    _regular(6, 1.1, 0.0),
)


def outline(colour: int) -> Outline:
    """The outline of a player's body, by the number of its colour."""
    return OUTLINES[colour % len(OUTLINES)]


def dots(colour: int, facing: float = pi / 2) -> list[Spot]:
    """Where the dots of that body are: at its back, when it looks in a direction in radians."""
    count = colour // len(OUTLINES) % (MOST_DOTS + 1)
    aside = [(place - (count - 1) / 2) * DOTS_APART for place in range(count)]
    ahead, side = (cos(facing), sin(facing)), (sin(facing), -cos(facing))
    return [(it * side[0] - BACK * ahead[0], it * side[1] - BACK * ahead[1]) for it in aside]
