"""Maps: the same from the same seed, and every place can be reached."""

import pytest

from workshop.game.rules.maps import SPOTS, Map, make_map
from workshop.game.rules.navigation import CELL, Navigator
from workshop.game.rules.units import to_units

SEEDS = range(1, 9)


def places(map: Map) -> list[object]:
    return [map.obstacles, map.spawns, map.spots, map.width, map.height]


def test_a_seed_makes_one_map() -> None:
    """Every client makes the same map from the seed; another seed makes another."""
    assert places(make_map(3)) == places(make_map(3))
    assert make_map(3).obstacles != make_map(4).obstacles


@pytest.mark.parametrize("seed", SEEDS)
def test_every_place_is_clear_and_can_be_reached(seed: int) -> None:
    """From the first place to start there is a way to every other place and to every resource."""
    map = make_map(seed)
    ways = Navigator(map).field((map.spawns[0][0] // CELL, map.spawns[0][1] // CELL))
    for x, y in (*map.spawns, *map.spots):
        assert map.is_free(x, y)
        assert (x // CELL, y // CELL) in ways


@pytest.mark.parametrize("seed", SEEDS)
def test_a_map_has_all_that_a_game_needs(seed: int) -> None:
    """It is larger than the window, with all kinds of obstacles and room for everybody."""
    map = make_map(seed)
    assert map.width > to_units(1280) and map.height > to_units(720)
    assert {obstacle.kind for obstacle in map.obstacles} == {"tree", "rock", "pond", "wall"}
    assert len(set(map.spawns)) >= 32 and len(set(map.spots)) == SPOTS


def test_walls_near_a_place_are_all_walls_that_matter() -> None:
    """Looking up walls by squares forgets none that a step could touch."""
    map = make_map(5)
    for x, y in map.spots:
        near = map.walls_near(x, y)
        for obstacle in map.obstacles:
            (left, right), (top, bottom) = obstacle.wall(to_units(30))
            if left <= x <= right and top <= y <= bottom:
                assert obstacle.wall() in near
