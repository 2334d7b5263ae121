"""Many rooms on one port: who gets into which, how they end, and how they are set up."""

import asyncio
from collections import Counter
from typing import Any

import pytest

import netlib
from netlib import testing
from netlib.rooms import Join, RoomServer
from tests.support.many_rooms import Hall, in_a_hall

Client = netlib.Client[Any]


@in_a_hall()
async def test_players_share_rooms_of_a_kind(hall: Hall) -> None:
    """Two come into one room, and the third into a new one: each room has numbers of its own."""
    ada, bob, cyd = [await hall.join(name) for name in ("Ada", "Bob", "Cyd")]
    assert ada.room_id == bob.room_id != cyd.room_id
    assert [client.player_id for client in (ada, bob, cyd)] == [1, 2, 1]
    assert len(ada.room_code) == 5 and ada.room == "table"


@in_a_hall()
async def test_friends_meet_by_a_code_in_any_letters(hall: Hall) -> None:
    """A private room is found by its code, in small letters and with spaces, and by its id."""
    ada = await hall.join("Ada", Join("table", private=True))
    stranger = await hall.join("Eve")
    bob = await hall.join("Bob", Join(code=f" {ada.room_code.lower()} "))
    assert bob.room_id == ada.room_id != stranger.room_id
    assert (await hall.refused(Join(id=ada.room_id))).code == "full"


@in_a_hall()
async def test_a_code_comes_before_an_id(hall: Hall) -> None:
    """Who says both gets the room of the code, or none when that is wrong."""
    ada, bob = await hall.join("Ada"), await hall.join("Bob", Join("table", new=True))
    cyd = await hall.join("Cyd", Join(id=bob.room_id, code=ada.room_code))
    assert cyd.room_id == ada.room_id
    assert (await hall.refused(Join(id=bob.room_id, code="WRONG"))).code == "no_room"


@in_a_hall()
async def test_what_is_said_in_a_room_stays_there(hall: Hall) -> None:
    """A broadcast and a state reach the room's own players."""
    ada, bob = await hall.join("Ada"), await hall.join("Bob", Join("table", new=True))
    hall.room_of(ada).declare("secret")
    ada.declare("secret")
    bob.declare("secret")
    hall.room_of(ada).broadcast("secret", word="plum")
    assert (await testing.message(ada, "secret")).fields == {"word": "plum"}
    assert not [one for one in bob.poll() if not isinstance(one, netlib.Connected)]


@in_a_hall()
async def test_a_room_ends_with_its_last_player(hall: Hall) -> None:
    """It is in no list any more, its code opens nothing, and every `Joined` has had its `Left`."""
    ada, bob = await hall.join("Ada"), await hall.join("Bob")
    room = hall.room_of(ada)
    await ada.close()
    await testing.until(lambda: len(room.players) == 1)
    assert not room.closed and hall.server.rooms == [room]
    await bob.close()
    await testing.until(lambda: room.closed)
    assert hall.server.rooms == [] and room.peers == []
    assert Counter(name for name, _ in hall.happened[room.code]) == {"Joined": 2, "Left": 2}
    assert (await hall.refused(Join(code=room.code))).code == "no_room"


@in_a_hall()
async def test_spectators_watch_rooms_and_leave_with_the_last_player(hall: Hall) -> None:
    """Nobody watches where nobody plays; who watches takes no seat, and is sent away in the end."""
    assert (await hall.refused(Join("table"), spectator=True)).code == "no_room"
    ada, eye = await hall.join("Ada"), await hall.join("Eye", spectator=True)
    bob = await hall.join("Bob")
    assert ada.room_id == eye.room_id == bob.room_id
    await ada.close()
    await bob.close()
    await testing.until(lambda: not eye.connected and hall.room_of(eye).peers == [])
    assert Counter(name for name, _ in hall.happened[ada.room_code]) == {"Joined": 3, "Left": 3}


@in_a_hall()
async def test_a_locked_room_is_not_given_to_strangers(hall: Hall) -> None:
    """Once a game has begun, only those come who know its code or its id."""
    ada = await hall.join("Ada")
    hall.room_of(ada).locked = True
    stranger, friend = await hall.join("Eve"), await hall.join("Bob", Join(id=ada.room_id))
    assert friend.room_id == ada.room_id != stranger.room_id


@in_a_hall(limits=netlib.Limits(max_players=3, max_spectators=0))
async def test_all_rooms_together_have_limits(hall: Hall) -> None:
    """Free seats in a room help nobody when the server is full, whichever way is asked."""
    ada, _, cyd = [await hall.join(name) for name in ("Ada", "Bob", "Cyd")]
    for join in (Join("table"), Join(code=cyd.room_code), Join("table", new=True)):
        assert (await hall.refused(join)).code == "full"
    refused = await hall.refused(Join(code=ada.room_code), spectator=True)
    assert refused.code == "full" and "0 for spectators" in str(refused)
    await ada.close()
    await testing.until(lambda: sum(len(room.players) for room in hall.server.rooms) == 2)
    assert (await hall.join("Dan", Join(code=cyd.room_code))).room_id == cyd.room_id


@in_a_hall(limits=netlib.Limits(max_total_backlog=300_000, max_players=4))
async def test_what_waits_in_all_rooms_together_is_limited(hall: Hall) -> None:
    """Where many rooms keep messages for those who are away, the stay ends for which most wait."""
    clients = [await hall.join(name, Join("table", new=True), messages=["note"]) for name in "ABCD"]
    rooms = [hall.room_of(client) for client in clients]
    hall.network.cut()
    for cable in hall.network._cables:
        cable.refuse()
    await testing.until(lambda: not any(peer.connected for room in rooms for peer in room.peers))
    for count, room in enumerate(rooms, start=1):
        room.declare("note")
        for _ in range(count):
            room.broadcast("note", text="x" * 50_000)
    assert [room.closed for room in rooms] == [False, False, True, True]


def test_kinds_are_checked_as_they_are_declared() -> None:
    """What is wrong with a kind is said at once, not to the first player."""
    server = RoomServer("hall")
    server.kind("table")(lambda room: None)
    with pytest.raises(netlib.WrongArgument, match="already"):
        server.kind("table")
    with pytest.raises(netlib.WrongArgument, match='did you mean "tick_rate"'):
        server.kind("other", tickrate=3)  # type: ignore[call-arg]
    with pytest.raises(netlib.WrongArgument, match=r'@server\.kind\("table"\)'):
        server.kind(lambda room: None)  # type: ignore[arg-type]
    with pytest.raises(netlib.WrongArgument, match="tick_rate"):
        server.kind("other", tick_rate=-1)
    with pytest.raises(netlib.WrongArgument, match="room"):
        server.kind("other")(lambda: None)  # type: ignore[arg-type, misc]
    with pytest.raises(netlib.WrongArgument, match="plain function"):
        server.kind("other")(asyncio.sleep)  # type: ignore[arg-type]
    with pytest.raises(netlib.WrongArgument, match='did you mean "table"'):
        server.open_room("tabel")


@testing.in_virtual_time
async def test_a_room_may_be_opened_before_the_server() -> None:
    """Its time begins with the server's."""
    async with testing.Network() as network:
        server = RoomServer("hall", port=0, discoverable=False, network=network)
        server.kind("lobby")(lambda room: None)
        lobby = server.open_room("lobby", options={"size": 4})
        assert lobby.options == {"size": 4} and lobby.tick == 0
        async with server:
            await testing.until(lambda: lobby.tick > 3)


@in_a_hall(hosted=True)
async def test_discovery_tells_of_all_rooms_together(hall: Hall) -> None:
    """A searcher sees how many play on the server, and in how many rooms."""
    for name in ("Ada", "Bob", "Cyd"):
        await hall.join(name)
    await hall.join("Eye", spectator=True)
    info = hall.server.info()
    assert (info.name, info.players, info.max_players, info.rooms) == ("hall", 3, 500, 2)
    assert info.hosted and not info.password
