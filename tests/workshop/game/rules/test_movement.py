"""Movement: never too fast, never into an obstacle, the same everywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.game.rules.entities import Player
from workshop.game.rules.maps import Map, Obstacle, make_map
from workshop.game.rules.messages import Move
from workshop.game.rules.movement import clamped, step, too_fast
from workshop.game.rules.units import BODY, STEP_UNITS, to_units

AXIS = st.floats(-1e9, 1e9, allow_nan=False)
SLOW_AXIS = st.floats(-1, 1)
MAP = make_map(7)
FIELD = Map(to_units(1000), to_units(1000))


def player(x: int, y: int) -> Player:
    return Player("Ada", 0, x, y)


@given(AXIS, AXIS)
def test_a_move_is_never_longer_than_one_step(x: float, y: float) -> None:
    """Whatever a client asks for, it moves by at most one step, in whole units."""
    dx, dy = clamped((x, y))
    assert dx * dx + dy * dy <= STEP_UNITS * STEP_UNITS


@given(AXIS, AXIS)
def test_left_equals_right(x: float, y: float) -> None:
    """Rounding favours no direction."""
    dx, dy = clamped((x, y))
    assert clamped((-x, -y)) == (-dx, -dy)


def test_a_huge_move_is_one_step() -> None:
    """A client that asks for 100000 gets exactly one step, and counts as too fast; half the stick is half."""
    assert clamped((100_000, 0)) == (STEP_UNITS, 0)
    assert too_fast((100_000, 0))
    assert not too_fast((0.7072, 0.7072))
    assert clamped((0.5, 0.0)) == (STEP_UNITS // 2, 0)


def test_a_step_leaves_its_arguments_alone() -> None:
    """A step gives a new player, and the very same one when nothing moved."""
    ada = player(to_units(500), to_units(500))
    assert step(ada, Move(move=(1, 0)), FIELD) == player(ada.x + STEP_UNITS, ada.y)
    assert ada == player(to_units(500), to_units(500))
    assert step(ada, Move(), FIELD) is ada


@pytest.mark.parametrize("width", [to_units(80), 1])
def test_an_obstacle_stops_a_player_at_its_side(width: int) -> None:
    """Running against a wall ends exactly one body before it; no step jumps over one of a single unit."""
    wall = Obstacle("wall", to_units(520), to_units(400), to_units(520) + width, to_units(600))
    ada = player(to_units(500), to_units(500))
    for _ in range(20):
        ada = step(ada, Move(move=(1, 0)), Map(FIELD.width, FIELD.height, [wall]))
    assert (ada.x, ada.y) == (wall.left - BODY, to_units(500))


def test_a_player_slides_along_an_obstacle() -> None:
    """Running diagonally against a wall moves along it."""
    wall = Obstacle("wall", to_units(520), to_units(400), to_units(600), to_units(600))
    ada = player(wall.left - BODY, to_units(500))
    after = step(ada, Move(move=(0.6, 0.8)), Map(FIELD.width, FIELD.height, [wall]))
    assert (after.x, after.y) == (ada.x, ada.y + clamped((0.6, 0.8))[1])


def test_nobody_leaves_the_map() -> None:
    """The map's border stops a player one body before it."""
    ada = player(BODY + 3, BODY + 3)
    after = step(ada, Move(move=(-1, -1)), FIELD)
    assert (after.x, after.y) == (BODY, BODY)


@given(st.sampled_from(MAP.spots), st.lists(st.tuples(SLOW_AXIS, SLOW_AXIS, st.integers(1, 30)), max_size=12))
def test_no_walk_ends_inside_an_obstacle(
    start: tuple[int, int], legs: list[tuple[float, float, int]]
) -> None:
    """Any series of moves stays on free ground, step by step, and moves at most one step at a time."""
    ada = player(*start)
    for x, y, ticks in legs:
        for _ in range(ticks):
            before, ada = ada, step(ada, Move(move=(x, y)), MAP)
            assert MAP.is_free(ada.x, ada.y)
            assert (ada.x - before.x) ** 2 + (ada.y - before.y) ** 2 <= STEP_UNITS**2
