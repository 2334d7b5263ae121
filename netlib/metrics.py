"""What happens on a connection or in a server, as numbers that a screen can show."""

from __future__ import annotations

from collections import Counter

from netlib.timing import RttMeter

RATE_WINDOW = 2.0  # seconds over which a rate is averaged
SLOTS = 20  # parts of the window that are forgotten one by one
SLOTS_PER_SECOND = SLOTS / RATE_WINDOW


class Rate:
    """How much of something happens per second, over the last `RATE_WINDOW` seconds.

    Counted in slots of time, so that a million events take no more room than one.
    """

    def __init__(self) -> None:
        self._slots = [0.0] * SLOTS
        self._newest = 0
        self.total = 0.0

    def add(self, now: float, amount: float = 1.0) -> None:
        """Count ``amount`` at ``now``."""
        slot = int(now * SLOTS_PER_SECOND)
        if slot != self._newest:
            self._turn_to(slot)
        self._slots[slot % SLOTS] += amount
        self.total += amount

    def per_second(self, now: float) -> float:
        """The rate at ``now``, per second; up to one slot of the window is forgotten already."""
        self._turn_to(int(now * SLOTS_PER_SECOND))
        return sum(self._slots) / RATE_WINDOW

    def _turn_to(self, slot: int) -> None:
        for passed in range(max(self._newest + 1, slot - SLOTS + 1), slot + 1):
            self._slots[passed % SLOTS] = 0.0
        self._newest = max(slot, self._newest)


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

    def received(self, now: float, size: int) -> None:
        """Count a message of ``size`` bytes that came at ``now``."""
        self.bytes_in.add(now, size)
        self.messages_in.add(now)

    def sent(self, now: float, size: int) -> None:
        """Count a message of ``size`` bytes that went at ``now``."""
        self.bytes_out.add(now, size)
        self.messages_out.add(now)

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
