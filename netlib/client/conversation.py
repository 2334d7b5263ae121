"""What the client does with netlib's own messages: welcome, snapshot, ack, pong, request and reply."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from websockets.frames import CloseCode

from netlib.client.dial import ClientConnection, Line
from netlib.errors import BadMessage, ConnectionLost, MessageError, MessageTooBig, UnknownType, refusal
from netlib.events import Connected, Disconnected, Event, Paused, ServerError, Started, StateChanged, log
from netlib.play.metrics import LinkMetrics
from netlib.play.timing import ServerClock
from netlib.protocol import frames
from netlib.protocol.codecs import Codec, no_collection
from netlib.protocol.messages import Message, Untyped, encode
from netlib.session.delivery import REPLACEABLE_NAMES, counts
from netlib.session.sessions import Membership
from netlib.state.sync import Follower
from netlib.transport.dispatch import Dispatcher
from netlib.transport.keepalive import keep_alive
from netlib.transport.loops import clock
from netlib.transport.pump import Relief
from netlib.transport.requests import Requests

PING_INTERVAL = 0.5  # seconds
CONFIRM_AT_ONCE = 64 * 1024  # bytes of messages; a server that waits in `Peer.drain` goes on then
WORLD_TIME = 5.0  # seconds in which a first world must come, when one has come that cannot be used
DECLARE = "; declare what you want to hear: messages=[…], or `on`"
MAX_RTT = 60.0  # seconds, as `Ping.rtt`
IDLE_TIME = 10.0  # seconds of silence after which the server counts as gone


@dataclass(eq=False)
class Conversation:
    """Keeps a client in its room: the side of it that games do not see.

    Args:
        dispatcher: knows the messages, and who answers requests.
        membership: our session.
        follower: our copy of the state.
        codec: how messages are encoded.
        send: sends a message.
        welcomed: is told that the server has let us in.
        tell: is told what happened.

    Attributes:
        requests: what we have asked.
        relief: lets programs wait until less waits for the server.
        metrics, server_clock: what is measured.
        room_state: whether we are the host, it is paused, and what its end of our link simulates.
        clock: tells the time, in seconds.
    """

    dispatcher: Dispatcher[()]
    membership: Membership
    follower: Follower
    codec: Codec
    send: Callable[[Message], object]
    welcomed: Callable[[frames.Welcome], object]
    tell: Callable[[Event], object]

    def __post_init__(self) -> None:
        self.requests = Requests(self.send, self.dispatcher)
        self.metrics, self.server_clock = LinkMetrics(), ServerClock()
        self.room_state = frames.RoomState()
        self.relief = Relief()
        self.clock = clock
        self._unconfirmed, self._problem = 0, ""
        self._pinged_at = float("-inf")

    def received(self, line: Line, data: bytes) -> Message | Untyped | None:
        """Take in what arrived, and return what is the game's.

        What does not fit is logged, and changes nothing but the counters; but when no other world has come
        in time, it ends our stay.
        """
        try:
            message = self._decoded(data)
            if isinstance(message, frames.Part):
                whole = line.joiner.add(message)
                if whole is None:
                    return None
                with no_collection():
                    message = self._decoded(whole)
                    return None if self._handle(line, message) else message
            return None if self._handle(line, message) else message
        except MessageError as error:
            self.metrics.refused[error.code] += 1
            hint = DECLARE if isinstance(error, UnknownType) else ""
            log.warning("the server sent something we cannot use: %s%s", error, hint)
            if error.type in ("", "snapshot"):
                self._problem = str(error)
            if isinstance(error, MessageTooBig) and line.connection is not None:
                line.connection.close(CloseCode.MESSAGE_TOO_BIG, str(error))
            return None

    def _decoded(self, data: bytes) -> Message | Untyped:
        """The message, which is counted, as is one that does not fit: the server counts it, too."""
        delivery = self.membership.delivery
        try:
            message = self.dispatcher.catalog.decode(self.codec, data)
        except MessageError as error:
            delivery.received += error.type not in REPLACEABLE_NAMES
            raise
        if counts(message):
            delivery.received += 1
            self._unconfirmed += len(data)
            if self._unconfirmed > CONFIRM_AT_ONCE:
                self._acknowledge(frames.Ack())
        return message

    def ended(self, code: int, reason: str) -> None:
        """It is over for good."""
        self.requests.fail(ConnectionLost(code, reason))
        self.membership.end()
        self.relief.tell()
        self.tell(Disconnected(code, reason))

    def _handle(self, line: Line, message: Message | Untyped) -> bool:
        """Deal with one message; False when it is the game's."""
        match message:
            case frames.Snapshot():
                self._snapshot(message)
            case frames.Pong():
                self._pong(message)
            case frames.Welcome():
                self._welcome(line, message)
            case frames.Refusal(code=code, message=text):
                line.welcomed.end(refusal(code, text))
            case frames.ErrorReply(code=code, message=text):
                self.metrics.refused[code] += 1
                self.tell(ServerError(code, text))
            case frames.Ack(received=received):
                self._delivered(received)
            case frames.Request():
                self.dispatcher.spawn(self.dispatcher.answer(message, self.send))
            case frames.RoomState():
                self._room_state(message)
            case frames.Reply():
                self.requests.replied(message)
            case frames.Part():
                raise BadMessage("a part of a part")
            case _:
                return False
        return True

    async def keep_going(self, connection: ClientConnection) -> None:
        """Measure the round trip and confirm what came, until the connection ends."""
        self._pinged_at, start = float("-inf"), self.clock()
        while connection.is_open:
            self._ping()
            news = self.membership.delivery.news() is not None  # a client without inputs confirms here
            self._acknowledge(self.follower.ack(self.clock()) or (frames.Ack() if news else None))
            await asyncio.sleep(PING_INTERVAL)
            keep_alive(connection, self.clock(), IDLE_TIME)
            if self._problem and self.follower.replica.tick < 0 and self.clock() - start > WORLD_TIME:
                connection.close(CloseCode.INVALID_DATA, self._problem)

    def _welcome(self, line: Line, welcome: frames.Welcome) -> None:
        if line.welcomed.is_set():
            return
        membership = self.membership
        if membership.began and not welcome.resumed:
            self.requests.fail(ConnectionLost(CloseCode.ABNORMAL_CLOSURE, "the server began a new session"))
        delivered = membership.welcomed(welcome)
        self.welcomed(welcome)
        if not welcome.resumed:
            self._room_state(frames.RoomState())
        self.follower.renew()
        line.welcomed.end()
        for message in membership.delivery.unconfirmed():
            line.send_message(encode(self.codec, message))
        self.tell(Connected(welcome.player_id, welcome.resumed))
        for tell in delivered:
            self.dispatcher.call(tell)

    def _pong(self, pong: frames.Pong) -> None:
        now = self.clock()
        if not 0 <= now - pong.time <= MAX_RTT:
            raise BadMessage("a pong that answers no ping of ours")
        self.metrics.answered(now - pong.time)
        self.server_clock.add(pong.time, now, pong.server_time)

    def _room_state(self, state: frames.RoomState) -> None:
        before, self.room_state = self.room_state, state
        if state.paused is not before.paused:
            self.tell(Paused(state.by) if state.paused else Started())

    def _snapshot(self, snapshot: frames.Snapshot) -> None:
        if not self.follower.take(snapshot):
            self.send(frames.Ack(tick=0))  # "I have nothing to build on: send me a full one"
            return
        self.metrics.snapshots.total += 1
        self.tell(StateChanged(snapshot.tick))

    def beside_input(self) -> None:
        """Say what is due. Directly before an input, since the server then reads both at once."""
        self._acknowledge(self.follower.ack(self.clock()))
        self._ping()

    def _ping(self) -> None:
        now = self.clock()
        if now - self._pinged_at >= PING_INTERVAL:
            self._pinged_at = now
            self.send(frames.Ping(time=now, rtt=self.metrics.rtt or 0.0))

    def _acknowledge(self, ack: frames.Ack | None) -> None:
        """Send an ack, which always confirms messages, too."""
        if ack is not None:
            delivery, self._unconfirmed = self.membership.delivery, 0
            self.send(msgspec.structs.replace(ack, received=delivery.received))
            delivery.told()

    def _delivered(self, received: int | msgspec.UnsetType) -> None:
        if isinstance(received, int):
            for tell in self.membership.delivery.confirm(received):
                self.dispatcher.call(tell)
            self.relief.tell()
