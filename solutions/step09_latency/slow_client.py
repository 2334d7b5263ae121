"""netlib's client, with simulated links between it and the network."""

from __future__ import annotations

from functools import partial
from typing import Any

import netlib
from netlib.client.dial import Line
from solutions.step09_latency.link import Link


class SlowClient(netlib.Client):
    """A client whose messages travel for a while, in both directions.

    Args:
        link: what the links do.
        more: for `netlib.Client`.
    """

    def __init__(self, url: str, *, link: netlib.LinkConditions, **more: Any) -> None:
        super().__init__(url, **more)
        self.outgoing, self.incoming = Link(link), Link(link)

    async def open(self) -> None:
        """Connect, with both links at work."""
        self.spawn(self.outgoing.carry())
        self.spawn(self.incoming.carry())
        await super().open()

    def send(self, message: Any, /, **more: Any) -> None:
        """Send a message, over the link."""
        self.outgoing.send(partial(super().send, message, **more))

    def received(self, line: Line, data: bytes) -> None:
        """A message has come from the server; it arrives at the other end of the link."""
        self.incoming.send(partial(super().received, line, data))

    @property
    def link(self) -> netlib.LinkConditions:
        """What the links do; setting it replaces what they did before."""
        return self.outgoing.conditions

    @link.setter
    def link(self, conditions: netlib.LinkConditions) -> None:
        self.outgoing.conditions = self.incoming.conditions = conditions
