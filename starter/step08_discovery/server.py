"""A room of Gem Rush that can be found.

Run it with ``python -m starter.step08_discovery.server``; ``--help`` lists the flags.
"""

from __future__ import annotations

from functools import partial

import netlib
from netlib.discovery.beacon import RoomInfo, new_id
from netlib.protocol.frames import PROTOCOL_VERSION
from starter.step08_discovery.beacon import Beacon
from workshop.game.play.discovery_flags import DiscoveryOptions, discovery_options
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


async def serve(chosen: DiscoveryOptions) -> int:
    """Serve until it is cancelled. Returns the exit code."""
    server = netlib.Server(
        chosen.name, host=chosen.host, port=chosen.port, input_type=Move, discoverable=False
    )
    PlainRules(server)
    async with Beacon(partial(about, server, new_id()), chosen.discovery_ports):
        return await keep_open(server, seconds=None)


if __name__ == "__main__":
    start(serve(discovery_options("Gem Rush")))
