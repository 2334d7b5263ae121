"""Sending what waits, while the network takes it; and waiting until little waits.

No clock and no polling: asyncio tells a connection when the system takes no more, and when it does again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from netlib.errors import MessageError
from netlib.session.parts import LARGE, Outbox
from netlib.transport.connection import Connection
from netlib.transport.keepalive import SLOWEST

PER_TURN = 8  # frames in one turn of the event loop: others send, too


@dataclass(eq=False)
class Pump:
    """Sends what waits for one connection.

    Args:
        connection: where to.
        outbox: what waits, and in which order it goes.
        eased: is told when something has gone.
        refused: is told of what cannot be sent.
        shown: is told when a snapshot has gone.
    """

    connection: Connection
    outbox: Outbox
    eased: Callable[[], object]
    refused: Callable[[MessageError], object] = lambda error: None
    shown: Callable[[], object] = lambda: None
    _is_due: bool = False

    def __post_init__(self) -> None:
        self.connection.eased = self.push

    @property
    def waiting(self) -> int:
        """Bytes of messages that wait for the network."""
        return self.outbox.messages + self.connection.buffered

    def send(self, data: bytes) -> None:
        """Send an encoded message that counts: at once when nothing waits, else in its turn."""
        if len(data) <= LARGE and self.connection.ready and not self.outbox.waits:
            self._write(data)
        else:
            self.outbox.add(data)
            self.push()

    def push(self) -> None:
        """Something was added, or the connection is ready again: send some of it now, and go on soon."""
        if self._is_due:
            return
        try:
            self._is_due = all(self._send_one() for _ in range(PER_TURN))
        except MessageError as error:
            self.refused(error)
        if self._is_due:
            asyncio.get_running_loop().call_soon(self._go_on)
        self.eased()

    def flush(self) -> None:
        """Send all messages that wait now, before a goodbye, whether or not the network takes them."""
        self.connection.patient = True
        while (data := self.outbox.next_of_messages()) is not None:
            self._write(data)

    def _write(self, data: bytes) -> None:
        self.connection.slack += len(data) / SLOWEST
        self.connection.send(data, binary=self.outbox.codec.binary)

    def _go_on(self) -> None:
        self._is_due = False
        self.push()

    def _send_one(self) -> bool:
        under_way = self.outbox.snapshot
        data = self.outbox.next() if self.connection.ready else None
        if data is None:
            return False
        self._write(data)
        if under_way and not self.outbox.snapshot:
            self.shown()
        return True


class Relief:
    """Lets programs wait until less waits."""

    def __init__(self) -> None:
        self._next: asyncio.Future[None] | None = None

    def tell(self) -> None:
        """Less waits now, or nothing will any more."""
        told, self._next = self._next, None
        if told is not None and not told.done():
            told.set_result(None)

    async def wait_below(self, limit: int, waiting: Callable[[], int]) -> None:
        """Wait until less than so many bytes wait.

        Args:
            waiting: how many do; raises an error when it will never be less.
        """
        while waiting() >= limit:
            if self._next is None:
                self._next = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._next)  # several may wait, and one may give up
