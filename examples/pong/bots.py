"""A bot that plays a paddle: a client like a player's, without a window, which sees what a player sees."""

from typing import Any

import netlib
from examples.pong.game import Player
from examples.pong.rules import POINTS, Move, Table, bot_move, side_of

REST = 5.0  # seconds after a match until a bot asks for another one


async def play(address: str, name: str, **options: Any) -> None:
    """Play on the server at an address until it is gone. Options are those of `netlib.connect`."""
    async with netlib.connect(address, name=name, schema={"table": Table}, **options) as client:
        player, move, rested = Player(client), Move(), 0.0
        async for dt in netlib.frames(client.tick_rate):
            if not client.connected and not client.reconnecting:
                return
            player.move(dt, move)
            if table := player.see(dt, move):
                rested = rested + dt if max(table.points) == POINTS else 0.0
                move = Move(bot_move(table, side_of(table, client.name)).down, again=rested > REST)
