"""The client: a connection to a room, polled by a render loop or listened to."""

import secrets
import ssl as tls
from collections.abc import AsyncIterator, Callable, Generator, Iterable
from typing import Any, Self

import msgspec
from websockets.frames import CloseCode

from netlib.client.conversation import Conversation
from netlib.client.dial import NOBODY, Dialler, Line, Witness
from netlib.client.reconnect import Presence, Reconnecting
from netlib.errors import ConnectionLost
from netlib.events import Disconnected, Event, log
from netlib.protocol import frames
from netlib.protocol.codecs import JSON, Codec
from netlib.protocol.messages import Input, Message, Untyped, encode
from netlib.session.delivery import counts
from netlib.session.sessions import Membership
from netlib.state.state import Schema
from netlib.state.sync import Follower
from netlib.transport.conditioner import PERFECT, LinkConditions
from netlib.transport.dispatch import Dispatcher, Happened, Key, Mailbox, key_of
from netlib.transport.requests import REQUEST_TIMEOUT
from netlib.transport.tcp import TCP, Network

CONNECT_TIMEOUT = 5.0  # seconds until an address that does not answer is given up
RECONNECT_TIME = 60.0  # seconds for which we try to come back
NONCE_BYTES = 16  # of randomness in our secret
OVERFLOW = "too many messages waited for the server"


class Client(Dispatcher):
    """A player in a room: ``async with connect("ws://…", name="Ada") as client``, or ``await`` it.

    Args:
        url: ``ws://host:port``, or what people type: ``192.168.1.5``, ``myhost:9000``.
        name: how others see us, 1 to 20 visible characters.
        password: what the room asks for, if it does.
        spectator: watch only.
        messages: the message classes and plain names that we want to receive, or send by name.
        schema: the entity class of each collection of the state.
        codec: `JSON`, or `MSGPACK`, which is smaller.
        reconnect_time: seconds for which we try to come back after the connection was lost; 0 for not at all.
        link: simulated conditions at our end.
        seed: makes simulated jitter and loss repeatable.
        timeout: seconds to wait for a connection, and again for the welcome.
        ssl: a TLS context for ``wss://``; the system's by default.
        network: what carries the bytes.
        witness: is told of each message as well, such as a `netlib.recording.Recorder`.

    Attributes:
        player_id: our number in this room.
        name: our name in this room, which the server may have made unique ("Ada 2").
        room: the room's name.
        tick_rate: the server's ticks per second.
        metrics: traffic, round trip and refusals, over all connections to the room.
        server_clock: what time it is in the room.
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
        reconnect_time: float = RECONNECT_TIME,
        link: LinkConditions = PERFECT,
        seed: int | None = None,
        timeout: float = CONNECT_TIMEOUT,
        ssl: tls.SSLContext | None = None,
        network: Network = TCP,
        witness: Witness = NOBODY,
    ) -> None:
        super().__init__(frames.FROM_SERVER)
        for key in messages:
            self.declare(key)
        self.url, self.name = url, name
        self.player_id, self.room, self.tick_rate = 0, "", 0.0  # the welcome brings them
        hello = frames.Hello(frames.PROTOCOL_VERSION, name, password=password, spectator=spectator)
        self._membership = Membership(hello, nonce=secrets.token_urlsafe(NONCE_BYTES))
        self._codec = codec
        self._follower = Follower(schema or {})
        self._mailbox = Mailbox()
        self._input_seq = 0
        self._conversation = Conversation(
            self, self._membership, self._follower, codec, self.send, self._welcomed, self._tell
        )
        self.metrics = self._conversation.metrics
        self.server_clock = self._conversation.server_clock
        dialler = Dialler(codec, timeout, seed, ssl, network)
        self._presence = Presence(self._conversation, self.received, dialler, link, reconnect_time, witness)

    # Opening and closing.

    async def open(self) -> None:
        """Connect, say hello, and wait for the welcome.

        Raises:
            BadMessage: the name or password has no form on the wire.
            HostNotFound, Unreachable, NotOurServer: see `netlib.errors`.
            WrongVersion, RoomFull, WrongPassword, Refused: the server said no, and why.
        """
        encode(self._codec, self._membership.hello())  # a name may have no form on the wire
        await self._presence.open(self.url)

    async def close(self) -> None:
        """Leave the room."""
        await self._presence.close()
        await self.cancel_tasks()
        self._presence.end(CloseCode.NORMAL_CLOSURE, "goodbye")

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
        """True while we are in the room, and not trying to come back."""
        line = self._presence.line
        return line is not None and line.is_open

    @property
    def reconnecting(self) -> Reconnecting | None:
        """How coming back goes; None while nothing is wrong."""
        return None if self.connected else self._presence.reconnecting

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
    def room_state(self) -> frames.RoomState:
        """Whether we are the host, it is paused, and what its end of our link simulates."""
        return self._conversation.room_state

    @property
    def link(self) -> LinkConditions:
        """Simulated conditions at our end; setting them takes effect at once."""
        return self._presence.link

    @link.setter
    def link(self, conditions: LinkConditions) -> None:
        self._presence.change_link(conditions)

    def poll(self) -> list[Happened]:
        """Everything that happened since the last call, oldest first, like `pygame.event.get`."""
        return self._mailbox.take()

    def __aiter__(self) -> AsyncIterator[Happened]:
        """Everything that happens, until the connection has ended."""
        return self._mailbox.stream(until=Disconnected)

    def send(
        self, message: Message | Untyped | str, *, delivered: Callable[[], Any] | None = None, **fields: Any
    ) -> None:
        """Send a message, or a declared one by name with its fields; it never waits.

        It arrives exactly once and in order, also when the connection is lost on the way and we come
        back. Nothing is sent once the connection has ended for good: `Disconnected` tells.

        Args:
            delivered: called when the server has it; never, when our session there ends before.

        Raises:
            UnknownType: no message of that name is declared; the text may say which was meant.
            BadMessage: a field is missing, or cannot be encoded.
        """
        whole = self.message_of(message, fields)
        data = encode(self._codec, whole)
        if self._presence.over:
            return
        kept = not counts(whole) or self._membership.delivery.sent(whole, len(data), delivered)
        if (line := self._presence.line) is not None and line.is_open:
            line.send_encoded(data)
        if not kept:
            self._presence.give_up(CloseCode.POLICY_VIOLATION, OVERFLOW)

    def send_input(self, message: Input) -> int:
        """Number an input, send it, and return its number."""
        self._input_seq += 1
        self._conversation.beside_input()
        self.send(msgspec.structs.replace(message, seq=self._input_seq))
        return self._input_seq

    async def request(
        self, message: Message | Untyped | str, *, timeout: float | None = REQUEST_TIMEOUT, **fields: Any
    ) -> Any:
        """Send a message that wants an answer, and wait for it.

        Args:
            timeout: seconds; None waits for ever.

        Returns:
            The message that the server answered with, or None.

        Raises:
            RequestFailed: it answered with an error; ``code`` and text say why.
            TimeoutError: it did not answer in time.
            ConnectionLost: our session ended before.
        """
        if self._presence.over:
            raise ConnectionLost(CloseCode.NORMAL_CLOSURE, "our session is over")
        return await self._conversation.requests.ask(self.message_of(message, fields), timeout)

    # For clients that are more.

    def received(self, line: Line, data: bytes) -> None:
        """A message arrived, still encoded: a client may hold it back, and hand it on later."""
        if line is not self._presence.line:
            return  # it comes late, from a connection that is over
        message = self._conversation.received(line, data)
        if message is not None:
            self._mailbox.put(message)
            self._events.emit(key_of(message), message)

    def _welcomed(self, welcome: frames.Welcome) -> None:
        """The server has let us in."""
        self.player_id = welcome.player_id
        self.name = welcome.name or self.name
        self.room = welcome.room
        self.tick_rate = welcome.tick_rate
        log.info('joined "%s" at %s as %s', self.room, self.url, self.name)

    def _tell(self, event: Event) -> None:
        """Something happened: for games that poll, and for those that listen."""
        self._mailbox.put(event)
        self._events.emit(type(event), event)


connect = Client  # reads as what it does: ``async with netlib.connect("ws://…") as client``
