"""The same, with tables of cases, and with ticks of the server in the place of conditions."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

import netlib
from netlib import testing
from solutions.step13_testing.game import GEMS, HEIGHT, SCHEMA, SPEED, WIDTH, Player, Walk, World, make_server

FAR = 10_000


@pytest.mark.parametrize("way", [(FAR, 0), (-FAR, 0), (0, FAR), (0, -FAR), (FAR, -FAR), (3, -5)])
@pytest.mark.parametrize("start", [(300, 200), (0, 0), (WIDTH, HEIGHT), (WIDTH, 0)])
def test_walks(start: tuple[int, int], way: tuple[int, int]) -> None:
    world = World()
    world.players = {1: Player("A", *start)}
    world.apply(1, Walk(dx=way[0], dy=way[1]))
    for before, now, wish, end in zip(
        start, (world.players[1].x, world.players[1].y), way, (WIDTH, HEIGHT), strict=True
    ):
        assert 0 <= now <= end
        assert abs(now - before) <= min(SPEED, abs(wish))


def test_gems_are_given_once() -> None:
    world = World()
    world.players = {id: Player(str(id), *GEMS[2]) for id in range(1, 5)}
    for id in world.players:
        world.apply(id, Walk(collect=True))
    assert sum(player.score for player in world.players.values()) == 1 == len(GEMS) - len(world.gems)


@asynccontextmanager
async def two() -> AsyncIterator[tuple[testing.Network, netlib.Server, netlib.Client, netlib.Client]]:
    async with testing.Network() as network:
        server = await network.serve(make_server)
        clients = [await network.join(name, schema=SCHEMA) for name in "AB"]
        await testing.ticks(server, 3)
        yield network, server, *clients  # type: ignore[misc]


@testing.in_virtual_time
async def test_all_steps_arrive() -> None:
    async with two() as (_, server, a, b):
        for _ in range(6):
            a.send_input(Walk(dx=-1))
        await testing.ticks(server, 30)
        assert b.state["players"][a.player_id].x == WIDTH // 2 - 6


@testing.in_virtual_time
async def test_cut_and_leave() -> None:
    async with two() as (network, server, a, b):
        a.send_input(Walk(collect=True))
        await testing.ticks(server, 10)
        network.cable(a).cut()
        await testing.ticks(server, 300)
        assert b.state["players"][a.player_id].score == 1
        await a.close()
        await testing.ticks(server, 30)
        assert a.player_id not in b.state["players"]


if __name__ == "__main__":
    sys.exit(pytest.main([__file__, "-q", "-rfEs", "-p", "no:cacheprovider", "--import-mode=importlib"]))
