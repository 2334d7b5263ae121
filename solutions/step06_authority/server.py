"""A small Gem Rush, the server: it alone decides what happens, tick by tick.

Run it with ``python -m solutions.step06_authority.server``; ``--help`` lists the flags.
"""

from __future__ import annotations

from typing import Any

import netlib
from solutions.step06_authority.messages import Move
from solutions.step06_authority.world import World
from workshop.game.play.flags import server_options
from workshop.game.play.start import keep_open, start


class GemRush:
    """The game in a room: its listeners, and what happens in each tick."""

    def __init__(self, server: netlib.Server, world: World) -> None:
        self.server, self.world = server, world
        server.on(netlib.Joined, self.joined)
        server.on(netlib.Left, self.left)
        server.on_tick(self.tick)

    def joined(self, event: netlib.Joined) -> None:
        """Put a newcomer's player on the map."""
        if not event.peer.spectator:
            self.world.add_player(event.peer.id, event.peer.name)

    def left(self, event: netlib.Left) -> None:
        self.world.remove_player(event.peer.id)

    def tick(self, dt: float) -> None:
        """One step of the world: what everybody wants, in turn; then the news to all."""
        for peer in self.server.players:
            for move in peer.take_inputs():
                self.world.apply(peer.id, move)
        self.world.advance(self.server.tick)
        self.server.publish(self.world.state)


async def serve(room: str, *, round_seconds: float, seconds: float | None, **options: Any) -> int:
    """Serve until it is cancelled, or for ``seconds``. Returns the exit code."""
    options["discoverable"] = False
    server = netlib.Server(room, input_type=Move, **options)
    GemRush(server, World(options["seed"], server.tick_rate, round_seconds))
    return await keep_open(server, seconds)


if __name__ == "__main__":
    start(serve(**server_options()))
