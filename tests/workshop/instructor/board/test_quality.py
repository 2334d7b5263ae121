"""How good a connection is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netlib
from netlib.play.metrics import LinkMetrics
from workshop.instructor.board.quality import conditions_in_words, quality

SECONDS = st.floats(0, 10)


@pytest.mark.parametrize(
    ("rtt", "jitter", "connected", "expected"),
    [
        (None, 0.0, True, "good"),
        (0.02, 0.002, True, "good"),
        (0.02, 0.05, True, "fair"),
        (0.2, 0.01, True, "fair"),
        (0.2, 0.1, True, "poor"),
        (0.6, 0.01, True, "poor"),
        (0.02, 0.002, False, "away"),
    ],
)
def test_what_it_is_called(rtt: float | None, jitter: float, connected: bool, expected: str) -> None:
    """A link is called by its round trip and its jitter; a player who has lost it is away."""
    assert quality(rtt, jitter, connected=connected) == expected


@given(SECONDS, SECONDS, SECONDS)
def test_more_is_never_better(rtt: float, jitter: float, more: float) -> None:
    """A longer round trip, or more jitter, never makes a link better."""
    ranks = ["good", "fair", "poor"]
    now = ranks.index(quality(rtt, jitter, connected=True))
    assert ranks.index(quality(rtt + more, jitter, connected=True)) >= now
    assert ranks.index(quality(rtt, jitter + more, connected=True)) >= now


@pytest.mark.parametrize("swing", [0.0, 0.02])
def test_jitter_comes_near_the_mean_difference(swing: float) -> None:
    """A round trip that goes up and down by 20 ms has a jitter of 20 ms, a steady one has none."""
    meter = LinkMetrics()
    for number in range(200):
        meter.answered(0.1 + swing * (number % 2))
    assert meter.jitter == pytest.approx(swing, rel=0.01)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        (netlib.LinkConditions(), ""),
        (netlib.LinkConditions(0.25), "250 ms"),
        (netlib.LinkConditions(0.12, 0.04, 0.02), "120 ± 40 ms, 2 %"),
        (netlib.LinkConditions(0.0, 0.0, 0.005), "0 ms, 0.5 %"),
    ],
)
def test_conditions_in_words(link: netlib.LinkConditions, words: str) -> None:
    """Simulated conditions are short, and nothing simulated is nothing said."""
    assert conditions_in_words(link) == words
