"""How a player moves: written once, for the server, for prediction and for replay."""

from collections.abc import Sequence
from math import isqrt

from msgspec.structs import replace

from workshop.game.rules.entities import Player
from workshop.game.rules.maps import Map, Wall
from workshop.game.rules.messages import Move
from workshop.game.rules.units import BODY, STEP_UNITS

TOLERANCE = 1.02  # square of a move's length that rounding can still explain


def step(player: Player, input: Move, map: Map) -> Player:
    """The player one input later. Depends on nothing but its arguments.

    Slides along obstacles and never enters one: each axis is swept by itself.
    """
    dx, dy = clamped(input.move)
    walls = map.walls_near(player.x, player.y)
    x = _slide(player.x, dx, player.y, walls, axis=0)
    x = min(max(x, BODY), map.width - BODY)
    y = _slide(player.y, dy, x, walls, axis=1)
    y = min(max(y, BODY), map.height - BODY)
    return player if (x, y) == (player.x, player.y) else replace(player, x=x, y=y)


def clamped(move: tuple[float, float]) -> tuple[int, int]:
    """A direction as whole world units, never longer than one step."""
    dx, dy = round(move[0] * STEP_UNITS), round(move[1] * STEP_UNITS)
    square = dx * dx + dy * dy
    if square <= STEP_UNITS * STEP_UNITS:
        return dx, dy
    length = isqrt(square - 1) + 1  # rounded up, so that the result is never too long
    return _scaled(dx, length), _scaled(dy, length)


def too_fast(move: tuple[float, float]) -> bool:
    """Whether a move asks for more than full speed."""
    return move[0] * move[0] + move[1] * move[1] > TOLERANCE


def _scaled(part: int, length: int) -> int:
    """A part of a length, as the same part of a step; rounded towards 0, so that left equals right."""
    size = abs(part) * STEP_UNITS // length
    return size if part > 0 else -size


def _slide(start: int, delta: int, cross: int, walls: Sequence[Wall], *, axis: int) -> int:
    """Where a move along one axis ends; ``cross`` is the place on the other axis."""
    end = start + delta
    for wall in walls:
        (low, high), (cross_low, cross_high) = wall[axis], wall[1 - axis]
        if not cross_low < cross < cross_high:
            continue
        if start <= low < end:
            end = low
        elif end < high <= start:
            end = high
    return end
