"""How a window begins: with the world, or with the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

import netlib
from netlib import testing
from workshop.game.drawing.window import Window
from workshop.game.play.opening import WORLD_TIME, first_screen
from workshop.game.rules.entities import ROUND_ID, SCHEMA, Round


class Other(netlib.Entity, frozen=True):
    """A round of another game."""

    seed: str


@asynccontextmanager
async def a_silent_room() -> AsyncIterator[tuple[netlib.Server, netlib.Client]]:
    """Give a room that tells no state, and Ada in it."""
    async with testing.Network() as network:
        server = await network.serve()
        yield server, await network.join("Ada", schema=SCHEMA, reconnect_time=0)


@testing.in_virtual_time
async def test_a_window_waits_for_the_world(window: Window) -> None:
    """Nothing is painted before the first state has come; then it is the map of that round."""
    async with a_silent_room() as (server, ada):
        waiting = asyncio.create_task(first_screen(ada))
        await asyncio.sleep(5)
        assert not waiting.done()
        server.publish({"round": {ROUND_ID: Round(seed=3)}})
        assert (await waiting).view.map.seed == 3


@testing.in_virtual_time
async def test_an_end_before_the_game_began() -> None:
    """A player who is sent away while the window waits is told so, with the code."""
    async with a_silent_room() as (server, ada):
        waiting = asyncio.create_task(first_screen(ada))
        await asyncio.sleep(1)
        server.peers[0].kick("full")
        with pytest.raises(netlib.ConnectionLost, match="before the game began") as lost:
            await waiting
        assert lost.value.code == 1008


@testing.in_virtual_time
async def test_a_room_without_a_world() -> None:
    """A player does not wait for ever: the room is to blame, in a sentence."""
    async with a_silent_room() as (_, ada):
        began = netlib.clock()
        with pytest.raises(netlib.NotOurServer, match=r"no world to play in \(none came within 7.5 s"):
            await first_screen(ada)
        assert netlib.clock() - began < WORLD_TIME + 1


@testing.in_virtual_time
async def test_a_world_that_does_not_fit() -> None:
    """A room of another game is told from a network that is slow."""
    async with a_silent_room() as (server, ada):
        began = netlib.clock()
        server.publish({"round": {ROUND_ID: Other(seed="three")}})
        with pytest.raises(netlib.NotOurServer, match="snapshot 1 does not fit this game"):
            await first_screen(ada)
        assert netlib.clock() - began < WORLD_TIME


@testing.in_virtual_time
async def test_a_round_of_another_number_is_no_world() -> None:
    """What has no round of ours cannot be shown, and is no mistake of ours."""
    async with a_silent_room() as (server, ada):
        server.publish({"round": {ROUND_ID + 1: Round(seed=3)}})
        with pytest.raises(netlib.NotOurServer):
            await first_screen(ada)
