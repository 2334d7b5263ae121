"""Being in a room over as many connections as it takes: never two at once, and what is shown of it."""

import asyncio
from typing import Any

import pytest

import netlib
from netlib import testing
from netlib.client.reconnect import RETRIES
from tests.support.sessions import Note, Room, a_room, kinds, noted, opened, within

AFTER_UPGRADE = 300  # bytes to the client: the WebSocket is open, and the welcome is not whole


def counted(server: netlib.Server) -> list[Any]:
    """Return a list that gets every connection on which something was said."""
    callers: list[Any] = []
    handle = server._incoming.handle

    def count(caller: Any, message: Any) -> bool:
        if caller not in callers:
            callers.append(caller)
        return handle(caller, message)

    server._incoming.handle = count  # type: ignore[method-assign]
    return callers


@within(a_room)
async def test_a_lost_welcome_is_followed_by_one_try(room: Room) -> None:
    """A resume that breaks off before its welcome is tried again by one task, not by two."""
    callers = counted(room.server)
    room.cable.cut()
    room.cable.cut_after(AFTER_UPGRADE, to="client")
    await asyncio.sleep(20)
    assert kinds(room.connections) == ["Interrupted", "Connected"] and len(callers) == 2
    assert kinds(room.comings) == ["Joined", "Dropped", "Resumed", "Dropped", "Resumed"]


@testing.in_virtual_time
async def test_a_lost_first_welcome_is_followed_by_one_try() -> None:
    """It is still the same player, who has joined once, and the client was never interrupted."""
    async with testing.Network() as network:
        server = await network.serve()
        callers, comings = counted(server), noted(server)
        cable = network.new_cable()
        cable.cut_after(AFTER_UPGRADE, to="client")
        ada = netlib.Client(f"ws://room:{server.port}", network=cable)
        connections = noted(ada)
        await ada.open()
        await asyncio.sleep(20)
        assert kinds(connections) == ["Connected"] and len(callers) == 2
        assert kinds(comings) == ["Joined", "Dropped", "Resumed"]
        await ada.close()


@testing.in_virtual_time
async def test_joining_is_given_up_after_some_tries() -> None:
    """Where every welcome is lost, the error is raised, and nothing goes on behind the caller's back."""
    async with testing.Network() as network:
        server = await network.serve()
        callers = counted(server)
        server._incoming._welcome = lambda caller, admission: caller.connection.abort()  # type: ignore[method-assign]
        ada = netlib.Client(f"ws://room:{server.port}", network=network)
        connections = noted(ada)
        with pytest.raises(netlib.ConnectionLost):
            await ada.open()
        await asyncio.sleep(20)
        assert len(callers) == RETRIES + 1 and not connections and not network.lines


@within(a_room)
async def test_a_welcome_that_is_late_is_no_leave(room: Room) -> None:
    """A try that took too long is given up without a goodbye, which would have ended the session."""
    welcome = room.server._incoming._welcome
    room.server._incoming._welcome = lambda *_: None  # type: ignore[method-assign]
    room.cable.cut()
    await testing.until(lambda: "Resumed" in kinds(room.comings))
    room.server._incoming._welcome = welcome  # type: ignore[method-assign]
    assert not room.ada.connected
    await testing.until(lambda: room.ada.connected, "it is back", timeout=30)
    assert "Left" not in kinds(room.comings) and room.ada.player_id == 1


@within(a_room)
async def test_how_coming_back_goes_is_shown(room: Room) -> None:
    """`reconnecting` tells since when, how often and why not yet; it is None while nothing is wrong."""
    assert room.ada.reconnecting is None and room.ada.connected
    await asyncio.sleep(1)
    room.network.refuse()
    room.network.cut()
    await asyncio.sleep(5)
    shown = room.ada.reconnecting
    assert shown is not None and not room.ada.connected
    assert shown.since == pytest.approx(1, abs=0.01) and shown.tries > 3
    assert shown.next_try > netlib.clock() - 1 and "nothing is listening" in shown.reason
    room.network.accept()
    await testing.until(lambda: room.ada.connected)
    assert room.ada.reconnecting is None


@within(a_room)
async def test_it_is_coming_back_from_the_first_moment(room: Room) -> None:
    """Whoever is told of a lost connection sees that it is coming back: a game would else think it over."""
    seen: list[bool] = []
    room.ada.on(netlib.Interrupted, lambda event: seen.append(room.ada.reconnecting is not None))
    room.cable.cut()
    await testing.until(lambda: seen)
    assert seen == [True]


@within(a_room)
async def test_link_conditions_outlive_a_connection(room: Room) -> None:
    """What a client simulates, it simulates on the next connection too."""
    room.ada.link = netlib.LinkConditions(latency=1.0)
    room.network.cut()
    await testing.until(
        lambda: room.ada.connected and room.server.peers[0].connected and not room.ada.reconnecting
    )
    await asyncio.sleep(3)
    sent = netlib.clock()
    room.ada.send(Note(1))
    await testing.until(lambda: room.up)
    assert netlib.clock() - sent == pytest.approx(0.5, abs=0.01)


@within(a_room)
async def test_a_room_can_be_joined_again(room: Room) -> None:
    """After a leave the same client may come again, as a newcomer."""
    await room.ada.close()
    await opened(room.ada)
    assert room.ada.connected and [peer.id for peer in room.server.peers] == [2]
    await room.ada.close()


@within(a_room)
async def test_a_client_that_has_ended_leaves_nothing_running(room: Room) -> None:
    """No task and no timer tries to come back after an end that is final."""
    before = asyncio.all_tasks()
    room.server.peers[0].kick()
    await asyncio.sleep(5)
    assert asyncio.all_tasks() < before and room.ada._tasks == set()
