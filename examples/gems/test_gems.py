"""Gem Rush is played here, in virtual time: on one network in memory, by players and by bots."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
from msgspec.structs import replace

import netlib
from examples.gems import bots
from netlib import testing
from solutions.step14_public.client import Game
from solutions.step14_public.server import make_server
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.window import opened
from workshop.game.rules import movement
from workshop.game.rules.entities import SCHEMA, WORTH, Player, Resource
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import MESSAGES, Chat, Move
from workshop.game.rules.units import STEP_UNITS
from workshop.game.rules.world import RESPAWN_SECONDS, World

SEED = 5
SLOW = netlib.LinkConditions(latency=0.2)
RIGHT = Move(move=(1.0, 0.0))


class TestRules:
    """What server and players compute alike."""

    def test_nobody_runs_through_a_wall(self) -> None:
        """Whoever runs on in one direction comes to stand, on the map."""
        map = make_map(SEED)
        player = Player("Ada", 0, *map.spawns[0])
        for _ in range(1000):
            player = movement.step(player, RIGHT, map)
        assert movement.step(player, RIGHT, map) == player
        assert map.spawns[0][0] < player.x < map.width

    def test_the_first_who_presses_gets_it(self) -> None:
        """Two stand on a gem and press in the same tick: one has it, and it comes back elsewhere, later."""
        world = World(seed=SEED)
        for id in (1, 2):
            world.add_player(id, f"Player {id}")
        world.round = replace(world.round, phase="playing", ends_at=10**6)
        x, y = world.map.spots[0]
        world.resources = {1: Resource("gem", x, y)}
        world.players = {id: replace(player, x=x, y=y) for id, player in world.players.items()}
        assert [world.apply(id, Move(collect=True)) for id in (1, 2)] == [None, "out_of_reach"]
        assert [world.players[id].score for id in (1, 2)] == [WORTH["gem"], 0]
        world.advance(round(RESPAWN_SECONDS["gem"] * 30))
        assert [it.kind for it in world.resources.values()] == ["gem"]


@testing.in_virtual_time
async def test_a_line_of_chat_reaches_everybody() -> None:
    """Both players read it, with its sender's number."""
    async with testing.Network() as network:
        await network.serve(make_server, seed=SEED)
        ada, ben = [await network.join(name, messages=MESSAGES, schema=SCHEMA) for name in ("Ada", "Ben")]
        ada.send(Chat("hi"))
        for client in (ada, ben):
            assert await testing.message(client, Chat) == Chat("hi", ada.player_id)


@testing.in_virtual_time
async def test_bots_gather() -> None:
    """Two bots join by themselves and get points, which a player sees; they end with the server."""
    async with testing.Network() as network:
        server = await network.serve(make_server, seed=SEED)
        address = f"127.0.0.1:{server.port}"
        playing = [asyncio.create_task(bots.play(address, f"Bot {n}", network=network)) for n in (1, 2)]
        ada = await network.join("Ada", messages=MESSAGES, schema=SCHEMA, spectator=True)
        await testing.until(lambda: len(ada.state["players"]) == 2, "both are here")
        await testing.until(lambda: all(it.score for it in ada.state["players"].values()), timeout=60)
    await asyncio.gather(*playing)


@asynccontextmanager
async def in_a_window(client: netlib.Client) -> AsyncIterator[Game]:
    """Give the game in a window that nobody sees, with a key held that goes to the right."""
    await testing.snapshot(client, where=lambda state: client.player_id in state["players"])
    with opened("test", seen=False) as window:
        game = Game(client, window, Screen(make_map(SEED)))
        game.window.wanted = lambda me: RIGHT  # type: ignore[method-assign]
        game.window.walk = lambda: RIGHT  # type: ignore[method-assign]
        yield game


@pytest.mark.parametrize("stride", [STEP_UNITS, STEP_UNITS // 2])
@testing.in_virtual_time
async def test_the_rule_is_in_one_place(monkeypatch: pytest.MonkeyPatch, stride: int) -> None:
    """Whoever changes the speed changes it for all: the server, what is predicted and drawn, and bots."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(movement, "STEP_UNITS", stride)
    async with testing.Network() as network:
        server = await network.serve(make_server, seed=SEED)
        ada = await network.join(messages=MESSAGES, schema=SCHEMA, link=SLOW)
        bot = asyncio.create_task(bots.play(f"127.0.0.1:{server.port}", "Bot 1", network=network))
        seen = list[dict[int, Player]]()
        ada.on(netlib.StateChanged, lambda event: seen.append(dict(ada.state["players"])))
        async with in_a_window(ada) as game:
            async for dt in game.window.frames(3.0):
                game.move(dt)
                game.scene = game.see(dt)
            me, truth = game.scene.players[ada.player_id], ada.state["players"][ada.player_id]
            assert game.me.verdict.kind == "matched"
            assert me.x - truth.x > 4 * stride  # one's own player is ahead by the round trip
    await bot
    fastest = {id: max(strides(seen, id)) for id in seen[-1]}
    assert fastest.pop(ada.player_id) == stride
    assert [0.6 * stride < fast <= stride for fast in fastest.values()] == [True]


def strides(seen: list[dict[int, Player]], id: int) -> list[float]:
    """How far a player went from snapshot to snapshot."""
    places = [(it[id].x, it[id].y) for it in seen if id in it]
    return [math.dist(before, after) for before, after in pairwise(places)]
