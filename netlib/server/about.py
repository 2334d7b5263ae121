"""What a server tells about itself, to searchers and over plain HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from netlib.discovery.beacon import RoomInfo
from netlib.protocol.frames import PROTOCOL_VERSION
from netlib.server.http import Page, json_page

if TYPE_CHECKING:
    from netlib.server.server import Server


def room_info(server: Server, *, id: str, password: bool, hosted: bool) -> RoomInfo:
    """What discovery and ``GET /info`` tell about a room.

    Args:
        id: random, the same for the server's whole run.
        password: whether one needs one to join.
        hosted: whether it is a room for everybody here.
    """
    return RoomInfo(
        id=id,
        name=server.name,
        players=len(server.players),
        max_players=server.limits.max_players,
        port=server.port,
        protocol=PROTOCOL_VERSION,
        password=password,
        hosted=hosted,
    )


def standard_pages(server: Server) -> dict[str, Callable[[], Page]]:
    """The small pages that every server has, by path."""
    return {
        "/info": lambda: json_page(server.info()),
        "/health": lambda: json_page({"status": "ok", "tick": server.tick}),
    }
