"""Rooms on the LAN that come and go, as events. Pure: two lists of rooms in, what changed out."""

from collections.abc import Iterable
from typing import TypeAlias

import msgspec

from netlib.beacon import Room
from netlib.events import Event


class RoomFound(Event, frozen=True):
    """Browser: a room has answered for the first time, or again after it was lost."""

    room: Room


class RoomChanged(Event, frozen=True):
    """Browser: a room tells something new of itself (its players, for instance), or has another address."""

    room: Room


class RoomLost(Event, frozen=True):
    """Browser: a room has not answered for some seconds. ``room`` is what it told last."""

    room: Room


RoomEvent: TypeAlias = RoomFound | RoomChanged | RoomLost


def changes(before: Iterable[Room], after: Iterable[Room]) -> list[RoomEvent]:
    """What happened between two looks at the rooms: first what is gone, then the others as in ``after``.

    That a room was only heard once more is no change.
    """
    known = {room.id: room for room in before}
    now = {room.id: room for room in after}
    events: list[RoomEvent] = [RoomLost(room) for room in known.values() if room.id not in now]
    for room in now.values():
        if room.id not in known:
            events.append(RoomFound(room))
        elif not _same(room, known[room.id]):
            events.append(RoomChanged(room))
    return events


def _same(room: Room, other: Room) -> bool:
    return msgspec.structs.replace(room, last_seen=other.last_seen) == other
