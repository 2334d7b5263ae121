"""What the client does with netlib's own messages: welcome, snapshot, ack, pong, request and reply."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from websockets.frames import CloseCode

from netlib.client.dial import ClientConnection, Line
from netlib.errors import ConnectionLost, MessageError, refusal
from netlib.events import Connected, Paused, ServerError, Started, StateChanged
from netlib.protocol import frames
from netlib.protocol.messages import Message, Untyped
from netlib.session.sessions import Membership
from netlib.state.sync import Follower
from netlib.transport.connection import keep_alive
from netlib.transport.loops import clock
from netlib.transport.requests import Requests

if TYPE_CHECKING:
    from netlib.client.client import Client

PING_INTERVAL = 0.5  # seconds
IDLE_TIME = 10.0  # seconds of silence after which the server counts as gone


class Conversation:
    """Keeps a client in its room.

    Args:
        client: whose conversation this is.
        membership: its session.
        follower: its copy of the state.
        requests: what it has asked.
        clock: tells the time, in seconds.
    """

    def __init__(
        self,
        client: Client,
        membership: Membership,
        follower: Follower,
        requests: Requests,
        clock: Callable[[], float] = clock,
    ) -> None:
        self._client = client
        self._membership = membership
        self._follower = follower
        self._requests = requests
        self._pinged_at = float("-inf")
        self._clock = clock

    def handle(self, line: Line, message: Message | Untyped) -> bool:
        """Deal with one message; False when it is the game's."""
        try:
            return self._handle(line, message)
        except MessageError as error:
            self._client.refuse(error)
            return True

    def _handle(self, line: Line, message: Message | Untyped) -> bool:
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
                self._client.metrics.refused[code] += 1
                self._client.tell(ServerError(code, text))
            case frames.Ack(received=received):
                self._delivered(received)
            case frames.Request():
                self._client.spawn(self._answer(message))
            case frames.RoomState():
                self._room_state(message)
            case frames.Reply():
                self._requests.replied(message)
            case _:
                return False
        return True

    async def keep_going(self, line: Line, connection: ClientConnection) -> None:
        """Measure the round trip and confirm what came, until the connection ends."""
        self._pinged_at = float("-inf")
        while connection.is_open:
            self._ping()
            self._acknowledge_messages()  # who sends no inputs confirms here
            await asyncio.sleep(PING_INTERVAL)
            keep_alive(connection, self._clock(), IDLE_TIME)

    def _welcome(self, line: Line, welcome: frames.Welcome) -> None:
        if line.welcomed.over:
            return
        membership = self._membership
        if membership.began and not welcome.resumed:
            self._requests.fail(ConnectionLost(CloseCode.ABNORMAL_CLOSURE, "the server began a new session"))
        delivered = membership.welcomed(welcome)
        self._client.welcomed(welcome)
        if not welcome.resumed:
            self._room_state(frames.RoomState())
        self._follower.renew()
        line.join()
        for message in membership.delivery.unconfirmed():
            line.send(message)
        self._client.tell(Connected(welcome.player_id, welcome.resumed))
        for tell in delivered:
            self._client.call(tell)

    def _pong(self, pong: frames.Pong) -> None:
        now = self._clock()
        self._client.metrics.round_trip.add(now - pong.time)
        self._client.server_clock.add(pong.time, now, pong.server_time)

    def _room_state(self, state: frames.RoomState) -> None:
        before, self._client.room_state = self._client.room_state, state
        if state.paused and not before.paused:
            self._client.tell(Paused(state.by))
        elif before.paused and not state.paused:
            self._client.tell(Started())

    def _snapshot(self, snapshot: frames.Snapshot) -> None:
        if not self._follower.take(snapshot):
            self._client.send(frames.Ack(tick=0))  # "I have nothing to build on: send me a full one"
            return
        self._client.metrics.snapshots.total += 1
        self._client.tell(StateChanged(snapshot.tick))

    def beside_input(self) -> None:
        """Say what is due. Directly before an input, since the server then reads both at once."""
        self._acknowledge(self._follower.ack(self._clock()))
        self._ping()

    def _ping(self) -> None:
        now = self._clock()
        if now - self._pinged_at >= PING_INTERVAL:
            self._pinged_at = now
            self._client.send(frames.Ping(time=now, rtt=self._client.metrics.rtt or 0.0))

    def _acknowledge(self, ack: frames.Ack | None) -> None:
        """Send an ack, which always confirms messages, too."""
        if ack is not None:
            delivery = self._membership.delivery
            self._client.send(msgspec.structs.replace(ack, received=delivery.received))
            delivery.told()

    def _acknowledge_messages(self) -> None:
        news = self._membership.delivery.news() is not None
        self._acknowledge(self._follower.ack(self._clock()) or (frames.Ack() if news else None))

    def _delivered(self, received: int | msgspec.UnsetType) -> None:
        if isinstance(received, int):
            for tell in self._membership.delivery.confirm(received):
                self._client.call(tell)

    async def _answer(self, request: frames.Request) -> None:
        await self._client.answer(request, self._client.send)
