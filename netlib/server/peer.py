"""One player as the server sees it: what a game holds of it, and its place in the room."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from websockets.frames import CloseCode

from netlib.errors import BadMessage, ConnectionLost
from netlib.play.inputs import InputQueue
from netlib.play.metrics import LinkMetrics
from netlib.play.timing import RateLimit
from netlib.protocol.codecs import JSON, Codec
from netlib.protocol.frames import Ack, RoomState
from netlib.protocol.messages import AnyMessage, Input, encode
from netlib.server.connections import Caller
from netlib.server.contract import Surroundings
from netlib.session.delivery import counts
from netlib.session.sessions import LEAVES, REPLACED, Session, Sessions
from netlib.state.sync import Feed, Publisher
from netlib.transport.conditioner import LinkConditions
from netlib.transport.loops import clock
from netlib.transport.requests import REQUEST_TIMEOUT, Requests

ACK_DELAY = 0.1  # seconds; messages that come within this time are confirmed together
OVERFLOW = "too many messages waited for it"
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

    def take_inputs(self) -> list[Any]:
        """The inputs to apply in this tick, oldest first: none, one or two. Call once a tick."""
        return self._seat.take_inputs()

    def send(self, message: AnyMessage, *, delivered: Delivered | None = None) -> None:
        """Send it a message; it never waits. While the player is away, the message waits for it.

        Args:
            delivered: called with this peer when its client has the message; never, when the
                session ends before.

        Raises:
            BadMessage: the message cannot be encoded.
        """
        self._seat.send_encoded(message, encode(self._seat.codec, message), delivered)

    async def request(self, message: AnyMessage, *, timeout: float | None = REQUEST_TIMEOUT) -> Any:
        """Send it a request, and wait for the reply. See `Client.request`."""
        if self._seat.gone:
            raise ConnectionLost(CloseCode.NORMAL_CLOSURE, "the player has left")
        return await self._seat.requests.ask(message, timeout)

    def refuse(self, code: str, text: str) -> None:
        """Count something that it may not do, and tell it: ``code`` is for programs, ``text`` for people."""
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
        self._seat.end(CloseCode.POLICY_VIOLATION, reason, shut_out=True)


Delivered: TypeAlias = Callable[[Peer], Any]


class Keeper(Protocol):
    """Keeps the places of a room, for one of them: its `Roster`."""

    sessions: Sessions

    def dropped(self, seat: Any, code: int, reason: str) -> None: ...
    def left(self, seat: Any, code: int, reason: str) -> None: ...


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
    """

    def __init__(self, room: Surroundings, keeper: Keeper, session: Session) -> None:
        self.room, self.session = room, session
        self.peer = Peer(self)
        self.carrier: Caller | None = None
        self.gone = False
        self.codec: Codec = JSON
        self.link = room.link
        self.inputs: InputQueue[Input] = InputQueue(room.tick_rate)
        self.requests = Requests(self.peer.send, room.read)
        self._keeper = keeper
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
        if self.gone:
            return
        kept = True
        if counts(message):
            notify = None if delivered is None else lambda: delivered(self.peer)
            kept = self.session.delivery.sent(message, len(data), notify)
        if self.carrier is not None:
            self.carrier.connection.send(data, binary=self.codec.binary)
        if not kept:
            self._overflow()

    def send_snapshot(self, publisher: Publisher) -> None:
        """Send it the newest state, unless it is behind or away."""
        if self.carrier is None:
            return
        full = self._feed.choose(publisher, self.carrier.connection.buffered)
        if full is not None:
            seq = self.inputs.last_input_seq
            data = publisher.snapshot(self.codec, seq, full=full)
            self.carrier.connection.send(data, binary=self.codec.binary)

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
        self._feed = Feed(self.room.tick_rate)
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
            self._feed.ack(ack.tick)
        if isinstance(ack.received, int):
            self.confirm(ack.received)

    def confirm(self, received: int) -> None:
        """Its client has got so many messages."""
        try:
            delivered = self.session.delivery.confirm(received)
        except BadMessage as error:
            self.peer.refuse(error.code, str(error))
            return
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
        self._keeper.sessions.end(self.session, reason, shut_out=shut_out)
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

    def _overflow(self) -> None:
        """More waits for it than we keep. A plain client that never confirms is simply not kept for."""
        if self.carrier is not None and not self.session.delivery.confirms:
            self.session.delivery.forgo()
        else:
            self.end(CloseCode.POLICY_VIOLATION, OVERFLOW)
