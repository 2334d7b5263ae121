"""The server of Gem Rush in few words: for stages, and checks, whose lesson is another."""

import netlib
from workshop.game.rules.attendance import Attendance
from workshop.game.rules.rounds import ROUND_SECONDS
from workshop.game.rules.world import World


class PlainRules:
    """The game in a room: who is there, and what happens in each tick.

    Args:
        server: the room; its inputs are `workshop.game.rules.messages.Move`.
        seed: of the map and all chances; a random one when it is None.
        round_seconds: how long a round is played.
    """

    def __init__(
        self, server: netlib.Server, *, seed: int | None = None, round_seconds: float = ROUND_SECONDS
    ) -> None:
        self.world = World(seed=seed, tick_rate=server.tick_rate, round_seconds=round_seconds)
        self._server, self._attendance = server, Attendance(server, self.world)
        server.on_tick(self._tick)

    def _tick(self, dt: float) -> None:
        for peer in self._attendance.in_turn():
            for move in peer.take_inputs():
                self.world.apply(peer.id, move)
        self.world.advance(self._server.tick)
        self._server.publish(self.world.state)
