"""Loops that keep time, with a fake clock; and a program's start and end, with the systems faked."""

import asyncio
import contextlib
import ctypes
import gc
import signal
import socket
import sys
import threading
import time
import unittest.mock
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

import netlib
from netlib.errors import WrongArgument, WrongCall
from netlib.play.timing import MAX_FRAME_TIME
from netlib.transport import loops
from netlib.transport.loops import end_signals, fine_timer, frames, run

POLL = 0.0001  # seconds that one look at the network takes here
OVERSHOOT = 0.0011  # seconds that a sleep lasts too long here


class FakeTime:
    """A clock that moves when somebody sleeps, and counts the looks at the network."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.polls = 0

    async def sleep(self, seconds: float) -> None:
        self.polls += 1
        self.now += seconds + OVERSHOOT if seconds else POLL


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeTime:
    time = FakeTime()
    monkeypatch.setattr(loops, "clock", lambda: time.now)
    stand_in = SimpleNamespace(sleep=time.sleep, get_running_loop=asyncio.get_running_loop)
    monkeypatch.setattr(loops, "asyncio", stand_in)
    return time


async def test_frames_come_at_their_deadlines(fake: FakeTime) -> None:
    """None is early, later than a look at the network, or adds up; before each, the last 2 ms are looks."""
    start, rhythm = fake.now, frames(60)
    for number in range(1, 601):
        before = fake.polls
        dt = await anext(rhythm)
        assert fake.polls - before >= (loops.SPIN - OVERSHOOT) / POLL
        deadline = start + number / 60
        assert deadline - 1e-9 <= fake.now <= deadline + 2 * POLL
        assert dt == pytest.approx(1 / 60, abs=3 * POLL)


async def test_time_spent_drawing_belongs_to_the_frame(fake: FakeTime) -> None:
    """Drawing for 10 ms leaves 6.7 ms to wait at 60 fps."""
    start, rhythm = fake.now, frames(60)
    for _ in range(60):
        await anext(rhythm)
        fake.now += 0.010
    assert fake.now - start == pytest.approx(1.010, abs=3 * POLL)


async def test_a_frozen_window_counts_as_a_short_frame_and_is_not_made_up_for(fake: FakeTime) -> None:
    """After three seconds of dragging, dt is capped, and frames come in their old rhythm at once."""
    rhythm = frames(60)
    await anext(rhythm)
    fake.now += 3.0
    assert await anext(rhythm) == MAX_FRAME_TIME
    for _ in range(5):
        before = fake.now
        await anext(rhythm)
        assert fake.now - before == pytest.approx(1 / 60, abs=3 * POLL)


async def test_a_slow_machine_still_serves_the_network(fake: FakeTime) -> None:
    """When drawing takes longer than a frame, every frame looks at the network once, at least."""
    rhythm = frames(60)
    for _ in range(20):
        before = fake.polls
        await anext(rhythm)
        assert fake.polls > before
        fake.now += 0.050


async def test_other_tasks_run_between_real_frames() -> None:
    """A chat partner beside a render loop gets its turn before every frame."""
    turns = 0

    async def chat() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    task, rhythm = asyncio.create_task(chat()), frames(200)
    seen: set[int] = set()
    for _ in range(5):
        assert 0 < await anext(rhythm) <= MAX_FRAME_TIME
        seen.add(turns)
    task.cancel()
    assert len(seen) == 5


async def test_for_instead_of_async_for_is_told() -> None:
    """In a sentence, and not as what an async generator has."""
    with pytest.raises(WrongCall, match=r"write `async for dt in netlib\.frames"):
        for _ in frames(60):  # type: ignore[attr-defined]
            pass


def test_run_wants_a_coroutine() -> None:
    """A function that was not called is the usual mistake."""

    async def main() -> None: ...

    with pytest.raises(WrongArgument, match=r"main is <function .*; it must be a coroutine: run\(main\(\)\)"):
        run(main)  # type: ignore[arg-type]


async def test_run_inside_of_asyncio_is_told(recwarn: pytest.WarningsRecorder) -> None:
    """What to do instead is said, and no coroutine is left that complains."""

    async def main() -> None: ...

    with pytest.raises(WrongCall, match="asyncio runs here already: `await` the coroutine"):
        run(main())
    with pytest.raises(WrongCall, match=r"serve_forever\(\)"):
        netlib.Server("room", port=0).run()
    gc.collect()
    assert not recwarn.list


def test_a_fine_clock_drives_the_loop() -> None:
    """The loop's clock is perf_counter, which is fine on every system, and sleeping works."""

    async def sleeps() -> float:
        before = asyncio.get_running_loop().time()
        assert before <= time.perf_counter() <= before + 1
        await asyncio.sleep(0.01)
        return asyncio.get_running_loop().time() - before

    slept = run(sleeps())
    assert slept is not None
    assert slept >= 0.009


def test_a_slow_name_server_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that ends while a host name is looked up does not wait for the answer."""
    asked, answer = threading.Event(), threading.Event()

    def getaddrinfo(*_: object, **__: object) -> list[object]:
        asked.set()
        answer.wait(20)
        return []

    async def asks() -> None:
        asking = asyncio.create_task(asyncio.get_running_loop().getaddrinfo("host.invalid", 1))
        while not asked.is_set():
            await asyncio.sleep(0.001)
        asking.cancel()

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    run(asks())
    assert not answer.is_set()
    answer.set()


def test_names_are_looked_up() -> None:
    """A name gives addresses, a wrong one the usual error."""

    async def asks(host: str) -> object:
        return await asyncio.get_running_loop().getaddrinfo(host, 80, type=socket.SOCK_STREAM)

    assert run(asks("localhost"))
    with pytest.raises(socket.gaierror):
        run(asks("no-such-host.invalid"))


def test_a_program_that_never_began_is_closed(recwarn: pytest.WarningsRecorder) -> None:
    """Ctrl-C before the loop runs leaves no coroutine behind that complains."""

    async def main() -> None:
        raise AssertionError("it must not begin")

    program = main()
    with (
        unittest.mock.patch.object(asyncio.Runner, "run", side_effect=KeyboardInterrupt),
        contextlib.suppress(KeyboardInterrupt),
    ):
        run(program)
    del program
    gc.collect()
    assert not recwarn.list


def test_windows_is_asked_for_fine_sleeps_and_released_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The timer's resolution is raised for as long as the program runs, also when it fails."""
    windows = unittest.mock.Mock()
    begin, end = unittest.mock.call().timeBeginPeriod(1), unittest.mock.call().timeEndPeriod(1)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "WinDLL", windows, raising=False)
    with pytest.raises(ZeroDivisionError), fine_timer():
        assert windows.mock_calls == [unittest.mock.call("winmm"), begin]
        raise ZeroDivisionError
    assert windows.mock_calls == [unittest.mock.call("winmm"), begin, end]


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_elsewhere_no_timer_is_asked_for(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    """Sleeps are fine already."""
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(ctypes, "WinDLL", lambda name: pytest.fail("asked Windows"), raising=False)
    with fine_timer():
        pass


@pytest.mark.parametrize(
    ("platform", "last"), [("win32", "SIGBREAK"), ("linux", "SIGHUP"), ("darwin", "SIGHUP")]
)
def test_a_closed_window_ends_a_program(monkeypatch: pytest.MonkeyPatch, platform: str, last: str) -> None:
    """Windows has SIGBREAK (Ctrl-Break) and no SIGHUP; macOS and Linux have SIGHUP (a closed terminal)."""
    monkeypatch.setattr(sys, "platform", platform)
    for name in ("SIGBREAK", "SIGHUP"):
        monkeypatch.delattr(signal, name, raising=False)
    monkeypatch.setattr(signal, last, "last", raising=False)
    assert end_signals() == [signal.SIGINT, signal.SIGTERM, "last"]


@pytest.fixture
def handlers() -> Iterator[None]:
    """See that the signals' handlers are as before."""
    before = {number: signal.getsignal(number) for number in end_signals()}
    yield
    assert {number: signal.getsignal(number) for number in end_signals()} == before


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("number", end_signals(), ids=lambda number: number.name)
def test_a_signal_is_the_normal_end_and_lets_the_program_tidy_up(number: signal.Signals) -> None:
    """Ctrl-C and its like cancel the program, which ends with None and without a traceback."""
    done: list[str] = []

    async def main() -> str:
        try:
            asyncio.get_running_loop().call_soon(signal.raise_signal, number)
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            done.append("tidied up")
        return "never"

    assert run(main()) is None
    assert done == ["tidied up"]


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("error", [ZeroDivisionError, asyncio.CancelledError])
def test_a_program_that_fails_shows_why(error: type[BaseException]) -> None:
    """Its error is raised, not swallowed; only a signal turns a cancellation into the normal end."""

    async def main() -> None:
        raise error

    with pytest.raises(error):
        run(main())


def test_a_program_runs_in_another_thread_too() -> None:
    """It gives its result; signals are left alone there: they belong to the main thread."""
    results: list[int | None] = []

    async def main() -> int:
        return 7

    thread = threading.Thread(target=lambda: results.append(run(main())))
    thread.start()
    thread.join(20)
    assert results == [7]
