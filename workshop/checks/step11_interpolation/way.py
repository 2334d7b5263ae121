"""Where somebody was shown on the way that they ran: what that says of the drawn moments.

Nothing here runs a program, and hardly anything depends on when a frame was shown: the way has corners, so
that each place on it belongs to one moment.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import dist, hypot
from statistics import median
from typing import NamedTuple

from workshop.checking.peers.track import Sent, Shown
from workshop.game.rules.units import TOP_SPEED

ON_THE_WAY = 3.0  # units; places are whole numbers
WINDOW = 0.06  # seconds in which a pace is measured
SLOW, FAST = 0.4, 1.6  # times as fast as it should be


class Drawn(NamedTuple):
    """What a frame has drawn.

    Args:
        time: when, in seconds of the room.
        moment: the server's time to which the place belongs.
        span: seconds from the snapshot before it to the one after it.
        off: units from there to the way.
    """

    time: float
    moment: float
    span: float
    off: float


def drawn(sent: Sequence[Sent], shown: Shown) -> Drawn:
    """The last moment to which a place belongs, or nearly: leaps are no part of the way."""
    ways = [(a, b) for a, b in pairwise(sent) if hypot(b.x - a.x, b.y - a.y) <= TOP_SPEED * (b.time - a.time)]
    return min((_nearest(a, b, shown) for a, b in reversed(ways)), key=lambda each: each.off)


def _nearest(begin: Sent, end: Sent, shown: Shown) -> Drawn:
    right, down = end.x - begin.x, end.y - begin.y
    length = right**2 + down**2
    along = (shown.x - begin.x) * right + (shown.y - begin.y) * down
    share = min(1.0, max(0.0, along / length)) if length else 1.0
    off = dist((shown.x, shown.y), (begin.x + share * right, begin.y + share * down))
    span = end.time - begin.time
    return Drawn(shown.time, begin.time + share * span, span, off)


class Way:
    """What was shown while somebody ran.

    Args:
        sent: the places of the snapshots.
        shown: the places of the frames.
    """

    def __init__(self, sent: Sequence[Sent], shown: Sequence[Shown]) -> None:
        self._sent, self._shown = sent, shown
        self.frames = [drawn(sent, each) for each in shown]

    @property
    def off(self) -> float:
        """The share of the frames in which the place is none of the way."""
        return sum(frame.off > ON_THE_WAY for frame in self.frames) / len(self.frames)

    @property
    def lag(self) -> float:
        """How long ago what is drawn has happened, in seconds."""
        return median(frame.time - frame.moment for frame in self.frames)

    @property
    def back(self) -> float:
        """The most seconds that the moment went back in a frame."""
        return max(a.moment - b.moment for a, b in pairwise(self.frames))

    @property
    def leap(self) -> float:
        """The most seconds that the moment went too far in a frame."""
        return max(b.moment - a.moment - (b.time - a.time) for a, b in pairwise(self.frames))

    @property
    def exact(self) -> float:
        """The share of the frames that show a place just as a snapshot had it."""
        known = {(each.x, each.y) for each in self._sent}
        return sum((each.x, each.y) in known for each in self._shown) / len(self._shown)

    @property
    def pace(self) -> tuple[float, float]:
        """The shares of the time in which moments go by far too slowly, and far too fast."""
        ends = (
            next((b for b in self.frames[i:] if b.time - a.time >= WINDOW), a)
            for i, a in enumerate(self.frames)
        )
        paces = [
            (b.moment - a.moment) / (b.time - a.time)
            for a, b in zip(self.frames, ends, strict=True)
            if b is not a
        ] or [1.0]
        return sum(it < SLOW for it in paces) / len(paces), sum(it > FAST for it in paces) / len(paces)

    def long(self, span: float) -> float:
        """The share of the frames between two snapshots that are more than so many seconds apart."""
        return sum(frame.span > span for frame in self.frames) / len(self.frames)

    def at_the_end(self, came: Sequence[float], age: float) -> float:
        """The share of the frames that show the newest place there is, although the news are not that old.

        Args:
            came: when the snapshots came.
            age: seconds that the newest snapshot may be old.
        """
        newest = (self._sent[max(0, bisect_right(came, each.time) - 1)] for each in self._shown)
        ends = [a[1:] == b[1:] and a.time - b.time < age for a, b in zip(self._shown, newest, strict=True)]
        return sum(ends) / len(ends)
