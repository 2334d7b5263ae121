"""What happens on a connection or in a server, as numbers that a screen can show."""

from __future__ import annotations

from collections import Counter, deque

from netlib.timing import RttMeter

RATE_WINDOW = 2.0  # seconds over which a rate is averaged


class Rate:
    """How much of something happens per second, over the last `RATE_WINDOW` seconds."""

    def __init__(self) -> None:
        self._events: deque[tuple[float, float]] = deque()
        self._sum = 0.0
        self.total = 0.0

    def add(self, now: float, amount: float = 1.0) -> None:
        """Count ``amount`` at ``now``."""
        self._events.append((now, amount))
        self._sum += amount
        self.total += amount
        self._forget(now)

    def per_second(self, now: float) -> float:
        """The rate at ``now``, per second."""
        self._forget(now)
        return self._sum / RATE_WINDOW

    def _forget(self, now: float) -> None:
        while self._events and self._events[0][0] <= now - RATE_WINDOW:
            self._sum -= self._events.popleft()[1]


class LinkMetrics:
    """One connection: traffic each way, round trip, and what was refused by its reason."""

    def __init__(self) -> None:
        self.bytes_in = Rate()
        self.bytes_out = Rate()
        self.messages_in = Rate()
        self.messages_out = Rate()
        self.snapshots = Rate()
        self.round_trip = RttMeter()
        self.refused: Counter[str] = Counter()

    @property
    def rtt(self) -> float | None:
        """Median round trip in seconds; None before the first measurement."""
        return self.round_trip.rtt

    @property
    def jitter(self) -> float:
        """Variation of the round trip, in seconds."""
        return self.round_trip.jitter


class ServerMetrics:
    """A server: ticks, comings and goings, and everything that it refused, by reason."""

    def __init__(self) -> None:
        self.ticks = 0
        self.ticks_skipped = 0
        self.joined = 0
        self.dropped = 0
        self.resumed = 0
        self.left = 0
        self.refused: Counter[str] = Counter()
