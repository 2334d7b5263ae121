"""One connection to the server: what comes over it is decoded, and refused where it must be."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import Any

from websockets.frames import CloseCode

from netlib.errors import BadMessage, MessageError, MessageTooBig
from netlib.play.timing import RateLimit
from netlib.protocol import codecs
from netlib.protocol.codecs import Codec
from netlib.protocol.frames import ErrorReply
from netlib.protocol.messages import AnyMessage, encode, peek_type
from netlib.server.room import GameRoom
from netlib.session.delivery import REPLACEABLE_NAMES
from netlib.transport.connection import Connection
from netlib.transport.dispatch import key_of
from netlib.transport.loops import running_clock

ERRORS_PER_SECOND = 5.0  # error replies on one connection; the others are only counted
ERROR_BURST = 20.0
FORGIVEN_PER_SECOND = 1.0  # refused messages that do not count towards the limit of refusals


class Caller:
    """The other end of a connection: decodes what it sends, and refuses what it may not.

    Args:
        room: where it wants to be; it handles each valid message, or its listeners do.

    Attributes:
        connection: its WebSocket.
        codec: how its messages are encoded.
        seat: the player's `Seat`, once the hello is accepted and as long as this is its connection.
        refused: how many of its messages were refused, by reason.
        rate: how many messages it may send; goes over to the next connection of the same player.
    """

    def __init__(self, room: GameRoom, connection: Connection) -> None:
        self.connection = connection
        self.codec: Codec = codecs.JSON
        self.seat: Any = None
        self.refused: Counter[str] = Counter()
        self._room = room
        self._clock = running_clock()
        limits = room.limits
        self.rate = RateLimit(limits.messages_per_second, limits.message_burst)
        self._error_rate = RateLimit(ERRORS_PER_SECOND, ERROR_BURST)
        self._patience = RateLimit(FORGIVEN_PER_SECOND, limits.refusals)

    def send(self, message: AnyMessage) -> None:
        """Send a message; it never waits.

        Raises:
            BadMessage: the message cannot be encoded.
        """
        self.connection.send(encode(self.codec, message), binary=self.codec.binary)

    def refuse(self, code: str, text: str) -> None:
        """Count something that it may not do, and tell it so."""
        self.count(code)
        if self._error_rate.allows(self._clock()):
            self.send(ErrorReply(code, text))

    def count(self, code: str) -> None:
        """Count something that it may not do, without telling it."""
        self.refused[code] += 1
        self._room.metrics.refused[code] += 1

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
            return
        if not self._room.handle(self, message):
            self._room.hear(key_of(message), self.seat.peer, message)

    def connection_closed(self, code: int, reason: str) -> None:
        broken = self.connection.broken  # then websockets has closed it in our name
        if broken:
            self.count("websocket")
        if self.seat is not None:
            self.seat.connection_closed(code, reason, ours=broken or self.connection.closed_by_us)

    def _decode(self, data: bytes, binary: bool) -> AnyMessage:
        limits = self._room.limits
        if not self.rate.allows(self._clock()):
            raise self._too_many(data)
        if len(data) > limits.message_size:
            raise MessageTooBig(f"a message of {len(data)} bytes; the limit is {limits.message_size}")
        if binary is not self.codec.binary:
            kind = "text" if self.codec.binary else "binary"
            raise BadMessage(f"a {kind} frame; this connection speaks {self.codec.name}, in the other kind")
        return self._room.catalog.decode(self.codec, data)

    def _too_many(self, data: bytes) -> MessageError:
        limit = self._room.limits.messages_per_second
        error = MessageError(f"too many messages; send at most {limit:.0f} a second")
        error.code = "rate"
        with contextlib.suppress(BadMessage):
            error.type = peek_type(self.codec, data)
        return error

    def _strike(self, error: MessageError) -> None:
        """Refuse a message. It still counts as received, or both sides' books would differ."""
        self.refuse(error.code, str(error))
        if self.seat is not None and error.type not in REPLACEABLE_NAMES:
            self.seat.message_counted()
        if isinstance(error, MessageTooBig):
            self.connection.close(CloseCode.MESSAGE_TOO_BIG, str(error))
        elif not self._patience.allows(self._clock()):
            reason = f"too many refused messages; the last: {error}"
            self.connection.close(CloseCode.POLICY_VIOLATION, reason)
