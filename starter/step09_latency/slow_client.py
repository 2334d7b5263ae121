"""netlib's client, with simulated links between it and the network."""

from __future__ import annotations

from functools import partial
from typing import Any

import netlib
from netlib.client.dial import Line
from starter.step09_latency.link import Link


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
        # TODO 09.3: this goes past the link, straight to netlib. Send it over self.incoming, as `send` does
        # with self.outgoing.
        super().received(line, data)

    @property
    def link(self) -> netlib.LinkConditions:
        """What the links do; setting it replaces what they did before."""
        return self.outgoing.conditions

    @link.setter
    def link(self, conditions: netlib.LinkConditions) -> None:
        # TODO 09.4: F4 and F5 change the link while one plays. This sets one direction alone: set both.
        self.outgoing.conditions = conditions
