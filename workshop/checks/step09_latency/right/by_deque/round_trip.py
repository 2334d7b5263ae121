"""The round trip: the median of the newest measurements."""

from __future__ import annotations

from collections import deque
from statistics import median, pstdev


class RoundTrip:
    """Keeps the newest measurements."""

    def __init__(self) -> None:
        self.measured: deque[float] = deque(maxlen=15)

    @property
    def smoothed(self) -> float | None:
        return median(self.measured) if self.measured else None

    @property
    def variation(self) -> float:
        return pstdev(self.measured) if len(self.measured) > 1 else sum(self.measured) / 2

    def add(self, measured: float) -> None:
        """Take in one measurement, in seconds."""
        self.measured.append(measured)
