"""The game's own word about newcomers: asked once, answered in time, and never instead of the other rules."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

import netlib
from netlib import testing
from netlib.rooms import Join, Visitor
from netlib.server.admission import FAILED, TOO_LATE, Judge
from netlib.server.incoming import JOIN_GUESS_BURST, ONE_ROOM, TOO_MANY_GUESSES
from netlib.threads import BackgroundServer, PolledClient
from tests.support.rooms import LOOPBACK
from tests.support.sessions import PlainPlayer, kinds, noted, within

SLOW = 1.0  # seconds that a slow function takes


class Door:
    """A server that asks, whom it was asked about, and what happened."""

    def __init__(self, network: testing.Network, server: netlib.Server) -> None:
        self.network, self.server = network, server
        self.asked: list[Visitor] = []
        self.comings = noted(server)

    def answer(self, judge: Judge) -> None:
        """Let a function answer, and note what it was asked."""

        @self.server.on_admit
        def ask(visitor: Visitor) -> Any:
            self.asked.append(visitor)
            return judge(visitor)

    async def refused(self, name: str = "Eve", **options: Any) -> netlib.Refused:
        """Let somebody come who must not be let in; return how that was said."""
        with pytest.raises(netlib.Refused) as caught:
            await self.network.join(name, **options)
        return caught.value

    async def stranger(self) -> PlainPlayer:
        """Let somebody connect who has said nothing yet."""
        stranger = PlainPlayer()
        await stranger.dial(f"ws://{LOOPBACK}:{self.server.port}", self.network)
        return stranger


@asynccontextmanager
async def a_door(**options: Any) -> AsyncIterator[Door]:
    """Give a server in memory, which lets everybody in until it is told what to ask."""
    async with testing.Network() as network:
        yield Door(network, await network.serve(**options))


async def slowly(visitor: Visitor) -> str | None:
    """Let all in but Eve, after a while."""
    await asyncio.sleep(SLOW)
    return "no Eves" if visitor.name == "Eve" else None


def at_once(visitor: Visitor) -> str | None:
    """Let all in but Eve."""
    return "no Eves" if visitor.name == "Eve" else None


async def raising(visitor: Visitor) -> str | None:
    """Fail after a while."""
    await asyncio.sleep(SLOW)
    raise OSError("the database is down")


async def cancelling(visitor: Visitor) -> str | None:
    """Wait for something that is cancelled."""
    waited = asyncio.ensure_future(asyncio.sleep(1000))
    asyncio.get_running_loop().call_soon(waited.cancel)
    await waited
    return None


def a_cancelled_future() -> asyncio.Future[None]:
    future = asyncio.get_running_loop().create_future()
    future.cancel()
    return future


async def too_slow(visitor: Visitor) -> str | None:
    """Answer after the time that there is."""
    await asyncio.sleep(1000)
    return None


HELLO = {"type": "hello", "protocol": 1, "name": "Ada"}


@pytest.mark.parametrize("judge", [at_once, slowly])
@within(a_door)
async def test_the_game_says_who_is_let_in(door: Door, judge: Judge) -> None:
    """Ada is in; Eve reads why not, and is neither joined nor left; both kinds of function can say it."""
    door.answer(judge)
    await door.network.join("Ada", password="plum", spectator=True)
    error = await door.refused()
    assert (error.code, str(error)) == ("admission", "no Eves")
    assert kinds(door.comings) == ["Joined"]
    first = door.asked[0]
    assert (first.name, first.password, first.spectator, first.join) == ("Ada", "plum", True, None)
    assert first.address.startswith(LOOPBACK) and first.headers["upgrade"] == "websocket"


@pytest.mark.parametrize(
    ("judge", "text"),
    [
        (raising, FAILED),
        (cancelling, FAILED),
        (too_slow, TOO_LATE),
        (lambda visitor: 1 / 0, FAILED),
        (lambda visitor: a_cancelled_future().result(), FAILED),
        (lambda visitor: True, FAILED),
        (lambda visitor: False, FAILED),
        (lambda visitor: "half of a \ud83d", FAILED),
    ],
)
@within(a_door)
async def test_a_function_that_does_not_answer_lets_nobody_in(
    door: Door, judge: Any, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    """One that raises, takes too long or says neither yes nor no: the newcomer is told, the log says why."""
    door.answer(judge)
    assert str(await door.refused()) == text
    assert door.server.peers == [] and "admits players" in caplog.text
    assert not door.server._incoming.door.waiting


@within(a_door)
async def test_who_goes_away_meanwhile_never_joins(door: Door) -> None:
    """A connection that is closed while the game thinks leaves nothing behind."""
    door.answer(slowly)
    gone = await door.stranger()
    gone.send(**HELLO)
    await testing.until(lambda: door.asked)
    gone.kill()
    await testing.until(lambda: not door.server._incoming.door.waiting)
    assert door.comings == [] and door.server.peers == []


@within(a_door)
async def test_a_second_hello_while_the_game_thinks_is_refused(door: Door) -> None:
    """Also when both come in one piece: the game is asked once, and there is one player."""
    door.answer(slowly)
    twice = await door.stranger()
    twice.send(**HELLO)
    twice.send(**{**HELLO, "name": "Bob"})
    await testing.until(lambda: twice.got("welcome"))
    assert [frame["code"] for frame in twice.got("error")] == ["second_hello"]
    assert len(door.asked) == 1 and [peer.name for peer in door.server.peers] == ["Ada"]


@within(a_door)
async def test_a_player_who_comes_back_is_not_asked_about(door: Door) -> None:
    """Who has been let in is in, until its stay ends; a hello said again is no other one."""
    door.answer(slowly)
    ada = await door.network.join("Ada")
    door.network.cut()
    await testing.until(lambda: kinds(door.comings) == ["Joined", "Dropped", "Resumed"])
    assert ada.connected and len(door.asked) == 1


@within(a_door, password="sesame")
async def test_the_game_is_asked_after_the_password(door: Door) -> None:
    """A wrong one is answered at once, as is one too many, right or not: else the time would tell it."""
    door.answer(slowly)
    for _ in range(int(JOIN_GUESS_BURST)):
        assert (await door.refused(password="wrong")).code == "password"
    started = netlib.clock()
    assert str(await door.refused(password="sesame")) == TOO_MANY_GUESSES
    assert netlib.clock() - started < SLOW and door.asked == []
    await asyncio.sleep(6)
    await door.network.join("Ada", password="sesame")


@within(a_door)
async def test_passwords_that_the_game_looks_at_cannot_be_guessed_quickly(door: Door) -> None:
    """What it refuses counts as a guess when a password was said; many at once are owed for."""
    door.answer(lambda visitor: None if visitor.password == "plum" else "wrong")
    await door.network.join("Ada", password="plum")
    for _ in range(int(JOIN_GUESS_BURST)):
        await door.refused(password="pear")
    assert (await door.refused(password="plum")).code == "password"
    assert (await door.refused()).code == "admission"
    assert len(door.asked) == JOIN_GUESS_BURST + 2


@within(a_door)
async def test_guesses_said_at_once_are_owed_for(door: Door) -> None:
    """Thirty wrong ones that are looked at together cost as much waiting as thirty one by one."""

    async def judge(visitor: Visitor) -> str | None:
        await asyncio.sleep(SLOW)
        return None if visitor.password == "plum" else "wrong"

    door.answer(judge)
    many = [await door.stranger() for _ in range(30)]
    for one in many:
        one.send(**HELLO, password="pear")
    await testing.until(lambda: all(one.ended for one in many))
    await asyncio.sleep(60)
    assert (await door.refused(password="plum")).code == "password"
    await asyncio.sleep(60)
    await door.network.join("Ada", password="plum")


@within(a_door, limits=netlib.Limits(max_players=1))
async def test_two_wait_for_one_seat(door: Door) -> None:
    """Both may be welcome to the game; the second finds the room full."""
    door.answer(slowly)
    both = [await door.stranger() for _ in range(2)]
    for one in both:
        one.send(**HELLO)
    await testing.until(lambda: all(one.frames for one in both))
    assert sorted(one.frames[0]["type"] for one in both) == ["refused", "welcome"]
    assert len(door.server.players) == 1


@within(a_door)
async def test_the_server_stops_while_the_game_thinks(door: Door) -> None:
    """Nobody joins then, and nothing waits any more."""
    door.answer(slowly)
    ada = await door.stranger()
    ada.send(**HELLO)
    await testing.until(lambda: door.server._incoming.door.waiting)
    await door.server.stop()
    assert ada.got("welcome") == [] and door.comings == []
    await testing.until(lambda: not door.server._incoming.door.waiting)


@within(a_door)
async def test_a_server_with_one_room_says_so(door: Door) -> None:
    """Who wants a certain room is told that there are none to choose from."""
    door.answer(at_once)
    error = await door.refused("Ada", join=Join("table"))
    assert (error.code, str(error)) == ("no_room", ONE_ROOM)
    await door.network.join("Ada", join=Join())
    assert [visitor.join for visitor in door.asked] == [Join("table"), Join()]


def test_a_function_that_cannot_be_called_is_refused() -> None:
    """It gets the visitor."""
    with pytest.raises(netlib.WrongArgument, match="visitor"):
        netlib.Server("room").on_admit(lambda: None)  # type: ignore[arg-type, misc]


def test_programs_without_asyncio_have_it_too() -> None:
    """A server in a thread asks, in that thread; its client says which room it wants, and is told."""
    server = BackgroundServer("room", host=LOOPBACK, port=0, discoverable=False)
    server.on_admit(at_once)
    with server:
        eve = PolledClient(server.url, name="Eve", join=Join())
        assert eve.connect() == (False, "no Eves")
        with PolledClient(server.url, name="Ada", join=Join()) as ada:
            assert (ada.room, ada.room_id, ada.room_code) == ("room", "", "")
