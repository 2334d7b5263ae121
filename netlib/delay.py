"""The conditioner on asyncio: calls that are made later, as the simulated link decides."""

import asyncio
from collections import deque
from collections.abc import Callable

from netlib.conditioner import Conditioner, LinkConditions
from netlib.loops import clock


class DelayLine:
    """Delivers calls later, in order, as a conditioner decides; at once when it is idle.

    Attributes:
        idle: True when a call may be made directly.
    """

    def __init__(self, conditions: LinkConditions, *, seed: int | None) -> None:
        self._conditioner = Conditioner[Callable[[], None]](conditions, seed=seed)
        self._ready: deque[Callable[[], None]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self.idle = self._conditioner.idle

    def push(self, deliver: Callable[[], None]) -> None:
        """Make this call when the simulated link has carried it."""
        if self.idle:
            deliver()
            return
        self._conditioner.push(clock(), deliver)
        self._schedule()

    def set(self, conditions: LinkConditions) -> None:
        """Change the conditions now; a perfect link delivers at once what still waits."""
        self._conditioner.conditions = conditions
        self.idle = False
        self._release()

    def _release(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._ready.extend(self._conditioner.pop_due(clock()))
        while self._ready:  # a call may change the conditions, and so come back here
            self._ready.popleft()()
        self.idle = self._conditioner.idle
        self._schedule()

    def _schedule(self) -> None:
        due = self._conditioner.next_due()
        if due is not None and self._timer is None:
            delay = max(0.0, due - clock())
            self._timer = asyncio.get_running_loop().call_later(delay, self._release)
