"""Rooms that come and go, as events."""

from hypothesis import given
from hypothesis import strategies as st

from netlib.discovery.beacon import Room
from netlib.discovery.discovery import RoomChanged, RoomFound, RoomLost, changes

IDS = st.sampled_from("abcdef")


def room(id: str, players: int = 0, last_seen: float = 0.0) -> Room:
    return Room(
        id=id,
        name=id.upper(),
        players=players,
        max_players=32,
        port=8765,
        protocol=1,
        host="10.0.0.5",
        last_seen=last_seen,
    )


ROOMS = st.dictionaries(IDS, st.integers(0, 2)).map(
    lambda players: [room(id, number) for id, number in players.items()]
)


@given(ROOMS, ROOMS)
def test_the_changes_lead_from_the_one_to_the_other(before: list[Room], after: list[Room]) -> None:
    """A program that knew the rooms and follows the events still knows them; nothing is told twice."""
    known = {room.id: room for room in before}
    for event in changes(before, after):
        match event:
            case RoomFound(found):
                assert found.id not in known
                known[found.id] = found
            case RoomChanged(changed):
                assert known[changed.id] != changed
                known[changed.id] = changed
            case RoomLost(lost):
                assert known.pop(lost.id) == lost
    assert known == {room.id: room for room in after}


def test_being_heard_again_is_no_change() -> None:
    """A room that only answers once more tells nothing new."""
    assert changes([room("a", last_seen=1.0)], [room("a", last_seen=2.0)]) == []


def test_what_is_gone_comes_first() -> None:
    """A list on the screen never shows more rooms than there are."""
    assert changes([room("a")], [room("b")]) == [RoomLost(room("a")), RoomFound(room("b"))]
