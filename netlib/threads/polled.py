"""A client for a program with a loop of its own, such as pygame's, that knows nothing of asyncio."""

import itertools
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

import msgspec

from netlib.client.client import Client
from netlib.client.dial import Line
from netlib.client.reconnect import Reconnecting
from netlib.errors import ConnectionLost, NetlibError
from netlib.events import Event
from netlib.play.metrics import LinkMetrics
from netlib.play.timing import ServerClock
from netlib.protocol.codecs import JSON
from netlib.protocol.messages import AnyMessage, Input, encode
from netlib.threads.loop_thread import LoopThread
from netlib.transport.conditioner import LinkConditions
from netlib.transport.dispatch import MAX_WAITING, Happened
from netlib.transport.requests import REQUEST_TIMEOUT

ABNORMAL = 1006  # close code: there is no connection


class _Relay(Client):
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


class PolledClient:
    """A player in a room, for a program without asyncio. The network has a thread of its own.

    Only `connect`, `request` and `close` wait; everything may be called from any thread.

    Args:
        url: ``ws://host:port``, or what people type: ``192.168.1.5``, ``myhost:9000``.
        options: those of `netlib.Client`.

    Attributes:
        error: why the last `connect` failed, an exception of `netlib.errors`; None when it did not.
    """

    def __init__(self, url: str, **options: Any) -> None:
        self.error: NetlibError | None = None
        self._client = _Relay(url, **options)
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

    def poll(self) -> list[Happened]:
        """Everything that has happened since the last call, oldest first, like `pygame.event.get`.

        Events and messages, as from `netlib.Client.poll`.
        """
        taken: list[Happened] = []
        with suppress(IndexError):  # another thread may read, too
            for _ in range(len(self._happened)):
                taken.append(self._happened.popleft())
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

    def send(
        self,
        message: AnyMessage | str,
        *,
        delivered: Callable[[], Any] | None = None,
        **fields: Any,
    ) -> None:
        """Send a message, or a declared one by name with its fields. Nothing is sent before `connect`.

        Args:
            delivered: called when the server has it, in the network's thread.

        Raises:
            UnknownType, BadMessage: see `netlib.Client.send`.
        """
        whole = self._client.message_of(message, fields)
        encode(JSON, whole)
        self._thread.post(lambda: self._client.send(whole, delivered=delivered))

    def send_input(self, message: Input) -> int:
        """Number an input, send it, and return its number."""
        with self._lock:
            seq = next(self._seqs)
            self.send(msgspec.structs.replace(message, seq=seq))
        return seq

    def request(
        self, message: AnyMessage | str, *, timeout: float | None = REQUEST_TIMEOUT, **fields: Any
    ) -> Any:
        """Send a message that wants an answer, and wait for it.

        Args:
            timeout: seconds; None waits for ever.

        Returns:
            The message that the server answered with, or None.

        Raises:
            RequestFailed, TimeoutError, ConnectionLost: see `netlib.Client.request`.
        """
        whole = self._client.message_of(message, fields)
        try:
            return self._thread.wait_for(lambda: self._client.request(whole, timeout=timeout))
        except RuntimeError as error:
            raise ConnectionLost(ABNORMAL, str(error)) from None

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
    def tick_rate(self) -> float:
        """The server's ticks per second."""
        return self._client.tick_rate

    @property
    def state(self) -> dict[str, dict[int, Any]]:
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
        if not self._thread.post(lambda: setattr(self._client, "link", conditions)):
            self._client.link = conditions
