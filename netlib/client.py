"""The client: a connection to a room, polled by a render loop or listened to."""

from __future__ import annotations

import asyncio
import logging
import ssl as tls
from collections.abc import AsyncIterator, Generator, Iterable
from typing import Any, Self

import msgspec
from websockets.frames import CloseCode

from netlib import wire
from netlib.codecs import JSON, Codec
from netlib.conditioner import PERFECT, LinkConditions
from netlib.dialling import ClientConnection, Outcome, dial, no_welcome
from netlib.dispatch import Dispatcher, Key, key_of
from netlib.errors import ConnectionLost, MessageError, refusal
from netlib.events import Connected, Disconnected, Event, ServerError, StateChanged
from netlib.loops import clock
from netlib.mailbox import Happened, Mailbox
from netlib.messages import Input, Message, Untyped, encode
from netlib.metrics import LinkMetrics
from netlib.network import TCP, Network
from netlib.state import Schema
from netlib.sync import Follower
from netlib.transport import keep_alive

CONNECT_TIMEOUT = 5.0  # seconds until an address that does not answer is given up
PING_INTERVAL = 0.5  # seconds
IDLE_TIME = 10.0  # seconds of silence after which the server counts as gone
MAX_MESSAGE = 4 * 1024 * 1024  # bytes of one message from the server

log = logging.getLogger("netlib")


class Client(Dispatcher):
    """A connection to a room: ``async with connect("ws://…", name="Ada") as client``, or ``await`` it.

    Args:
        url: ``ws://host:port``, or what people type: ``192.168.1.5``, ``myhost:9000``.
        name: how others see us, 1 to 20 visible characters.
        password: what the room asks for, if it does.
        spectator: watch only.
        messages: the message classes and plain names that we want to receive, or send by name.
        schema: the entity class of each collection of the state.
        codec: `JSON`, or `MSGPACK`, which is smaller.
        link: simulated conditions at our end.
        seed: makes simulated jitter and loss repeatable.
        timeout: seconds to wait for a connection, and again for the welcome.
        ssl: a TLS context for ``wss://``; the system's by default.
        network: what carries the bytes.

    Attributes:
        player_id: our number in this room.
        name: our name in this room, which the server may have made unique ("Ada 2").
        room: the room's name.
        tick_rate: the server's ticks per second.
    """

    def __init__(
        self,
        url: str,
        *,
        name: str = "player",
        password: str = "",
        spectator: bool = False,
        messages: Iterable[Key] = (),
        schema: Schema | None = None,
        codec: Codec = JSON,
        link: LinkConditions = PERFECT,
        seed: int | None = None,
        timeout: float = CONNECT_TIMEOUT,
        ssl: tls.SSLContext | None = None,
        network: Network = TCP,
    ) -> None:
        super().__init__(wire.FROM_SERVER)
        for key in messages:
            self.declare(key)
        self.url = url
        self.name = name
        self.player_id = 0
        self.room = ""
        self.tick_rate = 0.0
        self._hello = wire.Hello(wire.PROTOCOL_VERSION, name, password=password, spectator=spectator)
        self._codec = codec
        self._link = link
        self._seed = seed
        self._timeout = timeout
        self._ssl = ssl
        self._network = network
        self._follower = Follower(schema or {})
        self._mailbox = Mailbox()
        self._input_seq = 0
        self._connection: ClientConnection | None = None
        self._welcomed = Outcome()

    # Opening and closing.

    async def open(self) -> None:
        """Connect, say hello, and wait for the welcome.

        Raises:
            BadMessage: the name or password has no form on the wire.
            HostNotFound, Unreachable, NotOurServer: see `netlib.errors`.
            WrongVersion, RoomFull, WrongPassword, Refused: the server said no, and why.
        """
        hello = encode(self._codec, self._hello)  # a name may have no form on the wire
        self._welcomed = Outcome()
        self._connection = await dial(
            self.url,
            self,
            subprotocol=self._codec.subprotocol,
            max_size=MAX_MESSAGE,
            link=self._link,
            seed=self._seed,
            timeout=self._timeout,
            ssl=self._ssl,
            network=self._network,
        )
        try:
            self._connection.send(hello, binary=self._codec.binary)
            await self._wait_for_welcome()
        except BaseException:
            self._connection.close()
            raise
        self.spawn(self._heartbeat(self._connection))

    async def _wait_for_welcome(self) -> None:
        allowed = self._timeout + self._link.latency + self._link.jitter
        try:
            async with asyncio.timeout(allowed):
                await self._welcomed.wait()
        except TimeoutError as error:
            raise no_welcome(self.url, allowed) from error

    async def close(self) -> None:
        """Leave the room."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close(CloseCode.NORMAL_CLOSURE, "goodbye")
            await connection.wait_closed()
        await self.cancel_tasks()

    def __await__(self) -> Generator[Any, None, Self]:
        return self.__aenter__().__await__()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # For games.

    @property
    def connected(self) -> bool:
        """True while messages can be sent."""
        return self._connection is not None and self._connection.is_open

    @property
    def state(self) -> dict[str, dict[int, Any]]:
        """The newest state: collections of entities by id. It never changes under its reader."""
        return self._follower.replica.state

    @property
    def tick(self) -> int:
        """The server's tick of `state`; -1 before the first snapshot."""
        return self._follower.replica.tick

    @property
    def last_input_seq(self) -> int:
        """The newest of our inputs that the server has applied."""
        return self._follower.last_input_seq

    @property
    def metrics(self) -> LinkMetrics:
        """Traffic, round trip and refusals of this connection."""
        return self._connection.metrics if self._connection is not None else LinkMetrics()

    @property
    def link(self) -> LinkConditions:
        """Simulated conditions at our end; setting them takes effect at once."""
        return self._link

    @link.setter
    def link(self, conditions: LinkConditions) -> None:
        self._link = conditions
        if self._connection is not None:
            self._connection.link = conditions

    def poll(self) -> list[Happened]:
        """Everything that happened since the last call, oldest first, like `pygame.event.get`."""
        return self._mailbox.take()

    def __aiter__(self) -> AsyncIterator[Happened]:
        """Everything that happens, until the connection has ended."""
        return self._mailbox.stream(until=Disconnected)

    def send(self, message: Message | Untyped | str, **fields: Any) -> None:
        """Send a message, or a declared one by name with its fields; it never waits.

        Nothing is sent once the connection has ended: the `Disconnected` event tells.

        Raises:
            UnknownType: no message of that name is declared; the text may say which was meant.
            BadMessage: a field is missing, or cannot be encoded.
        """
        data = encode(self._codec, self.message_of(message, fields))
        if self._connection is not None:
            self._connection.send(data, binary=self._codec.binary)

    def send_input(self, message: Input) -> int:
        """Number an input, send it, and return its number."""
        self._input_seq += 1
        self.send(msgspec.structs.replace(message, seq=self._input_seq))
        return self._input_seq

    # What the connection tells.

    def connection_opened(self) -> None:
        """The WebSocket is open; the hello follows."""

    def message_received(self, data: bytes, binary: bool) -> None:
        """A message arrived; one that does not fit is counted and logged, and changes nothing."""
        try:
            self._take(self.catalog.decode(self._codec, data))
        except MessageError as error:
            self.metrics.refused[error.code] += 1
            log.warning("the server sent something we cannot use: %s", error)

    def connection_closed(self, code: int, reason: str) -> None:
        """The connection has ended."""
        log.info("the connection to %s has ended: %d %s", self.url, code, reason)
        self._welcomed.end(ConnectionLost(code, reason))
        self._tell(Disconnected(code, reason))

    def _take(self, message: Message | Untyped) -> None:
        match message:
            case wire.Welcome():
                self._welcome(message)
            case wire.Refusal(code=code, message=text):
                self._welcomed.end(refusal(code, text))
            case wire.Snapshot():
                self._snapshot(message)
            case wire.Pong(time=sent):
                self.metrics.round_trip.add(clock() - sent)
            case wire.ErrorReply(code=code, message=text):
                self.metrics.refused[code] += 1
                self._tell(ServerError(code, text))
            case wire.Ack():
                pass
            case _:
                self._tell(message)

    def _welcome(self, welcome: wire.Welcome) -> None:
        self.player_id = welcome.player_id
        self.name = welcome.name or self.name
        self.room = welcome.room
        self.tick_rate = welcome.tick_rate
        self._welcomed.end()
        log.info('joined "%s" at %s as %s', self.room, self.url, self.name)
        self._tell(Connected(welcome.player_id, welcome.resumed))

    def _snapshot(self, snapshot: wire.Snapshot) -> None:
        if not self._follower.take(snapshot):
            self.send(wire.Ack(tick=0))  # "I have nothing to build on: send me a full one"
            return
        self.metrics.snapshots.add(clock())
        self._acknowledge()
        self._tell(StateChanged(snapshot.tick))

    def _acknowledge(self) -> None:
        if ack := self._follower.ack(clock()):
            self.send(ack)

    def _tell(self, happened: Happened) -> None:
        self._mailbox.put(happened)
        key = type(happened) if isinstance(happened, Event) else key_of(happened)
        self._events.emit(key, happened)

    async def _heartbeat(self, connection: ClientConnection) -> None:
        while connection.is_open:
            self.send(wire.Ping(time=clock(), rtt=self.metrics.rtt or 0.0))
            self._acknowledge()  # the last of a series of snapshots would else stay unconfirmed
            await asyncio.sleep(PING_INTERVAL)
            keep_alive(connection, clock(), IDLE_TIME)


connect = Client  # reads as what it does: ``async with netlib.connect("ws://…") as client``
