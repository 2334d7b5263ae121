"""The server's open connections: accepting them, watching that they live, closing them."""

from __future__ import annotations

import asyncio
import contextlib
import ssl as tls
from collections import Counter
from collections.abc import Callable, Collection

from websockets.frames import CloseCode

from netlib.errors import BadMessage, MessageError, MessageTooBig
from netlib.play.timing import RateLimit
from netlib.protocol import codecs
from netlib.protocol.codecs import Codec
from netlib.protocol.frames import ErrorReply
from netlib.protocol.messages import Message, Untyped, encode, peek_type
from netlib.server.contract import Surroundings
from netlib.server.http import Pages, ServerConnection, Turnstile
from netlib.server.peer import Seat
from netlib.session.delivery import REPLACEABLE_NAMES
from netlib.session.handshake import Limits
from netlib.transport.conditioner import LinkConditions
from netlib.transport.connection import CLOSE_TIMEOUT, READ_SIZE, Connection, keep_alive
from netlib.transport.loops import clock, running_clock
from netlib.transport.tcp import Listening, Network

ERRORS_PER_SECOND = 5.0  # error replies on one connection; the others are only counted
ERROR_BURST = 20.0
FORGIVEN_PER_SECOND = 1.0  # refused messages that do not count towards the limit of refusals


class Caller:
    """The other end of a connection: decodes what it sends, and refuses what it may not.

    Args:
        room: where it wants to be.
        receive: is given each valid message.

    Attributes:
        connection: its WebSocket.
        codec: how its messages are encoded.
        seat: the player's place, once the hello is accepted and as long as this is its connection.
        refused: how many of its messages were refused, by reason.
        rate: how many messages it may send; goes over to the next connection of the same player.
    """

    def __init__(
        self,
        room: Surroundings,
        receive: Callable[[Caller, Message | Untyped], None],
        connection: Connection,
    ) -> None:
        self.connection = connection
        self.codec: Codec = codecs.JSON
        self.seat: Seat | None = None
        self.refused: Counter[str] = Counter()
        self._room, self._receive = room, receive
        self._clock = running_clock()
        limits = room.limits
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
        self.connection.send(data, binary=self.codec.binary)
        return len(data)

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
            self._room.metrics.refused[code] += number

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
            self._receive(self, message)

    def connection_closed(self, code: int, reason: str) -> None:
        broken = self.connection.broken  # then websockets has closed it in our name
        if broken:
            self.count("websocket")
        if self.seat is not None:
            self.seat.connection_closed(code, reason, ours=broken or self.connection.closed_by_us)

    def _decode(self, data: bytes, binary: bool) -> Message | Untyped:
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
            self.close(CloseCode.MESSAGE_TOO_BIG, str(error))
        elif not self._patience.allows(self._clock()):
            self.close(CloseCode.POLICY_VIOLATION, f"too many refused messages; the last: {error}")


WATCHES = 5  # looks at each connection within the shortest time limit


class Acceptor:
    """Makes a `Caller` for every connection, and keeps them together.

    Args:
        make_caller: called for each new connection.
        limits: how many connections, how large messages, how long silence.
        pages: what plain HTTP requests get, by path.
        origins: sites whose pages may connect, beside our own.
        link: simulated conditions at this end.
        seed: makes them repeatable.
    """

    def __init__(
        self,
        make_caller: Callable[[ServerConnection], Caller],
        *,
        limits: Limits,
        pages: Pages,
        origins: Collection[str],
        link: LinkConditions,
        seed: int | None,
    ) -> None:
        self.link = link
        self._make_caller = make_caller
        self._limits = limits
        self._pages = pages
        self._turnstile = Turnstile()
        self._origins = origins
        self._seed = seed
        self._buffer = memoryview(bytearray(READ_SIZE))
        self._callers: dict[ServerConnection, Caller] = {}
        self._listening: Listening | None = None

    async def open(
        self,
        network: Network,
        *,
        host: str | None,
        port: int,
        next_port: bool,
        ssl: tls.SSLContext | None,
    ) -> int:
        """Accept connections, and return the port.

        Raises:
            PortInUse, StartError: see `netlib.transport.tcp.listen`.
        """
        self._listening = await network.listen(
            self._accept, host=host, port=port, next_port=next_port, ssl=ssl
        )
        return self._listening.port

    async def close(self, reason: str) -> None:
        """Say goodbye to everyone (code 1001); those who do not answer soon are cut off."""
        if self._listening is not None:
            self._listening.close()
        for connection in list(self._callers):
            connection.close(CloseCode.GOING_AWAY, reason)
        deadline = clock() + CLOSE_TIMEOUT / 2
        while self._callers and clock() < deadline:
            await asyncio.sleep(0.01)
        for connection in list(self._callers):
            connection.abort()
        await asyncio.sleep(0)

    async def watch(self) -> None:
        """Ping silent clients, end those that stay silent or say no hello; for ever."""
        shortest = min(self._limits.handshake_time, self._limits.idle_time)
        while True:
            await asyncio.sleep(shortest / WATCHES)
            now = clock()
            for connection, caller in list(self._callers.items()):
                self._watch(connection, caller, now)

    def _watch(self, connection: ServerConnection, caller: Caller, now: float) -> None:
        limit = self._limits.handshake_time
        if connection.closing:
            return
        if caller.seat is None and now - connection.started > limit:
            caller.refuse("handshake", f"no valid hello within {limit:g} s; connect again and send one")
            connection.close(CloseCode.POLICY_VIOLATION, f"no hello within {limit:g} s")
        else:
            keep_alive(connection, now, self._limits.idle_time)

    def _accept(self) -> ServerConnection:
        connection = ServerConnection(
            pages=self._pages,
            turnstile=self._turnstile,
            origins=self._origins,
            message_size=self._limits.message_size,
            admit=self._admit,
            gone=lambda lost: self._callers.pop(lost, None),
            link=self.link,
            seed=self._seed,
            buffer=self._buffer,
        )
        connection.owner = self._make_caller(connection)
        return connection

    def _admit(self, connection: ServerConnection) -> bool:
        caller = connection.owner
        assert isinstance(caller, Caller)
        if len(self._callers) >= self._limits.max_connections:
            caller.count("too_many_connections")
            return False
        self._callers[connection] = caller
        return True
