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
        # TODO 09.5: one measurement says little. The first one is taken as it is, with half of it as the
        # variation. Each later one moves self.smoothed by WEIGHT of the difference, and self.variation by
        # VARIATION_WEIGHT towards the size of that difference (abs).
        self.smoothed = measured
