"""Finds the line at which an event loop stands still.

A thread looks at the main thread's stack many times a second, as sampling profilers do. Two things are no
standstill of the program. One is a loop that has much to do, and takes turn after turn without a pause. The
other is a machine that lets the program wait for a processor: Linux tells for how long; elsewhere it is known
only when this thread comes late, too, and the process has not worked meanwhile.
"""

import os
import sys
import threading
import time
from asyncio.base_events import BaseEventLoop
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import IO, Literal

from workshop.checking.inside.link import CheckLink
from workshop.checking.inside.theirs import Theirs
from workshop.checking.verdict import Place, Trouble
from workshop.checking.wire import Troubled

INTERVAL = 0.01  # seconds between two looks
LATE = 2 * INTERVAL  # a look after that is late
NO_LOOP_YET = -1  # the turn in which the program itself stands at a line, and has begun no loop
STILL = 0.25  # seconds without the loop getting a turn, from which it counts as blocked
ASLEEP = 0.5  # seconds that the program has slept at one line in all, from which that is told
# Modules in which a loop waits for the network, or stands still since the check ordered that.
WAITING = ("selectors", "asyncio.windows_events", "uvloop", "workshop.checking.inside.lingering")


class Standstill:
    """Adds up how long a loop had no turn, and at which lines."""

    def __init__(self) -> None:
        self._begin(0)

    def _begin(self, turn: int) -> None:
        self._turn, self._seconds, self._told, self._lines = turn, 0.0, 0.0, Counter[Place]()

    def look(self, turn: int, place: Place | None, wall: float, worked: float) -> tuple[float, Place] | None:
        """Take in what was seen at one look; return for how long, and where, if that is to be told.

        Args:
            turn: the number of the loop's turn in which a callback runs, or `NO_LOOP_YET`; 0 in no turn.
            place: the learner's line that it is at.
            wall: seconds since the last look, or since that turn began, without those in which the program
                waited for a processor.
            worked: seconds in which the process had a processor meanwhile.
        """
        if turn != self._turn:
            self._begin(turn)
        if not turn:
            return None
        self._seconds += min(wall, max(worked, LATE))
        if place:
            self._lines[place] += 1
        if self._seconds <= max(STILL, 2 * self._told) or not self._lines:
            return None
        self._told = self._seconds
        return self._seconds, self._lines.most_common(1)[0][0]


class Sleep:
    """Adds up how long the program has slept at a line while its loop had no turn, over all its turns."""

    def __init__(self) -> None:
        self._seconds, self._told = defaultdict[Place, float](float), defaultdict[Place, float](float)

    def look(self, place: Place | None, wall: float, worked: float) -> tuple[float, Place] | None:
        """As `Standstill.look`."""
        if place is None:
            return None
        self._seconds[place] += max(0.0, min(wall, LATE) - worked)
        if self._seconds[place] <= max(ASLEEP, 2 * self._told[place]):
            return None
        self._told[place] = self._seconds[place]
        return self._seconds[place], place


class StallWatch(threading.Thread):
    """Tells the check when the loop had no turn for a while, and at which line of the program it stood."""

    def __init__(self, link: CheckLink, theirs: Theirs) -> None:
        super().__init__(daemon=True, name="watch")
        self._link, self._theirs = link, theirs
        self._main = threading.main_thread().ident
        self._turn, self._began = 0, 0.0

    def start(self) -> None:
        """Begin, before the program makes a loop."""
        run_once = vars(BaseEventLoop)["_run_once"]

        def counted(loop: BaseEventLoop) -> None:
            if threading.get_ident() == self._main:
                self._turn, self._began = self._turn + 1, time.perf_counter()
            run_once(loop)

        BaseEventLoop._run_once = counted  # type: ignore[attr-defined]
        super().start()

    def run(self) -> None:
        """Look, until the program ends."""
        standstill, sleep, queue = Standstill(), Sleep(), Queue()
        now, worked, queued = time.perf_counter(), time.process_time(), queue.seconds()
        while True:
            time.sleep(INTERVAL)
            (turn, place), before = self._look(), (now, worked, queued)
            queued, now, worked = queue.seconds(), time.perf_counter(), time.process_time()
            wall = max(0.0, now - max(before[0], self._began) - (queued - before[2]))
            if told := standstill.look(turn, place, wall, worked - before[1]):
                self._tell("blocked", *told)
            if told := sleep.look(place, wall, worked - before[1]):
                self._tell("asleep", *told)

    def _look(self) -> tuple[int, Place | None]:
        """In which turn a callback runs, and where. No frame is kept: it keeps alive what is in it."""
        turn, frame = self._turn, sys._current_frames().get(self._main or 0)
        if not turn and frame and self._theirs.owns(frame.f_code.co_filename):  # in no library that it called
            return NO_LOOP_YET, self._theirs.innermost(frame)
        return (turn, self._theirs.innermost(frame)) if in_callback(frame) else (0, None)

    def _tell(self, kind: Literal["blocked", "asleep"], seconds: float, place: Place) -> None:
        self._link.tell(Troubled(Trouble(kind, f"{seconds:.2f}", place.text, place, (place,))))


class Queue:
    """How long the main thread has waited for a processor since it began, where the system tells."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        with suppress(OSError):  # on Linux the number of a process is that of its main thread
            self._file = Path(f"/proc/self/task/{os.getpid()}/schedstat").open("rb", buffering=0)  # noqa: SIM115

    def seconds(self) -> float:
        """The time so far; 0 where the system does not tell."""
        if self._file is None:
            return 0.0
        while True:
            began = time.perf_counter()
            self._file.seek(0)
            told = self._file.read(100).split()
            if time.perf_counter() - began < INTERVAL:  # else others had their turn meanwhile: it is old
                return int(told[1]) / 1e9


def in_callback(frame: FrameType | None) -> bool:
    """True when an event loop runs in this stack, and is not waiting."""
    while frame is not None:
        if frame.f_globals.get("__name__") in WAITING:
            return False
        if frame.f_code.co_name == "_run_once":
            return True
        frame = frame.f_back
    return False
