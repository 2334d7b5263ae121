"""How good a connection is, by its measurements. Pure."""

from typing import Literal, TypeAlias

from netlib.transport.conditioner import LinkConditions

Quality: TypeAlias = Literal["good", "fair", "poor", "away"]

GOOD_RTT, GOOD_JITTER = 0.1, 0.03  # seconds: with prediction and interpolation, players do not feel it
FAIR_RTT, FAIR_JITTER = 0.25, 0.08  # seconds: players feel it, and can still play


def quality(rtt: float | None, jitter: float, *, connected: bool) -> Quality:
    """The word for a connection with this round trip and jitter, both in seconds."""
    if not connected:
        return "away"
    if rtt is None or (rtt <= GOOD_RTT and jitter <= GOOD_JITTER):
        return "good"
    return "fair" if rtt <= FAIR_RTT and jitter <= FAIR_JITTER else "poor"


def conditions_in_words(link: LinkConditions) -> str:
    """Simulated conditions, short enough for a table: "250 ± 20 ms, 2 %"; empty for none."""
    if link.perfect:
        return ""
    varies = f" ± {link.jitter * 1000:.0f}" if link.jitter else ""
    lost = f", {link.loss * 100:.2g} %" if link.loss else ""
    return f"{link.latency * 1000:.0f}{varies} ms{lost}"
