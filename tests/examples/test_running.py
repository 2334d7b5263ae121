"""The program round each example: its command line, finding a room, recording, and bots beside a window."""

import asyncio
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import netlib
from examples.finding import NoRoom, choose, find
from examples.options import Options, read_options
from examples.running import run, title
from netlib.recording import Kind, Tape
from tests.examples.test_all import EXAMPLES, IN_WINDOW
from tests.support.lan import Lan, lan_fixture
from tests.support.processes import python, running, wait_until_async
from tests.support.rooms import LOOPBACK

__all__ = ["lan_fixture"]

COMMAND = "python -m examples.pong"
HEADLESS = {"SDL_VIDEODRIVER": "dummy"}
WITH_BOTS = [folder.name for folder in EXAMPLES if (folder / "bots.py").exists()]

each = pytest.mark.parametrize("name", [folder.name for folder in EXAMPLES])


def options(monkeypatch: pytest.MonkeyPatch, *words: str, bots: bool = True) -> Options:
    """Return what becomes of a command line."""
    monkeypatch.setattr(sys, "argv", ["", *words])
    return read_options("examples.pong", "Pong.", bots=bots)


@pytest.mark.parametrize(
    ("words", "link"),
    [
        ("", netlib.PERFECT),
        ("--network 3g", netlib.PRESETS["3g"]),
        ("--network 3g --latency 0", netlib.LinkConditions(0.0, 0.05, 0.015)),
        ("--latency 200 --jitter 40 --loss 2", netlib.LinkConditions(0.2, 0.04, 0.02)),
    ],
)
def test_a_link_is_simulated(
    monkeypatch: pytest.MonkeyPatch, words: str, link: netlib.LinkConditions
) -> None:
    """A network by its name, by numbers, or by its name with other numbers."""
    assert options(monkeypatch, *words.split()).connection == {"name": "Ada", "link": link}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--server --join", "--server has no window"),
        ("--server --record a.rec", "--server has no window"),
        ("--bots -1", "choose a number from 0 to 100"),
        ("--bots 101", "choose a number from 0 to 100"),
        ("--bots many", "choose a number from 0 to 100"),
        ("--network 5g", "'3g'"),
    ],
)
def test_what_cannot_be_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: str, told: str
) -> None:
    """Options that do not go together, or are none, end the program before anything opens."""
    with pytest.raises(SystemExit):
        options(monkeypatch, *words.split())
    assert told in capsys.readouterr().err


def test_a_game_without_bots_offers_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The option is unknown there."""
    assert options(monkeypatch, bots=False).bots == 0
    with pytest.raises(SystemExit):
        options(monkeypatch, "--bots", "1", bots=False)
    assert "unrecognized" in capsys.readouterr().err


@pytest.mark.parametrize(("package", "words"), [("examples.pong", "Pong"), ("space_race", "Space Race")])
def test_a_window_is_called_as_its_game(package: str, words: str) -> None:
    """The package's name, in words."""
    assert title(package) == words


# Finding a room.


def a_room(name: str = "Pong", host: str = "192.168.1.5", **changes: Any) -> netlib.Room:
    """Return a room as searching finds it."""
    fields: dict[str, Any] = {"id": host, "players": 1, "max_players": 2, "port": 8765, "protocol": 1}
    return netlib.Room(name=name, host=host, **{**fields, **changes})


def test_the_one_room_of_the_game_is_taken() -> None:
    """Rooms of other games do not count."""
    rooms = [a_room("Gem Rush", "192.168.1.2"), a_room()]
    assert choose(rooms, None, "Pong", COMMAND) is rooms[1]


def test_of_several_rooms_one_has_to_be_named() -> None:
    """They are listed, with who is in them, and a command that can be typed."""
    rooms = [a_room(), a_room(host="192.168.1.7", players=0), a_room("Gem Rush", "192.168.1.2")]
    with pytest.raises(NoRoom) as told:
        choose(rooms, None, "Pong", COMMAND)
    assert str(told.value).splitlines() == [
        "Several rooms of Pong are open:",
        "  192.168.1.5:8765  Pong, 1 of 2 players",
        "  192.168.1.7:8765  Pong, 0 of 2 players",
        "Say which one, for example: python -m examples.pong --join 192.168.1.5:8765",
    ]


@pytest.mark.parametrize("others", [[], [a_room("Gem Rush")]])
@pytest.mark.parametrize("problem", [None, "this computer is on no network"])
def test_where_there_is_no_room_one_hears_what_to_try(others: list[netlib.Room], problem: str | None) -> None:
    """Why, what is likely, and two commands; and which other games are here."""
    with pytest.raises(NoRoom) as told:
        choose(others, problem, "Pong", COMMAND)
    words = str(told.value)
    assert (problem or "No room of Pong answered") in words
    assert f"{COMMAND} --join 192.168.1.5" in words and words.endswith(COMMAND)
    assert ("192.168.1.5:8765  Gem Rush" in words) is bool(others)


@pytest.fixture
def udp() -> int:
    """Give a UDP port that is free."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((LOOPBACK, 0))
        found: int = probe.getsockname()[1]
        return found


async def test_a_room_is_found_by_its_games_name(monkeypatch: pytest.MonkeyPatch, udp: int) -> None:
    """By real datagrams: the server's own name tells of which game it is."""
    searching = partial(netlib.Browser, ports=[udp], interfaces=[LOOPBACK], interval=0.1)
    monkeypatch.setattr(netlib, "Browser", searching)
    async with netlib.Server("Pong", host=LOOPBACK, port=0, discovery_ports=[udp]) as server:
        assert await find("Pong", COMMAND) == f"{LOOPBACK}:{server.port}"
        with pytest.raises(NoRoom, match=r"  Pong, 0 of"):
            await find("Arena", "python -m examples.arena")


@pytest.mark.root
@each
def test_a_friend_joins_on_the_lan(name: str, lan: Lan, tmp_path: Path) -> None:
    """On another computer --join needs no address; where nobody serves it says what to try."""
    command = python("-m", f"examples.{name}", "--join", "--name", "Ann", "--seconds", "2")
    lost = lan.run("ann", [str(word) for word in command], env=HEADLESS)
    assert lost.returncode == 1 and f"python -m examples.{name} --join 192.168.1.5" in lost.stderr
    serve = [str(word) for word in python("-m", f"examples.{name}", "--server")]
    server = lan.popen("server", serve, env=HEADLESS, stderr=subprocess.PIPE)
    assert server.stderr is not None and "listens on port" in server.stderr.readline()
    found = lan.run("ann", [str(word) for word in command], env=HEADLESS)
    assert found.returncode == 0, found.stderr
    assert name == IN_WINDOW or f"at {lan.address('server')}:8765 as Ann" in found.stderr


# Recording, and bots.


@each
def test_a_window_is_recorded_while_bots_play(name: str, tmp_path: Path) -> None:
    """What crosses the window's wire is a whole recording; whoever only looks for a table has none."""
    file, bots = tmp_path / "ada.rec", ["--bots", "2"] if name in WITH_BOTS else []
    words = ["--port", "0", "--seconds", "4", "--record", str(file), *bots]
    with running(python("-m", f"examples.{name}", *words), tmp_path / "log", environ=HEADLESS) as program:
        assert program.wait() == 0, program.text()
    assert "Traceback" not in program.text()
    assert not bots or "as Bot 2" in program.text() or "Bot 2 cannot play" in program.text()
    assert file.exists() is (name != IN_WINDOW)
    if file.exists():
        assert f"recorded in {file}" in program.text()
        tape = Tape(file)
        assert {Kind.OPENED, Kind.SENT, Kind.RECEIVED, Kind.ENDED} <= {record.kind for record in tape}
        assert tape.problem == ""


def test_a_recording_is_not_written_over(port: int, tmp_path: Path) -> None:
    """A file that is there already is told in a sentence, before anything opens."""
    file = tmp_path / "ada.rec"
    file.write_text("mine")
    words = ["--port", str(port), "--record", str(file)]
    with running(python("-m", "examples.pong", *words), tmp_path / "log", environ=HEADLESS) as program:
        assert program.wait() == 1
    assert "choose another name" in program.text() and "Traceback" not in program.text()
    assert file.read_text() == "mine"


def test_a_bot_that_fails_disturbs_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What is wrong with it is told at once, with the place; the window and the other bots play on."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(sys, "argv", ["", "--port", "0", "--bots", "3"])
    played: list[str] = []

    async def play(address: str, options: Options) -> None:
        await wait_until_async(lambda: played == ["Bot 3"], "one bot plays")

    async def bot(address: str, name: str) -> None:
        if name == "Bot 1":
            raise netlib.RoomFull("the room is full")
        await asyncio.sleep(0)
        assert name != "Bot 2", "a bug"
        played.append(name)
        await asyncio.Event().wait()

    def serve(**place: Any) -> netlib.Server:
        return netlib.Server("Pong", **place, discoverable=False)

    run("examples.pong", "Pong.", serve, play, bot)
    assert "Bot 1 cannot play: the room is full" in caplog.messages
    assert "Bot 2 has failed" in caplog.messages and "a bug" in caplog.text
