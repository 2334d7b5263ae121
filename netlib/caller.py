"""One connection to the server. A `Peer` is the player, who may come back over another one."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import TYPE_CHECKING

from websockets.frames import CloseCode

from netlib import codecs
from netlib.codecs import Codec
from netlib.delivery import REPLACEABLE_NAMES
from netlib.errors import BadMessage, MessageError, MessageTooBig
from netlib.loops import running_clock
from netlib.messages import Message, Untyped, encode, peek_type
from netlib.timing import RateLimit
from netlib.transport import Connection
from netlib.wire import ErrorReply

if TYPE_CHECKING:
    from netlib.peer import Peer
    from netlib.server import Server

ERRORS_PER_SECOND = 5.0  # error replies on one connection; the others are only counted
ERROR_BURST = 20.0
FORGIVEN_PER_SECOND = 1.0  # refused messages that do not count towards the limit of refusals


class Caller:
    """Who is at the other end: decodes what it sends, and refuses what it may not.

    Attributes:
        connection: its WebSocket.
        codec: how its messages are encoded.
        peer: the player, once the hello is accepted and as long as this is its connection.
        refused: how many of its messages were refused, by reason.
        rate: how many messages it may send; goes over to the next connection of the same player.
    """

    def __init__(self, server: Server, connection: Connection) -> None:
        self.connection = connection
        self.codec: Codec = codecs.JSON
        self.peer: Peer | None = None
        self.refused: Counter[str] = Counter()
        self._server = server
        self._clock = running_clock()
        limits = server.limits
        self.rate = RateLimit(limits.messages_per_second, limits.message_burst)
        self._error_rate = RateLimit(ERRORS_PER_SECOND, ERROR_BURST)
        self._patience = RateLimit(FORGIVEN_PER_SECOND, limits.refusals)

    @property
    def address(self) -> str:
        """IP address and port, as text."""
        return self.connection.address

    def send(self, message: Message | Untyped) -> int:
        """Send a message; it never waits. Returns its size in bytes.

        Raises:
            BadMessage: the message cannot be encoded.
        """
        data = encode(self.codec, message)
        self.send_encoded(data)
        return len(data)

    def send_encoded(self, data: bytes) -> None:
        """Send what is already encoded for its codec."""
        self.connection.send(data, binary=self.codec.binary)

    def close(self, code: int, reason: str) -> None:
        """Begin to close the connection."""
        self.connection.close(code, reason)

    def refuse(self, code: str, text: str) -> None:
        """Count something that it may not do, and tell it so."""
        self.count(code)
        if self._error_rate.allows(self._clock()):
            self.send(ErrorReply(code, text))

    def count(self, code: str, number: int = 1) -> None:
        """Count something that it may not do, without telling it."""
        if number:
            self.refused[code] += number
            self._server.metrics.refused[code] += number

    # What its connection tells it.

    def connection_opened(self) -> None:
        agreed = self.connection.subprotocol
        self.codec = codecs.choose([agreed] if agreed else []) or codecs.JSON

    def message_received(self, data: bytes, binary: bool) -> None:
        if self.connection.closing:
            return
        try:
            message = self._decode(data, binary)
        except MessageError as error:
            self._strike(error)
        else:
            self._server.message_received(self, message)

    def connection_closed(self, code: int, reason: str) -> None:
        broken = self.connection.broken  # then websockets has closed it in our name
        if broken:
            self.count("websocket")
        if self.peer is not None:
            self.peer.connection_closed(code, reason, ours=broken or self.connection.closed_by_us)

    def _decode(self, data: bytes, binary: bool) -> Message | Untyped:
        limits = self._server.limits
        if not self.rate.allows(self._clock()):
            raise self._too_many(data)
        if len(data) > limits.message_size:
            raise MessageTooBig(f"a message of {len(data)} bytes; the limit is {limits.message_size}")
        if binary is not self.codec.binary:
            kind = "text" if self.codec.binary else "binary"
            raise BadMessage(f"a {kind} frame; this connection speaks {self.codec.name}, in the other kind")
        return self._server.catalog.decode(self.codec, data)

    def _too_many(self, data: bytes) -> MessageError:
        limit = self._server.limits.messages_per_second
        error = MessageError(f"too many messages; send at most {limit:.0f} a second")
        error.code = "rate"
        with contextlib.suppress(BadMessage):
            error.type = peek_type(self.codec, data)
        return error

    def _strike(self, error: MessageError) -> None:
        """Refuse a message. It counts as received all the same, or both sides' books would differ."""
        self.refuse(error.code, str(error))
        if self.peer is not None and error.type not in REPLACEABLE_NAMES:
            self.peer.message_counted()
        if isinstance(error, MessageTooBig):
            self.close(CloseCode.MESSAGE_TOO_BIG, str(error))
        elif not self._patience.allows(self._clock()):
            self.close(CloseCode.POLICY_VIOLATION, f"too many refused messages; the last: {error}")
