"""How a window begins: with the world, or with the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

import netlib
from netlib import testing
from workshop.game.drawing.window import Window
from workshop.game.play.opening import first_screen
from workshop.game.rules.entities import ROUND_ID, SCHEMA, Round


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
