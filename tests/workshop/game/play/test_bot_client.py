"""Bots as clients: they join, play and score over a real network, and count what went wrong."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import netlib
from netlib.session.handshake import Limits
from netlib.session.names import MAX_NAME, name_problem
from tests.support import rooms
from tests.support.gem_rush import a_game
from tests.support.processes import python, running, wait_until_async
from tests.support.rooms import LOOPBACK, connection_of, url
from workshop.game.play import bot_client
from workshop.game.play.bot_client import NAMES, BotsReport, Troop, percentile
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import PlayingAs


@contextlib.asynccontextmanager
async def playing(troop: Troop) -> AsyncIterator[asyncio.Task[None]]:
    """Let them play for the length of the block, then call them back."""
    task = asyncio.create_task(troop.play())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bots come faster, and count from the start."""
    monkeypatch.setattr(bot_client, "JOINS_PER_SECOND", 200.0)
    monkeypatch.setattr(bot_client, "WARM_UP", 0.0)


async def test_they_move_and_score() -> None:
    """Bots join, walk about and collect, by inputs that the server finds nothing wrong with."""
    async with a_game() as game, playing(Troop(game.url, 6)):
        await wait_until_async(lambda: len(game.world.players) == 6, "six bots")
        before = {id: (it.x, it.y) for id, it in game.world.players.items()}
        await wait_until_async(
            lambda: all((it.x, it.y) != before[id] for id, it in game.world.players.items()), "all move"
        )
        await wait_until_async(lambda: any(it.score for it in game.world.players.values()), "somebody scores")
        refused = set(game.server.metrics.refused) - {"out_of_reach"}  # another bot may have been quicker
        assert not refused


async def test_names() -> None:
    """Every bot has a name of its own, also when there are more bots than names."""
    assert len(set(NAMES)) == len(NAMES)
    assert all(name_problem(f"{name} 99") is None for name in NAMES)
    count = len(NAMES) + 3
    async with rooms.a_game(limits=Limits(max_players=count)) as server, playing(Troop(url(server), count)):
        await wait_until_async(lambda: len(server.players) == count, "all bots")
        names = {peer.name for peer in server.players}
    assert len(names) == count
    assert max(map(len, names)) <= MAX_NAME


async def test_what_they_measure() -> None:
    """Called back, each bot has told its snapshots per second and its round trip."""
    async with rooms.a_game() as server:
        troop = Troop(url(server), 3)
        async with playing(troop):
            await wait_until_async(
                lambda: len(server.players) == 3 and all(peer.rtt for peer in server.players), "pings"
            )
        seen = troop.report
        await wait_until_async(lambda: not server.players, "all have left")
    assert (seen.joined, dict(seen.refused), dict(seen.lost)) == (3, {}, {})
    assert len(seen.snapshots) == len(seen.rtts) == 3
    assert all(0 < rtt < 1 for rtt in seen.rtts)


async def test_a_bot_that_is_kicked_is_reported() -> None:
    """It is counted with the reason that it was told; the others play on."""
    async with rooms.a_game() as server:
        troop = Troop(url(server), 3)
        async with playing(troop):
            await wait_until_async(lambda: len(server.players) == 3, "three bots")
            server.players[0].kick("you were kicked")
            await wait_until_async(lambda: troop.report.lost, "a loss is reported")
            assert len(server.players) == 2
    assert dict(troop.report.lost) == {"you were kicked": 1}
    assert troop.report.joined == 3


async def test_a_bot_whose_line_is_cut_comes_back() -> None:
    """The same player goes on, and nothing is lost."""
    async with rooms.a_game() as server:
        troop = Troop(url(server), 2)
        async with playing(troop):
            await wait_until_async(lambda: len(server.players) == 2, "two bots")
            connection_of(server.players[0]).abort()
            await wait_until_async(lambda: troop.report.came_back, "it is back")
            assert [peer.id for peer in server.players if peer.connected] == [1, 2]
    assert (troop.report.joined, troop.report.came_back, dict(troop.report.lost)) == (2, 1, {})


async def test_a_room_that_is_closed_is_reported_by_all() -> None:
    """Bots wait for no room that has said goodbye, nor for its answers; each tells the room's own words."""
    async with rooms.a_game() as server:

        @server.on_request(PlayingAs)
        async def never_answered(peer: netlib.Peer, told: PlayingAs) -> None:
            await asyncio.Event().wait()

        troop = Troop(url(server), 3)
        async with playing(troop) as task:
            await wait_until_async(lambda: len(server.players) == 3, "three bots")
            await server.stop("lunch")
            await asyncio.wait_for(task, 8)
    assert dict(troop.report.lost) == {"lunch": 3}


@pytest.mark.skipif(sys.platform == "win32", reason="a killed server's port is not free at once")
async def test_a_server_that_is_killed_and_starts_anew(tmp_path: Path) -> None:
    """The bots come back as newcomers, and find their ways on its other map."""
    command = python("-m", "solutions.step14_public.server", "--host", LOOPBACK)
    with running([*command, "--port", "0", "--seed", "5"], tmp_path / "first.log") as first:
        port = (await asyncio.to_thread(first.wait_for, r"on port (\d+)"))[1]
        troop = Troop(f"ws://{LOOPBACK}:{port}", 3)
        async with (
            playing(troop),
            netlib.connect(f"{LOOPBACK}:{port}", spectator=True, schema=SCHEMA) as seen,
        ):
            await wait_until_async(lambda: len(seen.state["players"]) == 3, "three bots")
            first.process.kill()
            with running([*command, "--port", port, "--seed", "6"], tmp_path / "second.log"):
                await wait_until_async(
                    lambda: seen.state["round"] and seen.state["round"][0].seed == 6, "the other map"
                )
                await wait_until_async(lambda: len(seen.state["players"]) == 3, "three newcomers")
                await wait_until_async(
                    lambda: any(it.score for it in seen.state["players"].values()), "somebody scores"
                )
                assert not troop.report.lost


async def test_some_are_refused() -> None:
    """Bots for whom there is no place are counted with the code of the refusal."""
    async with rooms.a_game(limits=Limits(max_players=2)) as server:
        troop = Troop(url(server), 5)
        async with playing(troop):
            await wait_until_async(lambda: troop.report.refused.total() == 3, "three are refused")
    assert dict(troop.report.refused) == {"full": 3}
    assert troop.report.joined == 2


async def test_the_first_is_refused() -> None:
    """When the first bot is not let in, the others need not try: the error says why."""
    async with rooms.a_game(password="sesame") as server:
        with pytest.raises(netlib.WrongPassword):
            await Troop(url(server), 3).play()
        assert server.metrics.refused["password"] == 1
        troop = Troop(url(server), 2, password="sesame")
        async with playing(troop):
            await wait_until_async(lambda: len(server.players) == 2, "with the password they get in")


async def test_a_bad_link_is_the_bots_own() -> None:
    """Simulated latency at the bots' end is in the round trip that they measure."""
    async with rooms.a_game() as server:
        troop = Troop(url(server), 1, link=netlib.LinkConditions(latency=0.2))
        async with playing(troop):
            await wait_until_async(lambda: server.players and server.players[0].rtt, "a ping")
    assert troop.report.rtts[0] >= 0.2


def test_an_empty_report() -> None:
    """Nothing happened: all is zero, and two reports share nothing."""
    one, two = BotsReport(), BotsReport()
    one.refused["full"] += 1
    assert two == BotsReport()


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([], 50, 0.0),
        ([7.0], 1, 7.0),
        ([7.0], 99, 7.0),
        ([3.0, 1.0], 50, 2.0),
        ([3.0, 1.0, 2.0], 50, 2.0),
        (range(101), 99, 99.0),
        (range(101), 1, 1.0),
        ([5.0] * 1000, 99, 5.0),
    ],
)
def test_percentile(values: list[float], percent: int, expected: float) -> None:
    """The value below which that share lies, for none, one, few and many values in any order."""
    assert percentile(values, percent) == expected
