"""Time as arithmetic: when the next tick is due, how many may come, and what time it is on the server.

Nothing here reads a clock; ``now`` is given, in seconds of any steady clock.
"""

from collections import deque
from math import inf

import msgspec

from netlib.arguments import Positive, checked

MAX_FRAME_TIME = 0.25  # seconds; a longer frame (a dragged window) counts as this
SAMPLES = 16  # pings that are remembered
SLEW = 0.05  # seconds of correction in a second at most, so that time never runs backwards
STEP = 0.25  # seconds; a clock that is wrong by more is set at once
TOLERANCE = 0.001  # seconds that two readings may differ by for no reason


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

    Raises:
        WrongArgument: it is not above 0.
    """

    @checked
    def __init__(self, tick_duration: Positive) -> None:
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

    def give_back(self) -> None:
        """The event that was counted last does not count after all."""
        self._tokens = min(self._burst, self._tokens + 1)

    def owe(self) -> None:
        """Count an event that could not be refused; those after it wait for it, too."""
        self._tokens -= 1


class Reading(msgspec.Struct, frozen=True):
    """What one ping tells: the server's clock minus ours, give or take half the round trip."""

    offset: float
    rtt: float

    def contradicts(self, other: "Reading") -> bool:
        """True when no offset fits both: the server paused or restarted, or a laptop slept."""
        return abs(self.offset - other.offset) > (self.rtt + other.rtt) / 2 + TOLERANCE


class ServerClock:
    """The server's time, estimated from pings.

    A pong says what the server's clock showed somewhere between sending and receiving: in the
    middle, if both ways took equally long, and never further from it than half the round trip. So
    the ping with the shortest round trip knows best, and neither jitter nor a lost packet moves
    the estimate (the clock filter of NTP, RFC 5905, section 10).
    """

    def __init__(self) -> None:
        self._asked = -inf
        self.reset()

    def reset(self) -> None:
        """Forget all pings: this is another server."""
        self._readings: deque[Reading] = deque(maxlen=SAMPLES)
        self._shown: float | None = None

    def add(self, sent: float, received: float, server_time: float) -> None:
        """Take one ping. A pong that came before its ping left is ignored.

        Args:
            sent: our clock when the ping left, in seconds.
            received: our clock when its pong came, in seconds.
            server_time: the server's clock in the pong, in seconds.
        """
        if received < sent:
            return
        reading = Reading(server_time - (sent + received) / 2, received - sent)
        if self._readings and reading.contradicts(self._best):
            self._readings.clear()
        self._readings.append(reading)
        if self._shown is None or abs(self._best.offset - self._shown) > STEP:
            self._shown = self._best.offset

    @property
    def offset(self) -> float | None:
        """The server's clock minus ours in seconds, as the best ping has it; None before the first."""
        return self._best.offset if self._readings else None

    def time(self, now: float) -> float | None:
        """The server's time at our ``now``, in seconds; None before the first ping.

        It comes nearer to `offset` by at most `SLEW`, so it rises as ``now`` does. Only a clock
        that is wrong by more than `STEP` is set, and may then go back.
        """
        if self._shown is None:
            return None
        most = SLEW * max(0.0, now - self._asked)
        self._asked = max(now, self._asked)
        self._shown += max(-most, min(most, self._best.offset - self._shown))
        return now + self._shown

    @property
    def _best(self) -> Reading:
        return min(self._readings, key=lambda reading: reading.rtt)
