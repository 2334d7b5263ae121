"""Interpolation: the others are drawn a little in the past, between two snapshots.

All times are seconds of the server's time. Nothing here knows of windows, connections or clocks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from math import hypot
from typing import NamedTuple

from msgspec.structs import replace

from workshop.game.rules.entities import Player
from workshop.game.rules.units import TOP_SPEED

DELAY = 0.15  # seconds by which the drawn moment is behind the newest snapshot, on average
KEEP = 1.0  # seconds of snapshots that are kept
MAX_LATE = 0.3  # seconds; a moment that is later than that jumps


class Snapshot(NamedTuple):
    """Where everybody was at one time."""

    time: float
    players: Mapping[int, Player]


class InterpolationBuffer:
    """The newest snapshots, and the moment that is drawn.

    Attributes:
        snapshots: the oldest first; never empty after the first `add`.
        moment: never later than the newest snapshot.
    """

    def __init__(self) -> None:
        self.snapshots: deque[Snapshot] = deque()
        self.moment = float("-inf")

    def add(self, time: float, players: Mapping[int, Player]) -> None:
        """Take in a snapshot, and drop those that nobody will need again."""
        self.snapshots.append(Snapshot(time, players))
        while self.snapshots[0].time < time - KEEP:
            self.snapshots.popleft()

    def advance(self, dt: float) -> None:
        """Let the drawn moment move on, ``dt`` seconds after the last frame."""
        newest = self.snapshots[-1].time
        late = newest - DELAY - self.moment
        if late > MAX_LATE:
            self.moment = newest - DELAY
        else:
            self.moment = min(self.moment + nudged(dt, late), newest)

    @property
    def delay(self) -> float:
        """Seconds by which the drawn moment is behind the newest snapshot."""
        return self.snapshots[-1].time - self.moment

    def sample(self) -> dict[int, Player]:
        """Where everybody was at the drawn moment."""
        older = newer = self.snapshots[0]
        for newer in self.snapshots:
            if newer.time > self.moment:
                break
            older = newer

        span = newer.time - older.time
        share = (self.moment - older.time) / span if span else 0.0
        ways = {id: (player, newer.players.get(id, player)) for id, player in older.players.items()}
        return {id: between(*way, share, span) for id, way in ways.items()}


def between(older: Player, newer: Player, share: float, span: float) -> Player:
    """A player on its way from one snapshot to the next, ``span`` seconds later. ``share`` is from 0 to 1."""
    dx, dy = newer.x - older.x, newer.y - older.y
    if hypot(dx, dy) > TOP_SPEED * span:
        return older
    return replace(older, x=older.x + round(dx * share), y=older.y + round(dy * share))


def nudged(dt: float, late: float) -> float:
    """``dt`` seconds, made up to a tenth longer or shorter: so one catches up, and nobody sees it."""
    return dt * (1 + min(max(late, -0.1), 0.1))
