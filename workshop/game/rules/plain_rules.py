"""The server of Gem Rush in a few lines, for stages and checks that are about something else."""

import netlib
from workshop.game.rules.attendance import Attendance
from workshop.game.rules.rounds import ROUND_SECONDS
from workshop.game.rules.world import World


class PlainRules:
    """The game in a room: its players, and what happens in each tick.

    Args:
        server: the room; its inputs are `workshop.game.rules.messages.Move`.
        seed: for the map and all random choices; a random one if it is None.
        round_seconds: how long a round lasts.
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
