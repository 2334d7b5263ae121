"""Timers that count ticks: they stand still while the room is paused, and end with it."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Annotated, Any

from msgspec import Meta

from netlib.arguments import check, check_listener
from netlib.server.room import GameRoom

SECONDS = "for seconds, write round(seconds * room.tick_rate)"
Ticks = Annotated[int, Meta(ge=1, description=f"a whole number of ticks, at least 1; {SECONDS}")]


class Timer:
    """One call to come, or one after the other.

    Attributes:
        due: the tick in which it comes next.
    """

    def __init__(self, call: Callable[[], Any], due: int, interval: int) -> None:
        self.call, self.due, self.interval = call, due, interval
        self.cancelled = False

    def cancel(self) -> None:
        """Let it not come."""
        self.cancelled = True


class Timers:
    """The timers of a room. A call that fails is logged, as a listener that fails is.

    Args:
        room: whose ticks are counted; a `netlib.Server` is one, too.
    """

    def __init__(self, room: GameRoom) -> None:
        self._room = room
        self._waiting: list[tuple[int, int, Timer]] = []  # a heap; the second orders those of one tick
        self._order = count()
        room.on_tick(self._tick)

    def after(self, ticks: int, call: Callable[[], Any]) -> Timer:
        """Call once, so many ticks from now.

        Raises:
            WrongArgument: it is no function without arguments, or the ticks are not 1 or more.
        """
        return self._add(ticks, call, 0)

    def every(self, ticks: int, call: Callable[[], Any]) -> Timer:
        """Call again and again, so many ticks apart. Raises as `after`."""
        return self._add(ticks, call, ticks)

    def _add(self, ticks: int, call: Callable[[], Any], interval: int) -> Timer:
        check("ticks", ticks, Ticks)
        check_listener("what a timer calls", call)
        timer = Timer(call, self._room.tick + ticks, interval)
        self._push(timer)
        return timer

    def _push(self, timer: Timer) -> None:
        heappush(self._waiting, (timer.due, next(self._order), timer))

    def _tick(self, dt: float) -> None:
        while self._waiting and self._waiting[0][0] <= self._room.tick and not self._room.closed:
            _, _, timer = heappop(self._waiting)
            if timer.cancelled:
                continue
            if timer.interval:
                timer.due = max(timer.due + timer.interval, self._room.tick + 1)  # some may be skipped
                self._push(timer)
            self._room.call(timer.call)
