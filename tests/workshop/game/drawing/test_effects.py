"""Effects: a look follows the walk, and nothing less."""

from math import cos, pi, sin

import pytest

from workshop.game.drawing.effects import STEADY, Gait
from workshop.game.rules.entities import Player
from workshop.game.rules.units import STEP_UNITS, TICK_RATE

SECOND = 1.0


def look_after(way: tuple[float, float], fps: int, start: int = 10_000) -> Gait:
    """Return how somebody looks who has moved by so many units a second for a second."""
    gait = Gait(Player("Ada", 0, start, start))
    for frame in range(1, fps + 1):
        x, y = (round(start + part * frame / fps) for part in way)
        gait.follow(Player("Ada", 0, x, y), SECOND / fps)
    return gait


@pytest.mark.parametrize("fps", [30, 60, 144, 500])
@pytest.mark.parametrize("angle", [0.0, pi / 4, -pi / 2, 3.0])
@pytest.mark.parametrize("speed", [1.0, 0.3])
def test_one_looks_where_one_goes(fps: int, angle: float, speed: float) -> None:
    """Fast or slowly, at any frame rate: after a second the look is that of the walk, and it strides."""
    units = speed * STEP_UNITS * TICK_RATE
    gait = look_after((units * cos(angle), units * sin(angle)), fps)
    assert abs((gait.facing - angle + pi) % (2 * pi) - pi) < 0.1
    assert gait.stride > 0.5


def test_a_small_correction_turns_nobody() -> None:
    """A player moved to and fro by less than is noticed stands still, and looks as before."""
    gait = Gait(Player("Ada", 0, 0, 0))
    before = gait.facing
    for frame in range(60):
        gait.follow(Player("Ada", 0, (frame % 2) * (STEADY - 1), 0), 1 / 60)
    assert (gait.facing, gait.stride) == (before, 0.0)
