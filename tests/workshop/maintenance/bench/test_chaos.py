"""The chaos run: its books, the proxy that breaks connections, and a short run of it all."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.processes import python, running, wait_until_async
from workshop.maintenance.bench.chaos import __main__ as command
from workshop.maintenance.bench.chaos.books import (
    Account,
    Books,
    Sequence,
    Tally,
    differences,
    score_problem,
    twins,
)
from workshop.maintenance.bench.chaos.cutter import Cutter
from workshop.maintenance.bench.chaos.proxy import HOST, READ_SIZE, Cut, Proxy, Side
from workshop.maintenance.bench.chaos.report import MOST_PROBLEMS, as_table
from workshop.maintenance.bench.chaos.run import SERVER, Chaos, Plan, Result, port_of
from workshop.processes.children import running as running_child

# The books.


@given(st.integers(1, 10**6), st.integers(0, 20))
def test_numbers_one_after_another_are_fine(first: int, count: int) -> None:
    """A sequence without a gap or a double has no problem, wherever it may begin."""
    sequence = Sequence("numbers", first=None)
    assert [sequence.take(first + step) for step in range(count)] == [""] * count


@given(st.lists(st.integers(1, 6), min_size=1))
def test_whatever_is_not_gapless_is_a_problem(numbers: list[int]) -> None:
    """Only 1, 2, 3 and so on is fine; everything else is told, at least once."""
    sequence = Sequence("numbers")
    problems = [problem for number in numbers if (problem := sequence.take(number))]
    assert bool(problems) == (numbers != list(range(1, len(numbers) + 1)))


def test_gaps_and_doubles_in_words() -> None:
    """A problem says whose number it was, and what was expected."""
    sequence = Sequence("tokens of bot1")
    assert sequence.take(3) == "tokens of bot1: 3 came after 0; 2 lost"
    assert sequence.take(3) == "tokens of bot1: 3 came again after 3"
    assert sequence.last == 3


def test_twins_have_the_same_name_but_for_a_number() -> None:
    """A second "bot1" is "bot1 2" to the server; "bot12" is somebody else."""
    assert twins(["bot1", "bot12", "bot2", "bot1 2"]) == ["bot1"]


@pytest.mark.parametrize(
    ("before", "after", "inputs", "fine"),
    [(5, 5, 0, True), (5, 7, 2, True), (5, 7, 0, False), (5, 0, 0, False), (5, 4, 9, False)],
)
def test_scores_are_kept(before: int, after: int, inputs: int, fine: bool) -> None:
    """Nobody loses points while away, nor gets any but by inputs that waited already."""
    assert (score_problem("bot1", before, after, inputs=inputs) == "") == fine


def books(**changed: Any) -> Books:
    """The server's books with one bot, but for what is changed."""
    usual: dict[str, Any] = {
        "accounts": [Account(7, "bot1", sent=4, received=9)],
        "players": ["bot1"],
        "news": 3,
        "dropped": 0,
        "resumed": 0,
        "scores": 0,
        "problems": [],
    }
    return Books(**usual | changed)


def seen(**changed: Any) -> Tally:
    """The bot's books that go with them, but for what is changed."""
    usual: dict[str, Any] = {
        "name": "bot1",
        "sent": 9,
        "received": 4,
        "news": 3,
        "players": frozenset(["bot1"]),
    }
    return Tally(**usual | changed)


@pytest.mark.parametrize(
    ("server", "bot", "said"),
    [
        (books(), seen(), []),
        (books(), seen(sent=10), ["bot1 has sent 10, the server got 9"]),
        (books(), seen(received=3), ["bot1 got 3, the server has sent 4"]),
        (books(news=4), seen(), ["bot1 got news up to 3, the server has sent 4"]),
        (
            books(players=["bot1", "bot1 2"]),
            seen(),
            ["players who should not be: bot1 2", "bot1 sees no player: bot1 2"],
        ),
        (books(players=[]), seen(players=frozenset()), ["no player: bot1"]),
    ],
)
def test_books_that_differ(server: Books, bot: Tally, said: list[str]) -> None:
    """What only one side knows of is said: messages, and players."""
    assert differences(server, {7: bot}) == said


def test_a_bot_without_an_account() -> None:
    """A bot of whom the server knows nothing has lost everything that it sent."""
    assert "bot1 has sent 9, the server got 0" in differences(books(accounts=[]), {7: seen()})


# The proxy.


class Peers:
    """A bot and a server with the proxy between them; each keeps what it got."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self.got: dict[Side, bytes] = {"bot": b"", "server": b""}
        self.ended: dict[Side, bool] = {"bot": False, "server": False}
        self.writers: dict[Side, asyncio.StreamWriter] = {}

    async def listen(self, side: Side, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read until the end."""
        self.writers[side] = writer
        with contextlib.suppress(OSError):
            while data := await reader.read(1000):
                self.got[side] += data
        self.ended[side] = True
        writer.close()

    async def has(self, side: Side, data: bytes) -> None:
        """Wait until this is all that a side has got."""
        await wait_until_async(lambda: self.got[side] == data, f"{side} gets {data!r}")


@contextlib.asynccontextmanager
async def connected(planned: Cut | None = None) -> AsyncIterator[Peers]:
    """A connection through the proxy."""
    async with Proxy() as proxy:
        peers = Peers(proxy)
        server = await asyncio.start_server(lambda r, w: peers.listen("server", r, w), HOST, 0)
        proxy.target = server.sockets[0].getsockname()[1]
        if planned:
            proxy.plan(planned)
        reader, writer = await asyncio.open_connection(HOST, proxy.port)
        listening = asyncio.create_task(peers.listen("bot", reader, writer))
        try:
            await wait_until_async(lambda: len(peers.writers) == 2, "both are connected")
            yield peers
        finally:
            for open_writer in peers.writers.values():
                open_writer.close()
            await listening
            server.close()


async def test_the_proxy_carries_bytes_both_ways() -> None:
    """Without a fault nothing is changed, and the end is passed on too."""
    async with connected() as peers:
        peers.writers["bot"].write(b"up")
        peers.writers["server"].write(b"down")
        await peers.has("server", b"up")
        await peers.has("bot", b"down")
        peers.writers["bot"].close()
        await wait_until_async(lambda: peers.ended["server"], "the server hears of it")
        assert not peers.proxy.cuts


async def test_a_cut_ends_both_sides() -> None:
    """Both ends are told at once, and the connection is no longer among those that can be cut."""
    async with connected() as peers:
        (pipe,) = peers.proxy.pipes
        pipe.cut("both")
        await wait_until_async(lambda: all(peers.ended.values()), "both ends are told")
        assert peers.proxy.cuts == {"both": 1} and peers.proxy.pipes == []


@pytest.mark.parametrize("side", ["bot", "server"])
async def test_a_cut_in_a_frame(side: Side) -> None:
    """Exactly so many bytes still pass to that side, and whatever the other side got; then it is over."""
    async with connected(Cut("frame", side, 5)) as peers:
        other: Side = "bot" if side == "server" else "server"
        peers.writers[side].write(b"whatever")
        await peers.has(other, b"whatever")
        peers.writers[other].write(b"abc")
        await peers.has(side, b"abc")
        peers.writers[other].write(b"defgh" * READ_SIZE)  # of which a second read must not pass
        await wait_until_async(lambda: all(peers.ended.values()), "both ends are told")
        assert peers.got[side] in (b"abc", b"abcde")  # a reset may take what was not read yet
        assert peers.proxy.cuts == {"frame": 1}


async def test_one_side_learns_of_a_cut_later() -> None:
    """The other side's connection stays open and silent, and ends late."""
    async with connected() as peers:
        (pipe,) = peers.proxy.pipes
        pipe.half_cut("bot first", "bot", 0.3)
        await wait_until_async(lambda: peers.ended["bot"], "the bot is told")
        assert not peers.ended["server"]
        await wait_until_async(lambda: peers.ended["server"], "the server is told")
        assert peers.proxy.cuts == {"bot first": 1}


async def test_a_silence_loses_nothing() -> None:
    """What was written during a silence arrives after it, and it counts as no cut."""
    async with connected() as peers:
        (pipe,) = peers.proxy.pipes
        pipe.silence(0.2)
        peers.writers["bot"].write(b"patience")
        assert peers.got["server"] == b""
        await peers.has("server", b"patience")
        assert not peers.proxy.cuts


async def test_nobody_behind_the_proxy() -> None:
    """While the server is dead, every client that connects is cut off."""
    async with Proxy() as proxy:
        with socket.socket() as unused:
            unused.bind((HOST, 0))
            proxy.target = unused.getsockname()[1]
            reader, writer = await asyncio.open_connection(HOST, proxy.port)
            with contextlib.suppress(ConnectionError):
                assert await reader.read() == b""
            writer.close()
        assert not proxy.cuts


async def test_the_cutter_reaches_its_goal() -> None:
    """It goes on until so many connections were cut, and waits while there is none."""
    async with connected() as peers:
        await Cutter(peers.proxy, seed=1).cut(1, 0.1)
        assert peers.proxy.cuts.total() == 1


# The process, and the program.


async def test_a_server_that_does_not_start() -> None:
    """When the port is taken, the error has the server's last words."""
    with socket.create_server((HOST, 0)) as taken:
        port = str(taken.getsockname()[1])
        with (
            running_child(SERVER, port, "1") as server,
            pytest.raises(click.ClickException, match=rf"(?s)did not start.*{port}"),
        ):
            await port_of(server)


def test_what_went_wrong_is_told_in_words() -> None:
    """The table ends with the problems, but not with thousands of them."""
    told = as_table(Plan(), Result(cuts={"both": 2}, problems=[f"problem {n}" for n in range(50)]))
    assert "problem 19" in told and "problem 20" not in told
    assert told.endswith(f"and {50 - MOST_PROBLEMS} more")
    assert "Nothing was lost" in as_table(Plan(), Result())


@pytest.mark.parametrize(("problems", "code"), [([], 0), (["bot1 has a twin"], 1)])
def test_the_exit_code_tells(
    problems: list[str], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 when all was as it must be, else 1, in JSON too."""

    class Told(Chaos):
        async def run(self) -> Result:
            return Result(problems=problems)

    monkeypatch.setattr(command, "Chaos", Told)
    monkeypatch.setattr("sys.argv", ["chaos", "--json"])
    assert command.main() == code
    assert json.loads(capsys.readouterr().out)["result"]["problems"] == problems


def test_a_short_chaos_run(tmp_path: Path) -> None:
    """Eight bots, twenty cuts, one kill: nothing lost or doubled, no twins, scores kept, nobody left over."""
    words = ["--bots", "8", "--cuts", "20", "--seconds", "4", "--json"]
    with running(python("-m", "workshop.maintenance.bench.chaos", *words), tmp_path / "log") as program:
        assert program.wait(timeout=60) == 0, program.text()
        assert not program.left_behind()
    text = program.text()
    result = json.loads(text[text.index("{") :])["result"]
    assert result["problems"] == [] and "Traceback" not in text
    assert sum(result["cuts"].values()) >= 20
    assert result["resumed"] >= 5  # one that is cut in its handshake was not in yet, and takes two cuts
    assert 0 < result["arrived"] <= result["sent"] and result["received"] > 0


@pytest.mark.parametrize("words", [["--bots", "0"], ["--cuts", "-1"], ["--seconds", "none"]])
def test_wrong_usage(words: list[str], tmp_path: Path) -> None:
    """Nothing can be shown without bots, cuts or time: one clear sentence, exit code 2."""
    with running(python("-m", "workshop.maintenance.bench.chaos", *words), tmp_path / "log") as program:
        assert program.wait() == 2
    assert "choose 1 or more" in program.text().splitlines()[-1]
