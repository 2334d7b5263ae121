"""The options that commands share: link conditions, names, pictures, logs, and clear words when wrong."""

import asyncio
import getpass
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import pytest

import netlib
from netlib.session.names import MAX_NAME, name_problem
from netlib.transport.conditioner import PRESETS
from tests.support.commands import Ended, workshop
from tests.support.processes import wait_until_async
from tests.support.rooms import a_game, url
from workshop.commands.options import link_options, login_name, run_options, window_options

LINE = re.compile(r"\d\d:\d\d:\d\d\.\d{3} (\w+) ([\w.]+): (.*)")
MESSAGE = re.compile(r"(→|←) (127\.0\.0\.1:\d+) (\{.*)")
EXPECTED = {"→": ["hello", "input", "ping", "ack"], "←": ["welcome", "snapshot", "pong"]}

pytestmark = pytest.mark.usefixtures("quiet_log")


@click.command()
@window_options
@link_options
@run_options
def command(**options: Any) -> dict[str, Any]:
    """A command with all shared options."""
    return options


def given(*words: str) -> dict[str, Any]:
    """Return what a command with all shared options gets for these words."""
    got: dict[str, Any] = command.main(list(words), standalone_mode=False)
    return got


def refused(*words: str) -> str:
    """Return what is said about wrong words; it is wrong usage, in one sentence."""
    with pytest.raises(click.UsageError) as told:
        given(*words)
    (line,) = told.value.format_message().splitlines()
    return line


def test_nothing_given() -> None:
    """Without flags the link is perfect, nothing ends by itself and nothing is saved."""
    got = given()
    assert got == {"link": netlib.PERFECT, "seconds": None, "screenshot": None, "name": login_name()}


def test_four_flags_are_one_link() -> None:
    """Milliseconds and percent on the command line become one LinkConditions; --network gives the rest."""
    link = given("--latency", "250", "--jitter", "30", "--loss", "2")["link"]
    assert link == netlib.LinkConditions(0.25, 0.03, 0.02)
    hotel = PRESETS["hotel"]
    assert given("--network", "hotel")["link"] == hotel
    changed = given("--latency", "0", "--network", "hotel")["link"]
    assert changed == netlib.LinkConditions(0.0, hotel.jitter, hotel.loss)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--latency", "-1"], "a latency of -1 ms is not possible; choose 0 to 60000"),
        (["--latency", "soon"], "'soon' is not a valid float"),
        (["--jitter", "nan"], "a jitter of nan ms is not possible"),
        (["--loss", "100"], "a loss of 100 % is not possible; choose 0 to 99"),
        (["--network", "dialup"], "there is no network 'dialup'; choose one of lan, wifi"),
        (["--seconds", "-5"], "-5 seconds are not possible; choose 0 or more"),
        (["--seconds", "nan"], "nan seconds are not possible"),
        (["--screenshot", "no/such/folder/shot.png"], "there is no folder"),
        (["--screenshot", "."], "is a directory"),
        (["--screenshot", ""], "that is a folder"),
        (["--log", "."], "cannot write .: "),
        (["--log", "no/such/folder/trace.log"], "cannot write"),
    ],
)
def test_wrong_values(words: list[str], said: str) -> None:
    """A wrong value is exit code 2 and one sentence that says what is possible."""
    assert said in refused(*words)


async def test_wrong_values_at_the_command_line() -> None:
    """The real command adds where to read more, as the person types it, and no traceback."""
    ended = await workshop("join", "127.0.0.1", "--loss", "200")
    assert ended.code == 2
    assert ended.err.splitlines() == [
        "✗ error  a loss of 200 % is not possible; choose 0 to 99",
        "See py -m workshop join --help",
    ]


async def test_an_old_terminal_gets_ascii() -> None:
    """Where only ASCII can be shown, there are signs and words of ASCII, and no question marks."""
    environ = {"PYTHONIOENCODING": "ascii", "COLUMNS": "60"}
    ended = await workshop("join", "127.0.0.1", "--loss", "200", environ=environ)
    assert ended.err.startswith("x error  a loss of 200 %")
    assert "?" not in (await workshop("join", "--help", environ=environ)).out


def test_a_picture_is_saved_where_the_person_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A picture's name counts from the folder of the start; a look whether it can be saved leaves nothing."""
    monkeypatch.chdir(tmp_path)
    assert given("--screenshot", "shot.png")["screenshot"] == tmp_path / "shot.png"
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is a folder in which nobody can save")
def test_a_folder_that_takes_no_picture() -> None:
    """A folder that cannot be written to is told before the game, not after it."""
    assert "cannot save the picture in /proc: " in refused("--screenshot", "/proc/shot.png")


@pytest.mark.parametrize(
    ("login", "name"),
    [
        ("ada", "Ada"),
        ("ada.lovelace", "Ada.Lovelace"),
        ("ада", "Ада"),
        ("x" * 50, "X" + "x" * (MAX_NAME - 1)),
        ("ß" * MAX_NAME, "Player"),  # its capital has two letters
        ("a\x1b[31mda", "Player"),
        ("a\nb", "Player"),
        ("\udcff", "Player"),
        ("", "Player"),
        ("   ", "Player"),
    ],
)
def test_the_login_is_the_name(monkeypatch: pytest.MonkeyPatch, login: str, name: str) -> None:
    """A player who gives no name plays under the login, as far as a server takes it."""
    monkeypatch.setattr(getpass, "getuser", lambda: login)
    assert login_name() == name
    assert name_problem(name) is None


@pytest.mark.parametrize("error", [OSError("No username"), KeyError("uid 12345"), ImportError("pwd")])
def test_nobody_is_logged_in(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """A system that knows no login, by whatever error, gives a plain name."""

    def nobody() -> str:
        raise error

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert login_name() == "Player"


async def play(words: Sequence[str], until: Callable[[netlib.Server], object], **options: str) -> Ended:
    """Let a bot play until this holds; then the room closes, and the bot ends."""
    async with a_game(**options) as server:
        bot = asyncio.create_task(workshop("bots", "1", url(server), *words))
        await wait_until_async(lambda: bot.done() or until(server), "the bot has played")
        await server.stop()
        ended = await bot
    assert ended.code == 0, ended.err
    return ended


async def trace(file: Path) -> list[str]:
    """Let a bot play against a room with a password, and write its log; return its lines."""

    def lines() -> list[str]:
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    def is_full(_: netlib.Server) -> bool:
        text = "".join(lines())
        return all(f'"type":"{type}"' in text for types in EXPECTED.values() for type in types)

    await play(("--password", "sesame", "--log", str(file)), is_full, password="sesame")
    return lines()


async def test_a_log_has_every_message_of_both_directions(tmp_path: Path) -> None:
    """--log adds time, direction, peer and message of all that is sent and received, one a line."""
    file = tmp_path / "trace.log"
    file.write_text("the first run\n", encoding="utf-8")
    first, *lines = await trace(file)
    found = [LINE.fullmatch(line) for line in lines]
    assert first == "the first run" and found and all(found)
    wire = [line[3] for line in found if line and (line[1], line[2]) == ("DEBUG", "netlib.wire")]
    messages = [MESSAGE.fullmatch(line) for line in wire]
    assert messages and all(messages)
    for arrow, types in EXPECTED.items():
        texts = [line[3] for line in messages if line and line[1] == arrow]
        assert [type for type in types if not any(f'"type":"{type}"' in text for text in texts)] == []
    assert len({line[2] for line in messages if line}) == 1, "one peer: the server"


async def test_a_log_has_no_secrets(tmp_path: Path) -> None:
    """A reader of the log cannot join or resume with it."""
    text = "\n".join(await trace(tmp_path / "trace.log"))
    assert "sesame" not in text and '"password":"…"' in text and '"resume":"…"' in text


async def test_verbose_says_what_happens() -> None:
    """--verbose tells on standard error, in words, where we came in and that it ended."""
    ended = await play(
        ("--verbose",), lambda server: any(it.last_input_seq for it in server.players), room="Lab"
    )
    assert re.search(r'joined "Lab" at ws://127\.0\.0\.1:\d+', ended.err), ended.err
    assert "has ended" in ended.err
    assert '"type"' not in ended.err, "messages go to the log"
