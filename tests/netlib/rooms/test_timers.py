"""Timers that count ticks."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netlib
from netlib.rooms import Timers
from netlib.rooms.room import KindRoom
from netlib.rooms.server import RoomServer
from netlib.server.room import GameRoom


class StillRoom(GameRoom):
    """A room whose ticks a test counts by hand."""

    async def stop(self, reason: str) -> None: ...

    def pass_ticks(self, count: int, *, skipped: int = 0) -> None:
        """Let ticks come, before the first of which some are skipped."""
        for number in range(count):
            self.tick += 1 + (skipped if number == 0 else 0)
            self._events.emit(next(iter(self._events._listeners)), 1 / 30)


@pytest.fixture
def room() -> StillRoom:
    return StillRoom("room")


@pytest.fixture
def timers(room: StillRoom) -> Timers:
    return Timers(room)


def noting(room: StillRoom, ticks: list[int]) -> Callable[[], None]:
    """Return a function that notes in which tick it is called."""
    return lambda: ticks.append(room.tick)


def test_once_and_again(room: StillRoom, timers: Timers) -> None:
    """`after` comes once, `every` until it is cancelled; what comes in one tick comes in order."""
    once, again, order = list[int](), list[int](), list[str]()
    timers.after(2, noting(room, once))
    every = timers.every(3, noting(room, again))
    for name in ("first", "second"):
        timers.after(5, partial(order.append, name))
    room.pass_ticks(7)
    every.cancel()
    room.pass_ticks(5)
    assert (once, again, order) == ([2], [3, 6], ["first", "second"])


def test_skipped_ticks_do_not_pile_up(room: StillRoom, timers: Timers) -> None:
    """After a stall a timer comes once, not as often as it was missed."""
    ticks: list[int] = []
    timers.every(2, noting(room, ticks))
    room.pass_ticks(4, skipped=100)
    assert ticks == [101, 102, 104]


def test_a_timer_may_fail_set_others_and_cancel_itself(
    room: StillRoom, timers: Timers, caplog: pytest.LogCaptureFixture
) -> None:
    """What it raises is logged, and it comes again; one that is set in a tick comes in a later one."""
    ticks: list[int] = []

    def set_another() -> None:
        timers.after(1, noting(room, ticks))

    timers.every(2, lambda: 1 / 0)
    timers.after(3, set_another)
    every = timers.every(1, lambda: every.cancel())
    room.pass_ticks(6)
    assert ticks == [4] and caplog.text.count("ZeroDivisionError: ") == 3
    assert len(timers._waiting) == 1


def test_nothing_comes_once_the_room_has_ended() -> None:
    """Also not what was due in the tick that ended it."""
    server = RoomServer("hall")
    server.kind("table")(lambda room: None)
    room: KindRoom = server.open_room("table")
    called: list[str] = []
    room.after(1, room.close)
    room.after(1, lambda: called.append("too late"))
    room.tick = 1
    room._timers._tick(1 / 30)
    room._timers._tick(1 / 30)
    assert room.closed and called == []


@pytest.mark.parametrize("ticks", [0, -1, 1.5, True, "2"])
def test_ticks_are_counted_in_whole(timers: Timers, ticks: object) -> None:
    """Seconds, nothing and what lies in the past are refused."""
    with pytest.raises(netlib.WrongArgument, match=r"ticks .* round\(seconds \* room.tick_rate\)"):
        timers.after(ticks, lambda: None)  # type: ignore[arg-type]


def test_what_it_calls_takes_nothing(timers: Timers) -> None:
    """A function that needs an argument is refused where the timer is set."""
    with pytest.raises(netlib.WrongArgument, match="timer"):
        timers.after(1, lambda dt: None)  # type: ignore[misc, arg-type]


@given(st.lists(st.tuples(st.integers(1, 20), st.booleans()), max_size=12), st.integers(0, 60))
def test_each_timer_comes_exactly_when_it_is_due(wanted: list[tuple[int, bool]], passed: int) -> None:
    """However many there are: at each multiple of its ticks, or once."""
    room = StillRoom("room")
    timers = Timers(room)
    came: list[list[int]] = []
    for ticks, again in wanted:
        came.append([])
        (timers.every if again else timers.after)(ticks, noting(room, came[-1]))
    room.pass_ticks(passed)
    for (ticks, again), at in zip(wanted, came, strict=True):
        due = list(range(ticks, passed + 1, ticks))
        assert at == (due if again else due[:1])
