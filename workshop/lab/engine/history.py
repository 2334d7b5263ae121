"""The last thirty seconds, frame by frame: to stop, to step through, and to see slowly."""

from bisect import bisect_right
from collections import deque

import msgspec

from workshop.game.drawing.view import Scene
from workshop.lab.engine.measures import Figures
from workshop.lab.engine.room import Shot
from workshop.lab.marks import Span

SECONDS = 30.0  # that are kept


class Shown(Scene, frozen=True):
    """A scene whose camera follows no player, so that three of them have the same; nobody presses Space."""

    @property
    def me(self) -> None:
        return None


class Record(msgspec.Struct, frozen=True):
    """One frame of the lab.

    Args:
        time: in seconds of `netlib.clock`.
        views: what the server knew, what raw snapshots showed, and what the repaired view did.
        figures: of each view.
        snapshot: the tick of the newest snapshot that the client had.
        shots: those of the last seconds, and the share of hits, if there were any.
    """

    time: float
    views: tuple[Shown, Shown, Shown]
    figures: tuple[Figures, Figures, Figures]
    snapshot: int
    span: Span
    shots: tuple[Shot, ...] = ()
    hits: float | None = None


class History:
    """The records, and the place in them that is looked at.

    Attributes:
        speed: 1 is live; else seconds of the recording in each second: 0 while it stands.
    """

    def __init__(self) -> None:
        self._records: deque[Record] = deque()
        self._at, self.speed = 0.0, 1.0

    @property
    def live(self) -> bool:
        """True while the newest record is shown."""
        return self.speed == 1.0

    @property
    def ago(self) -> float:
        """How many seconds ago it was what is shown."""
        return 0.0 if self.shown is None else self._records[-1].time - self.shown.time

    def add(self, record: Record) -> None:
        """Keep a frame; those of more than `SECONDS` ago go."""
        self._records.append(record)
        while self._records[0].time < record.time - SECONDS:
            self._records.popleft()

    def play(self, speed: float) -> None:
        """Show the recording at a speed from here on: 0 to stand still, 1 to go back to what happens now."""
        if self.live and self._records:
            self._at = self._records[-1].time
        self.speed = speed

    def pass_time(self, dt: float) -> None:
        """``dt`` seconds have passed; what is shown never gets older than what is kept."""
        self._at += dt * self.speed
        if self._records:
            self._at = max(self._at, self._records[0].time)

    @property
    def shown(self) -> Record | None:
        """The record that is looked at; None before the first."""
        if not self._records:
            return None
        return self._records[-1] if self.live else self._records[self._index()]

    def step(self, way: int, *, snapshots: bool = False) -> None:
        """Stand still, one frame on (``way`` 1) or back (-1), or to where another snapshot was newest."""
        if not self._records:
            return
        self.play(0.0)
        records, index = self._records, self._index()
        here = records[index].snapshot
        index += way
        while snapshots and 0 <= index < len(records) and records[index].snapshot == here:
            index += way
        self._at = records[min(max(index, 0), len(records) - 1)].time

    def _index(self) -> int:
        return max(0, bisect_right(self._records, self._at, key=lambda record: record.time) - 1)
