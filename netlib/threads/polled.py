"""A client for a program with a loop of its own, such as pygame's, that knows nothing of asyncio."""

import itertools
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any, Generic, Self, TypeVar, overload

from netlib.arguments import check
from netlib.client.client import Client, numbered_input
from netlib.client.dial import Line
from netlib.client.reconnect import Reconnecting
from netlib.errors import ConnectionLost, NetlibError, WrongCall
from netlib.events import Event, Events, Listener
from netlib.play.interpolation import Sample
from netlib.play.metrics import LinkMetrics
from netlib.play.timing import ServerClock
from netlib.protocol.frames import RoomState
from netlib.protocol.messages import AnyMessage, Input
from netlib.state.state import Collections, EntityT
from netlib.threads.loop_thread import LoopThread
from netlib.transport.conditioner import LinkConditions
from netlib.transport.listens import Key, Listens, MessageT, Registers, fitting
from netlib.transport.mailbox import MAX_WAITING, Happened, key_of
from netlib.transport.requests import REQUEST_TIMEOUT

ABNORMAL = 1006  # close code: there is no connection
NOT_CONNECTED = "this client is not in a room: call connect() first, and look whether it returns True"

T = TypeVar("T")


class _Relay(Client[EntityT]):
    """Hands over what happens to a reader in another thread."""

    def __init__(self, url: str, **options: Any) -> None:
        self.happened = deque[Happened](maxlen=MAX_WAITING)
        super().__init__(url, **options)

    def received(self, line: Line, data: bytes) -> None:
        super().received(line, data)
        self.happened.extend(self.poll())

    def _tell(self, event: Event) -> None:
        super()._tell(event)
        self.happened.extend(self.poll())


class PolledClient(Listens[()], Generic[EntityT]):
    """A player in a room, for a program without asyncio. The network has a thread of its own.

    Only `connect`, `request`, `wait_for`, `drain` and `close` wait; everything may be called from any thread.
    Listeners (`on`) are plain functions, which `poll` calls.

    Args:
        url: ``ws://host:port``, or what people type: ``192.168.1.5``, ``myhost:9000``.
        schema: the entity class of each collection of the state.
        options: the others of `netlib.Client`.

    Attributes:
        error: why the last `connect` failed, an exception of `netlib.errors`; None when it did not.
    """

    def __init__(
        self, url: str, *, schema: Mapping[str, type[EntityT]] | None = None, **options: Any
    ) -> None:
        self.error: NetlibError | None = None
        self._client = _Relay(url, schema=schema, **options)
        self._events = Events()
        self._happened = self._client.happened
        self._thread = LoopThread(f"netlib client {self._client.name!r}")
        self._seqs = itertools.count(1)
        self._lock = threading.Lock()

    # Opening and closing.

    def connect(self) -> tuple[bool, str]:
        """Join the room; or join it again.

        Returns:
            Whether we are in the room, and a sentence for people: else what went wrong, and what to do.
        """
        if not self.connected:
            self.close()
            self.error = None
            try:
                self._thread.start(self._client)
            except NetlibError as error:
                self.error = error
                return False, str(error)
        return True, f'joined "{self.room}" as {self.name}'

    def close(self) -> None:
        """Leave the room. What has happened before can still be read."""
        self._thread.stop()

    def __enter__(self) -> Self:
        """Join the room.

        Raises:
            NetlibError: as `netlib.Client.open`; `connect` says it in words.
        """
        self.connect()
        if self.error is not None:
            raise self.error
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What has happened.

    def _listen(self, key: Key, listener: Listener) -> Listener:
        return self._events.on(key, fitting(key, listener, "message"))

    def once(self, key: Key, listener: Listener) -> Listener:
        """Listen for the next time only. Returns the handle that `off` takes."""
        self.declare(key)
        return self._events.once(key, fitting(key, listener, "message"))

    def off(self, key: Key, listener: Listener) -> None:
        """Stop listening."""
        self._events.off(key, listener)

    def declare(self, key: Key) -> None:
        """Make a message known, so that it is decoded when it arrives and can be sent by name."""
        self._there(lambda: self._client.declare(key))

    def on_request(self, key: type[MessageT] | str) -> Registers[MessageT]:
        """Answer requests, in the network's thread. See `netlib.Client.on_request`."""
        return self._there(lambda: self._client.on_request(key))

    def wait_for(
        self, key: Key, *, where: Callable[..., bool] | None = None, timeout: float | None = None
    ) -> Any:
        """Wait for the next event or message, which `poll` then has, too. See `netlib.Client.wait_for`.

        Raises:
            TimeoutError: it did not happen in time, in seconds.
            ConnectionLost: our session is over, or ends.
            WrongCall: before `connect`, or after `close`.
        """
        return self._wait_for(lambda: self._client.wait_for(key, where=where, timeout=timeout))

    def poll(self) -> list[Happened]:
        """Everything that has happened since the last call, oldest first, like `pygame.event.get`.

        Events and messages, as from `netlib.Client.poll`. Those who listen (`on`) are told here.
        """
        taken: list[Happened] = []
        with suppress(IndexError):  # another thread may read, too
            for _ in range(len(self._happened)):
                taken.append(self._happened.popleft())
        for happened in taken:
            self._events.emit(key_of(happened), happened)
        return taken

    def read(self) -> AnyMessage | None:
        """The next message; None when there is none yet.

        The events before it are passed over; `poll` has them.
        """
        with suppress(IndexError):
            while True:
                if not isinstance(happened := self._happened.popleft(), Event):
                    return happened
        return None

    # Sending.

    def message(self, name: str, /, **fields: Any) -> AnyMessage:
        """A declared message by its name and fields, to be sent with options. See `netlib.Client.message`."""
        return self._client.message(name, **fields)

    @overload
    def send(self, message: AnyMessage, /, *, delivered: Callable[[], Any] | None = None) -> None: ...
    @overload
    def send(self, message: str, /, **fields: Any) -> None: ...
    def send(self, message: AnyMessage | str, /, **keywords: Any) -> None:
        """Send a message, or a declared one by name, where every keyword is a field; see `Client.send`.

        Args:
            delivered: called when the server has it, in the network's thread.

        Raises:
            UnknownType, BadMessage, WrongArgument: see `netlib.Client.send`.
            WrongCall: before `connect`, or after `close`.
        """
        whole, options = self._client.meant(message, keywords, delivered=None)
        self._client.encoded(whole)

        def send() -> None:
            with suppress(WrongCall):  # the client is being closed
                self._client.send(whole, **options)

        if not self._thread.post(send):
            raise WrongCall(NOT_CONNECTED)

    def send_input(self, message: Input, *, shown: Sample | None = None) -> int:
        """Number an input, send it, and return its number. See `netlib.Client.send_input`."""
        with self._lock:
            numbered = numbered_input(message, next(self._seqs), shown)
            self.send(numbered)
        return numbered.seq

    @overload
    def request(
        self, message: AnyMessage, /, *, timeout: float | None = ..., reply: type[MessageT] | None = None
    ) -> MessageT: ...
    @overload
    def request(self, message: str, /, **fields: Any) -> Any: ...
    def request(self, message: AnyMessage | str, /, **keywords: Any) -> Any:
        """Send a message that wants an answer, and wait for it. See `netlib.Client.request`.

        Args:
            timeout: seconds; 10 unless given, and None waits for ever.
            reply: the class of the answer.

        Returns:
            The message that the server answered with, or None.

        Raises:
            RequestFailed, TimeoutError, ConnectionLost: see `netlib.Client.request`.
            UnknownType, BadMessage, WrongArgument, WrongCall: as for `send`.
        """
        whole, options = self._client.meant(message, keywords, timeout=REQUEST_TIMEOUT, reply=None)
        return self._wait_for(lambda: self._client.request(whole, **options))

    def drain(self) -> None:
        """Wait until less than 1 MiB waits for the server, before sending much more.

        Raises:
            ConnectionLost: our session is over, or ends.
            WrongCall: before `connect`, or after `close`.
        """
        self._wait_for(self._client.drain)

    def _wait_for(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        if not self._thread.running:
            raise WrongCall(NOT_CONNECTED)
        try:
            return self._thread.wait_for(make)
        except RuntimeError as error:
            raise ConnectionLost(ABNORMAL, str(error)) from None

    def _there(self, function: Callable[[], T]) -> T:
        """Call a function in the network's thread; here, while there is none."""
        return self._thread.call(function) if self._thread.running else function()

    # Looking.

    @property
    def connected(self) -> bool:
        """True while we are in the room, and not trying to come back."""
        return self._client.connected

    @property
    def reconnecting(self) -> Reconnecting | None:
        """How coming back goes; None while nothing is wrong."""
        return self._client.reconnecting

    @property
    def url(self) -> str:
        """Where the room is; a new one counts from the next `connect`."""
        return self._client.url

    @url.setter
    def url(self, url: str) -> None:
        self._client.url = url

    @property
    def name(self) -> str:
        """Our name in this room, which the server may have made unique ("Ada 2")."""
        return self._client.name

    @property
    def player_id(self) -> int:
        """Our number in this room."""
        return self._client.player_id

    @property
    def room(self) -> str:
        """The room's name."""
        return self._client.room

    @property
    def room_id(self) -> str:
        """Which of a server's many rooms this is; empty where it is the only one."""
        return self._client.room_id

    @property
    def room_code(self) -> str:
        """By what friends get into the same room; empty where it is the only one."""
        return self._client.room_code

    @property
    def tick_rate(self) -> float:
        """The server's ticks per second."""
        return self._client.tick_rate

    @property
    def state(self) -> Collections[EntityT]:
        """The newest state: collections of entities by id. It never changes under its reader."""
        return self._client.state

    @property
    def tick(self) -> int:
        """The server's tick of `state`; -1 before the first snapshot."""
        return self._client.tick

    @property
    def last_input_seq(self) -> int:
        """The newest of our inputs that the server has applied."""
        return self._client.last_input_seq

    @property
    def room_state(self) -> RoomState:
        """Whether we are the host, it is paused, and what the server's end of our link simulates."""
        return self._client.room_state

    @property
    def backlog(self) -> int:
        """Bytes that wait for the server: for the network, or for its confirmation."""
        return self._client.backlog

    @property
    def metrics(self) -> LinkMetrics:
        """Traffic, round trip and refusals, over all connections to the room."""
        return self._client.metrics

    @property
    def server_clock(self) -> ServerClock:
        """What time it is in the room."""
        return self._client.server_clock

    @property
    def link(self) -> LinkConditions:
        """Simulated conditions at our end; setting them takes effect soon."""
        return self._client.link

    @link.setter
    def link(self, conditions: LinkConditions) -> None:
        check("link", conditions, LinkConditions)
        if not self._thread.post(lambda: setattr(self._client, "link", conditions)):
            self._client.link = conditions
