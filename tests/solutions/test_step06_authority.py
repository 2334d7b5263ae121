"""What step 06 does beside its lesson: the rounds."""

from msgspec.structs import replace

from solutions.step06_authority.world import World


def test_a_round_begins_with_no_points() -> None:
    """When a round's ticks are over the next one begins, and all scores are 0."""
    world = World(seed=1, tick_rate=10, round_seconds=10)
    world.add_player(1, "Ada")
    world.advance(1)
    world.players[1] = replace(world.players[1], score=5)
    world.advance(100)
    assert (world.round.number, world.players[1].score) == (1, 5)
    world.advance(101)
    assert (world.round.number, world.players[1].score) == (2, 0)
