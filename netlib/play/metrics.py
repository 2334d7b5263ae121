"""What happens on a connection or in a server, as numbers that a screen can show."""

from collections import Counter, deque
from itertools import pairwise
from statistics import median

RATE_WINDOW = 2.0  # seconds over which a rate is averaged
RTT_SAMPLES = 16  # round trips that are remembered
SAMPLE_INTERVAL = 0.1  # seconds between two totals that are remembered


class Rate:
    """A running total, and how much it has grown per second of late.

    Counting happens thousands of times a second and must cost next to nothing, so all work is
    left to the reader.

    Attributes:
        total: may be added to directly.
    """

    __slots__ = ("_samples", "total")

    def __init__(self) -> None:
        self.total = 0
        self._samples: deque[tuple[float, int]] = deque()

    def per_second(self, now: float) -> float:
        """The rate over the last `RATE_WINDOW` seconds, or since it was last asked for, if that is longer.

        The first time there is nothing to compare with, and it is 0.
        """
        samples = self._samples
        while len(samples) > 1 and samples[1][0] <= now - RATE_WINDOW:
            samples.popleft()
        if not samples or now - samples[-1][0] >= SAMPLE_INTERVAL:
            samples.append((now, self.total))
        since, before = samples[0]
        return (self.total - before) / (now - since) if now > since else 0.0


class LinkMetrics:
    """One connection: traffic each way, round trip, and what was refused by its reason."""

    def __init__(self) -> None:
        self.bytes_in, self.bytes_out = Rate(), Rate()
        self.messages_in, self.messages_out = Rate(), Rate()
        self.snapshots = Rate()
        self._round_trips: deque[float] = deque(maxlen=RTT_SAMPLES)
        self.refused: Counter[str] = Counter()

    def received(self, size: int) -> None:
        """Count a message of ``size`` bytes that came."""
        self.messages_in.total += 1
        self.bytes_in.total += size

    def sent(self, size: int) -> None:
        """Count a message of ``size`` bytes that went."""
        self.messages_out.total += 1
        self.bytes_out.total += size

    def answered(self, rtt: float) -> None:
        """Count an answer that came so many seconds after its question."""
        self._round_trips.append(rtt)

    @property
    def rtt(self) -> float | None:
        """The median of the newest round trips, in seconds; None before the first."""
        return median(self._round_trips) if self._round_trips else None

    @property
    def jitter(self) -> float:
        """The mean difference between neighbouring round trips (as RFC 3550 defines it), in seconds."""
        steps = [abs(after - before) for before, after in pairwise(self._round_trips)]
        return sum(steps) / len(steps) if steps else 0.0


class ServerMetrics:
    """A server: ticks, comings and goings, and everything that it refused, by reason."""

    def __init__(self) -> None:
        self.ticks = self.ticks_skipped = 0
        self.joined = self.dropped = self.resumed = self.left = 0
        self.refused: Counter[str] = Counter()
