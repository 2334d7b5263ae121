"""What measures time waits for a calm machine, says so, and does not wait for ever."""

import time
from collections.abc import Callable, Iterator

import pytest

from workshop.checking import busy
from workshop.checking.busy import STILL_BUSY, WAITING, quiet, share_of_processor


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give what was said; nothing pauses long."""
    monkeypatch.setattr(busy, "PAUSE", 0.0)
    return []


def machine(*shares: float) -> Callable[[], float]:
    """A machine of which we get these shares, one by one, and the last one for ever."""
    left: Iterator[float] = iter(shares)
    return lambda: next(left, shares[-1])


async def test_a_calm_machine(said: list[str]) -> None:
    """On a calm machine there is no word, and no waiting; a moment of something else does not count."""
    assert await quiet(said.append, share=machine(0.95)) < 1
    assert await quiet(said.append, share=machine(0.2, 0.5, 0.95)) < 1
    assert said == []


async def test_a_machine_that_calms_down(said: list[str]) -> None:
    """A busy machine is waited for until it has been calm twice in a row; it is said once."""
    shares = iter([0.5, 0.5, 0.5, 0.4, 0.9, 0.4, 0.9, 0.9, 0.1])
    await quiet(said.append, share=lambda: next(shares))
    assert said == [WAITING]
    assert list(shares) == [0.1]


async def test_a_machine_that_stays_busy(said: list[str]) -> None:
    """After some time it goes on all the same, and says what that may mean."""
    assert await quiet(said.append, 0.02, machine(0.3)) >= 0.02
    assert said == [WAITING, STILL_BUSY]


async def test_no_patience_left(said: list[str]) -> None:
    """Without time to wait nothing is measured, nor said."""
    assert await quiet(said.append, 0.0, machine(0.3)) < 1
    assert said == []


def test_the_share_of_a_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ten milliseconds of work, five were somebody else's: we had a half."""
    looks = iter([0.0, *(tick / 1e4 for tick in range(50)), *(0.01 + tick / 1e4 for tick in range(2))])
    monkeypatch.setattr(time, "perf_counter", lambda: next(looks))
    assert share_of_processor(0.01) == pytest.approx(0.49, abs=0.01)
