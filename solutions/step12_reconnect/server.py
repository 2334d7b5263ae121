"""Gem Rush, the server: a player who loses the connection may come back as the same player.

Run it with ``python -m solutions.step12_reconnect.server``; ``--help`` lists the flags.
"""

from __future__ import annotations

from typing import Any

import netlib
from solutions.step12_reconnect.session import Enter, Entered, Sessions
from workshop.game.play.flags import server_options
from workshop.game.play.start import keep_open, start
from workshop.game.play.step_flags import with_seconds
from workshop.game.rules.messages import Move
from workshop.game.rules.world import World


class Game:
    """The game in a room: who comes and goes, and what happens in each tick."""

    def __init__(self, server: netlib.Server, world: World, sessions: Sessions) -> None:
        self.server, self.world, self.sessions = server, world, sessions
        server.on_request(Enter)(self.enter)
        server.on(netlib.Left, self.left)
        server.on_tick(self.tick)

    def enter(self, peer: netlib.Peer, message: Enter) -> Entered:
        """Somebody wants to play: a newcomer, or one who was here before. What we return is the answer."""
        session, resumed = self.sessions.enter(message.token, peer.id)
        if not resumed and not peer.spectator:
            self.world.add_player(session.player_id, peer.name)
        self.world.set_away(session.player_id, False)
        return Entered(session.player_id, session.token, resumed)

    def left(self, event: netlib.Left) -> None:
        """A connection has ended. Its player stays for a while, and everybody sees that it is away."""
        if session := self.sessions.drop(event.peer.id, netlib.clock()):
            self.world.set_away(session.player_id, True)

    def tick(self, dt: float) -> None:
        """Remove players who did not come back; then what everybody wants, in turn; then the news to all."""
        for overdue in self.sessions.take_overdue(netlib.clock()):
            self.world.remove_player(overdue.player_id)
        for peer in self.server.players:
            for move in peer.take_inputs():
                if session := self.sessions.over(peer.id):
                    self.world.apply(session.player_id, move)
        self.world.advance(self.server.tick)
        self.server.publish(self.world.state)


async def serve(
    room: str, grace: float, seed: int | None, round_seconds: float, seconds: float | None, **options: Any
) -> int:
    """Serve until it is cancelled, or for ``seconds``. Returns the exit code."""
    limits = netlib.Limits(grace_time=0)  # netlib's own sessions are off: here we make them ourselves
    server = netlib.Server(room, input_type=Move, seed=seed, limits=limits, **options)
    Game(server, World(seed=seed, round_seconds=round_seconds), Sessions(grace))
    return await keep_open(server, seconds)


if __name__ == "__main__":
    start(serve(**with_seconds(server_options, grace=10.0)))
