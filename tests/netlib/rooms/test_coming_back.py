"""Many rooms on one port: who comes back gets into the room that knows it."""

import asyncio
from typing import Any

import netlib
from netlib import testing
from netlib.rooms import Join, KindRoom
from tests.support.many_rooms import Hall, in_a_hall

Client = netlib.Client[Any]


@in_a_hall()
async def test_a_player_comes_back_into_its_room(hall: Hall) -> None:
    """Its token finds the room, though the room is locked and others have seats."""
    ada, _ = await hall.join("Ada", Join("table", private=True)), await hall.join("Bob")
    room, number = hall.room_of(ada), ada.player_id
    room.locked = True
    hall.network.cut()
    await testing.until(lambda: "Resumed" in [name for name, _ in hall.happened[room.code]])
    assert (ada.room_id, ada.player_id) == (room.room_id, number)
    assert "Left" not in [name for name, _ in hall.happened[room.code]]


@in_a_hall()
async def test_who_comes_back_after_the_end_of_its_room_is_a_newcomer(hall: Hall) -> None:
    """What it asked for at first decides again: a room of the kind."""
    ada, bob = await hall.join("Ada"), await hall.join("Bob", Join("table", private=True))
    first, cable = hall.room_of(ada), hall.network._cables[0]
    cable.refuse()
    cable.cut()
    await testing.until(lambda: ada.reconnecting is not None)
    first.close()
    assert hall.happened[first.code] == [("Joined", "Ada"), ("Dropped", "Ada"), ("Left", "Ada")]
    cable.accept()
    await testing.until(lambda: ada.connected)
    assert ada.room_id not in (first.room_id, bob.room_id)
    assert first.peers == []


@in_a_hall()
async def test_a_first_hello_said_again_is_the_same_player(hall: Hall) -> None:
    """Its welcome was lost: the nonce finds the room, though there are seats elsewhere."""
    hello = {"type": "hello", "protocol": 1, "name": "Ada", "nonce": "5f0e21c7", "join": {"kind": "table"}}
    first = await hall.stranger()
    first.send(**hello)
    await testing.until(lambda: first.got("welcome"))
    first.kill()
    again = await hall.stranger()
    again.send(**{**hello, "join": {"kind": "table", "new": True}})
    await testing.until(lambda: again.got("welcome"))
    ids = {player.got("welcome")[0]["room_id"] for player in (first, again)}
    assert len(ids) == 1 and len(hall.made) == 1
    assert [name for name, _ in hall.happened[hall.made[0].code]].count("Joined") == 1


@in_a_hall()
async def test_a_first_hello_said_again_waits_at_the_same_door(hall: Hall) -> None:
    """Somebody whose hello was said twice while the game thought about it is one player in one room."""

    @hall.server.kind("club")
    def club(room: KindRoom) -> None:
        hall.note(room)

        @room.on_admit
        async def ask(visitor: netlib.rooms.Visitor) -> None:
            await asyncio.sleep(1)

    hello = {
        "type": "hello",
        "protocol": 1,
        "name": "Ada",
        "nonce": "5f0e",
        "join": {"kind": "club", "new": True},
    }
    both = [await hall.stranger(), await hall.stranger()]
    for one in both:
        one.send(**hello)
    await testing.until(lambda: all(one.got("welcome") for one in both))
    (room,) = hall.made
    assert [peer.name for peer in room.peers] == ["Ada"]


@in_a_hall()
async def test_who_was_kicked_is_not_let_in_by_another_room(hall: Hall) -> None:
    """Its token is answered by the room that has thrown it out; a newcomer without one is another matter."""
    ada, _ = await hall.join("Ada"), await hall.join("Bob")
    room = hall.room_of(ada)
    eve = await hall.stranger()
    eve.send(type="hello", protocol=1, name="Eve", join={"code": (await hall.join("Cyd")).room_code})
    await testing.until(lambda: eve.got("welcome"))
    kicked_from = next(r for r in hall.made if r is not room)
    next(peer for peer in kicked_from.peers if peer.name == "Eve").kick("be nice")
    await testing.until(lambda: eve.ended)
    again = await hall.stranger()
    again.send(
        type="hello",
        protocol=1,
        name="Eve",
        resume=eve.got("welcome")[0]["resume"],
        join={"kind": "table", "new": True},
    )
    await testing.until(lambda: again.ended)
    assert [(frame["code"], frame["message"]) for frame in again.got("refused")] == [("kicked", "be nice")]
    assert len(hall.made) == 2


@in_a_hall()
async def test_rooms_outlive_a_restart_of_the_server(hall: Hall) -> None:
    """Its players come back into their rooms, and time goes on there."""
    clients = [await hall.join(name) for name in ("Ada", "Bob", "Cyd")]
    ids = [client.room_id for client in clients]
    rooms = hall.server.rooms
    await hall.server.stop()
    assert not [task for room in rooms for task in room._tasks]
    ticks = [room.tick for room in rooms]
    await hall.server.start()
    await testing.until(lambda: all(client.connected for client in clients))
    await testing.until(lambda: all(room.tick > tick for room, tick in zip(rooms, ticks, strict=True)))
    assert [client.room_id for client in clients] == ids
    assert not [name for notes in hall.happened.values() for name, _ in notes if name == "Left"]
