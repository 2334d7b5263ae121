"""The other games on this network, as the board's table has them."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Sequence
from copy import copy
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

import netlib
from netlib.discovery import interfaces
from netlib.discovery.discovery import Browser
from netlib.rooms import Join, RoomServer
from tests.support.board import a_board, a_server, enrol, http
from tests.support.browser import a_page, shows
from tests.support.chromium import chromium
from tests.support.processes import TIMEOUT
from tests.support.responders import Responder, info
from tests.support.rooms import LOOPBACK, PlainClient, found, plain_client, url
from tests.workshop.instructor.board.test_board_page import (
    FITS,
    MATTERS,
    PEOPLE,
    PROJECTOR,
    SHORT,
    SIZE,
    hidden,
)
from workshop.checking.peers.scripted_discovery import own_ports
from workshop.instructor.board import feed, neighbours
from workshop.instructor.board.addresses import Addresses
from workshop.instructor.board.messages import OtherGames
from workshop.instructor.board.neighbours import MOST, Neighbours

INTERVAL = 0.1  # seconds between two questions, and between two tables
LAN = "192.168.1.5"
MARKUP, OVERRIDE, ARABIC = "<img src=x onerror=alert(1)>", "\u202e", "محمد عبد الرحمن"
HOSTILE = [info(MARKUP, rooms=3, players=9), info("W" * 64, rooms=1, players=1), info(OVERRIDE + ARABIC)]
LINES = """[...document.querySelectorAll("#others dd")].map((line) => {
  const parts = [line, line.lastChild, document.querySelector("#join")];
  const [row, end, box] = parts.map((node) => node.getBoundingClientRect());
  const inside = end.right <= row.right + 1 && row.right < box.right && row.bottom < box.bottom;
  return [line.textContent, inside && getComputedStyle(line.firstChild).overflow === "hidden"];
})"""


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sequence[int]]:
    """UDP ports at which boards look for other games, and nobody else does."""
    for module, name in ((neighbours, "ASK_EVERY"), (feed, "SECONDS")):
        monkeypatch.setattr(module, name, INTERVAL)
    with own_ports() as ports:
        monkeypatch.setattr(neighbours, "Browser", partial(Browser, ports=ports, interfaces=[LOOPBACK]))
        yield ports


async def until_shown(board: PlainClient, *expected: dict[str, Any]) -> None:
    """Wait for a table with exactly these other games."""
    async with asyncio.timeout(TIMEOUT):
        while (await board.next("table"))["others"] != {"shown": list(expected), "more": 0}:
            pass


async def test_a_server_of_many_rooms_comes_changes_and_goes(ports: Sequence[int]) -> None:
    """The table has its name, address, rooms and players, but not the board's own room; then it is gone."""
    tables = RoomServer("Tables", host=LOOPBACK, port=0, discovery_ports=ports)
    tables.kind("table")(lambda _: None)
    async with a_board(discoverable=True, discovery_ports=ports) as server, plain_client(server) as board:
        await board.ask(type="watch")
        async with tables:
            told = {"name": "Tables", "address": f"{LOOPBACK}:{tables.port}", "players": 0, "rooms": 0}
            await until_shown(board, told)
            async with netlib.connect(url(tables), name="Ada", join=Join("table")):
                await until_shown(board, told | {"players": 1, "rooms": 1})
        await until_shown(board)


async def test_a_room_that_hides_looks_for_nobody(ports: Sequence[int]) -> None:
    """A board whose own room cannot be found asks nobody."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.bind((LOOPBACK, ports[0]))
        asked.setblocking(False)
        async with a_board() as server, plain_client(server) as board:
            await board.ask(type="watch")
            for _ in range(2):
                await board.next("table")
        with pytest.raises(BlockingIOError):
            asked.recv(1)


async def test_without_a_socket_there_are_none(
    ports: Sequence[int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """When the system gives no socket to look with, the board shows no other game, and all else works."""

    def refuse() -> socket.socket:
        raise OSError("no socket is left")

    monkeypatch.setattr(interfaces, "searching_socket", refuse)
    async with a_board(discoverable=True, discovery_ports=ports) as server, plain_client(server) as board:
        await board.ask(type="watch")
        await until_shown(board)
    assert not caplog.records


@pytest.mark.slow  # a browser is
@pytest.mark.parametrize("people", [0, 30])
async def test_hostile_names_on_the_first_screen(people: int, ports: Sequence[int]) -> None:
    """Markup, long names and other directions stay on their lines, and nobody leaves the screen for them."""
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(a_board(discoverable=True, discovery_ports=ports))
        browser = await stack.enter_async_context(chromium())
        page = await stack.enter_async_context(a_page(browser, http(server), **PROJECTOR))
        assert not await page.is_visible("#others")
        await enrol(server, PEOPLE[:people], [SHORT] * 3)
        for told in HOSTILE:
            await stack.enter_async_context(Responder(partial(copy, told), ports=ports, host=LOOPBACK))
        await shows(page, "document.querySelectorAll('#others dd').length === 3")
        await shows(page, f"document.querySelectorAll('#people li').length === {people}")
        lines = await page.evaluate(LINES)
        assert [words.partition(" · ")[0] for words, _ in lines] == [MARKUP, ARABIC, "W" * 64]
        assert lines[0][0].endswith(" · 127.0.0.1:8765 · 3 rooms, 9 players")
        assert lines[2][0].endswith(" · 1 room, 1 player")
        assert all(whole for _, whole in lines)
        for part in ["#others dd", "#tiles b"] if people else ["#others dd"]:
            assert await page.evaluate(SIZE, part) >= MATTERS, part
        assert await page.evaluate(FITS) and not await hidden(page, "#people li, #hands li *")


@pytest.mark.parametrize("number", [MOST, MOST + 2])
def test_the_fullest_are_shown(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """There are a few lines; when there are more games, the last line counts them."""
    rooms = [replace(found(f"Game {players}"), players=players) for players in range(1, number + 1)]
    told = told_of(rooms, monkeypatch, host=LOOPBACK)
    lines = MOST if number == MOST else MOST - 1
    assert [game.players for game in told.shown] == list(range(number, 0, -1))[:lines]
    assert told.more == number - lines


def test_a_room_that_nobody_plays_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that an attendee tries alone is no news; one of many rooms waits for those who open some."""
    rooms = [replace(found(name), players=0) for name in ("Gem Rush", "Tables")]
    told = told_of([rooms[0], replace(rooms[1], rooms=0)], monkeypatch, host=LOOPBACK)
    assert [game.name for game in told.shown] == ["Tables"] and told.more == 0


@pytest.mark.parametrize(("host", "names"), [(LOOPBACK, ["Here", "There"]), (LAN, ["There"])])
def test_what_only_this_machine_reaches(host: str, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is shown only when the board's own room is not reached by others, either."""
    rooms = [found("Here"), found("There", "192.168.1.7")]
    told = told_of(rooms, monkeypatch, host=host)
    assert [game.name for game in told.shown] == names
    assert told.shown[-1].address == "192.168.1.7:8765" and told.shown[-1].rooms is None


def told_of(rooms: list[netlib.Room], monkeypatch: pytest.MonkeyPatch, *, host: str) -> OtherGames:
    """Return what is told of these rooms by one that listens at that address."""
    monkeypatch.setattr(Browser, "rooms", property(lambda _: rooms))
    server = a_server(host=host)
    return Neighbours(server, Addresses(server)).now()
