"""Time as arithmetic: when the next tick is due, and how long a round trip takes.

Nothing here reads a clock; ``now`` is given, in seconds of any steady clock.
"""

from collections import deque
from itertools import pairwise
from math import inf
from statistics import median

RTT_SAMPLES = 16  # round trips that are remembered
MAX_FRAME_TIME = 0.25  # seconds; a longer frame (a dragged window) counts as this


class TickSchedule:
    """Absolute deadlines of a fixed tick rate: no drift, and after a stall no burst.

    Args:
        rate: ticks per second.
        start: when tick 0 was, in seconds.

    Attributes:
        tick: the number of the newest tick that was due.
        skipped: ticks that were never run, because the program was busy.
    """

    def __init__(self, rate: float, *, start: float) -> None:
        self.rate = rate
        self.duration = 1 / rate
        self.tick = self.skipped = 0
        self._start = start

    def next_due(self) -> float:
        """When the next tick is due."""
        return self._start + (self.tick + 1) * self.duration

    def time(self, now: float) -> float:
        """Seconds of the schedule at ``now``: its tick's, and the part of a tick since then."""
        return now - self._start

    def go_on(self, now: float, time: float) -> None:
        """Go on at ``now`` from ``time``, in seconds of the schedule: it has stood still there."""
        self._start = now - time

    def step(self, now: float) -> None:
        """Make ``now`` the moment of the next tick."""
        self.tick += 1
        self.go_on(now, self.tick * self.duration)

    def advance(self, now: float) -> int:
        """Move to the tick that is due at ``now``. Returns how many passed: 0, 1, or more after a stall."""
        passed = int((now - self._start) * self.rate + 1e-9) - self.tick
        if passed < 1:
            return 0
        self.tick += passed
        self.skipped += passed - 1
        return passed


class Accumulator:
    """Turns frames of any length into ticks of a fixed length ("Fix Your Timestep", G. Fiedler).

    Args:
        tick_duration: seconds per tick.
    """

    def __init__(self, tick_duration: float) -> None:
        self.tick_duration = tick_duration
        self._elapsed = 0.0

    def add(self, dt: float) -> int:
        """How many ticks a frame of ``dt`` seconds completes; a frozen window catches up no further
        than `MAX_FRAME_TIME`."""
        self._elapsed += min(dt, MAX_FRAME_TIME)
        ticks = int(self._elapsed / self.tick_duration + 1e-9)
        self._elapsed = max(0.0, self._elapsed - ticks * self.tick_duration)
        return ticks

    @property
    def alpha(self) -> float:
        """How much of the tick under way is over, from 0 to 1."""
        return min(1.0, self._elapsed / self.tick_duration)


class RttMeter:
    """Round-trip time and jitter from the newest samples.

    Attributes:
        rtt: the median of the newest samples, in seconds; None before the first.
        jitter: the mean difference between neighbouring samples (as RFC 3550 defines it), in seconds.
    """

    def __init__(self) -> None:
        self._samples: deque[float] = deque(maxlen=RTT_SAMPLES)

    def add(self, rtt: float) -> None:
        """Take one measured round trip, in seconds."""
        self._samples.append(rtt)

    @property
    def rtt(self) -> float | None:
        return median(self._samples) if self._samples else None

    @property
    def jitter(self) -> float:
        steps = [abs(after - before) for before, after in pairwise(self._samples)]
        return sum(steps) / len(steps) if steps else 0.0


class RateLimit:
    """A token bucket: so many events a second, and a burst of them at once.

    Args:
        per_second: the sustained rate.
        burst: how many may come at once.
    """

    def __init__(self, per_second: float, burst: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._tokens = burst
        self._last = -inf

    def save_up(self, now: float) -> None:
        """Add what was earned since the last event, beyond the burst: nothing could be spent meanwhile."""
        if self._last > -inf:
            self._tokens += (now - self._last) * self._per_second
            self._last = now

    def allows(self, now: float) -> bool:
        """Count one event at ``now``; False when it is over the rate."""
        tokens = self._tokens
        if tokens < self._burst:
            tokens = min(self._burst, tokens + (now - self._last) * self._per_second)
        self._last = now
        self._tokens = tokens - 1 if tokens >= 1 else tokens
        return tokens >= 1
