"""How good a view is, in numbers: how far from the truth, how jerky, how late."""

from collections import deque
from collections.abc import Mapping
from math import hypot, sqrt

import msgspec

from workshop.game.rules.entities import Player
from workshop.game.rules.units import UNIT

WINDOW, INPUTS = 2.0, 30  # seconds that figures are about; inputs whose delay is averaged

Players = Mapping[int, Player]


class Figures(msgspec.Struct, frozen=True):
    """What is measured of one view."""

    own: float  # pixels between where one is drawn and where the server has one now
    others: float  # the same of the others, as a mean
    own_jerk: float  # see `Meter`
    others_jerk: float
    delay: float | None = None  # seconds from the beginning of an input's tick until it is seen, as a mean
    lead: int = 0  # own inputs by which the view is ahead of the server; below 0 it is behind
    wrong: float = 0.0  # pixels by which the worst prediction of the last `WINDOW` seconds was off


def pixels(here: Player, there: Player) -> float:
    """How far two players are from each other."""
    return hypot(here.x - there.x, here.y - there.y) / UNIT


class Meter:
    """Measures one view, frame by frame.

    Jerk is in pixels per second: the root of the mean of |v1 - v0|² over the last `WINDOW` seconds, where
    v0 and v1 are the drawn velocities in a frame and in the next. It is 0 for whoever moves evenly.
    """

    def __init__(self) -> None:
        self._places, self._speeds, self._now = dict[int, complex](), dict[int, complex](), 0.0
        self._squares: deque[tuple[float, bool, float]] = deque()  # when, whether one's own, |v1 - v0|²
        self._delays: deque[float] = deque(maxlen=INPUTS)
        self._seen = 0

    def measure(self, drawn: Players, truth: Players, me: int, now: float) -> Figures:
        """Take in a frame that is drawn at ``now``, in seconds. Returns errors and jerks."""
        off = {id: pixels(drawn[id], truth[id]) for id in drawn.keys() & truth.keys()}
        own = off.pop(me, 0.0)
        self._move({id: complex(it.x, it.y) / UNIT for id, it in drawn.items()}, me, now)
        mine, others = (self._jerk(of) for of in (True, False))
        return Figures(own, sum(off.values()) / max(1, len(off)), mine, others)

    def _move(self, places: dict[int, complex], me: int, now: float) -> None:
        dt, self._now = max(1e-6, now - self._now), now  # not that of `netlib.frames`, which has a limit
        speeds = {id: (places[id] - self._places[id]) / dt for id in places.keys() & self._places.keys()}
        for id in speeds.keys() & self._speeds.keys():
            self._squares.append((now, id == me, abs(speeds[id] - self._speeds[id]) ** 2))
        self._places, self._speeds = places, speeds
        while self._squares and self._squares[0][0] < now - WINDOW:
            self._squares.popleft()

    def _jerk(self, of: bool) -> float:
        squares = [square for _, mine, square in self._squares if mine is of]
        return sqrt(sum(squares) / max(1, len(squares)))

    def delay(self, seen: int, began: Mapping[int, float], now: float) -> float | None:
        """`Figures.delay`, when own inputs up to number ``seen`` are seen, whose ticks ``began`` then."""
        self._delays.extend(now - began[seq] for seq in range(self._seen + 1, seen + 1) if seq in began)
        self._seen = max(self._seen, seen)
        return sum(self._delays) / len(self._delays) if self._delays else None
