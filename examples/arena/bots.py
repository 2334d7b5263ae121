"""A bot that joins as a player does: a client without a window, which shoots at what it would see there."""

import random
from typing import Any

import netlib
from examples.arena.client import Player
from examples.arena.rules import TICK_RATE, Act, Fighter, bot_act


async def play(address: str, name: str, **options: Any) -> None:
    """Play on the server at an address until it is gone. Options are those of `netlib.connect`."""
    async with netlib.connect(address, name=name, schema={"fighters": Fighter}, **options) as client:
        player, held, chance = Player(client), Act(), random.Random(name)
        async for dt in netlib.frames(TICK_RATE):
            if not client.connected and not client.reconnecting:
                return
            player.act(dt, held)
            player.see(dt, held)
            held = bot_act(netlib.clock() + 2 * client.player_id, player.fighters, chance)
