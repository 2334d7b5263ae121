"""Readings of the network for the net graph, and those of the last seconds."""

from collections import deque

import msgspec

from netlib.transport.conditioner import PERFECT, LinkConditions

SPAN = 10.0  # seconds to keep
SAMPLES_PER_SECOND = 15
SAMPLE_SECONDS = 1 / SAMPLES_PER_SECOND - 0.004  # a frame that comes a little early still counts


class Reading(msgspec.Struct, frozen=True):
    """The network as a client sees it in one frame. None always means "not known"."""

    now: float  # when it was read, in seconds of any steady clock
    rtt: float | None = None  # round trip in seconds
    jitter: float | None = None  # variation of the round trip, in seconds
    snapshots_per_second: float | None = None
    bytes_per_second_in: float | None = None
    bytes_per_second_out: float | None = None
    prediction_error: float | None = None  # units between the predicted and the confirmed newest place
    corrections: int = 0  # how often the prediction was corrected since the start
    verdict: str = ""  # how both sides agree: "matched", "jitter", "diverging"; empty if not known
    worst_field: str = ""  # the field of the player's state that differs most; empty for none
    interpolation_delay: float | None = None  # how far in the past others are drawn, in seconds
    prediction_on: bool = True
    interpolation_on: bool = True
    conditions: LinkConditions = PERFECT  # those simulated at this end of the link
    server_conditions: LinkConditions | None = None  # those that the server simulates at its end

    @property
    def server_simulates(self) -> bool:
        """Whether the server makes the link worse, too: both ends add up."""
        return self.server_conditions is not None and not self.server_conditions.perfect


class History:
    """The readings of the last `SPAN` seconds, `SAMPLES_PER_SECOND` of them a second."""

    def __init__(self) -> None:
        self.samples: deque[Reading] = deque()  # the oldest first
        self._spike: float | None = None

    def add(self, reading: Reading) -> bool:
        """Take a frame's reading. Returns whether it became a sample.

        A sample has the largest prediction error since the one before it, so that a spike of one frame shows.
        """
        if reading.prediction_error is not None:
            self._spike = max(self._spike or 0.0, reading.prediction_error)
        if self.samples and 0 <= reading.now - self.samples[-1].now < SAMPLE_SECONDS:
            return False
        self.samples.append(msgspec.structs.replace(reading, prediction_error=self._spike))
        self._spike = None
        while not 0 <= reading.now - self.samples[0].now <= SPAN:
            self.samples.popleft()
        return True
