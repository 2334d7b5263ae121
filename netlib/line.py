"""One connection of a client, from dialling to its end; a client may need several, one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from websockets.frames import CloseCode

from netlib.codecs import Codec
from netlib.dialling import ClientConnection, Outcome, no_welcome
from netlib.errors import ConnectionLost, NetlibError
from netlib.messages import Message, Untyped, encode
from netlib.metrics import LinkMetrics
from netlib.owner import Owner
from netlib.wire import Hello


class Subscriber(Protocol):
    """Who is told what happens on a line."""

    def line_received(self, line: Line, data: bytes) -> None:
        """One whole message arrived."""

    def line_lost(self, line: Line, code: int, reason: str) -> None:
        """A connection on which we had joined is gone."""


class Witness:
    """Who is told of everything that crosses the wire; this one takes no notice (see `netlib.recording`)."""

    def opened(self, codec: Codec) -> None:
        """A WebSocket is open, whose messages are in that codec."""

    def sent(self, data: bytes) -> None:
        """One encoded message is on its way out."""

    def received(self, data: bytes) -> None:
        """One encoded message arrived."""

    def closed(self, code: int, reason: str) -> None:
        """The WebSocket has ended."""


NOBODY = Witness()


class Line:
    """A connection that has its own end: what comes late from an old one is not taken for the new one's.

    Args:
        subscriber: who is told.
        codec: how messages are encoded.
        witness: who is told of each message as well.

    Attributes:
        welcomed: over when the server has said welcome, or no.
        joined: True once it has said welcome.
    """

    def __init__(self, subscriber: Subscriber, codec: Codec, witness: Witness = NOBODY) -> None:
        self.welcomed = Outcome()
        self.joined = False
        self._subscriber = subscriber
        self._witness = witness
        self._codec = codec
        self._connection: ClientConnection | None = None

    @property
    def is_open(self) -> bool:
        """True while messages can be sent."""
        return self._connection is not None and self._connection.is_open and self.joined

    @property
    def connection(self) -> ClientConnection | None:
        """The WebSocket; None before it is open."""
        return self._connection

    async def open(
        self,
        dial: Callable[[Owner], Awaitable[ClientConnection]],
        hello: Hello,
        metrics: LinkMetrics,
        *,
        url: str,
        timeout: float,
    ) -> ClientConnection:
        """Dial, say hello, and wait for the welcome.

        Args:
            dial: opens the WebSocket.
            metrics: where traffic is counted.
            url: what was dialled, for the error's text.
            timeout: seconds to wait for the welcome.

        Raises:
            ConnectError, ConnectionLost: see `netlib.errors`.
        """
        connection = self._connection = await dial(self)
        connection.metrics = metrics
        try:
            self.send(hello)
            async with asyncio.timeout(timeout):
                await self.welcomed.wait()
        except TimeoutError as error:
            connection.abort()  # a goodbye would be a leave, and the welcome may have been on its way
            raise no_welcome(url, timeout) from error
        except NetlibError:
            connection.close()
            await connection.wait_closed()  # a program may end after this, and its event loop with it
            raise
        except BaseException:
            connection.close()
            raise
        return connection

    def join(self) -> None:
        """The server has said welcome."""
        self.joined = True
        self.welcomed.end()

    def send(self, message: Message | Untyped) -> None:
        """Send a message."""
        self.send_encoded(encode(self._codec, message))

    def send_encoded(self, data: bytes) -> None:
        """Send what is already encoded; nothing happens once the connection has ended."""
        if self._connection is not None:
            self._witness.sent(data)
            self._connection.send(data, binary=self._codec.binary)

    async def close(self) -> None:
        """Leave: say goodbye behind everything that was sent, and wait until the connection is gone."""
        if self._connection is not None:
            self._connection.close(CloseCode.NORMAL_CLOSURE, "goodbye")
            await self._connection.wait_closed()

    # What the connection tells.

    def connection_opened(self) -> None:
        """The WebSocket is open; the hello follows."""
        self._witness.opened(self._codec)

    def message_received(self, data: bytes, binary: bool) -> None:
        """A message arrived."""
        self._witness.received(data)
        self._subscriber.line_received(self, data)

    def connection_closed(self, code: int, reason: str) -> None:
        """The connection has ended; before the welcome, who waits in `open` hears of it."""
        self._witness.closed(code, reason)
        self.welcomed.end(ConnectionLost(code, reason))
        if self.joined:
            self._subscriber.line_lost(self, code, reason)
