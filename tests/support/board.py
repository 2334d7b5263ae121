"""A room with a board, on loopback."""

import contextlib
import secrets
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import netlib
from netlib.client.dial import NOBODY
from solutions.step14_public.server import make_server
from tests.support.rooms import LOOPBACK, PlainClient, url
from workshop.game.rules.maps import make_map
from workshop.instructor.board.opening import open_room
from workshop.instructor.classroom.messages import ClassJoin, ClassNews, ClassPlace
from workshop.instructor.classroom.news import News
from workshop.steps import all_steps

SEED = 11
PASSWORD = "plum"  # the host's


def a_server(**options: Any) -> netlib.Server:
    """Return the game in a room that nobody else can find, not yet open."""
    more = {"host": LOOPBACK, "port": 0, "discoverable": False, "host_password": PASSWORD, "seed": SEED}
    return make_server(**{**more, **options})


@contextlib.asynccontextmanager
async def a_board(
    server: netlib.Server | None = None, *, class_file: Path | None = None, **options: Any
) -> AsyncIterator[netlib.Server]:
    """Give a room that is open, with its board and its class, which is kept in memory without a file."""
    server = server or a_server(**options)
    told: list[str] = []
    room = open_room(
        server, make_map(SEED), class_file=class_file, password="", witness=NOBODY, warn=told.append
    )
    async with room:
        yield server


async def a_host(client: PlainClient) -> None:
    """Make a host of a client."""
    assert "code" not in await client.ask(type="command", do="host", password=PASSWORD)


async def enrol(server: netlib.Server, names: Iterable[str], words: Iterable[str] = ()) -> None:
    """Let attendees join the class, and begin a step; the first raise their hands, with these words."""
    step, said = all_steps()[3].id, list(words)
    async with netlib.connect(url(server), name="Eva", spectator=True, messages=[ClassPlace]) as eva:
        for number, name in enumerate(names):
            token = secrets.token_urlsafe(16)
            await eva.request(ClassJoin(name, token))
            news = [News(1, "start", step)]
            if number < len(said):
                news.append(News(2, "stuck", words=said[number]))
            await eva.request(ClassNews(name, token, news))


def http(server: netlib.Server, path: str = "/") -> str:
    """Return the address of a page."""
    return f"http://{LOOPBACK}:{server.port}{path}"
