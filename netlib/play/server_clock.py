"""What time it is on the server, from pings.

A pong says what the server's clock showed somewhere between sending and receiving: in the
middle, if both ways took equally long, and never further from it than half the round trip. So
the ping with the shortest round trip knows best, and neither jitter nor a lost packet moves
the estimate (the clock filter of NTP, RFC 5905, section 10).
"""

from __future__ import annotations

from collections import deque

import msgspec

SAMPLES = 16  # pings that are remembered
SLEW = 0.05  # seconds of correction in a second at most, so that time never runs backwards
STEP = 0.25  # seconds; a clock that is wrong by more is set at once
TOLERANCE = 0.001  # seconds that two readings may differ by for no reason


class Reading(msgspec.Struct, frozen=True):
    """What one ping tells: the server's clock minus ours, give or take half the round trip."""

    offset: float
    rtt: float

    def contradicts(self, other: Reading) -> bool:
        """True when no offset fits both: the server paused or restarted, or a laptop slept."""
        return abs(self.offset - other.offset) > (self.rtt + other.rtt) / 2 + TOLERANCE


class ServerClock:
    """The server's time, estimated. It reads no clock: ``now`` is given, in seconds."""

    def __init__(self) -> None:
        self._readings: deque[Reading] = deque(maxlen=SAMPLES)
        self._shown: float | None = None
        self._asked = float("-inf")

    def reset(self) -> None:
        """Forget all pings: this is another server."""
        self._readings.clear()
        self._shown = None

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
