"""The ticks of bots and measurements."""

import asyncio

import pytest

import netlib
from netlib import testing
from workshop.game.play.ticks import ticks


@testing.in_virtual_time
async def test_ticks_come_at_their_deadlines() -> None:
    """A tick is never early, and its lateness does not add up."""
    start, steps = netlib.clock(), ticks(30)
    for number in range(1, 301):
        assert await anext(steps) == 1
        assert netlib.clock() - start == pytest.approx(number / 30, abs=1e-6)


@testing.in_virtual_time
async def test_after_a_stall_one_tick_says_how_many_passed() -> None:
    """Ticks are skipped and never come in a burst."""
    steps = ticks(10)
    assert await anext(steps) == 1
    await asyncio.sleep(0.55)
    assert [await anext(steps), await anext(steps)] == [5, 1]


async def test_real_ticks_count_the_time() -> None:
    """After some ticks, the clock has moved by their durations."""
    start, steps = netlib.clock(), ticks(100)
    passed = sum([await anext(steps) for _ in range(10)])
    assert netlib.clock() - start >= passed / 100 - 0.001
    assert passed >= 10
