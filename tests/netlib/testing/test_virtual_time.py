"""Virtual time: the clock stands still while somebody works, jumps when everybody waits, and gives up."""

import asyncio
import contextlib
import inspect
import socket
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netlib
from netlib import testing

HOUR = 3600.0  # seconds


@testing.in_virtual_time(limit=2 * HOUR)
async def test_an_hour_passes_at_once() -> None:
    """Sleeping moves the clock by what was asked for, and takes no real time."""
    began, really_began = netlib.clock(), time.perf_counter()
    await asyncio.sleep(HOUR)
    assert netlib.clock() - began == HOUR
    assert time.perf_counter() - really_began < HOUR / 100


@testing.in_virtual_time
async def test_timers_fire_in_order() -> None:
    """A task that waits less is woken first, and those that wait equally long in the order they began."""
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        woken.append((name, netlib.clock()))

    await asyncio.gather(sleeper("c", 3), sleeper("a", 1), sleeper("b", 2), sleeper("b too", 2))
    assert woken == [("a", 1), ("b", 2), ("b too", 2), ("c", 3)]


@testing.in_virtual_time
async def test_work_takes_no_time() -> None:
    """What tasks do for each other at one moment happens at that moment."""
    first, second = asyncio.Queue[int](), asyncio.Queue[int]()

    async def echo() -> None:
        second.put_nowait(await first.get())

    helper = asyncio.create_task(echo())
    first.put_nowait(1)
    assert await second.get() == 1 and netlib.clock() == 0.0
    await helper


@testing.in_virtual_time
async def test_a_program_that_polls_gets_on() -> None:
    """A loop that only ever yields sees the clock move, in small steps."""
    seen = {netlib.clock()}
    while netlib.clock() < 0.1:
        await asyncio.sleep(0)
        seen.add(netlib.clock())
    steps = sorted(seen)
    assert max(after - before for before, after in pairwise(steps)) < 0.001


@testing.in_virtual_time
async def test_frames_come_on_time() -> None:
    """The render loop, which polls for the last moments of each frame, runs at its rate."""
    times = []
    async for _ in netlib.frames(50):
        times.append(netlib.clock())
        if len(times) == 100:
            break
    assert times == pytest.approx([(number + 1) / 50 for number in range(100)], abs=0.001)


def test_everybody_waits_for_ever() -> None:
    """A deadlock fails at once, and the text names who waits, and where."""

    async def waits_for_nothing() -> None:
        await asyncio.Event().wait()

    async def main() -> None:
        helper = asyncio.create_task(waits_for_nothing())
        await helper

    with pytest.raises(testing.Stuck, match=r"waits_for_nothing \(test_virtual_time.py:\d+\)") as failed:
        testing.run(main())
    assert "main (test_virtual_time.py" in str(failed.value)


def test_a_stuck_program_may_tidy_up() -> None:
    """A scenario that has failed is cancelled: it closes what it opened, in virtual time, and with help."""
    tidied: list[float] = []

    async def helps(please: asyncio.Event, done: asyncio.Event) -> None:
        await please.wait()
        await asyncio.sleep(5)
        done.set()

    async def main() -> None:
        please, done = asyncio.Event(), asyncio.Event()
        helper = asyncio.create_task(helps(please, done))
        try:
            await asyncio.Event().wait()
        finally:
            please.set()
            await done.wait()
            tidied.append(netlib.clock())
            await helper

    with pytest.raises(testing.Stuck) as failed:
        testing.run(main())
    assert tidied == [5.0]
    assert isinstance(failed.value.__cause__, asyncio.CancelledError), "its traceback shows the line"


def test_not_even_its_end_comes_to_an_end() -> None:
    """When tidying up is stuck as well, it still fails."""

    async def main() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.Event().wait()

    with pytest.raises(testing.Stuck):
        testing.run(main())


def test_what_is_left_and_does_not_end_is_stuck() -> None:
    """A background task that survives its cancellation and waits for ever fails the scenario."""

    async def stubborn() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    async def main() -> asyncio.Task[None]:
        task = asyncio.create_task(stubborn())
        await asyncio.sleep(1)
        return task

    with pytest.raises(testing.Stuck, match="stubborn"):
        testing.run(main())


def test_a_failure_cannot_be_swallowed() -> None:
    """A scenario that catches everything fails all the same."""

    async def main() -> None:
        with contextlib.suppress(BaseException):
            await asyncio.Event().wait()

    with pytest.raises(testing.Stuck):
        testing.run(main())


@pytest.mark.parametrize(
    ("pause", "limits", "words"),
    [
        (1, {"limit": 20}, r"20 s of virtual time:\n  main \(test_virtual_time"),
        (0, {"limit": 1e9, "real_limit": 0.05}, r"0\.05 s of real time"),
    ],
)
def test_too_long(pause: float, limits: dict[str, float], words: str) -> None:
    """What goes on and on, such as ticks, ends at a limit; what polls without an end, after a real time."""

    async def main() -> None:
        while True:
            await asyncio.sleep(pause)

    with pytest.raises(testing.TooLong, match=words):
        testing.run(main(), **limits)


@testing.in_virtual_time
async def test_threads_are_waited_for() -> None:
    """What a thread does takes no virtual time, even while a timer waits."""
    timer = asyncio.create_task(asyncio.sleep(0.5))
    await asyncio.to_thread(time.sleep, 0.02)
    assert netlib.clock() < 0.5 and not timer.done()
    await timer


@pytest.mark.parametrize("what", ["tcp", "udp"])
def test_real_sockets_are_refused(what: str, caplog: pytest.LogCaptureFixture) -> None:
    """Code that opens a real socket is told that it has no place here, and how to do without."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        with socket.socket(type=socket.SOCK_STREAM if what == "tcp" else socket.SOCK_DGRAM) as real:
            real.bind(("127.0.0.1", 0))
            if what == "tcp":
                async with await loop.create_server(asyncio.Protocol, sock=real):
                    await asyncio.sleep(1)
            else:
                transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, sock=real)
                with contextlib.closing(transport):
                    await asyncio.sleep(1)

    with pytest.raises(testing.RealSocket, match=r"network=.*discoverable=False"):
        testing.run(main())


def test_what_it_returns_and_raises() -> None:
    """A scenario's result and its errors come out as they are."""

    async def works() -> int:
        await asyncio.sleep(1)
        return 7

    async def fails() -> None:
        await asyncio.sleep(1)
        raise KeyError("planted")

    assert testing.run(works()) == 7
    with pytest.raises(KeyError, match="planted"):
        testing.run(fails())


def test_what_is_left_behind_is_ended() -> None:
    """Tasks that still run at the end of a scenario are cancelled."""
    ended: list[str] = []

    async def goes_on() -> None:
        try:
            await asyncio.sleep(HOUR)
        finally:
            ended.append("ended")

    async def main() -> asyncio.Task[None]:
        task = asyncio.create_task(goes_on())
        await asyncio.sleep(1)
        return task

    assert testing.run(main()).cancelled() and ended == ["ended"]


async def test_it_does_not_run_inside_another_loop() -> None:
    """Called from a running event loop, it says so, and leaves no coroutine unawaited."""

    async def main() -> None:
        """Never begins."""

    with pytest.raises(RuntimeError, match="running already"):
        testing.run(main())


@pytest.mark.parametrize("number", [1, 2])
@testing.in_virtual_time
async def test_fixtures_and_parameters_arrive(number: int, tmp_path: Path) -> None:
    """A test that is made one by the decorator still has its fixtures and parameters."""
    await asyncio.sleep(number)
    assert netlib.clock() == number and tmp_path.name


@given(st.lists(st.floats(0, 100), max_size=5))
@testing.in_virtual_time
async def test_hypothesis_works_with_it(times: list[float]) -> None:
    """Sleeping for several times takes their sum."""
    for seconds in times:
        await asyncio.sleep(seconds)
    assert netlib.clock() == pytest.approx(sum(times), abs=0.001)


def test_the_decorated_function_is_plain() -> None:
    """pytest, with or without a plugin for asyncio, sees a plain function with its old name and signature."""
    test = test_fixtures_and_parameters_arrive
    assert not inspect.iscoroutinefunction(test)
    assert test.__name__ == "test_fixtures_and_parameters_arrive"
    assert list(inspect.signature(test).parameters) == ["number", "tmp_path"]


def test_the_decorator_takes_limits() -> None:
    """A limit in the decorator holds."""

    @testing.in_virtual_time(limit=2)
    async def slow() -> None:
        await asyncio.sleep(3)

    with pytest.raises(testing.TooLong, match="2 s of virtual time"):
        slow()
