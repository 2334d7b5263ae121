"""A small Gem Rush, the server: it alone decides what happens, tick by tick.

Run it with ``python -m starter.step06_authority.server``; ``--help`` lists the flags.
"""

from __future__ import annotations

import random
from typing import Any

import netlib
from starter.step06_authority.messages import Move
from starter.step06_authority.world import World
from workshop.game.play.flags import server_options
from workshop.game.play.start import keep_open, start
from workshop.game.rules.units import TICK_RATE


class GemRush:
    """The game in a room: its listeners, and what happens in each tick."""

    def __init__(self, server: netlib.Server, world: World) -> None:
        self.server, self.world = server, world
        server.on(netlib.Joined, self.joined)
        server.on(netlib.Left, self.left)
        server.on_tick(self.tick)

    def joined(self, event: netlib.Joined) -> None:
        if not event.peer.spectator:
            self.world.add_player(event.peer.id, event.peer.name)

    def left(self, event: netlib.Left) -> None:
        self.world.players.pop(event.peer.id, None)

    def tick(self, dt: float) -> None:
        """One step of the world: what everybody wants, in turn; then the news to all."""
        for peer in self.server.players:
            # TODO 06.3: of several places only the newest counts. Wishes add up: apply each of them.
            for move in peer.take_inputs()[-1:]:
                self.world.apply(peer.id, move)
        self.world.advance(self.server.tick)
        self.server.publish(self.world.state)


async def serve(room: str, round_seconds: float, seed: int | None, seconds: float | None, **more: Any) -> int:
    """Serve until it is cancelled, or for ``seconds``. Returns the exit code."""
    server = netlib.Server(room, tick_rate=TICK_RATE, input_type=Move, discoverable=False, **more)
    seed = random.randrange(1, 2**31) if seed is None else seed
    GemRush(server, World(seed, round(round_seconds * TICK_RATE)))
    return await keep_open(server, seconds)


if __name__ == "__main__":
    start(serve(**server_options()))
