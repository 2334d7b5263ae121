"""Waiting in a test: it returns at the right moment, and when it fails the text says what came instead."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

import netlib
from netlib import testing


class Chat(netlib.Message, frozen=True):
    """A line of chat."""

    text: str


class Gem(netlib.Entity, frozen=True):
    """Something in the state."""

    x: int


@contextlib.asynccontextmanager
async def a_game(*, publishes: bool = True) -> AsyncIterator[tuple[netlib.Server, netlib.Client]]:
    """Give a room with one gem for every second that has passed, and Ada in it."""
    async with testing.Network() as network:
        server = await network.serve(tick_rate=10)
        if publishes:
            server.on_tick(
                lambda _: server.publish({"gems": {n: Gem(n) for n in range(1 + server.tick // 10)}})
            )
        yield server, await network.join("Ada", messages=[Chat, "emote"], schema={"gems": Gem})


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


@testing.in_virtual_time
async def test_message() -> None:
    """It reads on: what comes before the wanted one is passed over, what comes after it is left."""
    async with a_game() as (server, ada):
        for text in "abcd":
            server.broadcast(Chat(text))
        assert await testing.message(ada, Chat) == Chat("a")
        assert await testing.message(ada, Chat, where=lambda chat: chat.text == "c") == Chat("c")
        assert await testing.message(ada, Chat) == Chat("d")


@testing.in_virtual_time
async def test_message_waits() -> None:
    """It returns at the moment of arrival."""
    async with a_game() as (server, ada):
        began = netlib.clock()
        asyncio.get_running_loop().call_later(3, server.broadcast, Chat("late"))
        assert await testing.message(ada, Chat) == Chat("late")
        assert netlib.clock() - began == pytest.approx(3)


@testing.in_virtual_time
async def test_a_message_without_a_class() -> None:
    """A plain name waits for a message of that type."""
    async with a_game() as (server, ada):
        server.broadcast(netlib.Untyped("emote", {"mood": "glad"}))
        assert (await testing.message(ada, "emote"))["mood"] == "glad"


@testing.in_virtual_time
async def test_a_message_that_was_not_declared() -> None:
    """Waiting for a class makes it known to the client."""

    class News(netlib.Message, frozen=True):
        """Something that nobody told the client of."""

        text: str

    async with a_game() as (server, ada):
        asyncio.get_running_loop().call_later(1, server.broadcast, News("hi"))
        assert await testing.message(ada, News) == News("hi")


@testing.in_virtual_time
async def test_events_are_waited_for_too() -> None:
    """What netlib itself tells a client can be waited for."""
    async with a_game() as (server, ada):
        server.players[0].kick("enough")
        assert (await testing.message(ada, netlib.Disconnected)).reason == "enough"


@testing.in_virtual_time
async def test_it_reads_on_when_a_client_comes_back() -> None:
    """The end of a connection does not end the waiting."""
    async with a_game() as (server, ada):
        await ada.close()
        await ada.open()
        server.broadcast(Chat("welcome back"))
        assert await testing.message(ada, Chat) == Chat("welcome back")


@testing.in_virtual_time
async def test_no_message() -> None:
    """The text says who got none, and what came instead."""
    async with a_game() as (server, ada):
        server.broadcast(Chat("something else"))
        with pytest.raises(testing.NotInTime) as failed:
            await testing.message(ada, Chat, where=lambda chat: chat.text == "hi", timeout=1.95)
        assert str(failed.value).startswith("Ada got no Chat of that kind within 1.95 s; what came: ")
        assert "Chat(text='something else')" in str(failed.value)
        assert "19 × StateChanged, the last" in str(failed.value)


@testing.in_virtual_time
async def test_nothing_at_all() -> None:
    """A silent server is told as that."""
    async with a_game(publishes=False) as (_, ada):
        await testing.message(ada, netlib.Connected)
        with pytest.raises(testing.NotInTime, match="Ada got no emote within 1 s; what came: nothing"):
            await testing.message(ada, "emote", timeout=1)


@testing.in_virtual_time
async def test_snapshot() -> None:
    """It waits for a state that fits, and returns at once when the client has it already."""
    async with a_game() as (server, ada):
        state = await testing.snapshot(ada, where=lambda state: len(state["gems"]) == 3)
        assert state is ada.state and ada.tick == server.tick == 20
        began = netlib.clock()
        await testing.snapshot(ada, where=lambda state: 1 in state["gems"])
        assert netlib.clock() == began
        await testing.snapshot(ada, tick=25)
        assert ada.tick == 25


@testing.in_virtual_time
async def test_no_snapshot() -> None:
    """The text says which state the client has."""
    async with a_game() as (_, ada):
        with pytest.raises(testing.NotInTime) as failed:
            await testing.snapshot(ada, where=lambda state: 99 in state["gems"], timeout=4.05)
        assert str(failed.value) == (
            "Ada got no such snapshot within 4.05 s; the newest is that of tick 40:\n"
            "  gems: 0: Gem(x=0), 1: Gem(x=1), 2: Gem(x=2), and 2 more"
        )


@testing.in_virtual_time
async def test_no_snapshot_at_all() -> None:
    """A server that never publishes is asked about."""
    async with a_game(publishes=False) as (_, ada):
        with pytest.raises(testing.NotInTime, match="none at all; does the server call `publish`"):
            await testing.snapshot(ada)


@testing.in_virtual_time
async def test_ticks() -> None:
    """It lets a server run so many ticks, and no more."""
    async with a_game() as (server, _):
        before = server.tick
        assert await testing.ticks(server) == before + 1
        assert await testing.ticks(server, 300) == before + 301 == server.tick


@testing.in_virtual_time
async def test_no_ticks() -> None:
    """A server that has stopped does not tick."""
    async with a_game() as (server, _):
        await server.stop()
        with pytest.raises(testing.NotInTime, match="tick 1 of"):
            await testing.ticks(server)
