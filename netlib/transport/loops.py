"""Loops that keep time: server ticks, frames of a window, and a program's start and end.

Deadlines are absolute, so an error does not add up, and every clock is `time.perf_counter`:
before Python 3.13, asyncio's own clock moves in steps of 15.6 ms on Windows. Only
`netlib.testing` has another one, which stands still until everybody waits.
"""

import asyncio
import contextlib
import ctypes
import importlib
import signal
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, NoReturn, TypeVar, cast

from netlib.arguments import Positive, checked
from netlib.errors import WrongArgument, WrongCall
from netlib.events import log
from netlib.play.timing import MAX_FRAME_TIME

SPIN = 0.002  # seconds before a frame's deadline from which we poll instead of sleeping
WINDOWS_TIMER = 1  # milliseconds of timer resolution that we ask Windows for

T = TypeVar("T")


def clock() -> float:
    """Seconds of a steady clock, which has no meaning but in differences."""
    return running_clock()()


def running_clock() -> Callable[[], float]:
    """What `clock` reads here, for code that reads it thousands of times a second."""
    try:
        return getattr(asyncio.get_running_loop(), "steady_clock", time.perf_counter)
    except RuntimeError:  # a program, or a thread, without asyncio
        return time.perf_counter


@checked
def frames(fps: Positive) -> AsyncIterator[float]:
    """Frames of a render loop beside the network: yields the seconds since the last frame.

    It sleeps until shortly before each deadline and polls the event loop for the rest, so
    frames come on time and the network is served in between. A frame that took longer than
    `MAX_FRAME_TIME` (someone drags the window) counts as that, and the rhythm starts again.

    Args:
        fps: frames per second.

    Raises:
        WrongArgument: it is not above 0.
    """
    return _Frames(fps)


class _Frames(AsyncIterator[float]):
    """Frames, for ``async for``; one who writes ``for`` is told."""

    def __init__(self, fps: float) -> None:
        self._frames = _endless_frames(1 / fps)

    def __anext__(self) -> Awaitable[float]:
        return self._frames.__anext__()

    def __iter__(self) -> NoReturn:
        raise WrongCall("write `async for dt in netlib.frames(…)`, in a coroutine, instead of `for`")


async def _endless_frames(period: float) -> AsyncIterator[float]:
    last = clock()
    deadline = last + period
    while True:
        await _sleep_until(deadline)
        now = clock()
        yield min(now - last, MAX_FRAME_TIME)
        last = now
        deadline = deadline + period if clock() < deadline + period else clock()


async def _sleep_until(deadline: float) -> None:
    spin = SPIN if running_clock() is time.perf_counter else 0.0  # a manual clock wakes nobody too late
    await asyncio.sleep(max(0.0, deadline - clock() - spin))
    while clock() < deadline:
        await asyncio.sleep(0)


class GameLoop(asyncio.SelectorEventLoop):
    """asyncio's event loop with two things mended.

    Its clock is fine on every system, and its timers know that. And a name server that does not
    answer cannot hold up the end of a program: asyncio asks in a thread that it waits for at the end.
    """

    def __init__(self) -> None:
        super().__init__()
        # asyncio lets timers fire early by the resolution of its own clock, 15.6 ms on Windows.
        self._clock_resolution = time.get_clock_info("perf_counter").resolution

    def time(self) -> float:
        return time.perf_counter()

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        found: asyncio.Future[Any] = self.create_future()

        def look_up() -> None:
            try:
                answer = partial(found.set_result, socket.getaddrinfo(host, port, **options))
            except (OSError, ValueError) as error:
                answer = partial(found.set_exception, error)
            with contextlib.suppress(RuntimeError):  # the loop has ended first
                self.call_soon_threadsafe(lambda: found.done() or answer())

        threading.Thread(target=look_up, daemon=True).start()
        return await found


def fast_loop() -> asyncio.AbstractEventLoop:
    """The event loop for hundreds of players: uvloop's, where the extra ``fast`` is installed."""
    with contextlib.suppress(ImportError):
        return cast(asyncio.AbstractEventLoop, importlib.import_module("uvloop").new_event_loop())
    return GameLoop()


def run(
    main: Coroutine[Any, Any, T], *, loop_factory: Callable[[], asyncio.AbstractEventLoop] = GameLoop
) -> T | None:
    """Run a program's coroutine; Ctrl-C, SIGTERM and Ctrl-Break cancel it, and it may tidy up.

    Args:
        loop_factory: makes the event loop, such as `fast_loop`.

    Returns:
        What it returns; None when a signal ended it, which is the normal end of a game.

    Raises:
        WrongArgument: it is no coroutine, such as a function that was not called.
        WrongCall: asyncio runs here already.
    """
    if not asyncio.iscoroutine(main):
        raise WrongArgument(f"main is {main!r:.60}; it must be a coroutine: run(main()), with parentheses")
    if asyncio._get_running_loop() is not None:
        main.close()
        raise WrongCall("asyncio runs here already: `await` the coroutine (of a server: serve_forever())")
    program = _until_signal(main)
    try:
        with fine_timer(), asyncio.Runner(loop_factory=loop_factory) as runner:
            return runner.run(program)
    finally:
        program.close()  # both, for when Ctrl-C came before they began
        main.close()


async def _until_signal(main: Coroutine[Any, Any, T]) -> T | None:
    task = asyncio.ensure_future(main)
    stopped = asyncio.Event()

    def stop() -> None:
        stopped.set()
        task.cancel()

    with stop_signals(stop):
        try:
            return await task
        except asyncio.CancelledError:
            if not stopped.is_set():
                raise
            return None


def stop_signals(stop: Callable[[], None]) -> contextlib.ExitStack:
    """Call ``stop`` in the event loop on the signals that end a program, as long as this lasts.

    Only a program's main thread can have signals; in another one this does nothing.
    """
    before = contextlib.ExitStack()
    loop = asyncio.get_running_loop()

    def on_signal(number: int, _: Any) -> None:
        log.info("%s: stopping", signal.Signals(number).name)
        loop.call_soon_threadsafe(stop)

    if threading.current_thread() is threading.main_thread():
        for number in end_signals():
            before.callback(signal.signal, number, signal.signal(number, on_signal))
    return before


def end_signals() -> list[signal.Signals]:
    """The signals that end a program on this system."""
    names = ["SIGINT", "SIGTERM"] + (["SIGBREAK"] if sys.platform == "win32" else ["SIGHUP"])
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


def fine_timer() -> contextlib.ExitStack:
    """Ask Windows for sleeps of 1 ms instead of 15.6 ms, as long as this lasts; elsewhere they are fine."""
    before = contextlib.ExitStack()
    if sys.platform == "win32":
        winmm = ctypes.WinDLL("winmm")
        winmm.timeBeginPeriod(WINDOWS_TIMER)
        before.callback(winmm.timeEndPeriod, WINDOWS_TIMER)
    return before
