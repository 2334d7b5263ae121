"""Tests of a network game: its rules by themselves, and the whole of it over a network in memory.

Run them with ``python -m solutions.step13_testing.test_game``.
"""

from __future__ import annotations

import sys

import pytest

import netlib
from netlib import testing
from solutions.step13_testing.game import GEMS, HEIGHT, SCHEMA, SPEED, WIDTH, Player, Walk, World, make_server


def world_with(*players: Player) -> World:
    """A world with these players; the first has the id 1."""
    world = World()
    world.players = dict(enumerate(players, 1))
    return world


async def join(network: testing.Network, name: str) -> netlib.Client:
    """A player who sees itself."""
    client = await network.join(name, schema=SCHEMA)
    await testing.until(lambda: client.player_id in client.state["players"], f"{name} is in the game")
    return client


def test_a_gem_out_of_reach_stays() -> None:
    """A player who grabs at nothing gets nothing. This test is an example: set up, act, look."""
    world = world_with(Player("Ada", x=10, y=10))
    world.apply(1, Walk(collect=True))
    assert world.players[1].score == 0
    assert world.gems.keys() == GEMS.keys()


def test_a_walk_is_at_most_one_step() -> None:
    """However far somebody wants to walk, in one tick it is one step, in every direction."""
    for dx, dy in [(100_000, 0), (0, -100_000), (-9, 9)]:
        world = world_with(Player("Ada", x=300, y=200))
        world.apply(1, Walk(dx=dx, dy=dy))
        ada = world.players[1]
        assert abs(ada.x - 300) <= SPEED and abs(ada.y - 200) <= SPEED


def test_nobody_leaves_the_field() -> None:
    """A player who walks on in a corner stays in it."""
    world = world_with(Player("Ada", x=0, y=0), Player("Ben", x=WIDTH, y=HEIGHT))
    world.apply(1, Walk(dx=-SPEED, dy=-SPEED))
    world.apply(2, Walk(dx=SPEED, dy=SPEED))
    assert (world.players[1].x, world.players[1].y) == (0, 0)
    assert (world.players[2].x, world.players[2].y) == (WIDTH, HEIGHT)


def test_two_grab_one_gem() -> None:
    """When two grab the same gem, the first gets it, and there is one point, not two."""
    x, y = GEMS[1]
    world = world_with(Player("Ada", x=x, y=y), Player("Ben", x=x, y=y))
    world.apply(1, Walk(collect=True))
    world.apply(2, Walk(collect=True))
    assert [player.score for player in world.players.values()] == [1, 0]
    assert 1 not in world.gems


@testing.in_virtual_time
async def test_every_input_counts() -> None:
    """Inputs that arrive in the same tick are all applied, and others see where they lead."""
    async with testing.Network() as network:
        await network.serve(make_server)
        ada, ben = await join(network, "Ada"), await join(network, "Ben")
        start = ada.state["players"][ada.player_id].x
        for _ in range(5):
            ada.send_input(Walk(dx=SPEED))
        await testing.until(lambda: ada.last_input_seq == 5, "the server has applied all inputs")
        await testing.until(
            lambda: ben.state["players"][ada.player_id].x == start + 5 * SPEED, "Ben sees all five steps"
        )


@testing.in_virtual_time
async def test_a_cut_keeps_the_score() -> None:
    """A player who loses the connection and comes back is the same, with the same score."""
    async with testing.Network() as network:
        await network.serve(make_server)
        ada, ben = await join(network, "Ada"), await join(network, "Ben")
        ada.send_input(Walk(collect=True))
        await testing.until(lambda: ben.state["players"][ada.player_id].score == 1, "Ada has a gem")
        network.cable(ada).cut()
        await testing.message(ada, netlib.Connected, where=lambda event: event.resumed)
        await testing.snapshot(ben, tick=ben.tick + 2)
        assert [player.score for player in ben.state["players"].values()] == [1, 0]


@testing.in_virtual_time
async def test_who_leaves_is_gone() -> None:
    """A player who leaves is no longer there for the others."""
    async with testing.Network() as network:
        await network.serve(make_server)
        ada, ben = await join(network, "Ada"), await join(network, "Ben")
        await ada.close()
        await testing.until(lambda: list(ben.state["players"]) == [ben.player_id], "Ben is alone")


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, "-q", "-rfEs", "-p", "no:cacheprovider", "--import-mode=importlib"]))
