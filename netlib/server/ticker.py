"""A server's ticks: at a fixed rate, or one by one from outside; and time that can stand still."""

import asyncio
from collections.abc import Callable

from netlib.play.timing import TickSchedule
from netlib.transport.loops import clock


class Ticker:
    """Calls ``on_tick`` at every tick.

    Args:
        rate: ticks per second.

    Attributes:
        schedule: knows the newest tick, and how many were skipped.
        stands: True while time stands still.
    """

    def __init__(self, rate: float, on_tick: Callable[[], None]) -> None:
        self._on_tick = on_tick
        self.schedule = TickSchedule(rate, start=clock())
        self.stands = True
        self._stands_at = 0.0
        self._goes = asyncio.Event()

    def time(self) -> float:
        """Seconds of the room: its ticks, and the part of a tick since the newest."""
        return self._stands_at if self.stands else self.schedule.time(clock())

    def stand(self) -> None:
        """Let time stand still."""
        if not self.stands:
            self._stands_at, self.stands = self.time(), True
            self._goes = asyncio.Event()  # a new one: time may go on in another event loop

    def go(self) -> None:
        """Let time go on from where it stood."""
        if self.stands:
            self.stands = False
            self.schedule.go_on(clock(), self._stands_at)
            self._goes.set()

    def spread(self, phase: float) -> None:
        """Have the first tick at another moment than other rooms: before time goes on.

        Args:
            phase: share of a tick, from 0 to 1, after whole ticks of the clock.
        """
        self._stands_at = (clock() - phase * self.schedule.duration) % self.schedule.duration

    async def run(self) -> None:
        """Tick for ever, except while time stands still."""
        while True:
            await self._goes.wait()
            await asyncio.sleep(max(0.0, self.schedule.next_due() - clock()))
            if not self.stands and self.schedule.advance(clock()):
                self._on_tick()

    def step(self) -> None:
        """Run one tick now, whatever the time; none while time stands still."""
        if not self.stands:
            self.schedule.step(clock())
            self._on_tick()
