"""A room of Gem Rush that can be found.

Run it with ``python -m solutions.step08_discovery.server``; ``--help`` lists the flags.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import netlib
from netlib.discovery.beacon import RoomInfo, new_id
from netlib.protocol.frames import PROTOCOL_VERSION
from solutions.step08_discovery.beacon import Beacon
from workshop.game.play.discovery_flags import room_options
from workshop.game.play.start import keep_open, start
from workshop.game.rules.messages import Move
from workshop.game.rules.plain_rules import PlainRules


def about(server: netlib.Server, id: str) -> RoomInfo:
    """What searchers are told about a room; its ``id`` is random, and stays the same."""
    return RoomInfo(
        id=id,
        name=server.name,
        players=len(server.players),
        max_players=server.limits.max_players,
        port=server.port,
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
