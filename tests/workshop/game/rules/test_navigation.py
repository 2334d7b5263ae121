"""Ways around obstacles: a walker arrives, wherever it starts."""

from math import dist, hypot

import pytest

from workshop.game.rules.entities import Player
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import Move
from workshop.game.rules.movement import step
from workshop.game.rules.navigation import CELL, Navigator, towards
from workshop.game.rules.units import STEP_UNITS

MAP = make_map(5)
WAYS = Navigator(MAP)


@pytest.mark.parametrize("number", (7, 10, 16, 46, 70, 73, 85))
def test_a_walker_arrives(number: int) -> None:
    """It walks from one place to another between which something stands, without a long detour."""
    player, goal = Player("Ada", 0, *MAP.spots[number]), MAP.spots[number + 1]
    straight = dist((player.x, player.y), goal)
    for _ in range(round(2 * straight / STEP_UNITS) + 40):
        player = step(player, Move(move=WAYS.direction(player.x, player.y, *goal)), map=MAP)
    assert dist((player.x, player.y), goal) < CELL


def test_a_direction_has_length_1() -> None:
    """Also a diagonal one; at the goal there is none."""
    assert hypot(*towards(0, 0, 30_000, 40_000)) == pytest.approx(1.0)
    assert towards(5, 5, 6, 6) == (0.0, 0.0)
