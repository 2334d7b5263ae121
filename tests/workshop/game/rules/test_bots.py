"""Bots: they find their way, collect, and are cheap."""

import pytest

from workshop.game.rules.bots import Brain
from workshop.game.rules.messages import Move
from workshop.game.rules.movement import too_fast
from workshop.game.rules.navigation import Navigator
from workshop.game.rules.units import TICK_RATE
from workshop.game.rules.world import World

GAME_TICKS = 64 * TICK_RATE


def play(seed: int, bots: int, ticks: int = GAME_TICKS) -> World:
    """A game of bots alone."""
    world = World(seed=seed)
    ways = Navigator(world.map)
    brains = {id: Brain(ways, seed=id) for id in range(1, bots + 1)}
    for id in brains:
        world.add_player(id, f"bot {id}")
    for tick in range(1, ticks):
        state = {name: dict(entities) for name, entities in world.state.items()}
        for id in world.turn_order():
            world.apply(id, brains[id].decide(state, id, world.map))
        world.advance(tick)
    return world


@pytest.mark.parametrize(("seed", "bots", "least"), [(1, 1, 10), (2, 3, 10), (3, 8, 10), (4, 32, 1)])
def test_every_bot_scores(seed: int, bots: int, least: int) -> None:
    """In a minute each bot collects something; none is stuck behind an obstacle, nor starved by a crowd."""
    assert all(player.score >= least for player in play(seed, bots).players.values())


def test_bots_play_by_the_rules() -> None:
    """A bot is never faster than a player, and rarely presses in vain."""
    world = play(5, 4)
    collected = sum(player.score for player in world.players.values())
    assert world.refused["too_fast"] == 0
    assert world.refused["out_of_reach"] + world.refused["no_round"] < collected / 4


def test_the_same_seed_plays_the_same_game() -> None:
    """A game of bots can be repeated."""
    assert play(6, 3, ticks=300).state == play(6, 3, ticks=300).state


def test_a_bot_without_a_body_waits() -> None:
    """Before its first snapshot, and after it was removed, a bot does nothing."""
    world = World(seed=1)
    assert Brain(Navigator(world.map), seed=1).decide({}, 1, world.map) == Move()


def test_bots_stroll_before_the_round() -> None:
    """During the countdown bots walk about but do not press."""
    world = World(seed=1)
    world.add_player(1, "bot")
    world.advance(1)
    brain = Brain(Navigator(world.map), seed=1)
    moves = [brain.decide(world.state, 1, world.map) for _ in range(60)]
    assert any(move.move != (0.0, 0.0) for move in moves)
    assert not any(move.collect or too_fast(move.move) for move in moves)
