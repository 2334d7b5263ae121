"""`workshop join`: which room is taken, and what is said when a room cannot be played in."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pygame
import pytest

import netlib
from netlib.session.handshake import Limits
from solutions.step14_public import client
from tests.support import wire
from tests.support.commands import HEADLESS, LOOPBACK, SOON, Ended, free_port, workshop
from tests.support.processes import python, running, wait_until_async
from tests.support.rooms import a_game, found, url
from tests.support.typing_in import nobody, types
from workshop import cli
from workshop.commands.game import join
from workshop.commands.game.join import choose, nothing_found

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
pytestmark = pytest.mark.usefixtures("typed")

ANNS, BOBS = found("Ann's game", "10.0.0.5"), found("Bob's game", "10.0.0.6", password=True)
CLASS, CLUB = found("The class", "10.0.0.1", hosted=True), found("The club", "10.0.0.2", hosted=True)


@pytest.fixture
def nobody_types(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the terminal away."""
    nobody(monkeypatch)


@pytest.mark.usefixtures("nobody_types")
@pytest.mark.parametrize("rooms", [[ANNS], [CLASS], [ANNS, BOBS, CLASS]])
def test_one_room_is_taken(rooms: Sequence[netlib.Room], capsys: pytest.CaptureFixture[str]) -> None:
    """The only room is taken without a question, and so is the only one that is for everybody."""
    taken = choose(rooms, None)
    assert taken == rooms[-1]
    assert f'Found "{taken.name}" at {taken.address}.' in capsys.readouterr().out


@pytest.mark.usefixtures("nobody_types")
def test_several_rooms_and_nobody_to_ask(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal the rooms are listed, and the advice can be typed as it is."""
    with pytest.raises(click.ClickException) as told:
        choose([ANNS, BOBS], None)
    assert capsys.readouterr().out.splitlines() == [
        "  1  Ann's game  (3 of 32 players)  10.0.0.5:8765",
        "  2  Bob's game  (3 of 32 players, with a password)  10.0.0.6:8765",
    ]
    assert told.value.message.endswith("for example: py -m workshop join 10.0.0.5:8765")


@pytest.mark.parametrize(("typed", "taken"), [("2\n", CLUB), ("\n", CLASS), ("9\nx\n2\n", CLUB)])
def test_somebody_chooses(monkeypatch: pytest.MonkeyPatch, typed: str, taken: netlib.Room) -> None:
    """At a terminal the person chooses by number; the first is the default, and no room is asked again."""
    types(monkeypatch, typed)
    assert choose([ANNS, CLASS, CLUB], None) == taken


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        (None, "No room answered on this network."),
        ("this machine is on no network", "Could not look for rooms: this machine is on no network."),
    ],
)
def test_no_room(problem: str | None, reason: str) -> None:
    """When there is none: why, what is likely, and two commands to try; readable on any terminal."""
    with pytest.raises(click.ClickException) as told:
        choose([], problem)
    lines = told.value.message.splitlines()
    assert lines[0] == reason
    assert lines[-2].endswith("for example py -m workshop join 192.168.1.5")
    assert lines[-1].endswith("py -m workshop host")
    assert told.value.message == nothing_found(problem)
    assert told.value.message.isascii()


@pytest.fixture
def plays(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Play nowhere; give a list of the addresses and passwords with which a window would have been opened."""
    seen: list[tuple[str, str]] = []

    async def run(url: str, *, password: str, **_: object) -> int:
        seen.append((url, password))
        return 0

    monkeypatch.setattr(client, "run", run)
    monkeypatch.setattr(click.termui, "hidden_prompt_func", lambda _: "sesame")
    return seen


@pytest.mark.parametrize(
    ("room", "at_a_terminal", "words", "password"),
    [
        (BOBS, True, [], "sesame"),
        (BOBS, False, [], ""),
        (BOBS, True, ["--password", "known"], "known"),
        (ANNS, True, [], ""),
    ],
)
def test_a_password_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
    plays: list[tuple[str, str]],
    room: netlib.Room,
    at_a_terminal: bool,
    words: list[str],
    password: str,
) -> None:
    """Only a person at a terminal is asked, only for a room with a password, only when none was given."""
    types(monkeypatch, "") if at_a_terminal else nobody(monkeypatch)
    monkeypatch.setattr(join, "search", lambda: ([room], None))
    assert cli.run(["join", *words]) == 0
    assert plays == [(room.url, password)]


GIVEN = ["--password", "sesame"]
SEARCH_ON_LOOPBACK = """
import functools, sys
import netlib
netlib.Browser = functools.partial(netlib.Browser, interfaces=["127.0.0.1"], ports=[{port}])
from workshop import cli
from workshop.commands.game import join
join.SEARCH_SECONDS = {seconds}
sys.exit(cli.run(["join"]))
"""


@posix
def test_ctrl_c_while_searching(tmp_path: Path) -> None:
    """Ctrl-C during the search is the person's wish: no advice, exit code 0."""
    source = SEARCH_ON_LOOPBACK.format(port=free_port(), seconds=60)
    with running(python("-c", source), tmp_path / "log", environ=HEADLESS) as program:
        program.wait_for("Looking for rooms")
        program.interrupt()
        assert program.wait(timeout=SOON) == 0
    assert "No room" not in program.text() and "Traceback" not in program.text()


def test_a_search_without_unicode(tmp_path: Path) -> None:
    """On a terminal that knows only ASCII, nothing that is said becomes a question mark."""
    source = SEARCH_ON_LOOPBACK.format(port=free_port(), seconds=0.1)
    environ = {**HEADLESS, "PYTHONIOENCODING": "ascii"}
    with running(python("-c", source), tmp_path / "log", environ=environ) as program:
        assert program.wait() == 2
    assert "x error  No room answered on this network." in program.text() and "?" not in program.text()


async def joining(address: str, *words: str) -> Ended:
    """Join for half a second."""
    return await workshop("join", address, "--name", "Ada", "--seconds", "0.5", *words)


@pytest.mark.parametrize("form", ["127.0.0.1:{}", " localhost:{} ", "HTTP://127.0.0.1:{}/", "127.0.0.1 {}"])
async def test_forms_of_an_address(form: str, tmp_path: Path) -> None:
    """What people type or paste leads to the room, and the last frame is saved."""
    shot = tmp_path / "shot.png"
    async with a_game() as server:
        ended = await joining(form.format(server.port), "--screenshot", str(shot))
        assert server.metrics.joined == 1
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert pygame.image.load(shot).get_size() == (1280, 720)


@pytest.mark.parametrize(
    "address", ["", "5", "[::1", "127.0.0.1:99999", "127.0.0.1:abc", "a..b", "ftp://127.0.0.1"]
)
async def test_no_address(address: str) -> None:
    """What cannot be an address is repeated as it was typed, with an example of one."""
    sentence = (await joining(address)).sentence
    assert sentence == f"{address!r} is not an address; try 192.168.1.5, or ws://host:8765"


async def test_an_address_in_two_words() -> None:
    """Host and port may be two words of the command line."""
    async with a_game() as server:
        ended = await joining("127.0.0.1", str(server.port))
        assert (ended.code, server.metrics.joined) == (0, 1)


async def test_nobody_listens() -> None:
    """A wrong address is one sentence: where nobody answered, and what to look at."""
    port = free_port()
    sentence = (await joining(f"127.0.0.1:{port}")).sentence
    assert sentence.startswith(f"nothing is listening at 127.0.0.1:{port}; is the server running")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "this room has a password; ask the host and pass it with --password"),
        (["--password", "guess"], "wrong password; ask the host for it"),
        (["--name", "x" * 21, *GIVEN], "your name has 21 characters; choose one with at most 20"),
        (["--name", " ", *GIVEN], "your name is empty; choose one with at least one letter"),
        (["--name", "a\x07", *GIVEN], "your name has control characters"),
    ],
)
async def test_not_let_in(words: list[str], said: str) -> None:
    """A room that says no is quoted: the password, or what is wrong with the name."""
    async with a_game(password="sesame") as server:
        assert said in (await joining(url(server), *words)).sentence


async def test_a_full_room() -> None:
    """A full room says so; a spectator still gets in."""
    async with a_game(limits=Limits(max_players=1)) as server, wire.joined(url(server)):
        assert (await joining(url(server))).sentence == "the room is full (1 of 1); wait until someone leaves"
        assert (await joining(url(server), "--spectator")).code == 0


@posix
async def test_ctrl_c_leaves_at_once(tmp_path: Path) -> None:
    """Ctrl-C leaves the room with a goodbye and without a word in the terminal, exit code 0."""
    async with a_game() as server:
        left: list[netlib.Left] = []
        server.on(netlib.Left, left.append)
        command = python("-m", "workshop", "join", url(server))
        with running(command, tmp_path / "log", environ=HEADLESS) as program:
            await wait_until_async(lambda: server.players, "somebody plays")
            program.interrupt()
            assert await asyncio.to_thread(program.wait, timeout=SOON) == 0
        await wait_until_async(lambda: left, "the room hears of it")
    assert left[0].code == 1000 and program.text().strip() == ""


@posix
async def test_ctrl_c_before_anybody_answers(tmp_path: Path) -> None:
    """Ctrl-C ends the wait for a server that never says anything, too."""
    heard = asyncio.Event()

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silence, LOOPBACK, 0) as server:
        port = server.sockets[0].getsockname()[1]
        command = python("-m", "workshop", "join", f"{LOOPBACK}:{port}")
        with running(command, tmp_path / "log", environ=HEADLESS) as program:
            await wait_until_async(heard.is_set, "it has said hello")
            program.interrupt()
            assert await asyncio.to_thread(program.wait, timeout=SOON) == 0
    assert "Traceback" not in program.text()
