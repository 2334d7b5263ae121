"""The line at which an event loop stands still is found; a busy machine and a busy loop are no standstill."""

import os
import signal
import sys

import pytest

from tests.workshop.checking.conftest import Write
from workshop.checking.inside.watch import ASLEEP, INTERVAL, LATE, STILL, Sleep, Standstill
from workshop.checking.lab import Lab, Ports
from workshop.checking.program import Program
from workshop.checking.stage import Stage
from workshop.checking.verdict import Place

HERE, THERE = Place("server.py", 3, "time.sleep(1)"), Place("server.py", 9)
SOON = 60.0  # seconds, on a machine that is busy with other tests
LOOKS = round(STILL / INTERVAL) + 2  # in time, for a standstill


def program(stage: Stage) -> Program:
    """Its server, to be used with ``async with``."""
    return Lab(stage, Ports()).program("server")


def told(
    standstill: Standstill, looks: int, wall: float, worked: float, place: Place | None = HERE
) -> list[float]:
    """For how many seconds it stood still, as told in so many looks at one turn."""
    found = (standstill.look(7, place, wall, worked) for _ in range(looks))
    return [seconds for seconds, _ in filter(None, found)]


def test_a_line_that_waits() -> None:
    """A line that sleeps uses no processor: it counts all the same while we look in time."""
    assert told(Standstill(), LOOKS, INTERVAL, 0.0) == [pytest.approx(STILL, abs=LATE)]


def test_it_is_told_again_when_it_lasts() -> None:
    """What lasts is told again when it has doubled, and not at each look."""
    assert len(told(Standstill(), 3 * LOOKS, INTERVAL, 0.0)) == 2


def test_a_line_that_computes() -> None:
    """A line that keeps us from looking, and computes all the time, counts as a whole."""
    assert told(Standstill(), 1, 0.8, 0.79) == [pytest.approx(0.79)]


def test_a_machine_that_stands_still() -> None:
    """When we come late and the process has not worked, the machine stood still: that does not count."""
    assert told(Standstill(), 3, 2.0, 0.001) == []
    assert told(Standstill(), round(STILL / LATE) + 1, 2.0, 0.0) == [pytest.approx(STILL + LATE, abs=LATE)]


def test_turn_after_turn() -> None:
    """A loop that never pauses and takes its turns does not stand still."""
    standstill = Standstill()
    assert not any(standstill.look(turn, HERE, INTERVAL, INTERVAL) for turn in range(1, 5 * LOOKS))


def test_short_sleeps_add_up() -> None:
    """A line that sleeps a little in each turn is told; one that computes is not."""
    looks = round(ASLEEP / INTERVAL) + 2
    for wall, worked, hits in ((INTERVAL, 0.0, 1), (INTERVAL, INTERVAL, 0), (9.0, 8.9, 0)):
        sleep = Sleep()
        assert len([1 for _ in range(looks) if sleep.look(HERE, wall, worked)]) == hits


def test_a_pause_between() -> None:
    """After a pause it begins anew."""
    standstill = Standstill()
    for _ in range(3):
        assert told(standstill, LOOKS - 3, INTERVAL, 0.0) == []
        assert standstill.look(0, None, INTERVAL, 0.0) is None


def test_the_line_that_it_is() -> None:
    """Of several lines the one is told at which it stood most of the time; without a learner's line, none."""
    standstill = Standstill()
    assert told(standstill, 5, INTERVAL, 0.0, THERE) == []
    seen = [standstill.look(7, HERE, INTERVAL, 0.0) for _ in range(LOOKS)]
    assert [place for _, place in filter(None, seen)] == [HERE]
    assert told(Standstill(), 4 * LOOKS, INTERVAL, 0.0, None) == []


@pytest.mark.parametrize(
    "line",
    ["time.sleep(0.6)", "while True: sum(range(10**6))", "subprocess.run([sys.executable, '-c', 'input()'])"],
)
async def test_a_line_is_found(stage: Write, line: str) -> None:
    """A line that sleeps, that computes without an end, or waits for another program is found."""
    source = f"import asyncio, subprocess, sys, time\nasync def main():\n    {line}\nasyncio.run(main())\n"
    async with program(stage(server=source)) as server:
        trouble = await server.until(lambda: server.trouble("blocked"), SOON)
    assert trouble is not None
    assert str(trouble.place) == "server.py:3"


@pytest.mark.parametrize("line", ["input()", "while True: pass"])
async def test_a_line_before_any_loop(stage: Write, line: str) -> None:
    """A program that never comes to its loop is found at the line at which it stands."""
    async with program(stage(server=f"import pygame\n{line}\n")) as server:
        trouble = await server.until(lambda: server.trouble("blocked"), SOON)
    assert trouble is not None
    assert str(trouble.place) == "server.py:2"


async def test_a_busy_loop(stage: Write) -> None:
    """A program that has much to do, and lets others have their turn, is not said to block."""
    source = """
        import asyncio, time
        async def main():
            end = time.perf_counter() + 0.7
            while time.perf_counter() < end:
                sum(range(1000))
                await asyncio.sleep(0)
        asyncio.run(main())
    """
    async with program(stage(server=source)) as server:
        assert await server.ended(SOON) == 0
    assert server.trouble("blocked") is None


@pytest.mark.skipif(sys.platform == "win32", reason="a process is stopped by a signal of POSIX")
async def test_a_stopped_process(stage: Write) -> None:
    """A machine that lets the program wait in the middle of a line does not make that line a cause."""
    source = """
        import asyncio, time
        async def main():
            print("works", flush=True)
            used = time.process_time()
            while time.process_time() - used < 0.1:
                pass
        asyncio.run(main())
    """
    async with program(stage(server=source)) as server:
        await server.until(lambda: server.lines, SOON)
        os.kill(server._process.pid, signal.SIGSTOP)
        assert await server.ended(0.6) is None
        os.kill(server._process.pid, signal.SIGCONT)
        assert await server.ended(SOON) == 0
    assert server.trouble("blocked") is None
