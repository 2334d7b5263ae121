"""A room with a board, on loopback."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import netlib
from netlib.client.dial import NOBODY
from solutions.step14_public.server import make_server
from tests.support.rooms import LOOPBACK, PlainClient
from workshop.game.rules.maps import make_map
from workshop.instructor.board.opening import open_room

SEED = 11
PASSWORD = "plum"  # the host's


def a_server(**options: Any) -> netlib.Server:
    """Return the game in a room that nobody else can find, not yet open."""
    more = {"host": LOOPBACK, "port": 0, "discoverable": False, "host_password": PASSWORD, "seed": SEED}
    return make_server(**{**more, **options})


@contextlib.asynccontextmanager
async def a_board(server: netlib.Server | None = None, **options: Any) -> AsyncIterator[netlib.Server]:
    """Give a room that is open, with its board and its class, which is kept in memory."""
    server = server or a_server(**options)
    told: list[str] = []
    room = open_room(server, make_map(SEED), class_file=None, password="", witness=NOBODY, warn=told.append)
    async with room:
        yield server


async def a_host(client: PlainClient) -> None:
    """Make a host of a client."""
    assert "code" not in await client.ask(type="command", do="host", password=PASSWORD)


def http(server: netlib.Server, path: str = "/") -> str:
    """Return the address of a page."""
    return f"http://{LOOPBACK}:{server.port}{path}"
