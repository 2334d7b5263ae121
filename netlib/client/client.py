"""The client: a connection to a room, polled by a render loop or listened to."""

import secrets
import ssl as tls
import warnings
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Mapping
from threading import get_ident
from typing import Annotated, Any, Generic, Self, overload

import msgspec
from websockets.frames import CloseCode

from netlib.arguments import Seconds, check, checked
from netlib.client.conversation import Conversation
from netlib.client.dial import NOBODY, Dialler, Line, Witness
from netlib.client.reconnect import Presence, Reconnecting
from netlib.errors import BadMessage, ConnectionLost, WrongArgument, showable
from netlib.events import SERVER_EVENTS, Disconnected, Event, log
from netlib.play.interpolation import Sample
from netlib.protocol import frames
from netlib.protocol.codecs import JSON, Codec
from netlib.protocol.messages import AnyMessage, Input, encode, encode_checked
from netlib.session.delivery import counts
from netlib.session.handshake import Limits
from netlib.session.names import name_problem
from netlib.session.sessions import Membership
from netlib.state.state import Collections, Entity, EntityT
from netlib.state.sync import Follower
from netlib.transport.conditioner import PERFECT, LinkConditions
from netlib.transport.dispatch import Dispatcher
from netlib.transport.listens import Key, MessageT
from netlib.transport.mailbox import Happened, Mailbox, key_of
from netlib.transport.requests import REQUEST_TIMEOUT
from netlib.transport.tcp import TCP, Network

CONNECT_TIMEOUT = 5.0  # seconds until an address that does not answer is given up
RECONNECT_TIME = 60.0  # seconds for which we try to come back
NONCE_BYTES = 16  # of randomness in our secret
LIMITS = Limits()  # what may wait for the server is what may wait for a client there
OVERFLOW = "more waited for the server than we keep"
HOW_TO_OPEN = "`await` it first, or write `async with netlib.connect(…) as client`"


def numbered_input(message: Input, seq: int, shown: Sample | None) -> Input:
    """The input as it is sent: with its number, and with the tick that was shown, if that is told.

    Raises:
        WrongArgument: it is no input, or what was shown is no sample.
    """
    if not isinstance(message, Input):
        check("the input", message, Input)
    if shown is None:
        return msgspec.structs.replace(message, seq=seq, shown_tick=None)
    check("shown", shown, Sample)
    return msgspec.structs.replace(message, seq=seq, shown_tick=max(0.0, shown.tick))


class Client(Dispatcher[()], Generic[EntityT]):
    """A player in a room: ``async with connect("ws://…", name="Ada") as client``, or ``await`` it.

    Args:
        url: ``ws://host:port``, or what people type: ``192.168.1.5``, ``myhost:9000``.
        name: how others see us, 1 to 20 visible characters.
        password: what the room asks for, if it does.
        spectator: watch only: take no seat, and have inputs refused.
        join: which room, where the server has several; see `netlib.rooms`.
        messages: the message classes and plain names that we want to receive, or send by name.
        schema: the entity class of each collection of the state; without one, entities are plain dicts.
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
        room_id, room_code: which of several rooms it is, and the code by which friends join it.
        tick_rate: the server's ticks per second.
        metrics: traffic, round trip and refusals, over all connections to the room.
        server_clock: what time it is in the room.

    Raises:
        WrongArgument: an argument is not what is said above, or there is none of that name.
    """

    _never, _unopened = SERVER_EVENTS, f"this client is not open: {HOW_TO_OPEN}"

    @checked
    def __init__(
        self,
        url: str,
        *,
        name: str = "player",
        password: str = "",
        spectator: bool = False,
        join: frames.Join | None = None,
        messages: Iterable[Key] = (),
        schema: Mapping[str, type[EntityT]] | None = None,
        codec: Annotated[Codec, msgspec.Meta(description="netlib.JSON or netlib.MSGPACK")] = JSON,
        reconnect_time: Seconds = RECONNECT_TIME,
        link: LinkConditions = PERFECT,
        seed: int | None = None,
        timeout: Seconds = CONNECT_TIMEOUT,
        ssl: tls.SSLContext | None = None,
        network: Network = TCP,
        witness: Witness = NOBODY,
    ) -> None:
        if problem := name_problem(name):
            raise WrongArgument(f"name is {name!r:.60}; {problem}")
        super().__init__(frames.FROM_SERVER)
        for key in messages:
            self.declare(key)
        for kind in (schema or {}).values():
            check("schema", kind, type[Entity])
        self.url, self.name = url, name
        self.player_id, self.room, self.tick_rate = 0, "", 0.0  # the welcome brings them
        self.room_id = self.room_code = ""
        hello = frames.Hello(
            frames.PROTOCOL_VERSION,
            name,
            password=password,
            spectator=spectator,
            parts=True,
            join=join or msgspec.UNSET,
        )
        self._membership = Membership(hello, nonce=secrets.token_urlsafe(NONCE_BYTES))
        self._codec = codec
        self._follower = Follower(schema)
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
            BadMessage: the password has no form on the wire.
            HostNotFound, Unreachable, NotOurServer: see `netlib.errors`.
            WrongVersion, RoomFull, WrongPassword, Refused: the server said no, and why.
        """
        self._open_in = get_ident()
        encode(self._codec, self._membership.hello())  # a password may have no form on the wire
        await self._presence.open(self.url)

    async def close(self) -> None:
        """Leave the room."""
        await self._presence.close()
        await self.cancel_tasks()
        self._presence.end(CloseCode.NORMAL_CLOSURE, "goodbye")
        self._open_in = -1

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
    def state(self) -> Collections[EntityT]:
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
        check("link", conditions, LinkConditions)
        self._presence.change_link(conditions)

    @property
    def backlog(self) -> int:
        """Bytes that wait for the server: for the network, or for its confirmation."""
        line = self._presence.line
        unsent = line.pump.waiting if line is not None and line.pump is not None else 0
        return max(self._membership.delivery.bytes, unsent)

    async def drain(self) -> None:
        """Wait until less than 1 MiB waits for the server, before sending much more.

        Raises:
            ConnectionLost: our session is over, or ends.
        """
        await self._conversation.relief.wait_below(LIMITS.soft_backlog, self._backlog_while_here)

    def poll(self) -> list[Happened]:
        """Everything that happened since the last call, oldest first, like `pygame.event.get`."""
        return self._mailbox.take()

    def __aiter__(self) -> AsyncIterator[Happened]:
        """Everything that happens, until the connection has ended."""
        return self._mailbox.stream(until=Disconnected)

    @overload
    def send(self, message: AnyMessage, /, *, delivered: Callable[[], Any] | None = None) -> None: ...
    @overload
    def send(self, message: str, /, **fields: Any) -> None: ...
    def send(self, message: AnyMessage | str, /, **keywords: Any) -> None:
        """Send a message, or a declared one by name, where every keyword is a field; it never waits.

        It arrives exactly once and in order, also when the connection is lost on the way and we come
        back. Nothing is sent once the server has ended it for good: `Disconnected` tells. When more
        than 32 MiB wait for the server, that ends our stay; a program that sends much waits in `drain`
        now and then. How large one message may be is for the server to say (`Limits.message_size`).

        Args:
            delivered: called when the server has it; never, when our session there ends before. It goes with
                a message: ``client.send(client.message("chat", text="hi"), delivered=arrived)``.

        Raises:
            UnknownType: no message of that name is declared; the text may say which was meant.
            BadMessage: a field is missing, or is not what its class says, or has no form on the wire; or
                there are more bytes than may wait.
            WrongArgument: it is no message object, or an option is not known.
            WrongCall: before `open` or after `close`, or in another thread than that of `open`.
        """
        self.check_call()
        whole, options = self.meant(message, keywords, delivered=None)
        data = self.encoded(whole)
        if self._presence.over:
            return
        line, must_arrive = self._presence.line, counts(whole)
        if must_arrive:
            self._membership.delivery.sent(whole, len(data), options["delivered"])
        if line is not None and line.is_open:
            (line.send_message if must_arrive else line.send_encoded)(data)
        if must_arrive and self.backlog > LIMITS.max_backlog:
            self._presence.give_up(CloseCode.POLICY_VIOLATION, OVERFLOW)

    def encoded(self, message: AnyMessage) -> bytes:
        """A message as it would travel, if it can.

        Raises:
            BadMessage: it cannot, or has too many bytes.
        """
        data = encode_checked(self._codec, message)
        if len(data) > LIMITS.max_backlog:
            raise BadMessage(f"{len(data)} bytes in one message; at most {LIMITS.max_backlog} may wait")
        return data

    def send_input(self, message: Input, *, shown: Sample | None = None) -> int:
        """Number an input, send it, and return its number.

        Args:
            shown: what was drawn of the others: a server with `netlib.lag_compensation` judges by it.

        Raises:
            WrongArgument: it is no object of a `netlib.Input` class, or ``shown`` is no `netlib.Sample`.
            BadMessage, WrongCall: as for `send`.
        """
        numbered = numbered_input(message, self._input_seq + 1, shown)
        self.check_call()
        self._input_seq = numbered.seq
        self._conversation.beside_input()
        self.send(numbered)
        return numbered.seq

    @overload
    async def request(
        self, message: AnyMessage, /, *, timeout: float | None = ..., reply: type[MessageT] | None = None
    ) -> MessageT: ...
    @overload
    async def request(self, message: str, /, **fields: Any) -> Any: ...
    async def request(self, message: AnyMessage | str, /, **keywords: Any) -> Any:
        """Send a message that wants an answer, or a declared one by name, and wait for the answer.

        Args:
            timeout: seconds; 10 unless given, and None waits for ever.
            reply: the class of the answer, which is then declared, too: ``reply=Answer``.

        Returns:
            The message that the server answered with, or None.

        Raises:
            RequestFailed: it answered with an error; ``code`` and text say why.
            BadMessage: it answered with something else than a ``reply``.
            TimeoutError: it did not answer in time.
            ConnectionLost: our session ended before.
            UnknownType, BadMessage, WrongArgument, WrongCall: as for `send`.
        """
        if self._presence.over:
            raise ConnectionLost(CloseCode.NORMAL_CLOSURE, "our session is over")
        self.check_call()
        whole, options = self.meant(message, keywords, timeout=REQUEST_TIMEOUT, reply=None)
        return await self._conversation.requests.ask(whole, **options)

    # For clients that are more.

    def received(self, line: Line, data: bytes) -> None:
        """A message arrived, still encoded: a client may hold it back, and hand it on later."""
        if line is not self._presence.line:
            return  # it comes late, from a connection that is over
        message = self._conversation.received(line, data)
        if message is not None:
            self._mailbox.put(message)
            self._events.emit(key_of(message), message)

    def _backlog_while_here(self) -> int:
        if self._presence.over:
            raise ConnectionLost(CloseCode.NORMAL_CLOSURE, "our session is over")
        return self.backlog

    def _welcomed(self, welcome: frames.Welcome) -> None:
        """The server has let us in."""
        self.player_id = welcome.player_id
        self.name = showable(welcome.name) or self.name
        self.room = showable(welcome.room)
        self.room_id, self.room_code = welcome.room_id or "", welcome.code or ""
        self.tick_rate = welcome.tick_rate
        log.info('joined "%s" at %s as %s', self.room, self.url, self.name)

    def _tell(self, event: Event) -> None:
        """Something happened: for games that poll, and for those that listen."""
        self._mailbox.put(event)
        self._events.emit(type(event), event)


class connect(Client[EntityT]):  # in small letters, since it reads as what it does
    """Join a room: ``async with netlib.connect("ws://…") as client``, or ``await`` it. See `Client`.

    When nobody does, a RuntimeWarning says so once it is collected, as for a coroutine.
    """

    def __del__(self) -> None:
        if not self._open_in and "_presence" in self.__dict__:  # else it was refused as it was made
            never = f"connect({self.url!r}) was never awaited: {HOW_TO_OPEN}"
            warnings.warn(never, RuntimeWarning, stacklevel=1, source=self)
