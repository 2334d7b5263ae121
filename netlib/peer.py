"""One client as the server sees it: what it may send, what it gets, what was refused."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from websockets.frames import CloseCode

from netlib import codecs
from netlib.codecs import Codec
from netlib.conditioner import LinkConditions
from netlib.errors import BadMessage, MessageError, MessageTooBig
from netlib.inputs import InputQueue
from netlib.loops import clock
from netlib.messages import Input, Message, Untyped, encode
from netlib.metrics import LinkMetrics
from netlib.sync import Feed, Publisher
from netlib.timing import RateLimit
from netlib.transport import Connection
from netlib.wire import ErrorReply

if TYPE_CHECKING:
    from netlib.server import Server

ERRORS_PER_SECOND = 5.0  # error replies to one client; the others are only counted
ERROR_BURST = 20.0
FORGIVEN_PER_SECOND = 1.0  # refused messages that do not count towards the limit of refusals


class Peer:
    """One client. Listeners get it as ``peer``; games may keep their own things under its id.

    Attributes:
        id: the player's number, never reused; 0 until the hello is accepted.
        name: as shown to others, made unique.
        spectator: True when it only watches.
        rtt: the round trip that the client measured last, in seconds; None before.
        refused: how many of its messages were refused, by reason.
    """

    def __init__(self, server: Server, connection: Connection) -> None:
        self.id = 0
        self.name = ""
        self.spectator = False
        self.rtt: float | None = None
        self.refused: Counter[str] = Counter()
        self._server = server
        self._connection = connection
        self._codec: Codec = codecs.JSON
        self._inputs: InputQueue[Input] = InputQueue(server.tick_rate)
        self._inputs_taken_at = server.tick
        self._feed = Feed(server.tick_rate)
        limits = server.limits
        self._rate = RateLimit(limits.messages_per_second, limits.message_burst)
        self._error_rate = RateLimit(ERRORS_PER_SECOND, ERROR_BURST)
        self._patience = RateLimit(FORGIVEN_PER_SECOND, limits.refusals)
        self._gone = False

    def __repr__(self) -> str:
        return f"<Peer {self.id} {self.name!r} {self.address}>"

    # For games.

    @property
    def joined(self) -> bool:
        """True once its hello was accepted, until it leaves."""
        return self.id > 0 and not self._gone

    @property
    def address(self) -> str:
        """IP address and port, as text."""
        return self._connection.address

    @property
    def metrics(self) -> LinkMetrics:
        """Traffic of this client."""
        return self._connection.metrics

    @property
    def link(self) -> LinkConditions:
        """Simulated conditions at the server's end of this client's link; may be set."""
        return self._connection.link

    @link.setter
    def link(self, conditions: LinkConditions) -> None:
        self._connection.link = conditions

    @property
    def last_input_seq(self) -> int:
        """The newest input that was applied."""
        return self._inputs.last_input_seq

    @property
    def inputs_waiting(self) -> int:
        """How many inputs wait for their tick."""
        return len(self._inputs)

    def take_inputs(self) -> list[Any]:
        """The inputs to apply in this tick, oldest first: none, one or two. Call once a tick."""
        passed = self._server.tick - self._inputs_taken_at
        self._inputs_taken_at = self._server.tick
        return list(self._inputs.take(passed)) if passed else []

    def send(self, message: Message | Untyped) -> None:
        """Send it a message; it never waits.

        Raises:
            BadMessage: the message cannot be encoded.
        """
        self.send_encoded(encode(self._codec, message))

    def refuse(self, code: str, text: str) -> None:
        """Count something that it may not do, and tell it so.

        Args:
            code: one word for programs and for the counters.
            text: what happened and what to do, for people.
        """
        self.count(code)
        if self._error_rate.allows(clock()):
            self.send(ErrorReply(code, text))

    def count(self, code: str, number: int = 1) -> None:
        """Count something that it may not do, without telling it."""
        if number:
            self.refused[code] += number
            self._server.metrics.refused[code] += number

    def kick(self, reason: str = "kicked by the host") -> None:
        """Close its connection, with a reason that it is shown."""
        self.close(CloseCode.POLICY_VIOLATION, reason)

    # For the server.

    def join(self, id: int, name: str, spectator: bool) -> None:
        """Its hello was accepted."""
        self.id, self.name, self.spectator = id, name, spectator

    @property
    def codec(self) -> Codec:
        """How its messages are encoded."""
        return self._codec

    def send_encoded(self, data: bytes) -> None:
        """Send what is already encoded for its codec."""
        self._connection.send(data, binary=self._codec.binary)

    def send_snapshot(self, publisher: Publisher) -> None:
        """Send it the newest state, unless it is behind."""
        full = self._feed.choose(publisher, self._connection.buffered)
        if full is None:
            return
        head = {"type": "snapshot", "tick": publisher.tick, "last_input_seq": self.last_input_seq}
        body = publisher.body(self._codec, full=full)
        self.send_encoded(self._codec.splice(self._codec.encode(head), body))

    def acknowledge(self, tick: int) -> None:
        """It has applied the snapshot of that tick."""
        self._feed.ack(tick)

    def queue_input(self, message: Input) -> None:
        """Keep an input for its tick."""
        before = self._inputs.dropped
        self._inputs.push(message)
        self.count("too_many_inputs", self._inputs.dropped - before)

    def close(self, code: int, reason: str) -> None:
        """Begin to close the connection."""
        self._connection.close(code, reason)

    # What its connection tells it.

    def connection_opened(self) -> None:
        agreed = self._connection.subprotocol
        self._codec = codecs.choose([agreed] if agreed else []) or codecs.JSON

    def message_received(self, data: bytes, binary: bool) -> None:
        if self._connection.closing:
            return
        if not self._rate.allows(clock()):
            limit = self._server.limits.messages_per_second
            self._strike("rate", f"too many messages; send at most {limit:.0f} a second")
            return
        try:
            message = self._decode(data, binary)
        except MessageError as error:
            self._strike(error.code, str(error))
            if isinstance(error, MessageTooBig):
                self.close(CloseCode.MESSAGE_TOO_BIG, str(error))
            return
        self._server.message_received(self, message)

    def connection_closed(self, code: int, reason: str) -> None:
        if self._connection.broken:
            self.count("websocket")
        had_joined, self._gone = self.joined, True
        if had_joined:
            self._server.peer_gone(self, code, reason)

    def _decode(self, data: bytes, binary: bool) -> Message | Untyped:
        limit = self._server.limits.message_size
        if len(data) > limit:
            raise MessageTooBig(f"a message of {len(data)} bytes; the limit is {limit}")
        if binary is not self._codec.binary:
            kind = "text" if self._codec.binary else "binary"
            raise BadMessage(f"a {kind} frame; this connection speaks {self._codec.name}, in the other kind")
        return self._server.catalog.decode(self._codec, data)

    def _strike(self, code: str, text: str) -> None:
        self.refuse(code, text)
        if not self._patience.allows(clock()):
            self.close(CloseCode.POLICY_VIOLATION, f"too many refused messages; the last: {text}")
