"""A simulated link, with the event loop's timers."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import netlib

APART = 1e-5  # seconds; two timers of one moment have no order


class Link:
    """One direction of a connection."""

    def __init__(self, conditions: netlib.LinkConditions) -> None:
        self.conditions = conditions
        self._newest = 0.0

    def send(self, deliver: Callable[[], object]) -> None:
        """Take a message, and never wait."""
        loop, link = asyncio.get_running_loop(), self.conditions
        delay = link.latency / 2 + link.jitter * (2 * random.random() - 1)
        self._newest = max(self._newest + APART, loop.time() + delay)
        loop.call_at(self._newest, deliver)

    async def carry(self) -> None:
        """The timers do it."""
