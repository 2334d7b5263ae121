"""Interpolation as functions around lists: for each player its times, and its places at these times."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from itertools import islice
from math import dist
from typing import TypeAlias

from workshop.game.entities import Player
from workshop.game.maps import Point
from workshop.game.units import TOP_SPEED

BEHIND = 0.2  # seconds
LONGEST = 40  # places of one player

Track: TypeAlias = tuple[list[float], list[Point]]
Note: TypeAlias = Callable[[float, Mapping[int, Player]], None]
Look: TypeAlias = Callable[[float], dict[int, Point]]


def tracks() -> tuple[Note, Look]:
    """Begin: one function notes snapshots, the other says where everybody is at a time of the server."""
    known: dict[int, Track] = {}

    def note(time: float, players: Mapping[int, Player]) -> None:
        for gone in known.keys() - players.keys():
            del known[gone]
        for id, player in players.items():
            times, places = known.setdefault(id, ([], []))
            times.append(time)
            places.append((player.x, player.y))
            del times[:-LONGEST], places[:-LONGEST]

    def look(now: float) -> dict[int, Point]:
        return {id: where(track, now - BEHIND) for id, track in known.items() if track[0][0] <= now - BEHIND}

    return note, look


def where(track: Track, moment: float) -> Point:
    """Where a player was at a moment that is not before its track."""
    times, places = track
    next_one = bisect_right(times, moment)
    here, there = (*islice(places, next_one - 1, next_one + 1), places[-1])[:2]
    if next_one == len(times):
        return here
    begin, end = times[next_one - 1], times[next_one]
    if dist(here, there) > TOP_SPEED * (end - begin):
        return here
    part = (moment - begin) / (end - begin)
    return round(here[0] * (1 - part) + there[0] * part), round(here[1] * (1 - part) + there[1] * part)
