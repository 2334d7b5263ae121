"""Gem Rush, the server: it alone decides what happens, also when strangers play.

Run it with ``python -m solutions.step14_public.server``; ``--help`` lists the flags.
"""

from __future__ import annotations

from typing import Any

import netlib
from solutions.step14_public import public
from workshop.game.play.flags import server_options
from workshop.game.play.start import start, stay
from workshop.game.rules.attendance import Attendance
from workshop.game.rules.messages import Move
from workshop.game.rules.rounds import ROUND_SECONDS
from workshop.game.rules.world import World


class GemRush:
    """The game in a room: what happens in each tick."""

    def __init__(self, server: netlib.Server, world: World) -> None:
        self.server, self.world = server, world
        self.attendance = Attendance(server, world)
        server.on_tick(self.tick)

    def tick(self, dt: float) -> None:
        """One step of the world: everyone's inputs in turn, then time, then the news to all."""
        for peer in self.attendance.in_turn():
            for move in peer.take_inputs():
                if refusal := self.world.apply(peer.id, move):
                    peer.count(refusal)
        self.world.advance(self.server.tick)
        self.server.publish(self.world.state)


def make_server(
    *, room: str = "Gem Rush", round_seconds: float = ROUND_SECONDS, seed: int | None = None, **options: Any
) -> netlib.Server:
    """A room with the game in it, not yet open; ``options`` are `netlib.Server`'s."""
    server = netlib.Server(room, input_type=Move, seed=seed, **options)
    server.pages["/health"] = lambda: public.health(server)
    GemRush(server, World(seed=seed, tick_rate=server.tick_rate, round_seconds=round_seconds))
    return server


async def serve(*, seconds: float | None = None, **options: Any) -> int:
    """Serve until it is cancelled, or for ``seconds``. Returns the exit code.

    Raises:
        netlib.StartError: the room could not be opened; the text says why, and what to do.
    """
    server = make_server(**public.guarded(**options))
    async with server:
        await stay(server, seconds)
    return 0


if __name__ == "__main__":
    start(serve(**server_options(public=True)))
