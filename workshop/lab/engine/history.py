"""The last thirty seconds, frame by frame: to stop, to step through, and to see slowly."""

from bisect import bisect_right
from collections import deque

import msgspec

from workshop.game.drawing.view import Scene
from workshop.lab.engine.measures import Figures
from workshop.lab.engine.room import Shot
from workshop.lab.engine.settings import Settings
from workshop.lab.marks import Span

SECONDS = 30.0  # that are kept


class Shown(Scene, frozen=True):
    """A scene whose camera follows no player, so that three of them show the same place."""

    @property
    def me(self) -> None:
        return None


class Record(msgspec.Struct, frozen=True):
    """One frame of the lab. The views are the server's, that of raw snapshots, and the repaired one."""

    time: float  # in seconds of `netlib.clock`
    views: tuple[Shown, ...]
    figures: tuple[Figures, ...]  # of each view
    snapshot: int  # the tick of the newest snapshot that the client had
    span: Span
    shots: tuple[Shot, ...] = ()  # the newest
    hits: float | None = None  # the share of shots that hit; None before the first
    settings: Settings = Settings()


class History:
    """The records, and the place in them that is looked at."""

    def __init__(self) -> None:
        self._records: deque[Record] = deque()
        self._at, self.speed = 0.0, 1.0  # seconds of the recording in each second; at 1 it is live

    @property
    def shown(self) -> Record:
        """The record that is looked at."""
        return self._records[self._index]

    def trail(self, count: int) -> list[Record]:
        """The last records up to the one that is looked at, oldest first."""
        return [self._records[at] for at in range(max(0, self._index + 1 - count), self._index + 1)]

    def add(self, record: Record) -> None:
        """Keep a frame; those of more than `SECONDS` ago go."""
        self._records.append(record)
        while self._records[0].time < record.time - SECONDS:
            self._records.popleft()

    def play(self, speed: float) -> None:
        """Show the recording at a speed from here on; at 1, what happens now."""
        self._at, self.speed = self.shown.time, float(speed)

    def pass_time(self, dt: float) -> None:
        """``dt`` seconds have passed; what is shown never gets older than what is kept."""
        self._at = max(self._at + dt * self.speed, self._records[0].time)

    def step(self, way: int, *, snapshots: bool = False) -> None:
        """Stand still one frame on (``way`` 1) or back (-1), or where another snapshot was the newest."""
        self.play(0.0)
        records, index = self._records, self._index + way
        while snapshots and 0 <= index < len(records) and records[index].snapshot == self.shown.snapshot:
            index += way
        self._at = records[min(max(index, 0), len(records) - 1)].time

    @property
    def _index(self) -> int:
        end = bisect_right(self._records, self._at, key=lambda record: record.time)
        return len(self._records) - 1 if self.speed == 1.0 else max(0, end - 1)
