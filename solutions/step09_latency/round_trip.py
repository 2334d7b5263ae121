"""The round trip, from many measurements that differ."""

from __future__ import annotations

WEIGHT = 1 / 8  # of the newest measurement in the smoothed round trip
VARIATION_WEIGHT = 1 / 4  # of the newest difference in the variation


class RoundTrip:
    """How long a message and its answer take, as TCP estimates it (RFC 6298, section 2).

    Attributes:
        smoothed: the round trip in seconds; None before the first measurement.
        variation: how far measurements are from it, on average, in seconds.
    """

    def __init__(self) -> None:
        self.smoothed: float | None = None
        self.variation = 0.0

    def add(self, measured: float) -> None:
        """Take in one measurement, in seconds."""
        if self.smoothed is None:
            self.smoothed, self.variation = measured, measured / 2
        else:
            difference = measured - self.smoothed
            self.variation += VARIATION_WEIGHT * (abs(difference) - self.variation)
            self.smoothed += WEIGHT * difference
