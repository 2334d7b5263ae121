"""A bot that joins as a player does: a client without a window, which goes for what it would see there."""

from typing import Any
from zlib import crc32

import netlib
from workshop.game.play.autopilot import Autopilot
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import MESSAGES


async def play(address: str, name: str, **options: Any) -> None:
    """Play on the server at an address until it is gone. Options are those of `netlib.connect`."""
    async with netlib.connect(address, name=name, messages=MESSAGES, schema=SCHEMA, **options) as client:
        autopilot = Autopilot(client, seed=crc32(name.encode()))
        async for _ in netlib.frames(client.tick_rate):
            if not client.connected and not client.reconnecting:
                return
            if move := autopilot.decide():
                client.send_input(move)
