"""The link conditioner: order always, delay by its conditions, repeatable by its seed."""

import copy
from itertools import accumulate
from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.transport.conditioner import (
    MIN_TIMEOUT,
    MOST_LOSSES,
    MOST_REORDERING,
    PERFECT,
    PRESETS,
    REORDERING,
    Conditioner,
    LinkConditions,
)

conditions = st.builds(
    LinkConditions, latency=st.floats(0, 2), jitter=st.floats(0, 2), loss=st.floats(0, 0.9)
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


def delays(conditioner: Conditioner[int], gaps: list[float]) -> list[float]:
    """Return how long each item takes that is pushed after these gaps."""
    return [at - sent for (_, at), sent in zip(carry(conditioner, gaps), times(gaps), strict=True)]


def stalled(link: LinkConditions, now: float = 0.0) -> Conditioner[int]:
    """Return a line whose first item was sent now; with a loss near 1 it is lost."""
    conditioner: Conditioner[int] = Conditioner(link, seed=1)
    conditioner.push(now, 1)
    return conditioner


def slowest(link: LinkConditions) -> float:
    """How long an item takes at most that is never lost and has nothing in front of it."""
    return link.latency / 2 + link.jitter


def worst_stall(link: LinkConditions) -> float:
    """How long a loss takes at most that is repaired by a timer, each time."""
    return MOST_LOSSES * (link.latency + MIN_TIMEOUT) if link.loss else 0.0


def times(gaps: list[float], start: float = 100.0) -> list[float]:
    return list(accumulate(gaps, initial=start))[1:]


@given(conditions=conditions, gaps=gaps, seed=st.integers(0, 99))
def test_everything_arrives_in_order_and_never_before_it_was_sent(
    conditions: LinkConditions, gaps: list[float], seed: int
) -> None:
    """FIFO always: jitter never reorders, loss never loses; however unlucky, a delay is bounded."""
    arrived = carry(Conditioner(conditions, seed=seed), gaps)
    assert [item for item, _ in arrived] == list(range(len(gaps)))
    bound = slowest(conditions) + worst_stall(conditions) + 1e-6
    assert all(sent <= at <= sent + bound for (_, at), sent in zip(arrived, times(gaps), strict=True))
    assert [at for _, at in arrived] == sorted(at for _, at in arrived)


@given(conditions=conditions, gaps=gaps, seed=st.integers(0, 99))
def test_the_same_seed_gives_the_same_delays(
    conditions: LinkConditions, gaps: list[float], seed: int
) -> None:
    """A run can be repeated; another seed gives other delays."""
    first = carry(Conditioner(conditions, seed=seed), gaps)
    assert first == carry(Conditioner(conditions, seed=seed), gaps)
    one, other = (Conditioner[int](LinkConditions(0.2, 0.1, 0.1), seed=number) for number in (1, 2))
    assert carry(one, [0.05] * 30) != carry(other, [0.05] * 30)


@given(latency=st.just(0.0) | st.floats(0, 2), gaps=gaps)
def test_latency_alone_delays_by_exactly_its_half(latency: float, gaps: list[float]) -> None:
    """The number is the round trip's, so each way gets a half; a perfect link carries at once."""
    arrived = carry(Conditioner(LinkConditions(latency)), gaps)
    assert [at for _, at in arrived] == pytest.approx([sent + latency / 2 for sent in times(gaps)])


@given(gaps=st.lists(st.floats(0.5, 1), min_size=1, max_size=40), seed=st.integers(0, 99))
def test_jitter_varies_the_delay_up_to_its_size(gaps: list[float], seed: int) -> None:
    """With nothing in front, an item takes the latency's half, give or take the jitter."""
    took = delays(Conditioner(LinkConditions(0.4, 0.1), seed=seed), gaps)
    assert all(0.1 - 1e-9 <= delay <= 0.3 + 1e-9 for delay in took)


def test_jitter_goes_both_ways() -> None:
    """On average it adds nothing to a sparse stream."""
    took = delays(Conditioner(LinkConditions(0.4, 0.1), seed=3), [10.0] * 400)
    assert mean(took) == pytest.approx(0.2, abs=0.02)
    assert min(took) < 0.13
    assert max(took) > 0.27


def test_a_loss_is_a_stall_for_all_that_follows() -> None:
    """Behind a lost item, others wait; they then arrive together: head-of-line blocking."""
    interval = 0.05
    took = delays(Conditioner(LinkConditions(0.2, loss=0.02), seed=1), [interval] * 400)
    stall = interval + (1 + REORDERING) * 0.2
    late = [number for number, delay in enumerate(took) if delay > 0.1 + stall - 1e-6]
    assert 2 <= len(late) <= 30
    first = late[0]
    assert took[first] == pytest.approx(0.1 + stall)
    assert took[first + 1] == pytest.approx(took[first] - interval), "they arrive together"


def one_stall(link: LinkConditions, interval: float) -> float:
    """How much longer than the others an item of a stream takes that is lost once, in seconds."""
    more = [delay - link.latency / 2 for delay in delays(Conditioner(link, seed=1), [interval] * 300)]
    return min(delay for delay in more if delay > 1e-6)


def test_the_next_item_reveals_a_loss() -> None:
    """On a link without latency, a stream at 20 Hz waits for one interval: a loss is never for free."""
    assert one_stall(LinkConditions(loss=0.02), 0.05) == pytest.approx(0.05)


@pytest.mark.parametrize("latency", [0.0, 0.1, 0.6])
def test_a_timer_reveals_a_loss_that_nothing_follows(latency: float) -> None:
    """In a slow stream, a lost item comes with TCP's least timeout, a round trip and 200 ms."""
    stall = one_stall(LinkConditions(latency, loss=0.02), 5.0)
    assert stall == pytest.approx(latency + MIN_TIMEOUT)


def test_the_first_item_of_all_may_be_lost() -> None:
    """No interval is known yet, so the timer is waited for."""
    due = stalled(LinkConditions(0.2, loss=0.99), now=5.0).next_due()
    assert due == pytest.approx(5.0 + 0.1 + MOST_LOSSES * (0.2 + MIN_TIMEOUT))


@pytest.mark.parametrize("jitter", [0.0, 0.02, 5.0])
def test_jitter_delays_the_repair_by_a_quarter_of_the_round_trip_at_most(jitter: float) -> None:
    """TCP waits for what may only have been overtaken, but not for long."""
    overtaken = REORDERING * 0.2 + min(jitter, MOST_REORDERING * 0.2)
    repair = stalled(LinkConditions(0.2, jitter), now=1.0)._repair(1.05)
    assert repair == pytest.approx(0.2 + 0.05 + overtaken)


def test_the_share_of_losses_is_the_one_that_was_set() -> None:
    """A tenth of a sparse stream is late at 10 % loss."""
    took = delays(Conditioner(LinkConditions(0.2, loss=0.1), seed=5), [10.0] * 2000)
    assert 150 <= sum(delay > 0.2 for delay in took) <= 250


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
    conditioner.conditions = LinkConditions(jitter=0.1)
    assert not conditioner.idle


def test_changed_to_a_quicker_link_what_waits_arrives_as_quickly() -> None:
    """Turning a satellite into a LAN counts at once; the order stays."""
    conditioner = stalled(LinkConditions(2.0))
    conditioner.push(0.05, 2)
    conditioner.conditions = LinkConditions(0.2)
    conditioner.push(0.1, 3)
    assert conditioner.pop_due(0.14) == []
    assert conditioner.pop_due(0.1501) == [1, 2]
    assert conditioner.pop_due(0.2001) == [3]


def test_changed_to_a_slower_link_what_waits_is_not_delayed() -> None:
    """What is under way keeps its time; what is sent from now on is slow."""
    conditioner = stalled(LinkConditions(0.2))
    conditioner.conditions = LinkConditions(2.0)
    conditioner.push(0.05, 2)
    assert conditioner.pop_due(0.1) == [1]
    assert conditioner.next_due() == pytest.approx(1.05)


def test_turning_loss_off_ends_a_stall() -> None:
    """What waits for a repair arrives as if it had never been lost; the same conditions change nothing."""
    conditioner = stalled(LinkConditions(0.2, loss=0.99))
    due = conditioner.next_due()
    conditioner.conditions = LinkConditions(0.2, loss=0.99)
    assert conditioner.next_due() == due
    conditioner.conditions = LinkConditions(0.2)
    assert conditioner.next_due() == pytest.approx(0.1)


@given(links=st.lists(st.tuples(conditions, gaps), min_size=2, max_size=5), seed=st.integers(0, 99))
def test_changed_at_any_time_it_keeps_the_order_and_nothing_waits_for_the_old_link(
    links: list[tuple[LinkConditions, list[float]]], seed: int
) -> None:
    """After each change, all that waits arrives within the longest unlost delay of the new link."""
    conditioner: Conditioner[int] = Conditioner(seed=seed)
    arrived: list[tuple[int, float]] = []
    now, count = 100.0, 0
    for link, gaps in links:
        changed, conditioner.conditions = link != conditioner.conditions, link
        in_time = copy.deepcopy(conditioner).pop_due(now + slowest(link) + 1e-9)
        assert not changed or len(in_time) == len(conditioner)
        for gap in gaps:
            arrived += _wait_until(conditioner, now := now + gap)
            conditioner.push(now, count)
            count += 1
    arrived += _wait_until(conditioner, END)
    assert [item for item, _ in arrived] == list(range(count))
    assert [at for _, at in arrived] == sorted(at for _, at in arrived)


@pytest.mark.parametrize(
    "values",
    [(200,), (61,), (-0.1,), (0, 61), (0, 0, 1.0), (0, 0, 2), (float("nan"),), (float("inf"),), (0, 0, -0.1)],
)
def test_impossible_conditions_are_refused_with_a_hint(values: tuple[float, ...]) -> None:
    """Milliseconds or percent where seconds and shares are meant are told at once."""
    with pytest.raises(ValueError, match=r"it must be (seconds.*not milliseconds|a share.*not percent)"):
        LinkConditions(*values)


def test_conditions_can_be_read() -> None:
    """What a screen shows."""
    assert str(LinkConditions(0.2, 0.03, 0.02)) == "200 ms ± 30 ms, 2.0% loss"
    assert str(PERFECT) == "nothing simulated"
    assert LinkConditions().perfect
    assert not LinkConditions(loss=0.1).perfect


def test_the_presets_are_there() -> None:
    """Each network of the documentation has its conditions."""
    assert list(PRESETS) == ["lan", "wifi", "hotel", "4g", "3g", "satellite"]
    assert not any(preset.perfect for preset in PRESETS.values())
    assert PRESETS["lan"].latency < PRESETS["wifi"].latency < PRESETS["satellite"].latency


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_a_preset_is_as_slow_as_it_says(preset: LinkConditions) -> None:
    """Jitter is no more than the way takes, so that it does not add to the mean; most items are unlost."""
    assert preset.jitter <= preset.latency / 2
    took = delays(Conditioner(preset, seed=1), [10.0] * 1000)
    assert median(took) == pytest.approx(preset.latency / 2, rel=0.1)
