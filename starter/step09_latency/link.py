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
        # TODO 09.1: when is this message due? self.conditions has the latency of the whole round trip; half
        # of it is for this direction. random.uniform makes it up to its jitter earlier or later.
        due = netlib.clock()
        self._under_way.put_nowait((due, deliver))

    async def carry(self) -> None:
        """Let messages arrive when they are due, in the order in which they were sent, until cancelled."""
        while True:
            # TODO 09.2: this sleeps for each message anew, and the next one waits until it is over. A message
            # that is due in 150 ms has to wait no longer when another one is due in 149. The queue has both:
            # when a message is due, and what to call then. If it is due already, do not sleep at all.
            _, deliver = await self._under_way.get()
            await asyncio.sleep(self.conditions.latency / 2)
            deliver()
