"""`workshop bots`: they fill a room, and what they measured is told, however it ended."""

import asyncio
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

import netlib
from tests.support.commands import HEADLESS, TYPED, Shell, workshop
from tests.support.processes import Program, python, running, wait_until_async
from tests.support.rooms import a_game, a_room, found, url
from workshop.commands.game import bots
from workshop.game.play.bot_client import BotsReport

PLENTY = "4"  # seconds in which a busy machine, too, lets all bots in, and plays on for longer than WARM_UP
FIGURES = re.compile(
    r"✓ ok  (\d+) of (\d+) bots played\.\n"
    r"  snapshots per second: \d+\.\d \(the slowest bot got \d+\.\d\)\n"
    r"  round trip: p50 \d+\.\d ms, p99 \d+\.\d ms\n"
)


async def test_they_play_for_some_seconds() -> None:
    """With --seconds the bots come, play, leave with a goodbye, and tell their figures."""
    async with a_game() as server:
        reasons: list[str] = []
        server.on(netlib.Left, lambda event: reasons.append(event.reason))
        ended = await workshop("bots", "3", url(server), "--seconds", PLENTY)
        await wait_until_async(lambda: len(reasons) == 3, "the bots have left")
    assert (ended.code, ended.err) == (0, "")
    first, rest = ended.out.split("\n", 1)
    assert first == f"3 bots go to {url(server)}. Ctrl-C calls them back."
    figures = FIGURES.fullmatch(rest)
    assert figures and figures.groups() == ("3", "3")
    assert reasons == ["goodbye"] * 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "this room has a password; ask the host and pass it with --password"),
        (["--password", "guess"], "wrong password; ask the host for it"),
    ],
)
async def test_not_even_the_first_gets_in(words: list[str], said: str) -> None:
    """When the first bot is refused none will get in: one sentence and exit code 2."""
    async with a_game(password="sesame") as server:
        ended = await workshop("bots", "3", url(server), *words)
    assert ended.sentence == said
    assert "played" not in ended.out


@pytest.mark.parametrize("count", ["0", "501", "-3", "many"])
async def test_how_many(count: str) -> None:
    """A number that is too small, too large or none is wrong usage."""
    ended = await workshop("bots", "--", count, "127.0.0.1")
    assert ended.code == 2 and ended.err.startswith("✗ error  Invalid value for 'N': ")
    assert ended.err.endswith(f"See {TYPED} bots --help\n")


@asynccontextmanager
async def sending(server: netlib.Server, log: Path) -> AsyncIterator[Program]:
    """Send three bots into a room, where they play; they end by themselves, with 0."""
    command = python("-m", "workshop", "bots", "3", url(server))
    with running(command, log, environ=HEADLESS) as program:
        # A bot counts itself as playing before its first input.
        await wait_until_async(lambda: sum(it.last_input_seq > 0 for it in server.players) == 3, "bots")
        yield program
        assert await asyncio.to_thread(program.wait) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
async def test_ctrl_c_calls_them_back(tmp_path: Path) -> None:
    """Ctrl-C ends with the report and exit code 0."""
    async with a_game() as server:
        async with sending(server, tmp_path / "log") as program:
            program.interrupt()
        await wait_until_async(lambda: not server.players, "they have left")
    assert "3 of 3 bots played" in program.text() and "Traceback" not in program.text()


def test_a_full_report(capsys: pytest.CaptureFixture[str]) -> None:
    """Everything that happened has its line: what went well on standard output, the rest beside it."""
    refused, lost = Counter({"full": 2}), Counter({"the server shuts down": 1})
    snapshots, rtts = [29.0, 30.0, 30.0], [0.001, 0.002, 0.003]
    seen = BotsReport(joined=3, fed=3, refused=refused, lost=lost, snapshots=snapshots, rtts=rtts)
    bots.report(seen, 5, "10.0.0.5")
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "✓ ok  3 of 5 bots played.",
        "  snapshots per second: 30.0 (the slowest bot got 29.0)",
        "  round trip: p50 2.0 ms, p99 3.0 ms",
    ]
    assert said.err.splitlines() == [
        "⚠ warning  2 were refused: full",
        "⚠ warning  1 lost the connection: the server shuts down",
    ]


def test_a_report_without_figures(capsys: pytest.CaptureFixture[str]) -> None:
    """Bots that were called back before they could measure, but saw the game, tell no figures."""
    bots.report(BotsReport(joined=1, fed=1), 1, "10.0.0.5")
    assert capsys.readouterr().out == "✓ ok  1 of 1 bots played.\n"


@pytest.mark.usefixtures("typed")
async def test_no_bot_sees_the_game() -> None:
    """Bots in a room that sends them no snapshot have not played: ✗, why that is likely, and exit code 1."""
    async with a_room() as server:
        ended = await workshop("bots", "2", url(server), "--seconds", "2")
    assert ended.code == 1
    assert "✗ error  2 of 2 bots got in, and none of them got a snapshot of the game." in ended.err
    assert "played" not in ended.out
    assert "Likely the room sends no world" in ended.out
    assert f"{TYPED} doctor --lan {url(server)}" in ended.out


@pytest.mark.usefixtures("typed")
def test_some_bots_see_the_game(capsys: pytest.CaptureFixture[str]) -> None:
    """Bots that got no snapshot are told apart from those that played."""
    bots.report(BotsReport(joined=3, fed=2, snapshots=[30.0, 30.0]), 3, "10.0.0.5")
    said = capsys.readouterr()
    assert said.out.startswith("✓ ok  2 of 3 bots played.\n")
    assert "⚠ warning  1 of the bots that got in never got a snapshot." in said.err
    assert f"{TYPED} doctor --lan 10.0.0.5" in said.out


@pytest.mark.usefixtures("typed")
def test_several_rooms(monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """When a room must be named, the words name `bots`, not `join`."""
    rooms = [found(host, host, 9000) for host in ("10.0.0.5", "10.0.0.6")]
    monkeypatch.setattr(bots, "search", lambda: (rooms, None))
    assert f"for example: {TYPED} bots 7 10.0.0.5:9000" in shell("bots", "7", code=2).err
    monkeypatch.setattr(bots, "search", lambda: ([], None))
    assert f"for example {TYPED} bots 7 192.168.1.5" in shell("bots", "7", code=2).err
