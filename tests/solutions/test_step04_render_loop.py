"""Step 04: frames keep their deadlines, and the check can tell a message's age by where its dot is."""

import asyncio
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solutions.step04_render_loop import client
from solutions.step04_render_loop.picture import SIZE
from solutions.step04_render_loop.server import positions
from workshop.checking.peers.dot import ROW_SECONDS, ROWS, place_at, time_at

FPS = 50


class Clock:
    """Time that passes only while somebody sleeps or draws."""

    def __init__(self) -> None:
        self.now = 100.0

    def perf_counter(self) -> float:
        """Tell the time."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let time pass, a millisecond longer than was asked for, as systems do."""
        self.now += max(0.0, seconds) + 0.001


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Give a clock that the client's loop looks at."""
    clock = Clock()
    monkeypatch.setattr(client, "time", clock)
    monkeypatch.setattr(client, "asyncio", SimpleNamespace(sleep=clock.sleep))
    return clock


def drawn(clock: Clock, costs: list[float]) -> tuple[list[float], list[float]]:
    """Give the time at which each frame begins and its dt; drawing them costs so many seconds."""

    async def draw() -> tuple[list[float], list[float]]:
        begun, dts = [], []
        frames = client.frames(FPS)
        for cost in costs:
            dts.append(await anext(frames))
            begun.append(clock.now)
            clock.now += cost
        return begun, dts

    return asyncio.run(draw())


def test_small_delays_do_not_add_up(clock: Clock) -> None:
    """A hundred frames take two seconds, although drawing takes time and each sleep is too long."""
    began = clock.now
    begun, dts = drawn(clock, [0.008] * 100)
    assert begun[-1] - began == pytest.approx(100 / FPS, abs=0.002)
    assert sum(dts) == pytest.approx(100 / FPS, abs=0.002)


def test_after_a_long_pause_the_rhythm_begins_anew(clock: Clock) -> None:
    """Somebody drags the window: the frames that were missed are not made up for, and dt stays small."""
    begun, dts = drawn(clock, [0.0, 3.0, 0.0, 0.0, 0.0])
    assert dts[2] == client.MAX_DT
    assert begun[4] - begun[3] == pytest.approx(1 / FPS, abs=0.002)


def test_the_dots_stay_in_the_window() -> None:
    """Whatever the time is, each place is in the picture, with room for the dot."""
    for second in range(500):
        for x, y in positions(second * 0.7):
            assert 20 <= x <= SIZE[0] - 20
            assert 20 <= y <= SIZE[1] - 20


@given(st.floats(0, ROWS * ROW_SECONDS - 0.01))
def test_the_checks_dot_tells_when_it_was_sent(seconds: float) -> None:
    """The place of the dot gives the time back, to a few milliseconds."""
    assert time_at(*place_at(seconds)) == pytest.approx(seconds, abs=0.005)
