"""Waiting in a test: it returns at the right moment, and when it fails the text says what came instead."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

import netlib
from netlib import testing
from tests.support.callers import Chat
from tests.support.sessions import Room, a_room, within


class News(netlib.Message, frozen=True):
    text: str


class Gem(netlib.Entity, frozen=True):
    x: int


@contextlib.asynccontextmanager
async def a_game(*, publishes: bool = True) -> AsyncIterator[Room]:
    """Give a room with one gem for every second that has passed, and Ada in it."""
    async with a_room({"messages": [Chat, "emote"], "schema": {"gems": Gem}}, tick_rate=10) as room:
        if publishes:
            room.server.on_tick(lambda _: room.server.publish(gems(room.server.tick)))
        yield room


def gems(tick: int) -> dict[str, dict[int, Gem]]:
    return {"gems": {n: Gem(n) for n in range(1 + tick // 10)}}


@testing.in_virtual_time
async def test_until() -> None:
    """It returns what the condition returned, soon after it holds, or says what it waited for."""
    began = netlib.clock()
    assert await testing.until(lambda: int(netlib.clock() - began)) == 1
    assert netlib.clock() - began == pytest.approx(1, abs=0.002)
    with pytest.raises(testing.NotInTime, match="not within 3 s: a miracle"):
        await testing.until(lambda: False, "a miracle", timeout=3)
    assert netlib.clock() - began == pytest.approx(4, abs=0.005)


async def test_until_in_real_time() -> None:
    """The waits work on any event loop, for tests with real sockets."""
    began = netlib.clock()
    assert await testing.until(lambda: netlib.clock() > began + 0.01)


@within(a_game)
async def test_message(room: Room) -> None:
    """It reads on: what comes before the wanted one is passed over, what comes after it is left."""
    for text in "abcd":
        room.server.broadcast(Chat(text))
    assert await testing.message(room.ada, Chat) == Chat("a")
    assert await testing.message(room.ada, Chat, where=lambda chat: chat.text == "c") == Chat("c")
    assert await testing.message(room.ada, Chat) == Chat("d")


@within(a_game)
async def test_message_waits(room: Room) -> None:
    """It returns at the moment of arrival."""
    began = netlib.clock()
    asyncio.get_running_loop().call_later(3, room.server.broadcast, Chat("late"))
    assert await testing.message(room.ada, Chat) == Chat("late")
    assert netlib.clock() - began == pytest.approx(3)


@within(a_game)
async def test_a_message_without_a_class(room: Room) -> None:
    """A plain name waits for a message of that type."""
    room.server.broadcast(netlib.Untyped("emote", {"mood": "glad"}))
    assert (await testing.message(room.ada, "emote"))["mood"] == "glad"


@within(a_game)
async def test_a_message_that_was_not_declared(room: Room) -> None:
    """Waiting for a class makes it known to the client."""
    asyncio.get_running_loop().call_later(1, room.server.broadcast, News("hi"))
    assert await testing.message(room.ada, News) == News("hi")


@within(a_game)
async def test_events_are_waited_for_too(room: Room) -> None:
    """What netlib itself tells a client can be waited for."""
    room.server.players[0].kick("enough")
    assert (await testing.message(room.ada, netlib.Disconnected)).reason == "enough"


@within(a_game)
async def test_it_reads_on_when_a_client_comes_back(room: Room) -> None:
    """The end of a connection does not end the waiting."""
    await room.ada.close()
    await room.ada.open()
    room.server.broadcast(Chat("welcome back"))
    assert await testing.message(room.ada, Chat) == Chat("welcome back")


@within(a_game)
async def test_no_message(room: Room) -> None:
    """The text says who got none, and what came instead."""
    room.server.broadcast(Chat("something else"))
    with pytest.raises(testing.NotInTime) as failed:
        await testing.message(room.ada, Chat, where=lambda chat: chat.text == "hi", timeout=1.95)
    assert str(failed.value).startswith("Ada got no Chat of that kind within 1.95 s; what came: ")
    assert "Chat(text='something else')" in str(failed.value)
    assert "19 × StateChanged, the last" in str(failed.value)


@within(a_game, publishes=False)
async def test_nothing_at_all(room: Room) -> None:
    """A silent server is told as that."""
    await testing.message(room.ada, netlib.Connected)
    with pytest.raises(testing.NotInTime, match="Ada got no emote within 1 s; what came: nothing"):
        await testing.message(room.ada, "emote", timeout=1)


@within(a_game)
async def test_snapshot(room: Room) -> None:
    """It waits for a state that fits, and returns at once when the client has it already."""
    state = await testing.snapshot(room.ada, where=lambda state: len(state["gems"]) == 3)
    assert state is room.ada.state and room.ada.tick == room.server.tick == 20
    began = netlib.clock()
    await testing.snapshot(room.ada, where=lambda state: 1 in state["gems"])
    assert netlib.clock() == began
    await testing.snapshot(room.ada, tick=25)
    assert room.ada.tick == 25


@within(a_game)
async def test_no_snapshot(room: Room) -> None:
    """The text says which state the client has."""
    with pytest.raises(testing.NotInTime) as failed:
        await testing.snapshot(room.ada, where=lambda state: 99 in state["gems"], timeout=4.05)
    assert str(failed.value) == (
        "Ada got no such snapshot within 4.05 s; the newest is that of tick 40:\n"
        "  gems: 0: Gem(x=0), 1: Gem(x=1), 2: Gem(x=2), and 2 more"
    )


@within(a_game, publishes=False)
async def test_no_snapshot_at_all(room: Room) -> None:
    """A server that never publishes is asked about."""
    with pytest.raises(testing.NotInTime, match="none at all; does the server call `publish`"):
        await testing.snapshot(room.ada)


@within(a_game)
async def test_ticks(room: Room) -> None:
    """It lets a server run so many ticks, and no more."""
    before = room.server.tick
    assert await testing.ticks(room.server) == before + 1
    assert await testing.ticks(room.server, 300) == before + 301 == room.server.tick


@within(a_game)
async def test_no_ticks(room: Room) -> None:
    """A server that has stopped does not tick."""
    await room.server.stop()
    with pytest.raises(testing.NotInTime, match="tick 1 of"):
        await testing.ticks(room.server)
