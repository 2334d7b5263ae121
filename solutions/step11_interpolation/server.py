"""Gem Rush, the server: ten snapshots a second, and Rex, who runs up and down to be looked at.

Run it with ``python -m solutions.step11_interpolation.server``; ``--help`` lists the flags.
"""

from __future__ import annotations

from typing import Any

import netlib
from workshop.game.play.flags import server_options
from workshop.game.play.start import keep_open, start
from workshop.game.rules.messages import Chat, Move
from workshop.game.rules.world import World

SNAPSHOT_RATE = 10.0  # snapshots per second; there are 30 ticks per second
REX, LAP = 0, 60  # a player without a client: its id, which no client gets; ticks until it turns round


class Game:
    """The game in a room: who is there, and what happens in each tick."""

    def __init__(self, server: netlib.Server, world: World) -> None:
        self.server, self.world = server, world
        world.add_player(REX, "Rex")
        server.on(netlib.Joined, self.joined)
        server.on(netlib.Left, self.left)
        server.on(Chat, self.chat)
        server.on_tick(self.tick)

    def joined(self, event: netlib.Joined) -> None:
        if not event.peer.spectator:
            self.world.add_player(event.peer.id, event.peer.name)

    def left(self, event: netlib.Left) -> None:
        self.world.remove_player(event.peer.id)

    def chat(self, peer: netlib.Peer, message: Chat) -> None:
        self.server.broadcast(Chat(message.text, sender=peer.id))

    def tick(self, dt: float) -> None:
        """One step of the world, and the news for all."""
        for peer in self.server.players:
            for move in peer.take_inputs():
                self.world.apply(peer.id, move)
        to_the_right = (self.server.tick + LAP // 2) // LAP % 2 == 0
        self.world.apply(REX, Move(move=(1.0 if to_the_right else -1.0, 0.0)))
        self.world.advance(self.server.tick)
        self.server.publish(self.world.state)


async def serve(
    room: str, *, seed: int | None, round_seconds: float, seconds: float | None, **options: Any
) -> int:
    """Serve until it is cancelled, or for ``seconds``. Returns the exit code."""
    server = netlib.Server(room, input_type=Move, snapshot_rate=SNAPSHOT_RATE, seed=seed, **options)
    Game(server, World(seed=seed, tick_rate=server.tick_rate, round_seconds=round_seconds))
    return await keep_open(server, seconds)


if __name__ == "__main__":
    start(serve(**server_options()))
