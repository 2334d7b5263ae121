"""Time as arithmetic: ticks without drift or bursts, frames to ticks, round trips, rates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.play.timing import MAX_FRAME_TIME, Accumulator, RateLimit, TickSchedule

MICROSECOND = 1e-6  # clocks of days have no finer rounding
rates = st.sampled_from([1.0, 10.0, 20.0, 30.0, 59.94, 60.0, 128.0, 1000.0])


def test_ticks_come_at_absolute_deadlines() -> None:
    """Tick n is due at start + n / rate, however late the ones before were."""
    schedule = TickSchedule(10.0, start=100.0)
    assert schedule.next_due() == pytest.approx(100.1)
    assert schedule.advance(100.099) == 0
    assert [schedule.advance(100.17) for _ in range(2)] == [1, 0], "the same moment is never a second tick"
    assert schedule.next_due() == pytest.approx(100.2)


def test_after_a_stall_ticks_are_skipped_not_made_up_for() -> None:
    """A stall of a second is one call with its number, and then the old rhythm."""
    schedule = TickSchedule(10.0, start=0.0)
    assert schedule.advance(1.05) == 10
    assert (schedule.tick, schedule.skipped) == (10, 9)
    assert schedule.advance(1.06) == 0
    assert schedule.next_due() == pytest.approx(1.1)


def test_time_that_has_stood_still_goes_on_from_there() -> None:
    """A pause moves the deadlines, and costs neither a tick nor the part of one that had passed."""
    schedule = TickSchedule(10.0, start=100.0)
    assert [schedule.advance(100.15), schedule.advance(100.25)] == [1, 1]
    schedule.go_on(500.0, 0.25)
    assert schedule.time(500.0) == pytest.approx(0.25)
    assert schedule.advance(500.04) == 0
    assert schedule.next_due() == pytest.approx(500.05)
    assert schedule.advance(500.06) == 1 and (schedule.tick, schedule.skipped) == (3, 0)


def test_a_step_is_the_next_tick_whatever_the_time() -> None:
    """Driven from outside, ticks are counted by steps; the clock only says when between them it is."""
    schedule = TickSchedule(10.0, start=100.0)
    schedule.step(170.0)
    assert (schedule.tick, schedule.skipped) == (1, 0)
    assert schedule.time(170.0) == pytest.approx(0.1) and schedule.next_due() == pytest.approx(170.1)
    schedule.step(170.01)
    assert schedule.tick == 2 and schedule.time(170.01) == pytest.approx(0.2)


@given(rate=rates, late=st.lists(st.floats(0, 0.3), min_size=1, max_size=60), start=st.floats(-1e5, 1e5))
def test_ticks_times_duration_is_the_time(rate: float, late: list[float], start: float) -> None:
    """Whatever is late: no drift, no burst, nothing due is left out, skipped ones are counted."""
    schedule = TickSchedule(rate, start=start)
    now, runs, passed_in_all = start, 0, 0
    for delay in late:
        now = max(now, schedule.next_due()) + MICROSECOND + delay
        passed = schedule.advance(now)
        runs += passed > 0
        passed_in_all += passed
        assert passed >= 1
        assert schedule.tick * schedule.duration == pytest.approx(
            now - start, abs=schedule.duration + MICROSECOND
        )
        assert schedule.next_due() > now - MICROSECOND
    assert schedule.tick == passed_in_all == runs + schedule.skipped


@given(rate=rates, ticks=st.integers(1, 100_000))
def test_waking_when_due_is_always_one_tick(rate: float, ticks: int) -> None:
    """Rounding never makes a tick count twice or go missing, however long the server has run."""
    schedule = TickSchedule(rate, start=12_345.678)
    schedule.advance(12_345.678 + ticks / rate)
    assert schedule.advance(schedule.next_due() + MICROSECOND) == 1


@given(tick_rate=rates, frames=st.lists(st.floats(0, MAX_FRAME_TIME), max_size=100))
def test_frames_of_any_length_become_ticks_of_the_right_number(tick_rate: float, frames: list[float]) -> None:
    """Added up, frames give as many ticks as their time holds."""
    accumulator = Accumulator(1 / tick_rate)
    ticks = sum(accumulator.add(dt) for dt in frames)
    assert ticks == pytest.approx(sum(frames) * tick_rate, abs=1.001)


def test_a_frozen_window_catches_up_a_little_only() -> None:
    """Ten seconds of dragging a window count as a quarter of a second."""
    accumulator = Accumulator(0.05)
    assert accumulator.add(10.0) == 5
    assert accumulator.add(0.05) == 1


def test_sixty_frames_give_twenty_ticks_evenly() -> None:
    """Every third frame at 60 fps brings a tick of 20 a second."""
    accumulator = Accumulator(1 / 20)
    assert [accumulator.add(1 / 60) for _ in range(9)] == [0, 0, 1, 0, 0, 1, 0, 0, 1]


def test_alpha_is_how_far_the_next_tick_is() -> None:
    """Frames of a quarter of a tick move it by quarters, and each tick begins at 0 again."""
    accumulator = Accumulator(0.04)
    assert accumulator.alpha == 0.0
    alphas = [(accumulator.add(0.01), round(accumulator.alpha, 9)) for _ in range(5)]
    assert alphas == [(0, 0.25), (0, 0.5), (0, 0.75), (1, 0.0), (0, 0.25)]


@given(tick_rate=rates, frames=st.lists(st.floats(0, 0.5), max_size=100))
def test_alpha_is_never_more_than_a_tick(tick_rate: float, frames: list[float]) -> None:
    """Whatever frames are like, it is a share."""
    accumulator = Accumulator(1 / tick_rate)
    for dt in frames:
        accumulator.add(dt)
        assert 0.0 <= accumulator.alpha <= 1.0


def test_a_burst_is_allowed_and_then_the_rate() -> None:
    """So many at once, and after that as many as time brings."""
    limit = RateLimit(10.0, burst=5)
    assert [limit.allows(1.0) for _ in range(6)] == [True] * 5 + [False]
    assert limit.allows(1.1)
    assert not limit.allows(1.15)


def test_a_pause_does_not_save_up_more_than_a_burst() -> None:
    """An hour of silence is no licence for a flood."""
    limit = RateLimit(10.0, burst=5)
    limit.allows(0.0)
    assert sum(limit.allows(3600.0) for _ in range(100)) == 5


def test_what_could_not_be_spent_is_saved_up() -> None:
    """It comes on top of the burst, at the rate; before the first event there is nothing to save."""
    limit = RateLimit(10.0, burst=5)
    limit.save_up(100.0)
    assert sum(limit.allows(100.0) for _ in range(100)) == 5
    limit.save_up(102.0)
    assert sum(limit.allows(102.0) for _ in range(100)) == 20


@given(gaps=st.lists(st.floats(0, 1), max_size=200), rate=st.floats(0.5, 100), burst=st.integers(1, 50))
def test_no_schedule_gets_more_than_rate_and_burst(gaps: list[float], rate: float, burst: int) -> None:
    """Over any time, at most rate times time plus the burst pass."""
    limit = RateLimit(rate, burst)
    now = 0.0
    allowed = 0
    for gap in gaps:
        now += gap
        allowed += limit.allows(now)
        assert allowed <= burst + now * rate + 1e-6


def test_a_client_below_the_rate_is_never_refused() -> None:
    """A well-behaved client does not notice the limit."""
    limit = RateLimit(60.0, burst=2)
    assert all(limit.allows(number / 59) for number in range(10_000))
