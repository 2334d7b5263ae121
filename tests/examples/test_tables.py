"""The example of tables: real sockets, what is secret in frames, and a window. Its own tests play games."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pygame
import pytest

import netlib
from examples.running import Options
from examples.tables import __main__ as program
from examples.tables.rules import SCHEMA, Choose
from examples.tables.server import make_server
from netlib.rooms import Join, RoomServer, list_rooms
from tests.support import wire
from tests.support.processes import TIMEOUT, python, running, wait_until_async

ADA, BEN = 1, 2
LINK = netlib.LinkConditions(latency=0.02)
ADAS = Options(name="Ada", connection={"name": "Ada", "link": LINK})
Player = netlib.Client[Any]


# On sockets.


@pytest.fixture
async def server() -> AsyncIterator[RoomServer]:
    """Give an open server of tables."""
    async with make_server(port=0, discoverable=False) as server:
        yield server


def at(server: RoomServer, name: str, *, spectator: bool = False, **join: Any) -> Player:
    """Return a client that wants a table."""
    url = f"ws://127.0.0.1:{server.port}"
    return netlib.connect(url, name=name, join=Join(**join), spectator=spectator, schema=SCHEMA)


async def until(words: str, *clients: Player) -> None:
    """Wait until all of them are told this."""

    def told() -> bool:
        return all([it.news for it in client.state["table"].values()] == [words] for client in clients)

    await wait_until_async(told, f"all are told {words!r}")


async def test_a_private_table_is_found_by_its_code_alone(server: RoomServer) -> None:
    """A stranger gets another table; a friend who types the code in small letters this one, but no third."""
    async with at(server, "Ada", private=True) as ada, at(server, "Stranger") as stranger:
        assert stranger.room_id != ada.room_id
        listed = await list_rooms(f"ws://127.0.0.1:{server.port}")
        assert [room.id for room in listed] == [stranger.room_id]
        async with at(server, "Ada", code=ada.room_code.lower()) as friend:
            assert (friend.room_id, friend.name) == (ada.room_id, "Ada 2")
            with pytest.raises(netlib.RoomFull):
                await at(server, "Third", code=ada.room_code)
    with pytest.raises(netlib.Refused, match="no room here has the code 'ZZZZZ'"):
        await at(server, "Ada", code="ZZZZZ")


async def test_lists_name_who_plays(server: RoomServer) -> None:
    """The lobby shows by name whom one can watch."""
    async with at(server, "Ada") as ada, at(server, "Ben") as ben:
        await until("Choose a secret number. If the sum is even, Ada begins.", ada, ben)
        listed = await list_rooms(f"ws://127.0.0.1:{server.port}")
        assert [room.metadata for room in listed] == [{"names": "Ada and Ben"}]


async def test_a_cut_link_comes_back_to_its_seat(server: RoomServer) -> None:
    """Who loses the connection is away, comes back to the same game, and still has its own secret."""
    url = f"ws://127.0.0.1:{server.port}"
    async with at(server, "Ada") as ada, wire.joined(url, "Ben") as ben:
        await until("Choose a secret number. If the sum is even, Ada begins.", ada)
        await ben.send({"type": "choose", "cell": 4})
        await until("Ben has chosen.", ada)
        ben.drop()
        await wait_until_async(lambda: score(ada) == "Ada: 0    Ben: 0 (away)", "Ada sees that Ben is away")
        async with wire.joined(url, "Ben", resume=ben.welcome["resume"], received=0) as again:
            assert again.welcome["resumed"]
            await wait_until_async(lambda: score(ada) == "Ada: 0    Ben: 0", "Ada sees that Ben is back")
            await again.until(lambda: "secrets" in again.replica.state, "the state")
            assert again.replica.state["secrets"] == {again.id: {"number": 5}}
            ada.send(Choose(4))
            await until("10: Ada begins.", ada)


def score(client: Player) -> str:
    """Return what the client sees of who is here."""
    return str(client.state["table"][1].score)


# What is secret.


@pytest.mark.parametrize("encoding", [wire.JSON, wire.MSGPACK])
async def test_a_secret_is_in_nobody_elses_frames(server: RoomServer, encoding: str) -> None:
    """Until both have chosen, a number is in its owner's frames alone; late full snapshots included."""
    async with contextlib.AsyncExitStack() as stack:

        def come(name: str, **hello: Any) -> Awaitable[wire.WireClient]:
            url = f"ws://127.0.0.1:{server.port}"
            return stack.enter_async_context(wire.joined(url, name, encoding=encoding, **hello))

        ada, ben = await come("A"), await come("B")
        table: dict[str, Any] = {"join": {"id": ada.welcome["room_id"]}, "spectator": True}
        others = [ben, await come("C", **table)]
        await ada.until(lambda: news(ada).startswith("Choose"), "both have their seats")
        await ada.send({"type": "choose", "cell": 6})
        await ada.until(lambda: news(ada) == "A has chosen.", "the news")
        others.append(await come("D", **table))  # its first snapshot is full
        for other in others:
            await other.until(partial(is_told, other, "A has chosen."), "the news")
        assert ada.replica.state["secrets"] == {ada.id: {"number": 7}}
        assert secrets(ada)
        await ben.send({"type": "choose", "cell": 1})
        for client in (ada, *others):
            await client.until(partial(is_told, client, "9: B begins."), "the news")
            assert client.replica.state["secrets"] == {}
        for other in others:
            assert [found for found in secrets(other) if "7" in found or other is not ben] == []
            assert all("'number'" not in repr(frame) for _, frame in other.frames) or other is ben


def secrets(client: wire.WireClient) -> list[str]:
    """Return the parts of the frames that came in which there is a secret of anybody, packed or not."""
    parts = [frame.get(key, {}) for _, frame in client.frames for key in ("state", "set", "packed")]
    return [found for part in parts if "number" in (found := repr(part.get("secrets")))]


def is_told(client: wire.WireClient, words: str) -> bool:
    """Return whether its newest state says this."""
    return news(client) == words


def news(client: wire.WireClient) -> str:
    """Return the line of words in the newest state."""
    return str(client.replica.state.get("table", {}).get("1", {}).get("news"))


@pytest.mark.parametrize("cell", [-1, 9, 10**30, 0.5, "1", None])
async def test_a_cell_that_is_none_is_refused(server: RoomServer, cell: object) -> None:
    """A cell outside of the board reaches no game."""
    async with wire.joined(f"ws://127.0.0.1:{server.port}", "A") as ada:
        await ada.send({"type": "choose", "cell": cell})
        await ada.expect("error", "bad_message")


# The window.


def press(key: str) -> None:
    """Press the key of a letter or sign."""
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, unicode=key, key=0, mod=0, scancode=0))


def click(x: int, y: int) -> None:
    """Click into the window."""
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(x, y), button=1))


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Run windows without a screen. Give a list of all words that they show."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.font.init()
    words: list[str] = []
    show = program.Window.show

    def shows(window: program.Window, text: str, *more: Any, **options: Any) -> None:
        words.append(text)
        show(window, text, *more, **options)

    monkeypatch.setattr(program.Window, "show", shows)
    return words


async def test_a_window_is_played_in(server: RoomServer, shown: list[str]) -> None:
    """Clicks and keys lead from the lobby to a table, through a game, and back; a wrong code is told."""
    playing = asyncio.create_task(program.play(f"127.0.0.1:{server.port}", ADAS))

    async def see(text: str) -> None:
        shown.clear()
        await wait_until_async(lambda: text in shown or playing.done(), f"{text!r} in the window")
        assert text in shown, playing.exception()

    await see("Tic-tac-toe: welcome, Ada!")
    for key in "xzzzzz\r":  # only the last five count
        press(key)
    await see("no room here has the code 'ZZZZZ'; it may have ended, ask for the newest one")
    click(225, 170)
    await see("Waiting for a second player.")
    async with at(server, "Ben") as ben:
        await see("Choose a secret number. If the sum is even, Ada begins.")
        press("5")
        await see("Ada has chosen.")
        ben.send(Choose(2))
        await see("8: Ada begins.")
        click(400, 365)
        await see("Ben's turn.")
        await until("Ben's turn.", ben)
        assert ben.state["table"][1].marks == "    X    "
    await see("Ben has left. Waiting for a second player.")
    press("\x1b")
    await see("You have left the table.")
    async with at(server, "Ben"):
        await see("Watch Ben")
        click(400, 330)
        await see("Ben: 0")
    await see("the room has ended")
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing


async def test_a_server_that_is_gone_is_told_in_the_lobby(shown: list[str]) -> None:
    """A window without a server says so, and goes on."""
    playing = asyncio.create_task(program.play("127.0.0.1:9", ADAS))
    await wait_until_async(
        lambda: any("does not answer" in words for words in shown), "the error in the window"
    )
    assert not playing.done()
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing


def test_the_program_runs_headless(tmp_path: Path) -> None:
    """A server and a window for a second, and a picture of the window at the end."""
    picture = tmp_path / "lobby.png"
    command = python("-m", "examples.tables", "--port", "0", "--seconds", "1", "--screenshot", picture)
    with running(command, tmp_path / "log", environ={"SDL_VIDEODRIVER": "dummy"}) as program:
        program.wait_for(r"--join ADDRESS:\d+")
        assert program.wait() == 0, program.text()
    assert pygame.image.load(picture).get_size() == (800, 600)


def test_the_server_alone_ends_by_ctrl_c(tmp_path: Path) -> None:
    """It says where it is, opens no window, and ends without a traceback."""
    command = python("-m", "examples.tables", "--port", "0", "--server")
    with running(command, tmp_path / "log") as program:
        program.wait_for(r"--join ADDRESS:\d+")
        program.interrupt()
        assert program.wait() == 0
        assert "Traceback" not in program.text()


async def test_closing_the_window_ends_the_program(
    server: RoomServer, shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cross in the corner leaves a table at once; until then its link was as bad as was asked."""
    connect = Mock(wraps=netlib.connect)
    monkeypatch.setattr(netlib, "connect", connect)
    playing = asyncio.create_task(program.play(f"127.0.0.1:{server.port}", ADAS))
    await wait_until_async(lambda: shown, "the lobby")
    click(225, 170)
    await wait_until_async(lambda: server.rooms, "Ada has a table")
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    await asyncio.wait_for(playing, TIMEOUT)
    await wait_until_async(lambda: not server.rooms, "the table has ended")
    assert connect.call_args.kwargs["link"] == LINK


def test_long_words_stay_in_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence about an error is read whole: its letters shrink until it fits."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.font.init()
    ui = program.Window()
    ui.events, ui.typed, ui.wish = [], "", None
    ui.screen.fill(program.PAPER)
    ui.show("It is not there; is it running? " * 9, (200, 60, 400, 36))
    inked = [x for x in range(800) if ui.screen.get_at((x, 78)) != pygame.Color(program.PAPER)]
    assert inked and min(inked) >= 200 and max(inked) < 600
