"""Finds the line at which an event loop stands still.

A thread looks at the main thread's stack many times a second, as sampling profilers do.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from types import FrameType

from workshop.checking.inside.faults import Faults
from workshop.checking.inside.link import Link
from workshop.checking.verdict import Place, Trouble
from workshop.checking.wire import Troubled

INTERVAL = 0.01  # seconds between two looks
STILL = 0.25  # seconds without the loop getting a turn, from which it counts as blocked
WAITING = ("selectors", "asyncio.windows_events", "uvloop")  # modules in which a loop waits for the network


class Watch(threading.Thread):
    """Tells the check when the loop had no turn for a while, and at which line of the program it stood."""

    def __init__(self, link: Link, faults: Faults) -> None:
        super().__init__(daemon=True, name="watch")
        self._link, self._faults = link, faults
        self._main = threading.main_thread().ident

    def run(self) -> None:
        """Look, until the program ends."""
        since, told, lines = time.perf_counter(), 0.0, Counter[Place]()
        while True:
            time.sleep(INTERVAL)
            (busy, place), now = self._look(), time.perf_counter()
            if not busy:
                since, told = now, 0.0
                lines.clear()
                continue
            if place:
                lines[place] += 1
            still = now - since
            if still > max(STILL, 2 * told) and lines:
                told = still
                self._tell(still, lines.most_common(1)[0][0])

    def _look(self) -> tuple[bool, Place | None]:
        """Whether a callback runs, and where. No frame is kept: what is in it would live longer by that."""
        frame = sys._current_frames().get(self._main or 0)
        busy = in_callback(frame)
        return busy, self._faults.place_of(frame) if busy else None

    def _tell(self, seconds: float, place: Place) -> None:
        self._link.tell(Troubled(Trouble("blocked", f"{seconds:.2f}", place.text, place, (place,))))


def in_callback(frame: FrameType | None) -> bool:
    """True when an event loop runs in this stack, and is not waiting."""
    while frame is not None:
        if frame.f_globals.get("__name__") in WAITING:
            return False
        if frame.f_code.co_name == "_run_once":
            return True
        frame = frame.f_back
    return False
