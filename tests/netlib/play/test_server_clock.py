"""The server's clock: read through jitter and loss, and never running backwards."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.play.timing import SAMPLES, SLEW, STEP, ServerClock
from netlib.transport.conditioner import PRESETS, Conditioner

AHEAD = 1000.0  # seconds that the server's clock is ahead of ours
EXACT = 1e-6  # seconds
WRONG = {"lan": 0.001, "wifi": 0.004, "hotel": 0.05, "4g": 0.013, "3g": 0.035, "satellite": 0.025}  # seconds


def ping(clock: ServerClock, sent: float, there: float, back: float, *, ahead: float = AHEAD) -> float:
    """One ping whose two ways take so long. Returns when the pong came."""
    clock.add(sent, sent + there + back, sent + there + ahead)
    return sent + there + back


def time_of(clock: ServerClock, now: float) -> float:
    time = clock.time(now)
    assert time is not None
    return time


def test_before_the_first_ping_nothing_is_known() -> None:
    """None, rather than a time that is wrong by years."""
    clock = ServerClock()
    assert (clock.time(5.0), clock.offset) == (None, None)


def test_the_first_ping_sets_the_clock() -> None:
    """The pong's time was right in the middle of the round trip."""
    clock = ServerClock()
    now = ping(clock, 5.0, 0.1, 0.1)
    assert clock.offset == pytest.approx(AHEAD)
    assert clock.time(now) == pytest.approx(now + AHEAD)
    assert clock.time(now + 7) == pytest.approx(now + 7 + AHEAD)


def test_a_spike_moves_nothing() -> None:
    """One way that stalls makes a ping that nobody asks."""
    clock = ServerClock()
    ping(clock, 5.0, 0.05, 0.05)
    now = ping(clock, 6.0, 0.05, 1.9)
    assert clock.offset == pytest.approx(AHEAD)
    assert clock.time(now) == pytest.approx(now + AHEAD)


def test_the_shortest_round_trip_is_remembered_for_so_many_pings_and_no_longer() -> None:
    """Clocks drift, so the best of long ago does not count for ever."""
    clock = ServerClock()
    ping(clock, 5.0, 0.01, 0.01)
    for number in range(SAMPLES - 1):
        ping(clock, 6.0 + number, 0.2, 0.1)
    assert clock.offset == pytest.approx(AHEAD)
    ping(clock, 50.0, 0.2, 0.1)
    assert clock.offset == pytest.approx(AHEAD + 0.05)


ways = st.floats(0, 0.5)
pings = st.lists(st.tuples(ways, ways, st.floats(0, 2)), min_size=1, max_size=60)


@given(pings=pings, least=st.floats(0, 0.3))
def test_the_error_is_half_of_what_the_best_ping_lost_to_jitter(
    pings: list[tuple[float, float, float]], least: float
) -> None:
    """Each way takes the same and some jitter: wrong by half the shortest round trip's jitter at most."""
    clock, now = ServerClock(), 0.0
    for number, (there, back, pause) in enumerate(pings):
        now = ping(clock, now + pause, least + there, least + back)
        spread = min(there + back for there, back, _ in pings[max(0, number + 1 - SAMPLES) : number + 1])
        assert clock.offset is not None
        assert abs(clock.offset - AHEAD) <= spread / 2 + EXACT


@given(pings=pings, least=st.floats(0, 0.3))
def test_even_uneven_ways_mislead_by_half_the_round_trip_at_most(
    pings: list[tuple[float, float, float]], least: float
) -> None:
    """Nobody can know which way is the slow one; but that is all that one can be wrong."""
    clock, now = ServerClock(), 0.0
    for there, back, pause in pings:
        now = ping(clock, now + pause, least + there, back)
    shortest = min(least + there + back for there, back, _ in pings[-SAMPLES:])
    assert clock.offset is not None
    assert abs(clock.offset - AHEAD) <= shortest / 2 + EXACT


@given(pings=pings, looks=st.lists(st.floats(0, 0.2), min_size=1, max_size=5), jump=st.floats(-STEP, STEP))
def test_time_never_runs_backwards_nor_far_from_real_speed(
    pings: list[tuple[float, float, float]], looks: list[float], jump: float
) -> None:
    """Corrections are slewed: a look that is later never shows less, whatever the pings say."""
    clock, now = ServerClock(), 0.0
    shown = []
    for number, (there, back, _) in enumerate(pings):
        ping(clock, now, there / 5, back / 5, ahead=AHEAD + jump * (number % 2) / 2)
        for look in looks:
            now += look
            shown.append((now, time_of(clock, now)))
    for (before, time_before), (after, time_after) in pairwise(shown):
        passed = after - before
        assert passed * (1 - SLEW) - EXACT <= time_after - time_before <= passed * (1 + SLEW) + EXACT


@pytest.mark.parametrize("wrong", [0.2, -0.2])
def test_a_small_error_is_worked_off_at_the_slew(wrong: float) -> None:
    """A clock that was misled by a bad first ping comes right in time, and then stays."""
    clock = ServerClock()
    now = ping(clock, 5.0, 0.5 + wrong, 0.5 - wrong)
    assert time_of(clock, now) == pytest.approx(now + AHEAD + wrong)
    now = ping(clock, now, 0.01, 0.01)
    time_of(clock, now)
    assert time_of(clock, now + 1) == pytest.approx(now + 1 + AHEAD + wrong * (1 - SLEW / 0.2), abs=0.002)
    assert time_of(clock, now + 10) == pytest.approx(now + 10 + AHEAD)
    assert time_of(clock, now + 90) == pytest.approx(now + 90 + AHEAD)


@pytest.mark.parametrize("jump", [-500.0, -0.4, 0.4, 500.0])
def test_a_big_error_is_set_at_once(jump: float) -> None:
    """A server that restarted or paused, a laptop that slept: the old pings say nothing any more."""
    clock = ServerClock()
    for number in range(SAMPLES):
        now = ping(clock, 5.0 + number, 0.01, 0.01)
    time_of(clock, now)
    now = ping(clock, now + 0.5, 0.1, 0.1, ahead=AHEAD + jump)
    assert time_of(clock, now) == pytest.approx(now + AHEAD + jump)
    assert clock.offset == pytest.approx(AHEAD + jump)


def test_a_drift_that_the_old_best_ping_does_not_know_is_followed() -> None:
    """A better ping of before is dropped as soon as the newest proves it wrong."""
    clock = ServerClock()
    ping(clock, 5.0, 0.0001, 0.0001)
    now = ping(clock, 12.0, 0.001, 0.001, ahead=AHEAD + 0.01)
    assert clock.offset == pytest.approx(AHEAD + 0.01)
    assert time_of(clock, now + 1) == pytest.approx(now + 1 + AHEAD + 0.01)


def test_a_pong_from_before_its_ping_is_ignored() -> None:
    """What a broken server sends as our own time does no harm."""
    clock = ServerClock()
    clock.add(10.0, 9.0, 4.0)
    assert clock.offset is None
    now = ping(clock, 5.0, 0.01, 0.01)
    clock.add(1e9, now, 4.0)
    assert clock.time(now) == pytest.approx(now + AHEAD)


def test_another_server_is_believed_at_once_after_a_reset() -> None:
    """Nothing of the old one is left."""
    clock = ServerClock()
    now = ping(clock, 5.0, 0.01, 0.01)
    time_of(clock, now)
    clock.reset()
    assert (clock.time(now), clock.offset) == (None, None)
    now = ping(clock, now, 0.3, 0.3, ahead=AHEAD + 0.1)
    assert clock.time(now) == pytest.approx(now + AHEAD + 0.1)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("preset", "wrong"), WRONG.items())
def test_on_every_kind_of_link_the_clock_is_right(preset: str, wrong: float, seed: int) -> None:
    """Two pings a second for two minutes: after some seconds never wrong by more than these seconds."""
    link = PRESETS[preset]
    clock, worst = ServerClock(), 0.0
    there: Conditioner[float] = Conditioner(link, seed=seed)
    back: Conditioner[tuple[float, float]] = Conditioner(link, seed=seed + 100)
    for frame in range(120 * 60):
        now = frame / 60
        if frame % 30 == 0:
            there.push(now, now)
        while (due := there.next_due()) is not None and due <= now:
            for sent in there.pop_due(due):
                back.push(due, (sent, due + AHEAD))
        while (due := back.next_due()) is not None and due <= now:
            for sent, server_time in back.pop_due(due):
                clock.add(sent, due, server_time)
        if now > 10:
            worst = max(worst, abs(time_of(clock, now) - now - AHEAD))
    assert worst <= wrong
    assert worst <= link.jitter + EXACT, "two ways, and the middle of them"


def test_many_pings_cost_a_fixed_amount() -> None:
    """Only the newest are kept."""
    clock, dice = ServerClock(), random.Random(1)
    now = 0.0
    for _ in range(1000):
        now = ping(clock, now, dice.random(), dice.random())
    assert len(clock._readings) == SAMPLES
