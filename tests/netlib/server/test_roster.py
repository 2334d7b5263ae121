"""Who is in the room: a drop, the grace time, a leave, and what the game is told of each."""

import asyncio

import pytest

import netlib
from netlib import testing
from tests.support.sessions import Note, PlainPlayer, Room, a_room, kinds, within

GRACE = netlib.Limits().grace_time
PORT = 7000  # of a server that is started again


@within(a_room)
async def test_a_drop_is_not_a_leave(room: Room) -> None:
    """The server tells Dropped and Resumed, the client Interrupted and Connected; it is the same player."""
    room.cable.cut()
    await testing.until(lambda: len(room.connections) == 2, "back again")
    assert kinds(room.comings) == ["Joined", "Dropped", "Resumed"]
    assert kinds(room.connections) == ["Interrupted", "Connected"]
    assert room.connections[1] == netlib.Connected(room.peer.id, resumed=True)
    assert all(event.peer is room.peer for event in room.comings) and room.server.peers == [room.peer]
    assert (room.ada.player_id, room.ada.name, room.peer.name) == (room.peer.id, "Ada", "Ada")
    assert room.peer.connected


@within(a_room, limits=netlib.Limits(max_players=2))
async def test_the_place_and_the_name_are_kept(room: Room) -> None:
    """While a player is away, the room stays as full as it was, and nobody else gets its name."""
    await room.away()
    assert (await room.network.join("Ada")).name == "Ada 2"
    with pytest.raises(netlib.RoomFull):
        await room.network.join("Bob")
    assert [peer.connected for peer in room.server.peers] == [False, True]
    await room.back()
    assert room.ada.name == "Ada"


@within(a_room)
async def test_after_the_grace_time_it_is_a_newcomer(room: Room) -> None:
    """A player who comes back too late has left, is told so, and is somebody else with the same name."""
    await room.away()
    room.ada.send(Note(1))
    await asyncio.sleep(GRACE + 1)
    assert kinds(room.comings) == ["Joined", "Dropped", "Left"] and not room.server.peers
    await room.back()
    await testing.until(lambda: len(room.connections) == 3)
    assert room.connections[1] == netlib.Connected(2, resumed=False)
    assert room.connections[2] == netlib.ServerError(
        "session_over", f"you are a newcomer: did not come back within {GRACE:g} s"
    )
    assert [(peer.id, peer.name) for peer in room.server.peers] == [(2, "Ada")]


@pytest.mark.parametrize("number", range(30))
@within(a_room, ada={"reconnect_time": 0})
async def test_the_grace_time_ends_whenever_it_began(room: Room, number: int) -> None:
    """A player who stays away has left after the grace time, however the sum of times is rounded."""
    await asyncio.sleep(number * 0.0987)
    room.cable.cut()
    await asyncio.sleep(GRACE + 1)
    assert not room.server.peers


@within(a_room, limits=netlib.Limits(max_players=1))
async def test_leaving_is_at_once(room: Room) -> None:
    """A client that closes has left; nobody waits for it, and its place is free."""
    await room.ada.close()
    peer = room.comings[0].peer
    assert room.comings == [netlib.Joined(peer), netlib.Left(peer, 1000, "goodbye")]
    assert (peer.id, room.server.metrics.joined, room.server.metrics.left) == (1, 1, 1)
    assert room.connections == [netlib.Disconnected(1000, "goodbye")]
    assert (await room.network.join("Bob")).connected


@within(a_room)
async def test_a_player_kicked_as_the_server_stops_is_gone(room: Room) -> None:
    """Nobody stays in the list of players without a session to come back to."""
    room.server.peers[0].kick()
    await room.server.stop()
    await room.server.start()
    assert not room.server.peers


@within(a_room)
async def test_a_session_is_in_one_place(room: Room) -> None:
    """The same token from elsewhere takes the session over; the client that had it is told 4001, for good."""
    resume = room.ada._membership.hello().resume
    welcome = await PlainPlayer().join(room.server, room.network, resume=resume, received=0)
    assert (welcome["player_id"], welcome["resumed"]) == (room.ada.player_id, True)
    await asyncio.sleep(GRACE + 1)
    assert room.connections == [netlib.Disconnected(4001, "this session goes on over another connection")]
    assert kinds(room.comings)[:3] == ["Joined", "Dropped", "Resumed"]


@within(a_room, ada={"reconnect_time": 0}, port=PORT)
async def test_after_a_restart_everybody_has_a_grace_time(room: Room) -> None:
    """A player who does not come back to a restarted server leaves after the grace time, not before."""
    await room.server.stop()
    await asyncio.sleep(2 * GRACE)
    await room.server.start()
    await asyncio.sleep(GRACE - 1)
    assert room.server.peers
    await asyncio.sleep(2)
    assert not room.server.peers
