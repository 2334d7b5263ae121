"""Metrics: rates over the last seconds, and what a connection counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.play.metrics import RATE_WINDOW, RTT_SAMPLES, SAMPLE_INTERVAL, LinkMetrics, Rate, ServerMetrics


def test_a_steady_stream_shows_its_rate() -> None:
    """Twenty a second read as 20, and their bytes as bytes a second."""
    rate = Rate()
    for number in range(201):
        rate.total += 100
        shown = rate.per_second(number / 20)
    assert shown == pytest.approx(2000)
    assert rate.total == 20_100


def test_silence_shows_as_zero() -> None:
    """What is over is forgotten; the total stays; at the first look there is nothing to compare with."""
    rate = Rate()
    assert rate.per_second(1.0) == rate.per_second(1.0) == 0
    rate.total += 500
    assert rate.per_second(2.0) == 500
    assert rate.per_second(2.9) > 0
    assert rate.per_second(2.0 + RATE_WINDOW) == 0
    assert rate.total == 500


@given(gaps=st.lists(st.floats(0.01, 3), min_size=2, max_size=100), amount=st.integers(1, 10_000))
def test_the_rate_is_growth_over_the_window(gaps: list[float], amount: int) -> None:
    """However irregular the looks, a constant growth reads as what it is."""
    rate, now = Rate(), 0.0
    rate.per_second(now)
    for gap in gaps:
        now += gap
        rate.total = round(now * amount * 1000)
        assert rate.per_second(now) == pytest.approx(amount * 1000, rel=0.01, abs=200)


def test_an_endless_stream_needs_bounded_memory() -> None:
    """Only the window is remembered, however often somebody looks."""
    rate = Rate()
    for number in range(100_000):
        rate.per_second(number / 1000)
    assert len(rate._samples) <= RATE_WINDOW / SAMPLE_INTERVAL + 2


def test_a_connection_shows_its_round_trip() -> None:
    """Everything that a screen shows has a value from the start; what was measured is what is told."""
    metrics = LinkMetrics()
    assert (metrics.rtt, metrics.jitter, metrics.refused["bad_message"]) == (None, 0.0, 0)
    assert metrics.bytes_in.total == metrics.snapshots.total == 0
    metrics.answered(0.05)
    metrics.answered(0.07)
    assert (metrics.rtt, metrics.jitter) == pytest.approx((0.06, 0.02))


def test_before_the_first_sample_there_is_no_round_trip() -> None:
    """None is not 0: a screen shows a dash."""
    metrics = LinkMetrics()
    assert metrics.rtt is None
    assert metrics.jitter == 0.0


def test_the_round_trip_is_a_median() -> None:
    """One slow sample does not move it; its jitter shows it."""
    metrics = LinkMetrics()
    for rtt in (0.1, 0.1, 5.0, 0.1, 0.1):
        metrics.answered(rtt)
    assert metrics.rtt == pytest.approx(0.1)
    assert metrics.jitter == pytest.approx((4.9 + 4.9) / 4)


def test_old_samples_are_forgotten() -> None:
    """A link that has become better shows it soon."""
    metrics = LinkMetrics()
    for rtt in [1.0] * 50 + [0.02] * RTT_SAMPLES:
        metrics.answered(rtt)
    assert metrics.rtt == pytest.approx(0.02)
    assert metrics.jitter == 0.0


def test_a_server_begins_with_nothing() -> None:
    """Two servers share no counters."""
    one, other = ServerMetrics(), ServerMetrics()
    one.refused["rate"] += 1
    assert other.refused["rate"] == other.ticks == other.joined == other.left == other.ticks_skipped == 0
