"""Events: listeners by key, which fail alone and cannot be called by a peer."""

import asyncio
import logging
from typing import Any

import pytest

from netlib.events import Connected, Disconnected, Event, Events, Joined, Left


class Scored(Event, frozen=True):
    points: int


@pytest.fixture
def events() -> Events:
    return Events()


def test_a_listener_gets_what_was_emitted(events: Events) -> None:
    """Arguments arrive as they were given, and `emit` says how many listened."""
    got: list[Any] = []
    events.on(Scored, got.append)
    assert events.emit(Scored, Scored(3)) == 1
    assert got == [Scored(3)]


def test_nobody_listens_and_nothing_happens(events: Events) -> None:
    """Emitting what nobody wants is no error."""
    assert events.emit("anything", 1, 2) == 0


def test_listeners_are_called_in_the_order_of_registration(events: Events) -> None:
    """Who came first is told first."""
    order: list[str] = []
    for name in "abc":
        events.on("x", lambda name=name: order.append(name))
    assert events.emit("x") == 3
    assert order == ["a", "b", "c"]


def test_on_returns_the_listener(events: Events) -> None:
    """So it can be a decorator's last line."""

    def listener() -> None: ...

    assert events.on("x", listener) is listener


def test_off_stops_one_listener(events: Events) -> None:
    """The others go on, and taking one off twice is no error."""
    got: list[str] = []

    def one() -> None:
        got.append("one")

    events.on("x", one)
    events.on("x", lambda: got.append("other"))
    events.off("x", one)
    events.off("x", one)
    events.off("never", one)
    events.emit("x")
    assert got == ["other"]


def test_once_listens_once(events: Events) -> None:
    """The second time it is not called any more, even when the first call emits again."""
    got: list[int] = []

    def listener(number: int) -> None:
        got.append(number)
        events.emit("x", number + 1)

    events.once("x", listener)
    events.emit("x", 1)
    assert got == [1]


def test_what_listens_once_can_be_taken_off_before(events: Events) -> None:
    """`once` returns the handle for that."""
    got: list[int] = []
    handle = events.once("x", got.append)
    events.off("x", handle)
    events.emit("x", 1)
    assert got == []


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
    """The same for a coroutine that fails later."""
    tasks: list[asyncio.Task[Any]] = []
    events = Events(spawn=lambda coroutine: tasks.append(asyncio.create_task(coroutine)))
    got: list[int] = []

    async def broken(_: int) -> None:
        await asyncio.sleep(0)
        raise ValueError("my own late mistake")

    async def fine(number: int) -> None:
        await asyncio.sleep(0)
        got.append(number)

    events.on("x", broken)
    events.on("x", fine)
    events.emit("x", 7)
    await asyncio.gather(*tasks)
    assert got == [7]
    _assert_failure_logged(caplog, "my own late mistake", "broken")


async def test_an_async_listener_of_once_is_run(caplog: pytest.LogCaptureFixture) -> None:
    """`once` takes coroutine functions, too."""
    tasks: list[asyncio.Task[Any]] = []
    events = Events(spawn=lambda coroutine: tasks.append(asyncio.create_task(coroutine)))
    got: list[int] = []

    async def listener(number: int) -> None:
        got.append(number)

    events.once("x", listener)
    events.emit("x", 1)
    events.emit("x", 2)
    await asyncio.gather(*tasks)
    assert got == [1]


def _assert_failure_logged(caplog: pytest.LogCaptureFixture, text: str, name: str) -> None:
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info is not None
    assert text in str(record.exc_info[1])
    assert name in record.getMessage()
    assert "Traceback" in caplog.text


def test_an_async_listener_without_a_place_to_run_is_refused(events: Events) -> None:
    """It would else silently never run."""

    async def listener() -> None: ...

    with pytest.raises(TypeError, match="spawn"):
        events.on("x", listener)
    with pytest.raises(TypeError, match="spawn"):
        events.once("x", listener)


@pytest.mark.parametrize("kind", [Joined, Left, Connected, Disconnected])
@pytest.mark.parametrize("spell", [str, str.lower], ids=["Class", "class"])
def test_a_lifecycle_event_is_not_triggered_by_its_name(
    events: Events, kind: type[Event], spell: Any
) -> None:
    """Names come from peers, so a name never reaches the listeners of a class."""
    got: list[Any] = []
    events.on(kind, got.append)
    assert events.emit(spell(kind.__name__), "from outside") == 0
    assert got == []


def test_events_are_values() -> None:
    """Events compare by content, work with `match`, and cannot be changed."""
    assert Left("peer", 1001, "bye") == Left("peer", 1001, "bye")
    match Disconnected(1006, "gone"):
        case Disconnected(code=code):
            assert code == 1006
    with pytest.raises(AttributeError):
        Scored(1).points = 2  # type: ignore[misc]
