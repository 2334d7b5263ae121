"""Groups: some of the players of a room, told something together."""

import pytest

import netlib
from netlib import testing
from netlib.rooms import Group, Join
from tests.support.many_rooms import Hall, in_a_hall
from tests.support.sessions import Note, Room, a_room, noted, within


@within(a_room)
async def test_a_group_is_told_together(room: Room) -> None:
    """Who is in it gets it once; who is not, or is left out, does not."""
    group = Group(room.server)
    bob, cyd = [await room.network.join(name, messages=[Note]) for name in ("Bob", "Cyd")]
    got = {client.name: noted(client, Note) for client in (room.ada, bob, cyd)}
    peers = {peer.name: peer for peer in room.server.peers}
    for name in ("Bob", "Ada", "Bob"):
        group.add(peers[name])
    assert [peer.name for peer in group] == ["Bob", "Ada"] and len(group) == 2 and peers["Cyd"] not in group
    delivered: list[str] = []
    group.broadcast(Note(1), delivered=lambda peer: delivered.append(peer.name))
    group.broadcast(Note(2), exclude=[peers["Bob"]])
    group.discard(peers["Ada"])
    group.discard(peers["Cyd"])
    group.broadcast(Note(3))
    room.server.broadcast(Note(4))
    await testing.until(lambda: all(notes and notes[-1].number == 4 for notes in got.values()))
    assert {name: [note.number for note in notes] for name, notes in got.items()} == {
        "Ada": [1, 2, 4],
        "Bob": [1, 3, 4],
        "Cyd": [4],
    }
    await testing.until(lambda: sorted(delivered) == ["Ada", "Bob"])


@within(a_room)
async def test_who_leaves_is_in_no_group(room: Room) -> None:
    """Already as its `Left` is told; who is away for a moment stays in."""
    group = Group(room.server)
    group.add(room.peer)
    seen: list[int] = []
    room.server.on(netlib.Left, lambda event: seen.append(len(group)))
    await room.away()
    assert room.peer in group
    await room.back()
    assert room.peer in group
    await room.ada.close()
    await testing.until(lambda: seen)
    assert seen == [0] and not group._peers and room.peer not in group
    group.add(room.peer)
    assert len(group) == 0


@in_a_hall()
async def test_a_group_takes_players_of_its_own_room(hall: Hall) -> None:
    """Numbers of players are those of a room: the first of another one is another player."""
    ada, bob = await hall.join("Ada"), await hall.join("Bob", Join("table", new=True))
    red, here, there = hall.room_of(ada).group("red"), hall.room_of(ada), hall.room_of(bob)
    red.add(there.peers[0])
    assert len(red) == 0 and here.peers[0].id == there.peers[0].id
    red.add(here.peers[0])
    assert here.group("red") is red and len(red) == 1 and there.peers[0] not in red
    assert len(there.group("red")) == 0
    with pytest.raises(netlib.WrongArgument, match="peer"):
        red.add("Ada")  # type: ignore[arg-type]
    with pytest.raises(netlib.WrongArgument, match="exclude"):
        red.broadcast(Note(1), exclude=["Ada"])  # type: ignore[list-item]
