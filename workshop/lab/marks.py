"""What the engine tells the time line: messages under way between a client and the server."""

from collections.abc import Sequence
from math import inf
from statistics import median_low
from typing import Literal

import msgspec

LATE, LATE_BY = 1.5, 0.03  # a message is late that takes so many times as long as usual, and so many seconds


class Mark(msgspec.Struct, frozen=True):
    """One message on the time line. Times are seconds of the lab's clock."""

    kind: Literal["input", "snapshot"]
    number: int  # the input's seq, or the snapshot's tick
    sent: float  # when its sender handed it to the network
    arrived: float | None = None  # when the receiver took it in; None while under way
    replayed: int = 0  # snapshot: inputs that the client applied again on top of it
    error: float = 0.0  # snapshot: pixels by which the prediction was wrong


class Span(msgspec.Struct, frozen=True):
    """What the interpolation draws from: the two snapshots around the time that is shown. All in ticks."""

    earlier: int
    later: int
    shown: float


class TimelineData(msgspec.Struct, frozen=True):
    """All that the time line draws."""

    now: float  # the time that is looked at (right edge)
    marks: Sequence[Mark]  # of the last seconds, oldest first
    span: Span | None = None
    tick_rate: float = 20.0
    seconds: float = 2.0  # how much is shown

    def took(self, mark: Mark) -> float:
        """How long a message took, or has been under way by now, in seconds."""
        end = self.now if mark.arrived is None else min(self.now, mark.arrived)
        return max(0.0, end - mark.sent)

    def is_here(self, mark: Mark) -> bool:
        """Whether it has arrived by now."""
        return mark.arrived is not None and mark.arrived <= self.now

    def usual(self, kind: str) -> float:
        """The median of how long messages of a kind take, in seconds; 0 when none has arrived."""
        known = [self.took(mark) for mark in self.marks if mark.kind == kind and self.is_here(mark)]
        return median_low(known or [0.0])

    def held_up(self, kind: str) -> dict[int, int]:
        """What each late message waited for, by their numbers; the first of them waited for itself."""
        late, known = (
            (self.usual(kind) or inf) * LATE + LATE_BY,
            [mark for mark in self.marks if mark.kind == kind],
        )
        found: dict[int, int] = {}
        for before, mark, after in zip([None, *known], known, [*known[1:], None], strict=False):
            if self.took(mark) > late and (self._together(before, mark) or self._together(mark, after)):
                found[mark.number] = found.get(before.number if before else 0, mark.number)
        return found

    def _together(self, one: Mark | None, other: Mark | None) -> bool:
        """Whether two came out in a bunch, or may still: a longer way alone keeps messages apart."""
        if one is None or other is None or not (self.is_here(one) and self.is_here(other)):
            return one is not None and not self.is_here(one)
        return self.took(one) - self.took(other) > (other.sent - one.sent) / 2

    @property
    def shown_at(self) -> float:
        """When the server was at the tick that is shown, in seconds; without a span, now."""
        for mark in self.marks:
            if self.span and mark.kind == "snapshot" and mark.number == self.span.earlier:
                return mark.sent + (self.span.shown - self.span.earlier) / max(self.tick_rate, 0.001)
        return self.now
