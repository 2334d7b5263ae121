"""Who is in the room: a drop, the grace time, a leave; and whose place a newcomer gets.

What the game is told of each is looked at, too.
"""

import asyncio
from typing import Any

import pytest

import netlib
from netlib import testing
from netlib.server.roster import AWAY_KEPT
from tests.support.sessions import Note, PlainPlayer, Room, a_room, kinds, noted, within

SEATS = 8
MALLORY, BOB = "10.0.0.66", "10.0.0.7"
FULL: dict[str, Any] = {"limits": netlib.Limits(max_players=SEATS)}
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


async def come_and_go(network: testing.Network, server: netlib.Server, number: int, host: str) -> None:
    """Say hello from an address, and be cut off, so many times."""
    for _ in range(number):
        player = PlainPlayer()
        await player.join(server, network.new_cable(host))
        player.kill()


async def a_class(network: testing.Network, number: int, host: str) -> list[netlib.Client]:
    """Let so many clients of netlib join from one address."""
    return [await network.join(f"Pupil {n}", cable=network.new_cable(host)) for n in range(number)]


async def knock(network: testing.Network, server: netlib.Server, host: str, **hello: Any) -> str:
    """Say hello from an address; return the type of the answer."""
    answer = await PlainPlayer().join(server, network.new_cable(host), **hello)
    return str(answer["type"])


@testing.in_virtual_time
async def test_hellos_that_are_reset_keep_nobody_out() -> None:
    """One address that says hello again and again and is gone at once leaves its places to others."""
    async with testing.Network() as network:
        server = await network.serve(**FULL)
        left = noted(server, netlib.Left)
        await come_and_go(network, server, 2 * SEATS, MALLORY)
        assert len(server.players) == SEATS
        assert await knock(network, server, BOB) == "welcome"
        assert len(server.players) == SEATS
        assert "somebody else got the place" in left[-1].reason


@testing.in_virtual_time
async def test_a_class_whose_wifi_died_keeps_its_places() -> None:
    """While nobody else wants in, all of it come back as the same players, from one address as well."""
    async with testing.Network() as network:
        server = await network.serve(**FULL)
        pupils = await a_class(network, SEATS, MALLORY)
        await testing.until(lambda: all(peer._seat.session.proven for peer in server.peers), "they speak")
        before = [pupil.player_id for pupil in pupils]
        network.refuse()
        network.cut()
        await testing.until(lambda: not any(peer.connected for peer in server.peers), "all are away")
        network.accept()
        assert await knock(network, server, MALLORY) == "refused", "one of its own pushes nobody out"
        await testing.until(lambda: all(pupil.connected for pupil in pupils), "all are back")
        assert [pupil.player_id for pupil in pupils] == before


@testing.in_virtual_time
async def test_of_a_class_that_is_away_a_stranger_takes_one_place() -> None:
    """A full room of players who are all away behind one router does let in somebody from elsewhere."""
    async with testing.Network() as network:
        server = await network.serve(**FULL)
        await a_class(network, SEATS, MALLORY)
        await testing.until(lambda: all(peer._seat.session.proven for peer in server.peers), "they speak")
        first = server.peers[0]
        network.refuse()
        network.cut()
        await testing.until(lambda: not any(peer.connected for peer in server.peers), "all are away")
        network.accept()
        assert await knock(network, server, BOB) == "welcome"
        assert not first.joined and len(server.players) == SEATS


@testing.in_virtual_time
async def test_a_handful_that_is_away_keeps_its_places() -> None:
    """Few players of one address who are away are no reason to take a place from any."""
    async with testing.Network() as network:
        server = await network.serve(limits=netlib.Limits(max_players=AWAY_KEPT))
        await come_and_go(network, server, AWAY_KEPT, MALLORY)
        assert await knock(network, server, BOB) == "refused"


@testing.in_virtual_time
async def test_those_who_never_spoke_go_first() -> None:
    """Of those who are away at one address, a player of a real client keeps its place longest."""
    async with testing.Network() as network:
        server = await network.serve(**FULL)
        (ada,) = await a_class(network, 1, MALLORY)
        (peer,) = server.peers
        await testing.until(lambda: peer._seat.session.proven, "it speaks")
        network.cable(ada).refuse()
        network.cable(ada).cut()
        await testing.until(lambda: not peer.connected, "it is away")
        await come_and_go(network, server, SEATS - 1, MALLORY)
        for _ in range(SEATS - 1 - AWAY_KEPT):
            assert await knock(network, server, BOB) == "welcome"
        assert peer.joined


@testing.in_virtual_time
async def test_spectators_have_places_of_their_own() -> None:
    """Players who are away make no place for a spectator, whose seats are others."""
    async with testing.Network() as network:
        server = await network.serve(limits=netlib.Limits(max_players=SEATS, max_spectators=0))
        await come_and_go(network, server, SEATS, MALLORY)
        assert await knock(network, server, BOB, spectator=True) == "refused"
        assert len(server.players) == SEATS
