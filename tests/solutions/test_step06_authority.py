"""The rules of the small game: one step at most, one owner of a gem."""

from math import hypot

import pytest
from msgspec.structs import replace

from solutions.step06_authority.messages import Move
from solutions.step06_authority.world import GEMS, World
from workshop.game.rules.entities import WORTH
from workshop.game.rules.units import STEP_UNITS


def a_world(*names: str) -> World:
    """A world with players 1, 2, …."""
    world = World(seed=1, round_ticks=100)
    for number, name in enumerate(names, 1):
        world.add_player(number, name)
    return world


@pytest.mark.parametrize("move", [(100_000.0, 0.0), (1.0, 1.0), (-3.0, 4.0), (0.5, 0.0), (0.0, 0.0)])
def test_no_input_is_more_than_one_step(move: tuple[float, float]) -> None:
    """However long a direction is, the player makes one step of it, and less when it is shorter."""
    world = a_world("Ada")
    before = world.players[1]
    world.apply(1, Move(move=move))
    after = world.players[1]
    moved = hypot(after.x - before.x, after.y - before.y)
    assert moved == pytest.approx(min(1.0, hypot(*move)) * STEP_UNITS, abs=2)


def test_nobody_runs_into_a_wall() -> None:
    """Whoever runs to one side for ever stands in a free place in the end."""
    world = a_world("Ada")
    for _ in range(2000):
        world.apply(1, Move(move=(1.0, 0.3)))
    assert world.map.is_free(world.players[1].x, world.players[1].y)


def test_one_gem_has_one_owner() -> None:
    """Of two who press beside the same gem the first one gets it, and another gem appears elsewhere."""
    world = a_world("Ada", "Ben")
    id, gem = next(iter(world.gems.items()))
    for number in world.players:
        world.players[number] = replace(world.players[number], x=gem.x, y=gem.y)
    for number in world.players:
        world.apply(number, Move(collect=True))
    assert [player.score for player in world.players.values()] == [WORTH["gem"], 0]
    assert id not in world.gems
    assert len(world.gems) == GEMS


def test_a_round_begins_with_no_points() -> None:
    """When a round's ticks are over the next one begins, and all scores are 0."""
    world = a_world("Ada")
    world.advance(1)
    world.players[1] = replace(world.players[1], score=5)
    world.advance(100)
    assert (world.round.number, world.players[1].score) == (1, 5)
    world.advance(101)
    assert (world.round.number, world.players[1].score) == (2, 0)
