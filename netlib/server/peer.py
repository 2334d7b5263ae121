"""One player as the server sees it: its session, its inputs, and what it is sent."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from websockets.frames import CloseCode

from netlib.errors import BadMessage, ConnectionLost
from netlib.play.inputs import InputQueue
from netlib.play.metrics import LinkMetrics
from netlib.play.timing import RateLimit
from netlib.protocol.codecs import JSON, Codec
from netlib.protocol.frames import Ack, Request, RoomState
from netlib.protocol.messages import Input, Message, Untyped, encode
from netlib.session.delivery import counts
from netlib.session.sessions import LEAVES, REPLACED, Session
from netlib.state.sync import Feed, Publisher
from netlib.transport.conditioner import LinkConditions
from netlib.transport.loops import clock
from netlib.transport.requests import REQUEST_TIMEOUT, Requests

if TYPE_CHECKING:
    from netlib.server.connections import Caller
    from netlib.server.server import Server

ACK_DELAY = 0.1  # seconds; messages that come within this time are confirmed together
OVERFLOW = "too many messages waited for it"


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
        requests: what we have asked its client.
        address: IP address and port of its connection, or of the last one, as text.
    """

    def __init__(self, server: Server, session: Session) -> None:
        self.id = session.id
        self.name = session.name
        self.spectator = session.spectator
        self.rtt: float | None = None
        self.refused: Counter[str] = Counter()
        self.metrics = LinkMetrics()
        self.address = "?"
        self.session = session
        self.gone = False
        self._server = server
        self._caller: Caller | None = None
        self._codec: Codec = JSON
        self._link: LinkConditions | None = None
        self._rate: RateLimit | None = None
        self._inputs: InputQueue[Input] = InputQueue(server.tick_rate)
        self._inputs_taken_at = server.tick
        self._feed = Feed(server.tick_rate)
        self.requests = Requests(self.send, server.read)
        self._room: RoomState | None = None
        self._tell_again = False
        self._ack_timer: asyncio.TimerHandle | None = None

    def __repr__(self) -> str:
        return f"<Peer {self.id} {self.name!r} {self.address}>"

    # For games.

    @property
    def joined(self) -> bool:
        """True until it has left; a dropped player may still come back."""
        return not self.gone

    @property
    def connected(self) -> bool:
        """True while it has a connection."""
        return self._caller is not None

    @property
    def link(self) -> LinkConditions:
        """Simulated conditions at the server's end of this client's link; may be set."""
        return self._link if self._link is not None else self._server.link

    @link.setter
    def link(self, conditions: LinkConditions) -> None:
        self._link = conditions
        self.apply_link()

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
        return self._inputs.take(passed) if passed else []

    def send(self, message: Message | Untyped, *, delivered: Callable[[Peer], Any] | None = None) -> None:
        """Send it a message; it never waits. While the player is away, the message waits for it.

        Args:
            delivered: called with this peer when its client has the message; never, when the
                session ends before.

        Raises:
            BadMessage: the message cannot be encoded.
        """
        self.send_encoded(message, encode(self._codec, message), delivered)

    async def request(self, message: Message | Untyped, *, timeout: float | None = REQUEST_TIMEOUT) -> Any:
        """Send it a request, and wait for the reply. See `Client.request`."""
        if self.gone:
            raise ConnectionLost(CloseCode.NORMAL_CLOSURE, "the player has left")
        return await self.requests.ask(message, timeout)

    def refuse(self, code: str, text: str) -> None:
        """Count something that it may not do, and tell it: ``code`` is for programs, ``text`` for people."""
        if self._caller is not None:
            self._caller.refuse(code, text)
        else:
            self.count(code)

    def count(self, code: str, number: int = 1) -> None:
        """Count something that it may not do, without telling it."""
        if number:
            self.refused[code] += number
            self._server.metrics.refused[code] += number

    def kick(self, reason: str = "kicked by the host") -> None:
        """End its stay, with a reason that it is shown."""
        self.end(CloseCode.POLICY_VIOLATION, reason, shut_out=True)

    # For the server.

    @property
    def codec(self) -> Codec:
        """How its messages are encoded."""
        return self._codec

    def send_encoded(
        self,
        message: Message | Untyped,
        data: bytes,
        delivered: Callable[[Peer], Any] | None = None,
    ) -> None:
        """Send a message that is already encoded for its codec."""
        if self.gone:
            return
        kept = True
        if counts(message):
            notify = None if delivered is None else lambda: delivered(self)
            kept = self.session.delivery.sent(message, len(data), notify)
        if self._caller is not None:
            self._caller.send_encoded(data)
        if not kept:
            self._overflow()

    def send_snapshot(self, publisher: Publisher) -> None:
        """Send it the newest state, unless it is behind or away."""
        caller = self._caller
        if caller is None:
            return
        full = self._feed.choose(publisher, caller.connection.buffered)
        if full is None:
            return
        seq = self._inputs.last_input_seq
        caller.send_encoded(publisher.snapshot(self._codec, seq, full=full))

    def attach(self, caller: Caller) -> None:
        """Its session goes on over this connection; what it had before is closed."""
        before = self.detach()
        self._caller, caller.peer = caller, self
        if self._rate is not None:
            self._rate.save_up(clock())  # what it wrote while it was away comes all at once
            self._tell_again = self._room is not None  # the last of what it was told may be lost
            caller.rate = self._rate
        self._rate = caller.rate
        self._codec, self.address = caller.codec, caller.address
        self._feed = Feed(self._server.tick_rate)
        self._inputs.restart()
        self.refused.update(caller.refused)
        caller.refused = self.refused
        caller.connection.metrics = self.metrics
        if before is not None:
            before.close(REPLACED, "this session goes on over another connection")

    def detach(self) -> Caller | None:
        """It has no connection any more. Returns the one it had."""
        caller, self._caller = self._caller, None
        if caller is not None:
            caller.peer = None
        if self._ack_timer is not None:
            self._ack_timer.cancel()
        self._ack_timer = None
        return caller

    def send_again(self) -> None:
        """Send what its client has not confirmed, in order."""
        if self._caller is not None:
            for message in self.session.delivery.unconfirmed():
                self._caller.send(message)

    def apply_link(self) -> None:
        """Let its connection simulate what `link` says."""
        if self._caller is not None and self._caller.connection.link != self.link:
            self._caller.connection.link = self.link
            self._server.rights.tell(self)

    def tell_room(self, state: RoomState) -> None:
        """Tell it how the room is, if that is news to it."""
        known = self._room or RoomState()
        if self._caller is not None and (state != known or self._tell_again):
            self._room, self._tell_again = state, False
            self._caller.send(state)

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
            self.refuse(error.code, str(error))
            return
        for tell in delivered:
            self._server.call(tell)

    def message_counted(self) -> None:
        """A message came that must be confirmed."""
        self.session.delivery.received += 1
        if self._ack_timer is None:
            self._ack_timer = asyncio.get_running_loop().call_later(ACK_DELAY, self._send_ack)

    def queue_input(self, message: Input) -> None:
        """Keep an input for its tick."""
        before = self._inputs.dropped
        if not self._server.ticker.stands and not self._inputs.push(message):
            self.count("too_many_inputs", self._inputs.dropped - before)

    def connection_closed(self, code: int, reason: str, *, ours: bool) -> None:
        """Its connection is gone; ``ours``: we have closed it, and not because it was dead."""
        self.detach()
        if not self._server.stopping and (ours or code in LEAVES):
            self._server.roster.left(self, code, reason)
        else:
            self._server.roster.dropped(self, code, reason)

    def end(self, code: int, reason: str, *, shut_out: bool = False) -> None:
        """End its stay: at once when it is away, else when its connection is closed.

        Args:
            shut_out: its client is not let in again by itself.
        """
        self._server.roster.forget(self, reason, shut_out=shut_out)
        if self._caller is not None:
            self._caller.close(code, reason)
        else:
            self._server.roster.left(self, code, reason)

    async def answer(self, request: Request) -> None:
        """Answer a request, when there is an answer."""
        await self._server.answer(request, self.send, self)

    def _send_ack(self) -> None:
        self._ack_timer = None
        delivery = self.session.delivery
        received = delivery.news()
        if received is not None and self._caller is not None:
            self._caller.send(Ack(received=received))
            delivery.told()

    def _overflow(self) -> None:
        """More waits for it than we keep. A plain client that never confirms is simply not kept for."""
        if self.connected and not self.session.delivery.confirms:
            self.session.delivery.forgo()
        else:
            self.end(CloseCode.POLICY_VIOLATION, OVERFLOW)
