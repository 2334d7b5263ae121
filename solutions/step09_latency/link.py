"""A simulated link: what goes over it arrives later."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import netlib


class Link:
    """One direction of a connection.

    Args:
        conditions: what the link does to messages that are sent from now on: latency, of which half is
            for this direction, and jitter, by which each message varies. Both are in seconds.
    """

    def __init__(self, conditions: netlib.LinkConditions) -> None:
        self.conditions = conditions
        self._under_way: asyncio.Queue[tuple[float, Callable[[], object]]] = asyncio.Queue()

    def send(self, deliver: Callable[[], object]) -> None:
        """Take a message, and never wait. ``deliver`` is called when it has arrived."""
        link = self.conditions
        due = netlib.clock() + link.latency / 2 + random.uniform(-link.jitter, link.jitter)
        self._under_way.put_nowait((due, deliver))

    async def carry(self) -> None:
        """Let messages arrive when they are due, in the order in which they were sent, until cancelled."""
        while True:
            due, deliver = await self._under_way.get()
            if (wait := due - netlib.clock()) > 0:
                await asyncio.sleep(wait)
            deliver()
