"""What the servers for programs without asyncio have in common: a `Server`, and safe ways to use it."""

from abc import abstractmethod
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

from netlib.arguments import check
from netlib.discovery.beacon import RoomInfo
from netlib.discovery.interfaces import LOOPBACK, lan_addresses
from netlib.events import Event, Listener
from netlib.play.metrics import ServerMetrics
from netlib.protocol.codecs import CODECS
from netlib.protocol.messages import AnyMessage
from netlib.server.admission import Judge
from netlib.server.http import Pages, Searches
from netlib.server.peer import Peer, encoded
from netlib.server.room import peers_of
from netlib.server.server import Server
from netlib.server.tells import Tells
from netlib.session.handshake import Limits
from netlib.state.intake import Published
from netlib.transport.conditioner import LinkConditions
from netlib.transport.listens import Key, Listens, MessageT, Registers, ResultT
from netlib.transport.tcp import host_port

EVERYWHERE = (None, "", "0.0.0.0", "::")  # hosts that are no address at which anybody is reached

T = TypeVar("T")


class ServerFront(Listens[Peer], Tells):
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

    @abstractmethod
    def _wait_for(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine where the server runs, and wait for what it returns or raises."""

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Run a coroutine where the server runs, beside everything else."""
        self._do(lambda: self.server.spawn(coroutine))

    def pause(self, by: str = "the server") -> None:
        """Let time stand still, until `unpause`. Everybody is told who did it."""
        self._do(lambda: self.server.pause(by))

    def unpause(self) -> None:
        """Let time go on from where it stood."""
        self._do(self.server.unpause)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # Listening, as with `Server`.

    def _listen(self, key: Key, listener: Listener) -> Listener:
        return self.call(lambda: self.server.on(key, listener))

    def once(self, key: Key, listener: Listener) -> Listener:
        """Listen for the next time only. Returns the handle that `off` takes."""
        return self.call(lambda: self.server.once(key, listener))

    def off(self, key: Key, listener: Listener) -> None:
        """Stop listening."""
        self.call(lambda: self.server.off(key, listener))

    def on_tick(self, listener: Callable[[float], ResultT]) -> Callable[[float], ResultT]:
        """Call ``listener(dt)`` every tick; ``dt`` is always the tick's duration in seconds."""
        return self.server.on_tick(listener)

    def on_request(self, key: type[MessageT] | str) -> Registers[Peer, MessageT]:
        """Answer requests. See `netlib.Server.on_request`."""
        return self.call(lambda: self.server.on_request(key))

    def on_admit(self, judge: Judge) -> Judge:
        """Ask a function about each newcomer, where the server runs. See `netlib.Server.on_admit`."""
        return self.call(lambda: self.server.on_admit(judge))

    def wait_for(
        self, key: Key, *, where: Callable[..., bool] | None = None, timeout: float | None = None
    ) -> Any:
        """Wait for the next event or message, while the server serves. See `netlib.Server.wait_for`.

        Raises:
            TimeoutError: it did not happen in time, in seconds.
            RuntimeError: the server does not run, or this is one of its listeners.
        """
        return self._wait_for(lambda: self.server.wait_for(key, where=where, timeout=timeout))

    def declare(self, key: Key) -> None:
        """Make a message known, so that it is decoded when it arrives and can be sent by name."""
        self.call(lambda: self.server.declare(key))

    def emit(self, event: Event) -> None:
        """Tell the listeners of an event, where the server runs."""
        self._do(lambda: self.server.emit(event))

    # Telling. What is wrong with a message is raised here; the rest never waits.

    def message(self, name: str, /, **fields: Any) -> AnyMessage:
        """A declared message by its name and fields, to be sent with options. See `netlib.Server.message`."""
        return self.server.message(name, **fields)

    def _send(self, peer: Peer, message: AnyMessage | str, keywords: dict[str, Any]) -> None:
        whole, options = self._checked(message, keywords, delivered=None)
        self._do(lambda: self.server.send(peer, whole, **options))

    def _broadcast(self, message: AnyMessage | str, keywords: dict[str, Any]) -> None:
        whole, options = self._checked(message, keywords, exclude=(), delivered=None)
        options["exclude"] = peers_of(options["exclude"])
        self._do(lambda: self.server.broadcast(whole, **options))

    def publish(self, state: Published) -> None:
        """Give everyone this state, as it is now. See `netlib.Server.publish`."""
        now = self.server.publisher.intake.take(state)
        self._do(lambda: self.server.publish(now))

    def kick(self, peer: Peer, reason: str = "kicked by the host") -> None:
        """End a client's stay, with a reason that it is shown."""
        self._do(lambda: peer.kick(reason))

    def _checked(
        self, message: AnyMessage | str, keywords: dict[str, Any], **options: Any
    ) -> tuple[AnyMessage, dict[str, Any]]:
        whole, options = self.server.meant(message, keywords, **options)
        for codec in CODECS:  # nobody knows here which of them its clients speak
            encoded(self.server, codec, whole)
        return whole, options

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
        if self.server.host not in EVERYWHERE:
            return str(self.server.host)
        return next(iter(lan_addresses()), LOOPBACK)

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
    def host(self) -> str | None:
        """The address on which it listens; None is every interface."""
        return self.server.host

    @property
    def discoverable_on(self) -> int | None:
        """The UDP port on which searchers are answered, if any."""
        return self.server.discoverable_on

    @property
    def pages(self) -> Pages:
        """Small pages on the game's port, by path. See `netlib.Server`."""
        return self.server.pages

    @property
    def searches(self) -> Searches:
        """Pages that are told what stands behind the question mark. See `netlib.Server`."""
        return self.server.searches

    @property
    def limits(self) -> Limits:
        """What one client may ask for."""
        return self.server.limits

    @property
    def tick_rate(self) -> float:
        """Ticks per second."""
        return self.server.tick_rate

    @property
    def time(self) -> float:
        """The room's time in seconds."""
        return self.server.time

    @property
    def paused(self) -> bool:
        """True while time stands still."""
        return self.server.paused

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
        check("link", conditions, LinkConditions)
        self._do(lambda: setattr(self.server, "link", conditions))
