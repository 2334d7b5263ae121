"""The round trip: each measurement counts a tenth."""

from __future__ import annotations


class RoundTrip:
    """A sliding mean."""

    def __init__(self) -> None:
        self.smoothed: float | None = None
        self.variation = 0.0

    def add(self, measured: float) -> None:
        """Take in one measurement, in seconds."""
        before = measured if self.smoothed is None else self.smoothed
        off = measured / 2 if self.smoothed is None else abs(measured - before)
        self.variation = off if self.smoothed is None else 0.8 * self.variation + 0.2 * off
        self.smoothed = 0.9 * before + 0.1 * measured
