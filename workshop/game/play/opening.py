"""How a window begins: it waits for the world, and paints it."""

import asyncio

import netlib
from workshop.game.drawing.screen import Screen
from workshop.game.rules.entities import ROUND_ID
from workshop.game.rules.maps import make_map

LOOKS_PER_SECOND = 60  # while waiting for the world


async def first_screen(client: netlib.Client) -> Screen:
    """Wait until the client knows the world, and paint it, while the network goes on.

    A client that hears nothing for that long would think that the network had a hiccup.

    Raises:
        netlib.ConnectionLost: the connection has ended before.
    """
    await _first_state(client)
    return await asyncio.to_thread(lambda: Screen(make_map(client.state["round"][ROUND_ID].seed)))


async def _first_state(client: netlib.Client) -> None:
    ended: list[netlib.Disconnected] = []
    client.on(netlib.Disconnected, ended.append)
    async for _ in netlib.frames(LOOKS_PER_SECOND):
        if client.state["round"]:
            return
        if ended:
            raise netlib.ConnectionLost(ended[0].code, "before the game began")
