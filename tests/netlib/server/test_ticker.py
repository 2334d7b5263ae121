"""A server's ticks: at a fixed rate, driven from outside, and standing still."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netlib
from netlib import testing
from netlib.server.ticker import Ticker
from tests.support.sessions import within

RATE = 10.0  # ticks per second


class Run:
    """A ticker at work; notes which tick came at which of the room's seconds, and when."""

    def __init__(self) -> None:
        self.begun = netlib.clock()
        self.ticks: list[int] = []
        self.times: list[float] = []
        self.moments: list[float] = []
        self.ticker = Ticker(RATE, self._on_tick)

    def _on_tick(self) -> None:
        self.ticks.append(self.ticker.schedule.tick)
        self.times.append(self.ticker.time())
        self.moments.append(netlib.clock() - self.begun)


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[Run]:
    """Give a ticker that ticks."""
    run = Run()
    run.ticker.go()
    task = asyncio.create_task(run.ticker.run())
    try:
        yield run
    finally:
        task.cancel()


def about(*times: float) -> object:
    """These seconds, but for rounding."""
    return pytest.approx(list(times), abs=1e-6)


@within(running)
async def test_it_ticks_at_its_rate(run: Run) -> None:
    """Ticks are numbered from 1, and tick n comes n ticks after the beginning."""
    await asyncio.sleep(0.35)
    assert run.ticks == [1, 2, 3]
    assert run.moments == about(0.1, 0.2, 0.3) and run.times == about(0.1, 0.2, 0.3)


def test_before_it_begins_time_stands_at_zero() -> None:
    """A ticker that was never told to go has no time, and runs no tick from outside either."""
    run = Run()
    run.ticker.step()
    assert run.ticker.stands and run.ticker.time() == 0 and run.ticks == []


@within(running)
async def test_while_time_stands_still_nothing_comes(run: Run) -> None:
    """No tick and no second passes, however long it takes."""
    await asyncio.sleep(0.25)
    run.ticker.stand()
    for _ in range(50):
        await asyncio.sleep(0.07)
        assert run.ticker.time() == pytest.approx(0.25) and run.ticker.schedule.tick == 2
    assert run.ticks == [1, 2]


@within(running)
async def test_time_goes_on_from_where_it_stood(run: Run) -> None:
    """After a pause the next tick has the next number, and comes when its part of a tick has passed."""
    await asyncio.sleep(0.37)
    run.ticker.stand()
    await asyncio.sleep(5)
    run.ticker.go()
    assert run.ticker.time() == pytest.approx(0.37)
    await asyncio.sleep(0.14)
    assert run.ticks == [1, 2, 3, 4, 5] and run.ticker.schedule.skipped == 0
    assert run.times == about(0.1, 0.2, 0.3, 0.4, 0.5)
    assert run.moments == about(0.1, 0.2, 0.3, 5.4, 5.5)


@within(running)
async def test_saying_it_twice_changes_nothing(run: Run) -> None:
    """To stand still while standing, and to go while going, is the same as once."""
    await asyncio.sleep(0.15)
    run.ticker.go()
    run.ticker.stand()
    await asyncio.sleep(1)
    run.ticker.stand()
    assert run.ticker.time() == pytest.approx(0.15)
    run.ticker.go()
    run.ticker.go()
    await asyncio.sleep(0.1)
    assert run.ticks == [1, 2]


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 0.5)), max_size=30))
@within(running)
async def test_no_pause_loses_a_tick_or_a_moment(run: Run, steps: list[tuple[bool, float]]) -> None:
    """Whenever it stands and goes: every number comes once, at its time, and time never runs back."""
    went, before = 0.0, 0.0
    for stands, seconds in steps:
        if stands:
            run.ticker.stand()
        else:
            run.ticker.go()
        await asyncio.sleep(seconds)
        went += 0 if stands else seconds
        assert run.ticker.time() == pytest.approx(went, abs=1e-6)
        assert run.ticker.time() >= before - 1e-9
        before = run.ticker.time()
    assert run.ticks == list(range(1, len(run.ticks) + 1)) and run.ticker.schedule.skipped == 0
    assert len(run.ticks) == pytest.approx(went * RATE, abs=1.001)
    assert run.times == about(*(tick / RATE for tick in run.ticks))


@testing.in_virtual_time
async def test_a_tick_from_outside_is_now() -> None:
    """Each step is one tick with the next number, whatever the time; the room's time is that of its ticks."""
    run = Run()
    run.ticker.go()
    await asyncio.sleep(7.3)
    run.ticker.step()
    assert (run.ticks, run.times) == ([1], about(0.1))
    run.ticker.step()
    run.ticker.step()
    assert (run.ticks, run.times) == ([1, 2, 3], about(0.1, 0.2, 0.3))


@testing.in_virtual_time
async def test_time_that_stands_still_is_not_driven_from_outside_either() -> None:
    """A step during a pause runs nothing; after it the numbers go on."""
    run = Run()
    run.ticker.go()
    run.ticker.step()
    run.ticker.stand()
    run.ticker.step()
    assert run.ticks == [1] and run.ticker.schedule.tick == 1
    run.ticker.go()
    run.ticker.step()
    assert run.ticks == [1, 2]


@within(testing.Network)
async def test_a_manual_server_ticks_when_told_and_only_then(network: testing.Network) -> None:
    """`Server(manual=True).update()` runs exactly one tick, with a tick's length; time alone runs none."""
    server = await network.serve(manual=True, tick_rate=RATE)
    seen: list[tuple[int, float]] = []
    server.on_tick(lambda dt: seen.append((server.tick, dt)))
    await asyncio.sleep(3)
    assert seen == []
    server.update()
    assert seen == [(1, 1 / RATE)]
    await asyncio.sleep(3)
    server.update()
    assert seen == [(1, 1 / RATE), (2, 1 / RATE)]
    assert server.metrics.ticks == 2 and server.metrics.ticks_skipped == 0
    assert server.time == pytest.approx(2 / RATE)


@within(testing.Network)
async def test_a_manual_server_that_is_paused_does_not_tick(network: testing.Network) -> None:
    """Paused is paused, whatever drives the ticks."""
    server = await network.serve(manual=True)
    server.update()
    server.pause()
    server.update()
    assert server.tick == 1
    server.unpause()
    server.update()
    assert server.tick == 2
