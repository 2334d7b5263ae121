"""What the servers for programs without asyncio have in common: a `Server`, and safe ways to use it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from typing import Any, Self, TypeVar, overload

from netlib.discovery.beacon import RoomInfo
from netlib.discovery.interfaces import LOOPBACK, lan_addresses
from netlib.events import Listener, ListenerT
from netlib.play.metrics import ServerMetrics
from netlib.protocol.codecs import JSON
from netlib.protocol.messages import AnyMessage, Message, encode
from netlib.server.peer import Delivered, Peer
from netlib.server.server import Server
from netlib.state.state import State, frozen_copy
from netlib.transport.conditioner import LinkConditions
from netlib.transport.dispatch import Key
from netlib.transport.tcp import host_port

T = TypeVar("T")


class ServerFront(ABC):
    """A `Server` that is used from outside of its event loop.

    Attributes:
        server: the server itself; use it only in listeners, and through `call`.
    """

    def __init__(self, server: Server) -> None:
        self.server = server

    # How it is run.

    @property
    @abstractmethod
    def running(self) -> bool:
        """True from `start` until it has stopped."""

    @abstractmethod
    def start(self) -> None:
        """Listen. Nothing happens when it does already."""

    @abstractmethod
    def stop(self) -> None:
        """Say goodbye to everyone, and free the port."""

    @abstractmethod
    def call(self, function: Callable[[], T]) -> T:
        """Call a function where the server runs, and return what it returns, or raise what it raises.

        While the server does not run, that is here.
        """

    @abstractmethod
    def _do(self, function: Callable[[], object]) -> None:
        """Call a function where the server runs, without waiting for it."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # Listening, as with `Server`.

    @overload
    def on(self, key: Key) -> Callable[[ListenerT], ListenerT]: ...
    @overload
    def on(self, key: Key, listener: ListenerT) -> ListenerT: ...
    def on(self, key: Key, listener: Any = None) -> Any:
        """Listen. See `netlib.Server.on`."""
        if listener is None:
            return lambda function: self.on(key, function)
        return self.call(lambda: self.server.on(key, listener))

    def once(self, key: Key, listener: Listener) -> Listener:
        """Listen for the next time only. Returns the handle that `off` takes."""
        return self.call(lambda: self.server.once(key, listener))

    def off(self, key: Key, listener: Listener) -> None:
        """Stop listening."""
        self.call(lambda: self.server.off(key, listener))

    def on_tick(self, listener: ListenerT) -> ListenerT:
        """Call ``listener(dt)`` every tick; ``dt`` is always the tick's duration in seconds."""
        return self.server.on_tick(listener)

    def on_request(self, key: type[Message] | str) -> Callable[[ListenerT], ListenerT]:
        """Answer requests. See `netlib.Server.on_request`."""
        return self.call(lambda: self.server.on_request(key))

    # Telling. What is wrong with a message is raised here; the rest never waits.

    def send(
        self, peer: Peer, message: AnyMessage | str, *, delivered: Delivered | None = None, **fields: Any
    ) -> None:
        """Send to one client. See `netlib.Server.send`; ``delivered`` is called where the server runs."""
        whole = self._checked(message, fields)
        self._do(lambda: self.server.send(peer, whole, delivered=delivered))

    def broadcast(
        self,
        message: AnyMessage | str,
        *,
        exclude: Collection[Peer] = (),
        delivered: Delivered | None = None,
        **fields: Any,
    ) -> None:
        """Send to everyone in the room, except those in ``exclude``. See `netlib.Server.broadcast`."""
        whole, without = self._checked(message, fields), tuple(exclude)
        self._do(lambda: self.server.broadcast(whole, exclude=without, delivered=delivered))

    def publish(self, state: State) -> None:
        """Give everyone this state, as it is now. See `netlib.Server.publish`."""
        now = frozen_copy(state)
        self._do(lambda: self.server.publish(now))

    def kick(self, peer: Peer, reason: str = "kicked by the host") -> None:
        """End a client's stay, with a reason that it is shown."""
        self._do(lambda: peer.kick(reason))

    def _checked(self, message: AnyMessage | str, fields: dict[str, Any]) -> AnyMessage:
        whole = self.server.message_of(message, fields)
        encode(JSON, whole)
        return whole

    # Looking.

    @property
    def name(self) -> str:
        """The room's name."""
        return self.server.name

    @property
    def port(self) -> int:
        """The TCP port on which it listens."""
        return self.server.port

    @property
    def hostname(self) -> str:
        """An address at which clients reach it: of the LAN, if it listens there."""
        everywhere = lan_addresses() if self.server.host is None else [self.server.host]
        return everywhere[0] if everywhere else LOOPBACK

    @property
    def url(self) -> str:
        """``ws://host:port``, as clients take it."""
        return f"ws://{host_port(self.hostname, self.port)}"

    @property
    def peers(self) -> list[Peer]:
        """Everyone in the room. See `netlib.Server.peers`."""
        return self.server.peers

    @property
    def players(self) -> list[Peer]:
        """Everyone who plays."""
        return self.server.players

    def info(self) -> RoomInfo:
        """What searchers are told about this room."""
        return self.server.info()

    @property
    def tick(self) -> int:
        """The number of the newest tick."""
        return self.server.tick

    @property
    def metrics(self) -> ServerMetrics:
        """What happened and what was refused."""
        return self.server.metrics

    @property
    def link(self) -> LinkConditions:
        """Simulated conditions at this end of every link; setting them takes effect soon."""
        return self.server.link

    @link.setter
    def link(self, conditions: LinkConditions) -> None:
        self._do(lambda: setattr(self.server, "link", conditions))
