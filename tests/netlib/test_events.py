"""Events: listeners by key, which fail alone and cannot be called by a peer."""

import asyncio
import inspect
import logging
from functools import partial
from typing import Any

import pytest

from netlib.errors import WrongArgument
from netlib.events import Disconnected, Event, Events, Left
from netlib.transport.dispatch import FAILURES


class Scored(Event, frozen=True):
    points: int


@pytest.fixture
def events() -> Events:
    return Events()


def test_listeners_are_called_in_the_order_of_registration(events: Events) -> None:
    """`on` returns the listener, arguments arrive as they were given, and `emit` says how many listened."""
    got: list[Any] = []
    assert events.emit("x", 1, 2) == 0, "nobody listens, which is no error"
    listeners = [lambda *args, name=name: got.append((name, *args)) for name in "abc"]
    assert [events.on("x", listener) for listener in listeners] == listeners
    assert events.emit("x", 1, 2) == 3
    assert got == [("a", 1, 2), ("b", 1, 2), ("c", 1, 2)]


def test_off_stops_one_listener(events: Events) -> None:
    """The others go on, and taking one off twice is no error."""
    got: list[str] = []
    one = events.on("x", lambda: got.append("one"))
    events.on("x", lambda: got.append("other"))
    for key in ("x", "x", "never"):
        events.off(key, one)
    events.emit("x")
    assert got == ["other"]


def test_once_listens_once(events: Events) -> None:
    """Not a second time, even when the first call emits again; and not at all when it is taken off."""
    got: list[int] = []

    def listener(number: int) -> None:
        got.append(number)
        events.emit("x", number + 1)

    events.once("x", listener)
    events.off("x", events.once("x", got.append))
    events.emit("x", 1)
    assert got == [1]


def test_listeners_that_come_and_go_meanwhile_do_not_disturb(events: Events) -> None:
    """A listener may add and remove listeners; this round is the one that it began with."""
    got: list[str] = []

    def first() -> None:
        events.off("x", first)
        events.on("x", lambda: got.append("late"))
        got.append("first")

    events.on("x", first)
    events.on("x", lambda: got.append("second"))
    events.emit("x")
    assert got == ["first", "second"]
    events.emit("x")
    assert got == ["first", "second", "second", "late"]


@pytest.mark.parametrize("mistake", [ValueError, asyncio.CancelledError])
def test_a_failing_listener_is_logged_and_hurts_nobody(
    mistake: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    """The others are called all the same, and the log has the traceback and the listener's name."""
    got: list[int] = []

    def broken(_: int) -> None:
        raise mistake("my own mistake")  # the second comes of the result of a task that was cancelled

    events = Events(failures=FAILURES)

    events.on("x", broken)
    events.on("x", got.append)
    assert events.emit("x", 7) == 2
    assert got == [7]
    _assert_failure_logged(caplog, "my own mistake", "broken")


async def test_a_failing_async_listener_is_logged_and_hurts_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """The same for coroutines, which `once` takes, too."""
    tasks: list[asyncio.Task[Any]] = []
    events = Events(spawn=lambda coroutine: tasks.append(asyncio.create_task(coroutine)))
    got: list[int] = []

    async def broken(_: int) -> None:
        await asyncio.sleep(0)
        raise ValueError("my own late mistake")

    async def fine(number: int) -> None:
        await asyncio.sleep(0)
        got.append(number)

    for listen, listener in ((events.on, broken), (events.on, fine), (events.once, fine)):
        listen("x", listener)
    events.emit("x", 7)
    events.off("x", broken)
    events.emit("x", 8)
    await asyncio.gather(*tasks)
    assert got == [7, 7, 8]
    _assert_failure_logged(caplog, "my own late mistake", "broken")


def _assert_failure_logged(caplog: pytest.LogCaptureFixture, text: str, name: str) -> None:
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info is not None
    assert text in str(record.exc_info[1])
    assert name in record.getMessage()
    assert "Traceback" in caplog.text


def test_an_async_listener_without_a_place_to_run_is_refused(events: Events) -> None:
    """It would else silently never run."""

    async def listener() -> None: ...

    for listen in (events.on, events.once):
        with pytest.raises(TypeError, match="spawn"):
            listen("x", listener)


def test_what_cannot_be_called_is_refused(events: Events) -> None:
    """The mistake is where the listener is added, not where something happens."""
    for listen in (events.on, events.once):
        with pytest.raises(WrongArgument, match="the listener is 5; it must be a function"):
            listen("x", 5)  # type: ignore[arg-type]


class Watched:
    """Events whose clock is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.tasks: list[asyncio.Task[Any]] = []
        self.events = Events(
            lambda coroutine: self.tasks.append(asyncio.create_task(coroutine)), lambda: self.now
        )

    def busy(self, *_: Any) -> None:
        self.now += 0.3

    async def waits(self) -> None:
        self.now += 0.2
        await asyncio.sleep(0)
        self.now += 0.2

    async def busy_later(self) -> None:
        await asyncio.sleep(0)
        self.busy()


def test_a_listener_that_holds_up_everybody_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """The log has its name, file, line and seconds; for a minute it says so once."""
    watched = Watched()
    watched.events.on("x", watched.busy)
    watched.events.on("y", lambda: None)
    for _ in range(3):
        watched.events.emit("x")
        watched.events.emit("y")
    (record,) = caplog.records
    line = inspect.getsourcelines(Watched.busy)[1]
    assert f"Watched.busy ({__file__}:{line}) held up everybody for 0.30 s" in record.getMessage()
    watched.now += 60
    watched.events.once("z", partial(watched.busy, 1))
    watched.events.emit("z")
    assert f"Watched.busy ({__file__}:{line})" in caplog.records[1].getMessage()


async def test_only_a_long_step_of_an_async_listener_counts(caplog: pytest.LogCaptureFixture) -> None:
    """A coroutine may take as long as it likes, if it lets the others have their turns."""
    watched = Watched()
    watched.events.on("x", watched.waits)
    watched.events.emit("x")
    await asyncio.gather(*watched.tasks)
    assert watched.now == pytest.approx(0.4) and not caplog.records
    watched.events.on("y", watched.busy_later)
    watched.events.emit("y")
    await asyncio.gather(*watched.tasks)
    assert "Watched.busy_later" in caplog.text


async def test_an_async_listener_can_be_cancelled() -> None:
    """It may tidy up, and go on waiting meanwhile."""
    watched, ended = Watched(), list[str]()

    async def tidy() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            ended.append("tidy")
            raise

    watched.events.on("x", tidy)
    watched.events.emit("x")
    await asyncio.sleep(0)
    watched.tasks[0].cancel()
    await asyncio.gather(*watched.tasks, return_exceptions=True)
    assert ended == ["tidy"] and watched.tasks[0].cancelled()


def test_events_are_values() -> None:
    """Events compare by content, work with `match`, and cannot be changed."""
    assert Left("peer", 1001, "bye") == Left("peer", 1001, "bye")
    match Disconnected(1006, "gone"):
        case Disconnected(code=code):
            assert code == 1006
    with pytest.raises(AttributeError):
        Scored(1).points = 2  # type: ignore[misc]
