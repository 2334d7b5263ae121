"""A bot that joins as a player does: a client without a window, which goes for what it would see there."""

from functools import cache
from typing import Any
from zlib import crc32

import netlib
from workshop.game.rules.bots import Brain
from workshop.game.rules.entities import ROUND_ID, SCHEMA, Round
from workshop.game.rules.maps import Map, make_map
from workshop.game.rules.messages import MESSAGES
from workshop.game.rules.navigation import Navigator


async def play(address: str, name: str, **options: Any) -> None:
    """Play on the server at an address until it is gone. Options are those of `netlib.connect`."""
    async with netlib.connect(address, name=name, messages=MESSAGES, schema=SCHEMA, **options) as client:
        brain, seed = None, 0
        async for _ in netlib.frames(client.tick_rate):
            if not client.connected and not client.reconnecting:
                return
            round: Round | None = client.state["round"].get(ROUND_ID)
            if round is None or not client.connected:
                continue
            map, ways = land(round.seed)
            if brain is None or round.seed != seed:
                brain, seed = Brain(ways, seed=crc32(name.encode())), round.seed
            client.send_input(brain.decide(client.state, client.player_id, map))


@cache
def land(seed: int) -> tuple[Map, Navigator]:
    """A map and the ways on it, which all bots share: both take a while to make."""
    map = make_map(seed)
    return map, Navigator(map)
