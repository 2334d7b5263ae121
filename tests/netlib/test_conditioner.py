"""The link conditioner: order always, delay by its conditions, repeatable by its seed."""

from __future__ import annotations

from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.conditioner import (
    MAX_STALL_REPEATS,
    PERFECT,
    PRESETS,
    RETRANSMIT_RTTS,
    Conditioner,
    LinkConditions,
)

conditions = st.builds(
    LinkConditions,
    latency=st.floats(0, 2),
    jitter=st.floats(0, 2),
    loss=st.floats(0, 0.9),
)
gaps = st.lists(st.floats(0, 0.5), min_size=1, max_size=40)

END = 1e9  # a time by which everything has arrived


def carry(conditioner: Conditioner[int], gaps: list[float], start: float = 100.0) -> list[tuple[int, float]]:
    """Push one item after each gap, look after every push and at each due time; return (item, arrival)."""
    arrived: list[tuple[int, float]] = []
    now = start
    for number, gap in enumerate(gaps):
        arrived += _wait_until(conditioner, now := now + gap)
        conditioner.push(now, number)
    return arrived + _wait_until(conditioner, END)


def _wait_until(conditioner: Conditioner[int], now: float) -> list[tuple[int, float]]:
    arrived: list[tuple[int, float]] = []
    while (due := conditioner.next_due()) is not None and due <= now:
        arrived += [(item, due) for item in conditioner.pop_due(due)]
    return arrived


def times(gaps: list[float], start: float = 100.0) -> list[float]:
    sent: list[float] = []
    for gap in gaps:
        sent.append(start := start + gap)
    return sent


@given(conditions=conditions, gaps=gaps, seed=st.integers(0, 99))
def test_everything_arrives_in_order_and_never_before_it_was_sent(
    conditions: LinkConditions, gaps: list[float], seed: int
) -> None:
    """FIFO always: jitter delays and never reorders, loss delays and never loses."""
    arrived = carry(Conditioner(conditions, seed=seed), gaps)
    assert [item for item, _ in arrived] == list(range(len(gaps)))
    assert all(at >= sent for (_, at), sent in zip(arrived, times(gaps), strict=True))
    assert [at for _, at in arrived] == sorted(at for _, at in arrived)


@given(conditions=conditions, gaps=gaps, seed=st.integers(0, 99))
def test_the_same_seed_gives_the_same_delays(
    conditions: LinkConditions, gaps: list[float], seed: int
) -> None:
    """A run can be repeated."""
    first = carry(Conditioner(conditions, seed=seed), gaps)
    assert first == carry(Conditioner(conditions, seed=seed), gaps)


def test_another_seed_gives_other_delays() -> None:
    """The seed does have an effect."""
    bad = LinkConditions(0.2, 0.1, 0.1)
    gaps = [0.05] * 30
    assert carry(Conditioner(bad, seed=1), gaps) != carry(Conditioner(bad, seed=2), gaps)


@given(gaps=gaps)
def test_a_perfect_link_carries_at_once(gaps: list[float]) -> None:
    """Nothing simulated, nothing delayed."""
    assert [at for _, at in carry(Conditioner(PERFECT), gaps)] == times(gaps)


@given(latency=st.floats(0, 2), gaps=gaps)
def test_latency_alone_delays_by_exactly_its_half(latency: float, gaps: list[float]) -> None:
    """The number is the round trip's, so each way gets a half."""
    arrived = carry(Conditioner(LinkConditions(latency)), gaps)
    assert [at for _, at in arrived] == pytest.approx([sent + latency / 2 for sent in times(gaps)])


def test_latency_does_not_limit_throughput() -> None:
    """Many items are under way at the same time."""
    conditioner: Conditioner[int] = Conditioner(LinkConditions(1.0))
    for number in range(100):
        conditioner.push(number * 0.001, number)
    assert len(conditioner) == 100
    assert conditioner.pop_due(0.5495) == list(range(50))


@given(gaps=st.lists(st.floats(0.5, 1), min_size=1, max_size=40), seed=st.integers(0, 99))
def test_jitter_varies_the_delay_up_to_its_size(gaps: list[float], seed: int) -> None:
    """With nothing in front, an item takes the latency's half, give or take the jitter."""
    arrived = carry(Conditioner(LinkConditions(0.4, 0.1), seed=seed), gaps)
    delays = [at - sent for (_, at), sent in zip(arrived, times(gaps), strict=True)]
    assert all(0.1 - 1e-9 <= delay <= 0.3 + 1e-9 for delay in delays)


def test_jitter_goes_both_ways() -> None:
    """On average it adds nothing to a sparse stream."""
    gaps = [10.0] * 400
    arrived = carry(Conditioner(LinkConditions(0.4, 0.1), seed=3), gaps)
    delays = [at - sent for (_, at), sent in zip(arrived, times(gaps), strict=True)]
    assert mean(delays) == pytest.approx(0.2, abs=0.02)
    assert min(delays) < 0.13
    assert max(delays) > 0.27


def test_a_loss_is_a_stall_for_all_that_follows() -> None:
    """Behind a lost item, others wait; they then arrive together: head-of-line blocking."""
    interval = 0.05
    gaps = [interval] * 400
    bad = LinkConditions(latency=0.2, loss=0.02)
    arrived = carry(Conditioner(bad, seed=1), gaps)
    delays = [at - sent for (_, at), sent in zip(arrived, times(gaps), strict=True)]
    stall = interval + RETRANSMIT_RTTS * 0.2
    late = [number for number, delay in enumerate(delays) if delay > 0.1 + stall - 1e-6]
    assert 2 <= len(late) <= 30
    first = late[0]
    assert arrived[first + 1][1] == arrived[first][1]


@given(seed=st.integers(0, 999))
def test_a_stall_is_bounded(seed: int) -> None:
    """However unlucky, one item is lost only so often."""
    conditioner: Conditioner[int] = Conditioner(LinkConditions(latency=0.2, loss=0.99), seed=seed)
    conditioner.push(0.0, 1)
    due = conditioner.next_due()
    assert due is not None
    assert due <= 0.1 + MAX_STALL_REPEATS * RETRANSMIT_RTTS * 0.2 + 1e-9


def test_the_share_of_losses_is_the_one_that_was_set() -> None:
    """A tenth of a sparse stream is late at 10 % loss."""
    gaps = [10.0] * 2000
    arrived = carry(Conditioner(LinkConditions(0.2, loss=0.1), seed=5), gaps)
    late = sum(at - sent > 0.2 for (_, at), sent in zip(arrived, times(gaps), strict=True))
    assert 150 <= late <= 250


def test_set_to_perfect_everything_that_waits_is_released_at_once() -> None:
    """Turning the latency off takes effect now, not after what was simulated before."""
    conditioner: Conditioner[int] = Conditioner(LinkConditions(10.0))
    for number in range(3):
        conditioner.push(0.0, number)
    assert conditioner.pop_due(0.1) == []
    conditioner.conditions = PERFECT
    assert not conditioner.idle
    assert conditioner.pop_due(0.1) == [0, 1, 2]
    assert conditioner.idle


def test_set_twice_does_not_add_up() -> None:
    """The newest conditions count, alone."""
    conditioner: Conditioner[int] = Conditioner()
    for _ in range(3):
        conditioner.conditions = LinkConditions(0.2)
    conditioner.push(1.0, 7)
    assert conditioner.next_due() == pytest.approx(1.1)


def test_changed_live_the_order_stays() -> None:
    """What is sent after the change does not overtake what was sent before."""
    conditioner: Conditioner[int] = Conditioner(LinkConditions(2.0))
    conditioner.push(0.0, 1)
    conditioner.conditions = LinkConditions(0.2)
    conditioner.push(0.1, 2)
    assert conditioner.pop_due(0.5) == []
    assert conditioner.pop_due(1.0) == [1, 2]
    conditioner.push(1.1, 3)
    assert conditioner.next_due() == pytest.approx(1.2)


def test_off_costs_nothing() -> None:
    """A perfect and empty conditioner says that items may pass by it."""
    conditioner: Conditioner[int] = Conditioner()
    assert conditioner.idle
    conditioner.conditions = LinkConditions(jitter=0.1)
    assert not conditioner.idle


@pytest.mark.parametrize(
    "values", [(200,), (-0.1,), (0, 61), (0, 0, 1.0), (0, 0, 2), (float("nan"),), (0, 0, -0.1)]
)
def test_impossible_conditions_are_refused_with_a_hint(values: tuple[float, ...]) -> None:
    """Milliseconds or percent where seconds and shares are meant are told at once."""
    with pytest.raises(ValueError, match="did you mean milliseconds or percent"):
        LinkConditions(*values)


def test_conditions_can_be_read() -> None:
    """What a screen shows."""
    assert str(LinkConditions(0.2, 0.03, 0.02)) == "200 ms ± 30 ms, 2.0% loss"
    assert str(PERFECT) == "nothing simulated"
    assert LinkConditions().perfect
    assert not LinkConditions(loss=0.1).perfect


def test_the_presets_are_there_from_good_to_bad() -> None:
    """Each network of the documentation has its conditions."""
    assert list(PRESETS) == ["lan", "wifi", "hotel", "4g", "3g", "satellite"]
    assert not any(preset.perfect for preset in PRESETS.values())
    assert PRESETS["lan"].latency < PRESETS["wifi"].latency < PRESETS["satellite"].latency
