"""The delay line: calls that are made later, in order, on asyncio."""

from collections.abc import Callable

import pytest

from netlib.transport import conditioner
from netlib.transport.conditioner import PERFECT, DelayLine, LinkConditions
from tests.support.processes import wait_until_async


def noting(calls: list[int], number: int) -> Callable[[], None]:
    return lambda: calls.append(number)


@pytest.fixture
def calls() -> list[int]:
    return []


async def test_a_perfect_line_calls_at_once(calls: list[int]) -> None:
    """Nothing simulated: the call is made before `push` returns."""
    line = DelayLine(PERFECT, seed=1)
    line.push(noting(calls, 1))
    assert calls == [1]
    assert line.idle


async def test_a_changed_line_stays_in_order(calls: list[int]) -> None:
    """What is pushed after a change to a better link does not overtake."""
    line = DelayLine(LinkConditions(0.2), seed=1)
    line.push(noting(calls, 1))
    line.set(LinkConditions(0.02))
    line.push(noting(calls, 2))
    await wait_until_async(lambda: len(calls) == 2, "both calls")
    assert calls == [1, 2]


async def test_a_call_that_turns_the_simulation_off_overtakes_nobody(
    calls: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A delayed message may be the one that sets the link; those behind it stay in order."""
    monkeypatch.setattr(conditioner, "clock", lambda: 10.0)
    line = DelayLine(LinkConditions(jitter=5.0), seed=1)

    def turn_off() -> None:
        calls.append(0)
        line.set(PERFECT)

    line.push(turn_off)
    for number in (1, 2, 3):
        line.push(noting(calls, number))
    line._conditioner._queue = type(line._conditioner._queue)(  # 0 and 1 are due now, 2 and 3 later
        (due, call) for due, (_, call) in zip((9.0, 9.5, 11.0, 12.0), line._conditioner._queue, strict=True)
    )
    line.set(LinkConditions(jitter=5.0))
    assert calls == [0, 1, 2, 3]


async def test_a_call_may_push_another_behind_those_that_wait(calls: list[int]) -> None:
    """What a delayed call pushes comes after all that was pushed before."""
    line = DelayLine(LinkConditions(0.02), seed=1)

    def push_more() -> None:
        calls.append(1)
        line.push(noting(calls, 3))

    line.push(push_more)
    line.push(noting(calls, 2))
    await wait_until_async(lambda: len(calls) == 3, "all calls")
    assert calls == [1, 2, 3]
