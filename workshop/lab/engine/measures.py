"""How good a view is, in numbers: how far from the truth, how jerky, how late."""

from collections import deque
from collections.abc import Mapping
from math import hypot, sqrt

import msgspec

from workshop.game.rules.entities import Player
from workshop.game.rules.units import UNIT
from workshop.lab.engine.room import pixels

WINDOW = 2.0  # seconds that figures are about
INPUTS = 30  # whose delay is averaged

Players = Mapping[int, Player]


class Figures(msgspec.Struct, frozen=True):
    """What is measured of one view.

    Args:
        own, others: pixels between where players are drawn and where the server has them at this moment;
            of the others the mean.
        own_jerk, others_jerk: see `Jerk`; of the others together.
        delay: seconds until an own input is to be seen; None before the first one is.
        lead: by how many own inputs the view is ahead of the server; below 0 it is behind.
        wrong: by how many pixels the worst prediction of the last `WINDOW` seconds was off.
    """

    own: float = 0.0
    others: float = 0.0
    own_jerk: float = 0.0
    others_jerk: float = 0.0
    delay: float | None = None
    lead: int = 0
    wrong: float = 0.0


def errors(drawn: Players, truth: Players, me: int) -> tuple[float, float]:
    """`Figures.own` and `Figures.others` of one frame."""
    off = {id: pixels((it.x, it.y), (truth[id].x, truth[id].y)) for id, it in drawn.items() if id in truth}
    own = off.pop(me, 0.0)
    return own, sum(off.values()) / len(off) if off else 0.0


class Jerk:
    """How unevenly somebody moves, in pixels per second.

    It is the root of the mean of (v1 - v0)² over the last `WINDOW` seconds, where v0 and v1 are the drawn
    velocities in a frame and the next: places differ by v·dt. It is 0 for whoever walks evenly.
    """

    def __init__(self) -> None:
        self._places: dict[int, tuple[float, float]] = {}
        self._speeds: dict[int, tuple[float, float]] = {}
        self._squares: deque[tuple[float, float]] = deque()

    def add(self, players: Mapping[int, Player], now: float, dt: float) -> float:
        """Take in a frame, ``dt`` seconds after the last one. Returns the figure."""
        places = {id: (it.x / UNIT, it.y / UNIT) for id, it in players.items()}
        speeds = {id: _speed(self._places[id], it, dt) for id, it in places.items() if id in self._places}
        for id in speeds.keys() & self._speeds.keys():
            (x, y), (old_x, old_y) = speeds[id], self._speeds[id]
            self._squares.append((now, hypot(x - old_x, y - old_y) ** 2))
        while self._squares and self._squares[0][0] < now - WINDOW:
            self._squares.popleft()
        self._places, self._speeds = places, speeds
        return sqrt(sum(square for _, square in self._squares) / max(1, len(self._squares)))


def _speed(before: tuple[float, float], after: tuple[float, float], dt: float) -> tuple[float, float]:
    return (after[0] - before[0]) / dt, (after[1] - before[1]) / dt


class Delay:
    """How long inputs take until they are to be seen; the mean of the newest, in seconds."""

    def __init__(self) -> None:
        self._delays: deque[float] = deque(maxlen=INPUTS)
        self._seen = 0

    def add(self, seen: int, began: Mapping[int, float], now: float) -> float | None:
        """Take in a frame that shows the inputs up to number ``seen``. Returns the figure.

        Args:
            began: when the tick of each input began, by its number.
        """
        for seq in range(self._seen + 1, seen + 1):
            if seq in began:
                self._delays.append(now - began[seq])
        self._seen = max(self._seen, seen)
        return sum(self._delays) / len(self._delays) if self._delays else None


class Moment(msgspec.Struct, frozen=True):
    """What the figures of all views need to know of a frame.

    Args:
        truth: the players as the server has them.
        me: the driven player.
        applied: the newest of its inputs that the server has applied.
        began: see `Delay.add`.
        now, dt: in seconds, the latter since the last frame.
    """

    truth: Players
    me: int
    applied: int
    began: Mapping[int, float]
    now: float
    dt: float


class Meter:
    """Measures one view, frame by frame."""

    def __init__(self) -> None:
        self._own, self._others, self._delay = Jerk(), Jerk(), Delay()

    def measure(self, drawn: Players, seen: int, moment: Moment, wrong: float = 0.0) -> Figures:
        """The figures of a frame that shows the own inputs up to number ``seen``."""
        me, now, dt = moment.me, moment.now, moment.dt
        own = self._own.add({id: player for id, player in drawn.items() if id == me}, now, dt)
        others = self._others.add({id: player for id, player in drawn.items() if id != me}, now, dt)
        off, lead = errors(drawn, moment.truth, me), seen - moment.applied
        return Figures(*off, own, others, self._delay.add(seen, moment.began, now), lead, wrong)
