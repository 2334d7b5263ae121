"""Metrics: rates over the last seconds, and what a connection counts."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.metrics import RATE_WINDOW, SLOTS, LinkMetrics, Rate, ServerMetrics


def test_a_steady_stream_shows_its_rate() -> None:
    """Twenty a second read as 20, and their bytes as bytes a second."""
    rate = Rate()
    for number in range(1, 201):
        rate.add(number / 20, 100)
    assert rate.per_second(10.0) == pytest.approx(2000, rel=1 / SLOTS)
    assert rate.total == 20_000


def test_silence_shows_as_zero() -> None:
    """What is over is forgotten; the total stays."""
    rate = Rate()
    rate.add(1.0, 500)
    assert rate.per_second(1.0) > 0
    assert rate.per_second(1.0 + RATE_WINDOW) == 0
    assert rate.total == 500


def test_nothing_yet_is_zero() -> None:
    """A new rate can be shown."""
    assert Rate().per_second(0.0) == 0


@given(gaps=st.lists(st.floats(0, 3), max_size=100), amount=st.integers(1, 10_000))
def test_the_rate_counts_the_window(gaps: list[float], amount: int) -> None:
    """However irregular, the rate is what the last seconds brought, but for the oldest slot."""
    rate = Rate()
    moments: list[float] = []
    now = 0.0
    for gap in gaps:
        now += gap
        moments.append(now)
        rate.add(now, amount)
    most, least = (
        sum(moment > now - window for moment in moments) * amount / RATE_WINDOW
        for window in (RATE_WINDOW, RATE_WINDOW * (1 - 1 / SLOTS))
    )
    assert least - 1e-6 <= rate.per_second(now) <= most + 1e-6


def test_an_endless_stream_needs_bounded_memory() -> None:
    """A million events take no more room than one."""
    rate = Rate()
    rate.add(0.0)
    before = sum(map(sys.getsizeof, vars(rate).values()))
    for number in range(100_000):
        rate.add(number / 5000)
    assert sum(map(sys.getsizeof, vars(rate).values())) <= before + 64


def test_a_connection_begins_with_nothing() -> None:
    """Everything that a screen shows has a value from the start."""
    metrics = LinkMetrics()
    assert metrics.rtt is None
    assert metrics.jitter == 0.0
    assert metrics.bytes_in.total == metrics.snapshots.total == 0
    assert metrics.refused["bad_message"] == 0


def test_a_connection_shows_its_round_trip() -> None:
    """What the meter got is what the metrics tell."""
    metrics = LinkMetrics()
    metrics.round_trip.add(0.05)
    metrics.round_trip.add(0.07)
    assert metrics.rtt == pytest.approx(0.06)
    assert metrics.jitter == pytest.approx(0.02)


def test_a_server_begins_with_nothing() -> None:
    """Two servers share no counters."""
    one, other = ServerMetrics(), ServerMetrics()
    one.refused["rate"] += 1
    assert other.refused["rate"] == other.ticks == other.joined == other.left == other.ticks_skipped == 0
