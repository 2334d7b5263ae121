"""Events: listeners by key, which fail alone and cannot be called by a peer."""

import asyncio
import logging
from typing import Any

import pytest

from netlib.events import Disconnected, Event, Events, Left


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


def test_a_failing_listener_is_logged_and_hurts_nobody(
    events: Events, caplog: pytest.LogCaptureFixture
) -> None:
    """The others are called all the same, and the log has the traceback and the listener's name."""
    got: list[int] = []

    def broken(_: int) -> None:
        raise ValueError("my own mistake")

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


def test_events_are_values() -> None:
    """Events compare by content, work with `match`, and cannot be changed."""
    assert Left("peer", 1001, "bye") == Left("peer", 1001, "bye")
    match Disconnected(1006, "gone"):
        case Disconnected(code=code):
            assert code == 1006
    with pytest.raises(AttributeError):
        Scored(1).points = 2  # type: ignore[misc]
