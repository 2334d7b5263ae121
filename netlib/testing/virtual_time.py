"""Time that nobody waits for: an event loop whose clock jumps to the next timer when everybody waits.

The clock stands still while anybody has something to do. So what a test measures is what the
timers say, on any machine and under any load, and a minute passes in as long as the work in it
takes. It is trio's `MockClock` with ``autojump_threshold=0``, for asyncio: an event loop waits
in its selector, so a selector that does not wait is all it needs.
"""

import asyncio
import functools
import selectors
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, TypeVarTuple, Unpack, overload

FREE_TURNS = 16  # turns of the loop that take no time: what happens at one moment
TURN = 200e-6  # seconds that each further turn takes, for those who poll until a deadline
RESOLUTION = 1e-9  # seconds that a timer may be early; on Windows it would be 15.6 ms
LIMIT = 600.0  # seconds of virtual time that a scenario may take
REAL_LIMIT = 60.0  # seconds of real time
TIDYING = 60.0  # seconds, virtual or real, that a scenario which has failed has for its end
THREAD_WAIT = 0.05  # real seconds until the limits are looked at again while a thread works

P = ParamSpec("P")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")
Scenario = Callable[P, Coroutine[Any, Any, T]]
Test = Callable[P, T]


class Stuck(AssertionError):
    """Everybody waits for somebody else, and no timer will ever wake anyone."""


class TooLong(AssertionError):
    """A scenario took longer than its limit."""


class RealSocket(AssertionError):
    """A scenario opened a socket of the operating system, which knows nothing of virtual time."""

    def __init__(self) -> None:
        super().__init__(
            "a real socket has no place in virtual time; give Server and Client network=…, "
            "and Server discoverable=False"
        )


class VirtualClock:
    """A clock that is told how time passes.

    Attributes:
        now: seconds since the start.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self._turns = 0

    def jump(self, seconds: float) -> None:
        """Everybody waits, the first of them for so long."""
        self.now += seconds
        self._turns = 0

    def turn(self) -> None:
        """Somebody has something to do. That takes no time, unless it goes on and on."""
        self._turns += 1
        if self._turns > FREE_TURNS:
            self.now += TURN


class _Selector(selectors.DefaultSelector):
    """Where the event loop would wait: asks how long to do so really, which is nearly always not at all.

    Attributes:
        refuse: called when a socket is to be watched; set once the loop has its own, by which
            threads wake it.
    """

    def __init__(self, real_seconds: Callable[[float | None], float]) -> None:
        super().__init__()
        self.refuse: Callable[[], object] | None = None
        self._real_seconds = real_seconds

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        if self.refuse is not None:
            self.refuse()
        return super().register(fileobj, events, data)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        seconds = self._real_seconds(timeout)
        return super().select(seconds) if seconds else []


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """asyncio's event loop on a `VirtualClock`. `run` makes and runs it.

    What `asyncio.to_thread` does takes no virtual time; the clock waits for it. Of other threads
    it knows nothing.

    Args:
        limit: seconds of virtual time after which it gives up.
        real_limit: seconds of real time after which it gives up.

    Attributes:
        failure: why it has given up; the main task is then cancelled, and may tidy up.
    """

    def __init__(self, *, limit: float = LIMIT, real_limit: float = REAL_LIMIT) -> None:
        self.failure: AssertionError | None = None
        self._virtual = VirtualClock()
        self._limit = limit
        self._real_end = time.perf_counter() + real_limit
        self._real_limit = real_limit
        self._main: asyncio.Task[Any] | None = None
        self._in_threads = 0
        selector = _Selector(self._pass_time)
        super().__init__(selector)
        self._clock_resolution = RESOLUTION
        selector.refuse = lambda: self._give_up(RealSocket())

    def time(self) -> float:
        return self._virtual.now

    def steady_clock(self) -> float:
        """What `netlib.clock` reads."""
        return self._virtual.now

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> asyncio.Future[T]:
        future = super().run_in_executor(executor, func, *args)
        self._in_threads += 1
        future.add_done_callback(self._thread_is_done)
        return future

    async def shutdown_default_executor(self, *args: Any) -> None:
        self._in_threads += 1
        await super().shutdown_default_executor(*args)
        self._in_threads -= 1

    async def scenario(self, main: Coroutine[Any, Any, T]) -> T:
        """Run the main coroutine.

        Raises:
            Stuck, TooLong, RealSocket: the loop has given up.
        """
        self._main = asyncio.current_task()
        try:
            result = await main
        except BaseException as error:
            if self.failure is None:
                raise
            raise self.failure from error
        if self.failure is not None:
            raise self.failure
        return result

    def _thread_is_done(self, _: object) -> None:
        self._in_threads -= 1

    def _pass_time(self, timeout: float | None) -> float:
        """Let time pass as asyncio asks for it, in virtual seconds; return how long to wait in real ones."""
        wait_really = 0.0
        if timeout == 0:
            self._virtual.turn()
        elif self._in_threads:
            wait_really = THREAD_WAIT
        elif timeout is None:
            self._give_up(Stuck(f"everybody is waiting for ever:\n{self._who_waits()}"))
        else:
            self._virtual.jump(timeout)
        self._check_limits()
        return wait_really

    def _check_limits(self) -> None:
        if self._virtual.now > self._limit:
            self._give_up(TooLong(f"more than {self._limit:g} s of virtual time:\n{self._who_waits()}"))
        if time.perf_counter() > self._real_end:
            self._give_up(TooLong(f"more than {self._real_limit:g} s of real time:\n{self._who_waits()}"))

    def _give_up(self, failure: AssertionError) -> None:
        if self.failure is not None or self._main is None or self._main.done():
            raise self.failure or failure  # not even its end comes to an end
        self.failure = failure
        self._limit = self._virtual.now + TIDYING
        self._real_end = time.perf_counter() + TIDYING
        self._main.cancel()

    def _who_waits(self) -> str:
        lines = sorted(_whereabouts(task) for task in asyncio.all_tasks(self))
        return "\n".join(f"  {line}" for line in lines)


def _whereabouts(task: asyncio.Task[Any]) -> str:
    """Where a task waits: the functions that wait for each other, the outermost first."""
    waiting: Any = task.get_coro()
    places = []
    while (frame := getattr(waiting, "cr_frame", None)) is not None:
        if (file := frame.f_code.co_filename) != __file__:
            places.append(f"{frame.f_code.co_name} ({Path(file).name}:{frame.f_lineno})")
        waiting = waiting.cr_await
    return " > ".join(places)


def run(main: Coroutine[Any, Any, T], *, limit: float = LIMIT, real_limit: float = REAL_LIMIT) -> T:
    """Run a coroutine in virtual time, and end what it leaves behind.

    Args:
        main: the scenario.
        limit: seconds of virtual time that it may take.
        real_limit: seconds of real time that it may take.

    Returns:
        What it returns.

    Raises:
        Stuck: everybody waits for ever; the text says who, and where.
        TooLong: it took longer than a limit.
        RealSocket: it opened a socket of the operating system.
        RuntimeError: an event loop is running already; await the coroutine there.
    """
    if _inside_a_loop():
        main.close()
        raise RuntimeError("an event loop is running already; virtual time needs one of its own")
    loop = VirtualTimeLoop(limit=limit, real_limit=real_limit)
    scenario = loop.scenario(main)
    try:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            return runner.run(scenario)
    finally:
        scenario.close()  # both, for when they never began
        main.close()


def _inside_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


@overload
def in_virtual_time(test: Scenario[P, T], /) -> Test[P, T]: ...
@overload
def in_virtual_time(
    *, limit: float = ..., real_limit: float = ...
) -> Callable[[Scenario[P, T]], Test[P, T]]: ...
def in_virtual_time(test: Any = None, /, **limits: float) -> Any:
    """Make an ``async def test_…()`` a plain test that runs in virtual time; pytest needs no plugin.

    Fixtures and parameters reach the test as ever. Fixtures must be plain functions: an ``async``
    one would run in an event loop of its own, in real time.

    Args:
        limits: see `run`.
    """
    if test is None:
        return lambda function: in_virtual_time(function, **limits)

    @functools.wraps(test)
    def in_its_own_loop(*args: Any, **named: Any) -> Any:
        return run(test(*args, **named), **limits)

    return in_its_own_loop
