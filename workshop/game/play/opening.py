"""How a window begins: it waits for the world, and paints it."""

import asyncio

from websockets.frames import CloseCode

import netlib
from workshop.game.drawing.screen import Screen
from workshop.game.rules.entities import ROUND_ID
from workshop.game.rules.maps import make_map

LOOKS_PER_SECOND = 60  # while waiting for the world
UNUSABLE = (CloseCode.PROTOCOL_ERROR, CloseCode.INVALID_DATA, CloseCode.MESSAGE_TOO_BIG)
WORLD_TIME = 7.5  # seconds in which a room must send one


async def first_screen(client: netlib.Client) -> Screen:
    """Wait until the client knows the world, and paint it, while the network goes on.

    A client that hears nothing for that long would think that the network had a hiccup.

    Raises:
        netlib.ConnectionLost: the connection has ended before.
        netlib.NotOurServer: the room sends no world, or none that this game can show.
    """
    await _first_state(client)
    return await asyncio.to_thread(lambda: Screen(make_map(client.state["round"][ROUND_ID].seed)))


async def _first_state(client: netlib.Client) -> None:
    ended: list[netlib.Disconnected] = []
    client.on(netlib.Disconnected, ended.append)
    deadline = netlib.clock() + WORLD_TIME
    async for _ in netlib.frames(LOOKS_PER_SECOND):
        if ROUND_ID in client.state["round"]:
            return
        if ended and ended[0].code in UNUSABLE:
            raise no_game(client, ended[0].reason)
        if ended:
            raise netlib.ConnectionLost(ended[0].code, f"before the game began: {ended[0].reason}")
        if netlib.clock() > deadline:
            raise no_game(client, f"none came within {WORLD_TIME:g} s")


def no_game(client: netlib.Client, why: str) -> netlib.NotOurServer:
    """The error for a room whose world cannot be shown."""
    advice = "is it a room of Gem Rush, and of the same version as yours?"
    return netlib.NotOurServer(f"the room at {client.url} shows no world to play in ({why}); {advice}")
