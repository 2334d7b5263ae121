"""The connections of a room: what comes over each is decoded, and refused where it must be; and the port."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from websockets.frames import CloseCode

from netlib.discovery.discovery import Responder
from netlib.errors import BadMessage, MessageError, MessageTooBig
from netlib.events import log
from netlib.play.timing import RateLimit
from netlib.protocol import codecs
from netlib.protocol.frames import ErrorReply, Refusal
from netlib.protocol.messages import AnyMessage, encode, peek_type
from netlib.server.contract import Surroundings
from netlib.server.http import ServerConnection
from netlib.session.delivery import REPLACEABLE_NAMES
from netlib.transport.keepalive import CLOSE_TIMEOUT, keep_alive
from netlib.transport.loops import clock, running_clock
from netlib.transport.mailbox import key_of
from netlib.transport.quotas import largest_share
from netlib.transport.tcp import Listening, accept_errors

ERRORS_PER_SECOND = 5.0  # error replies on one connection; the others are only counted
ERROR_BURST = 20.0
FORGIVEN_PER_SECOND = 1.0  # refused messages that do not count towards the limit of refusals
WATCHES = 5  # looks at each connection within the shortest time limit
NO_SOCKET = "the system allows no more than %d connections here (%s); raise its limit, see `ulimit -n`"


class Caller:
    """The other end of a connection: decodes what it sends, and refuses what it may not.

    Args:
        room: where it wants to be; it handles each valid message, or its listeners do.

    Attributes:
        connection: its WebSocket.
        codec: how its messages are encoded.
        parts: whether it puts together what comes in parts.
        seat: the player's `Seat`, once the hello is accepted and as long as this is its connection.
        refused: how many of its messages were refused, by reason.
        rate: how many messages it may send; goes over to the next connection of the same player.
        waits: True while the game decides whether to let it in.
    """

    def __init__(self, room: Surroundings, connection: ServerConnection) -> None:
        self.connection = connection
        self.codec, self.parts = codecs.JSON, False
        self.seat: Any = None
        self.refused: Counter[str] = Counter()
        self.waits = False
        self._clock = running_clock()
        self._error_rate = RateLimit(ERRORS_PER_SECOND, ERROR_BURST)
        self.enter(room)

    def enter(self, room: Surroundings) -> None:
        """Be in this room from now on: it handles what comes, and its limits hold."""
        self._room = room
        self.rate = RateLimit(room.limits.messages_per_second, room.limits.message_burst)
        self._patience = RateLimit(FORGIVEN_PER_SECOND, room.limits.refusals)

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

    def turn_away(self, refusal: Refusal) -> None:
        """Answer its hello with a refusal, and close."""
        self.count(refusal.code)
        self.send(refusal)
        self.connection.close(CloseCode.POLICY_VIOLATION, refusal.message)

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


@dataclass(eq=False)
class Endpoint:
    """One port, all connections to it, and who answers searchers.

    Args:
        room: the room behind it.
        make_connection: makes a `ServerConnection` of what is ours of it.
        listen: opens a port, see `netlib.transport.tcp.Network`.
        responder: answers searchers, if anybody does.
    """

    room: Surroundings
    make_connection: Callable[..., ServerConnection]
    listen: Callable[..., Awaitable[Listening]]
    responder: Responder | None
    _callers: dict[Caller, None] = field(init=False, default_factory=dict)  # in the order of their coming
    _to_close: contextlib.ExitStack = field(init=False, default_factory=contextlib.ExitStack)

    async def open(self, port: int) -> int:
        """Accept connections, and answer searchers. Returns the port, which is another one for 0.

        Raises:
            PortInUse, StartError: see `netlib.transport.tcp.listen`.
        """
        self._to_close.enter_context(accept_errors(self._cannot_accept))
        listening = await self.listen(self._accept, port=port)
        self._to_close.callback(listening.close)
        if self.responder is not None:
            self._to_close.callback(self.responder.close)
            await self.responder.start()
        return listening.port

    async def close(self, reason: str) -> None:
        """Say goodbye to everyone (code 1001); those who do not answer soon are cut off."""
        self._to_close.close()
        for caller in list(self._callers):
            caller.connection.close(CloseCode.GOING_AWAY, reason)
        deadline = clock() + CLOSE_TIMEOUT / 2
        while self._callers and clock() < deadline:
            await asyncio.sleep(0.01)
        for caller in list(self._callers):
            caller.connection.abort()
        await asyncio.sleep(0)

    async def watch(self) -> None:
        """Ping silent clients, end those that stay silent or say no hello; for ever."""
        shortest = min(self.room.limits.handshake_time, self.room.limits.idle_time)
        while True:
            await asyncio.sleep(shortest / WATCHES)
            now = clock()
            for caller in list(self._callers):
                if not caller.connection.closing:
                    self._watch(caller, now)

    def _watch(self, caller: Caller, now: float) -> None:
        connection, limit = caller.connection, self.room.limits.handshake_time
        if caller.seat is None and not caller.waits and now - connection.started > limit:
            caller.refuse("handshake", f"no valid hello within {limit:g} s; connect again and send one")
            connection.close(CloseCode.POLICY_VIOLATION, f"no hello within {limit:g} s")
        else:
            keep_alive(connection, now, self.room.limits.idle_time)

    def _accept(self) -> ServerConnection:
        connection = self.make_connection(self.room.link)
        connection.owner = caller = Caller(self.room, connection)
        connection.admit = partial(self._admit, caller)
        connection.gone = partial(self._callers.pop, caller, None)
        return connection

    def _admit(self, caller: Caller) -> bool:
        """Where there is no place, the oldest without a hello gives way, of the address that has most."""
        self._callers[caller] = None
        if len(self._callers) <= self.room.limits.max_connections:
            return True
        strangers = (other for other in self._callers if other.seat is None)
        oldest, *_ = largest_share(strangers, lambda other: other.connection.address)
        oldest.count("too_many_connections")
        oldest.connection.abort(reason="it said no hello, and others came")
        del self._callers[oldest]
        return oldest is not caller

    def _cannot_accept(self, error: OSError) -> None:
        """The system has no socket left for us: it is told once, and counted."""
        self.room.metrics.refused["not_accepted"] += 1
        if self.room.metrics.refused["not_accepted"] == 1:
            log.warning(NO_SOCKET, len(self._callers), error.strerror)
