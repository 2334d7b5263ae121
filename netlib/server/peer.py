"""One player as the server sees it: what a game holds of it, and its place in the room."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from websockets.frames import CloseCode

from netlib.arguments import check, check_text
from netlib.errors import BadMessage, ConnectionLost, MessageError
from netlib.play.inputs import InputQueue
from netlib.play.metrics import LinkMetrics
from netlib.play.timing import RateLimit
from netlib.protocol.codecs import JSON, Codec
from netlib.protocol.frames import Ack, RoomState
from netlib.protocol.messages import AnyMessage, Input, encode_checked
from netlib.server.connections import Caller
from netlib.server.contract import Surroundings
from netlib.server.outgoing import Outgoing
from netlib.session.delivery import MAX_UNPROVEN, counts
from netlib.session.parts import MAX_JOINED
from netlib.session.sessions import LEAVES, REPLACED, Session, Sessions
from netlib.state.sync import Publisher
from netlib.transport.conditioner import LinkConditions
from netlib.transport.listens import MessageT
from netlib.transport.loops import clock
from netlib.transport.pump import Relief
from netlib.transport.requests import REQUEST_TIMEOUT as TIMEOUT
from netlib.transport.requests import Requests

ACK_DELAY = 0.1  # seconds; messages that come within this time are confirmed together
OVERFLOW = "more waited for it than the server keeps (Limits.max_backlog)"
NOTHING_TOLD = RoomState()  # what a client takes for granted


class Peer:
    """One player. Listeners get it as ``peer``; games may keep their own things under its id.

    It outlives its connections: see `connected`.

    Attributes:
        id: the player's number, never reused.
        name: as shown to others, made unique.
        spectator: True when it only watches.
        rtt: the round trip that the client measured last, in seconds; None before.
        refused: how many of its messages were refused, by reason.
        metrics: traffic of this client.
        address: IP address and port of its connection, or of the last one, as text.
    """

    def __init__(self, seat: Seat) -> None:
        session = seat.session
        self.id, self.name, self.spectator = session.id, session.name, session.spectator
        self.rtt: float | None = None
        self.refused: Counter[str] = Counter()
        self.metrics = LinkMetrics()
        self.address = "?"
        self._seat = seat

    def __repr__(self) -> str:
        return f"<Peer {self.id} {self.name!r} {self.address}>"

    @property
    def joined(self) -> bool:
        """True until it has left; a dropped player may still come back."""
        return not self._seat.gone

    @property
    def connected(self) -> bool:
        """True while it has a connection."""
        return self._seat.carrier is not None

    @property
    def link(self) -> LinkConditions:
        """Simulated conditions at the server's end of this client's link; may be set."""
        return self._seat.link

    @link.setter
    def link(self, conditions: LinkConditions) -> None:
        check("link", conditions, LinkConditions)
        self._seat.room.check_call()
        self._seat.link = conditions
        self._seat.apply_link()

    @property
    def last_input_seq(self) -> int:
        """The newest input that was applied."""
        return self._seat.inputs.last_input_seq

    @property
    def inputs_waiting(self) -> int:
        """How many inputs wait for their tick."""
        return len(self._seat.inputs)

    @property
    def backlog(self) -> int:
        """Bytes that wait for it: messages for the network or its confirmation, and a snapshot in parts."""
        snapshot = self._seat.outgoing.pump.outbox.snapshot if self.connected else 0
        return self._seat.waiting + snapshot

    async def drain(self) -> None:
        """Wait until less than `Limits.soft_backlog` waits for it, before sending much more.

        Raises:
            ConnectionLost: it has left, or leaves.
        """
        seat = self._seat
        await seat.relief.wait_below(seat.room.limits.soft_backlog, self._backlog_while_here)

    def _backlog_while_here(self) -> int:
        if self._seat.gone or self._seat.session.over:
            raise self._seat.lost()
        return self.backlog

    def take_inputs(self) -> list[Any]:
        """The inputs to apply in this tick, oldest first: none, one or two. Call once a tick."""
        return self._seat.take_inputs()

    def send(self, message: AnyMessage, *, delivered: Delivered | None = None) -> None:
        """Send it a message; it never waits. While the player is away, the message waits for it.

        When more than `Limits.max_backlog` waits for it, its stay ends at once. A program that sends
        much waits in `drain` now and then; a large message comes in parts, past which others go.

        Args:
            delivered: called with this peer when its client has the message; never, when the
                session ends before.

        Raises:
            BadMessage: a field is not what its class says, or has no form on the wire; or the message has
                more bytes than may wait.
            WrongArgument: it is no message object.
            WrongCall: this is another thread than the server's.
        """
        seat, room = self._seat, self._seat.room
        room.check_call()
        if delivered is not None:
            check("delivered", delivered, Callable[..., Any])
        whole = room.message_of(message, {})
        seat.send_encoded(whole, encoded(room, seat.codec, whole), delivered)

    async def request(
        self, message: AnyMessage, *, timeout: float | None = TIMEOUT, reply: type[MessageT] | None = None
    ) -> MessageT:
        """Send it a request, and wait for the reply. See `Client.request`."""
        if self._seat.gone:
            raise self._seat.lost()
        return await self._seat.requests.ask(self._seat.room.message_of(message, {}), timeout, reply)

    def refuse(self, code: str, text: str) -> None:
        """Count something that it may not do, and tell it: ``code`` is for programs, ``text`` for people."""
        check_text("code", code)
        check_text("text", text)
        self._seat.room.check_call()
        if self._seat.carrier is not None:
            self._seat.carrier.refuse(code, text)
        else:
            self.count(code)

    def count(self, code: str, number: int = 1) -> None:
        """Count something that it may not do, without telling it."""
        if number:
            self.refused[code] += number
            self._seat.room.metrics.refused[code] += number

    def kick(self, reason: str = "kicked by the host") -> None:
        """End its stay, with a reason that it is shown."""
        check_text("reason", reason)
        self._seat.room.check_call()
        self._seat.end(CloseCode.POLICY_VIOLATION, reason, shut_out=True)


Delivered: TypeAlias = Callable[[Peer], Any]


def encoded(room: Surroundings, codec: Codec, message: AnyMessage) -> bytes:
    """One frame for a message, if it is not too large to be sent to anybody.

    Raises:
        BadMessage: it is, or cannot be encoded.
    """
    data, most = encode_checked(codec, message), min(room.limits.max_backlog, MAX_JOINED)
    if len(data) > most:
        what = f"{type(message).__name__} has {len(data)} bytes"
        raise BadMessage(f"{what}; at most {most} can be sent at once: send it in several messages")
    return data


class Keeper(Protocol):
    """Keeps the places of a room, for one of them: its `Roster`."""

    sessions: Sessions

    def dropped(self, seat: Any, code: int, reason: str) -> None: ...
    def left(self, seat: Any, code: int, reason: str) -> None: ...
    def check_total(self, seat: Any) -> None: ...


class Seat:
    """A player's place in the room, which is kept while it is away: the server's own side of a `Peer`.

    Args:
        room: where it is.
        keeper: keeps the places.

    Attributes:
        carrier: the `Caller` on its connection; None while it has none.
        gone: True once it has left.
        requests: what we have asked its client.
        link: the simulated conditions of its link; those of the room, until somebody sets others.
        outgoing: what goes out over its connection.
        relief: lets programs wait until less waits for it.
    """

    outgoing: Outgoing

    def __init__(self, room: Surroundings, keeper: Keeper, session: Session) -> None:
        self.room, self.session = room, session
        self.peer = Peer(self)
        self.carrier: Caller | None = None
        self.gone = False
        self.codec: Codec = JSON
        self.link = room.link
        self.inputs: InputQueue[Input] = InputQueue(room.tick_rate)
        self.requests = Requests(self.peer.send, room)
        self._keeper = keeper
        self.relief = Relief()
        self._rate: RateLimit | None = None
        self._inputs_taken_at = room.tick
        self._told: RoomState | None = NOTHING_TOLD
        self._ack_timer: asyncio.TimerHandle | None = None

    def take_inputs(self) -> list[Any]:
        """See `Peer.take_inputs`."""
        passed = self.room.tick - self._inputs_taken_at
        self._inputs_taken_at = self.room.tick
        return self.inputs.take(passed) if passed else []

    def send_encoded(self, message: AnyMessage, data: bytes, delivered: Delivered | None) -> None:
        """Send a message that is already encoded for its codec."""
        if self.gone or self.session.over:
            return
        if counts(message):
            notify = None if delivered is None else lambda: delivered(self.peer)
            self.session.delivery.sent(message, len(data), notify)
            if self.carrier is not None:
                self.outgoing.pump.send(data)
            self._check_backlog()
        elif self.carrier is not None:
            self.carrier.connection.send(data, binary=self.codec.binary)

    def send_snapshot(self, publisher: Publisher) -> None:
        """Send it the newest state, unless it is behind or away."""
        if self.carrier is not None:
            self.outgoing.show(publisher)

    def lost(self, code: int = CloseCode.NORMAL_CLOSURE, reason: str = "") -> ConnectionLost:
        """The error of those who wait for this player, who will not come back."""
        return ConnectionLost(code, reason, f"{self.peer.name} has left the room ({code} {reason})")

    @property
    def waiting(self) -> int:
        """Bytes of messages that wait for it, for the network or for its confirmation."""
        unsent = self.outgoing.pump.waiting if self.carrier is not None else 0
        return max(self.session.delivery.bytes, unsent)

    def attach(self, carrier: Caller) -> None:
        """Its session goes on over this connection; what it had before is closed."""
        before = self.detach()
        self.carrier, carrier.seat = carrier, self
        if self._rate is not None:
            self._rate.save_up(clock())  # what it wrote while it was away comes all at once
            carrier.rate = self._rate
            if self._told is not NOTHING_TOLD:
                self._told = None  # the last of what it was told may be lost
        self._rate = carrier.rate
        self.codec, self.peer.address = carrier.codec, carrier.connection.address
        self.outgoing = Outgoing(carrier, self)
        self.inputs.restart()
        self.peer.refused.update(carrier.refused)
        carrier.refused, carrier.connection.metrics = self.peer.refused, self.peer.metrics
        if before is not None:
            before.connection.close(REPLACED, "this session goes on over another connection")

    def detach(self) -> Caller | None:
        """It has no connection any more. Returns the one it had."""
        carrier, self.carrier = self.carrier, None
        if carrier is not None:
            carrier.seat = None
        if self._ack_timer is not None:
            self._ack_timer.cancel()
        self._ack_timer = None
        return carrier

    def apply_link(self) -> None:
        """Let its connection simulate what `link` says."""
        if self.carrier is not None and self.carrier.connection.link != self.link:
            self.carrier.connection.link = self.link
            self.room.conditions_changed(self)

    def tell_room(self, state: RoomState) -> None:
        """Tell it how the room is, if that is news to it."""
        if self.carrier is not None and state != self._told:
            self._told = state
            self.carrier.send(state)

    def acknowledge(self, ack: Ack) -> None:
        """Its client has applied a snapshot, or has got messages."""
        if isinstance(ack.tick, int):
            self.outgoing.acknowledge(ack.tick)
        if isinstance(ack.received, int):
            self.confirm(ack.received)

    def confirm(self, received: int) -> None:
        """Its client has got so many messages."""
        try:
            delivered = self.session.delivery.confirm(received)
        except BadMessage as error:
            self.peer.refuse(error.code, str(error))
            return
        self.relief.tell()
        for tell in delivered:
            self.room.call(tell)

    def message_counted(self) -> None:
        """A message came that must be confirmed."""
        self.session.delivery.received += 1
        if self._ack_timer is None:
            self._ack_timer = asyncio.get_running_loop().call_later(ACK_DELAY, self._send_ack)

    def queue_input(self, message: Input) -> None:
        """Keep an input for its tick."""
        before = self.inputs.dropped
        if not self.room.paused and not self.inputs.push(message):
            self.peer.count("too_many_inputs", self.inputs.dropped - before)

    def connection_closed(self, code: int, reason: str, *, ours: bool) -> None:
        """Its connection is gone; ``ours``: we closed it, and it was not dead."""
        self.detach()
        if not self.room.stopping and (ours or code in LEAVES):
            self._keeper.left(self, code, reason)
        else:
            self._keeper.dropped(self, code, reason)

    def end(self, code: int, reason: str, *, shut_out: bool = False) -> None:
        """End its stay: at once when it is away, else when its connection is closed.

        Args:
            shut_out: its client is not let in again by itself.
        """
        if self.carrier is not None and self.waiting < self.room.limits.soft_backlog:
            self.outgoing.pump.flush()
        self._keeper.sessions.end(self.session, reason, shut_out=shut_out)
        self.relief.tell()
        if self.carrier is not None:
            self.carrier.connection.close(code, reason)
        else:
            self._keeper.left(self, code, reason)

    def _send_ack(self) -> None:
        self._ack_timer = None
        delivery = self.session.delivery
        received = delivery.news()
        if received is not None and self.carrier is not None:
            self.carrier.send(Ack(received=received))
            delivery.told()

    def _check_backlog(self) -> None:
        """End its stay when more waits than we keep; for a client that never confirms nothing is kept."""
        delivery = self.session.delivery
        if self.carrier is not None and not delivery.confirms and delivery.bytes > MAX_UNPROVEN:
            delivery.forgo()
        if self.waiting > self.room.limits.max_backlog:
            self.end(CloseCode.POLICY_VIOLATION, OVERFLOW)
        else:
            self._keeper.check_total(self)

    def refused(self, error: MessageError) -> None:
        """Its client cannot be sent what it should get."""
        self.end(CloseCode.POLICY_VIOLATION, str(error))
