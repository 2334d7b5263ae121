"""A simulated link: a deque, looked at 500 times a second."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable

import netlib

LOOK_SECONDS = 0.002


class Link:
    """One direction of a connection."""

    def __init__(self, conditions: netlib.LinkConditions) -> None:
        self.conditions = conditions
        self._waiting = deque[tuple[float, Callable[[], object]]]()

    def send(self, deliver: Callable[[], object]) -> None:
        """Take a message; with nothing to simulate it arrives at once."""
        if not self._waiting and self.conditions.latency == self.conditions.jitter == 0:
            deliver()
        else:
            way = self.conditions.latency / 2 + random.gauss(0, self.conditions.jitter / 2)
            self._waiting.append((time.perf_counter() + way, deliver))

    async def carry(self) -> None:
        """Deliver what is due, and look again."""
        while True:
            while self._waiting and self._waiting[0][0] <= time.perf_counter():
                self._waiting.popleft()[1]()
            await asyncio.sleep(LOOK_SECONDS)
