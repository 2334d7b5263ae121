"""Gem Rush, the server: a newcomer gets the whole world, and then everybody gets what changes.

Run it with ``python -m starter.step07_state_sync.server``; ``--help`` lists the flags.
"""

from __future__ import annotations

from typing import Any

import netlib
from starter.step07_state_sync.sync import difference, plain, snapshot_of
from workshop.game.play.flags import server_options
from workshop.game.play.start import keep_open, start
from workshop.game.rules.messages import Move
from workshop.game.rules.world import World


class GemRush:
    """The game in a room. ``sent`` is the state that every client has."""

    def __init__(self, server: netlib.Server, world: World) -> None:
        self.server, self.world = server, world
        self.sent = plain(world.state)
        server.on(netlib.Joined, self.joined)
        server.on(netlib.Left, self.left)
        server.on_tick(self.tick)

    def joined(self, event: netlib.Joined) -> None:
        """Tell a newcomer what the others know already, and put its player on the map."""
        # TODO 07.5: when only changes are sent, a newcomer does not know what they are changes of. Send it
        # a snapshot of what all the others have.

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
        self.share()

    def share(self) -> None:
        """Send everybody what is different from what they have."""
        newest = plain(self.world.state)
        # TODO 07.6: this sends everything, in every tick. Send the difference from what was `sent`, and
        # remember what everybody has now. Do not send an empty one: its `set` and its `gone` name every
        # collection, and have nothing in any of them.
        self.server.broadcast(difference({}, newest))


async def serve(room: str, *, round_seconds: float, seconds: float | None, **options: Any) -> int:
    """Serve until it is cancelled, or for ``seconds``. Returns the exit code."""
    options["discoverable"] = False
    server = netlib.Server(room, input_type=Move, **options)
    GemRush(server, World(seed=options["seed"], tick_rate=server.tick_rate, round_seconds=round_seconds))
    return await keep_open(server, seconds)


if __name__ == "__main__":
    start(serve(**server_options()))
