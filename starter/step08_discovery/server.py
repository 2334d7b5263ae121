"""A room of Gem Rush that can be found.

Run it with ``python -m starter.step08_discovery.server``; ``--help`` lists the flags.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import netlib
from netlib.discovery.beacon import RoomInfo, new_id
from netlib.protocol.frames import PROTOCOL_VERSION
from starter.step08_discovery.beacon import Beacon
from workshop.game.play.discovery_flags import room_options
from workshop.game.play.start import keep_open, start
from workshop.game.rules.messages import Move
from workshop.game.rules.plain_rules import PlainRules


def about(server: netlib.Server, id: str) -> RoomInfo:
    """What searchers are told about a room; its ``id`` is random, and stays the same."""
    # TODO 08.2: say what is true now: the server's name, how many players there are and may be
    # (server.players, server.limits.max_players), and the port where the game is.
    return RoomInfo(
        id=id,
        name="somebody's room",
        players=0,
        max_players=0,
        port=1,
        protocol=PROTOCOL_VERSION,
    )


async def serve(room: str, *, round_seconds: float, seconds: float | None, **options: Any) -> int:
    """Serve until it is cancelled, or for ``seconds``. Returns the exit code."""
    options["discoverable"] = False
    server = netlib.Server(room, input_type=Move, **options)
    PlainRules(server, seed=options["seed"], round_seconds=round_seconds)
    async with Beacon(partial(about, server, new_id()), options["discovery_ports"]):
        return await keep_open(server, seconds)


if __name__ == "__main__":
    start(serve(**room_options()))
