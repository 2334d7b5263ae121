"""The server: a room on the network, with fixed ticks, listeners, and state for everyone."""

import asyncio
import logging
import ssl as tls
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, Self, TypeAlias

from netlib.discovery.beacon import RoomInfo, new_id
from netlib.discovery.discovery import PORTS, Responder
from netlib.events import Event, ListenerT
from netlib.play.metrics import ServerMetrics
from netlib.protocol.frames import FROM_CLIENT, PORT, Command
from netlib.protocol.messages import Input, Message, Untyped
from netlib.server.about import room_info, standard_pages
from netlib.server.connections import Acceptor, Caller
from netlib.server.host import HostRights
from netlib.server.incoming import Reception
from netlib.server.peer import Peer
from netlib.server.roster import Roster
from netlib.server.ticker import Ticker
from netlib.session.handshake import Limits
from netlib.state.state import State
from netlib.state.sync import Publisher
from netlib.transport.conditioner import PERFECT, LinkConditions
from netlib.transport.dispatch import Dispatcher, key_of
from netlib.transport.loops import run
from netlib.transport.tcp import TCP, Network

TICK_RATE = 30.0  # ticks per second

Delivered: TypeAlias = Callable[[Peer], Any]

log = logging.getLogger("netlib")


class _Tick(Event, frozen=True):
    """The key of tick listeners."""


class Server(Dispatcher):
    """A room on the network.

    Args:
        name: the room's name, as discovery shows it.
        host: one address to listen on; None is every interface, IPv4 and IPv6.
        port: TCP port; 0 is any free one.
        next_port: when the port is taken, take the next free one.
        tick_rate: ticks per second.
        snapshot_rate: snapshots per second at most; None is one for every `publish`.
        manual: there are only the ticks that the program runs itself, by `update`.
        input_type: the game's `Input` class, if it has one.
        password: what a client needs to join; empty is an open room.
        host_password: what a client needs to command the room (see `netlib.server.host`); empty: nobody can.
        first_is_host: whoever has been here longest may command the room.
        limits: what one client may ask for.
        origins: sites whose pages may connect, as ours may: ``https://play.example.org``; ``*`` is any.
        link: simulated conditions at this end of every link.
        seed: makes simulated jitter and loss repeatable.
        hosted: whether this is a room for everybody here, which searchers prefer.
        discoverable: whether searchers on the LAN find this room.
        discovery_ports: UDP ports to answer on; the first free one is taken.
        ssl: a TLS context, for ``wss://``.
        network: what carries the bytes.

    Attributes:
        tick: number of the newest tick; skipped ones count, so ``tick / tick_rate`` is its time.
        metrics: what happened and what was refused.
        roster, rights: who is in the room, connected or not; who may command it.
        ticker, publisher: its time; the newest state.
        stopping: True once `stop` was called.
        pages: small pages on the game's port, by path; they must be quick to make.
    """

    def __init__(
        self,
        name: str,
        *,
        host: str | None = None,
        port: int = PORT,
        next_port: bool = False,
        tick_rate: float = TICK_RATE,
        snapshot_rate: float | None = None,
        manual: bool = False,
        input_type: type[Input] | None = None,
        password: str = "",
        host_password: str = "",
        first_is_host: bool = False,
        limits: Limits | None = None,
        origins: Collection[str] = (),
        link: LinkConditions = PERFECT,
        seed: int | None = None,
        hosted: bool = False,
        discoverable: bool = True,
        discovery_ports: Sequence[int] = PORTS,
        ssl: tls.SSLContext | None = None,
        network: Network = TCP,
    ) -> None:
        super().__init__((*FROM_CLIENT, input_type) if input_type else FROM_CLIENT)
        self.name = name
        self.host = host
        self.port = port
        self.tick_rate = tick_rate
        self.tick = 0
        self.limits = limits or Limits()
        self.metrics = ServerMetrics()
        self.stopping = False
        self.pages = standard_pages(self)
        self._next_port = next_port
        self._snapshot_interval = 1 if snapshot_rate is None else max(1, round(tick_rate / snapshot_rate))
        self._password = password
        self._ssl = ssl
        self._network = network
        self._acceptor = Acceptor(
            partial(Caller, self), limits=self.limits, pages=self.pages, origins=origins, link=link, seed=seed
        )
        self._responder = Responder(self.info, ports=discovery_ports, host=host) if discoverable else None
        self._room_id = new_id()
        self._hosted = hosted
        self._reception = Reception(self, password)
        self.publisher = Publisher()
        self.roster = Roster(self)
        self.rights = HostRights(self, host_password, first_is_host=first_is_host)
        self.on_request(Command)(self.rights.obey)
        self.ticker = Ticker(tick_rate, self._on_tick)
        self._manual = manual
        self._stopped = asyncio.Event()

    # Starting and stopping.

    async def start(self) -> None:
        """Listen, tick, and answer searchers, until `stop`.

        Raises:
            PortInUse: another program listens on the port.
            StartError: the host is not an address of this machine.
        """
        self.port = await self._acceptor.open(
            self._network, host=self.host, port=self.port, next_port=self._next_port, ssl=self._ssl
        )
        if self._responder is not None:
            await self._responder.start()
        self._stopped = asyncio.Event()  # a new one: this may be another event loop than before
        self.stopping = False
        self.ticker.go()
        if not self._manual:
            self.spawn(self.ticker.run())
        self.spawn(self._acceptor.watch())
        self.roster.wait_for_all()
        log.info('"%s" listens on port %d', self.name, self.port)

    async def stop(self, reason: str = "the server shuts down") -> None:
        """Say goodbye to everyone (close code 1001), and free the port.

        Sessions are kept: who was here may come back when the same server starts again.
        """
        if self.stopping:
            return
        self.stopping = True
        self.ticker.stand()
        if self._responder is not None:
            self._responder.close()
        await self._acceptor.close(reason)
        await self.cancel_tasks()
        self._stopped.set()
        log.info('"%s" has stopped', self.name)

    async def serve_forever(self) -> None:
        """Start, and stop when this is cancelled or someone calls `stop`."""
        async with self:
            await self.wait_stopped()

    async def wait_stopped(self) -> None:
        """Wait until someone has called `stop`."""
        await self._stopped.wait()

    def run(self) -> None:
        """Serve until Ctrl-C, without any asyncio in the caller."""
        run(self.serve_forever())

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # For games.

    @property
    def peers(self) -> list[Peer]:
        """Everyone in the room: spectators, and players who are away for a moment, included."""
        return self.roster.peers

    @property
    def players(self) -> list[Peer]:
        """Everyone who plays."""
        return [peer for peer in self.peers if not peer.spectator]

    @property
    def time(self) -> float:
        """The room's time in seconds: that of its ticks, and the part of a tick since then."""
        return self.ticker.time()

    @property
    def link(self) -> LinkConditions:
        """Simulated conditions at this end of every link; setting them takes effect at once."""
        return self._acceptor.link

    @link.setter
    def link(self, conditions: LinkConditions) -> None:
        self._acceptor.link = conditions
        for peer in self.peers:
            peer.link = conditions

    @property
    def paused(self) -> bool:
        """True while time stands still: no ticks, and no inputs are taken."""
        return self.ticker.stands

    def pause(self, by: str = "the server") -> None:
        """Let time stand still, until `unpause`. Everybody is told who did it."""
        self.rights.pause(by)

    def unpause(self) -> None:
        """Let time go on from where it stood."""
        self.rights.unpause()

    @property
    def discoverable_on(self) -> int | None:
        """The UDP port on which searchers are answered, if any."""
        return self._responder.port if self._responder is not None else None

    def on_tick(self, listener: ListenerT) -> ListenerT:
        """Call ``listener(dt)`` every tick; ``dt`` is always the tick's duration in seconds."""
        return self._events.on(_Tick, listener)

    def send(
        self,
        peer: Peer,
        message: Message | Untyped | str,
        *,
        delivered: Delivered | None = None,
        **fields: Any,
    ) -> None:
        """Send to one client; a message, or the name of a declared one with its fields. See `Peer.send`."""
        peer.send(self.message_of(message, fields), delivered=delivered)

    def broadcast(
        self,
        message: Message | Untyped | str,
        *,
        exclude: Collection[Peer] = (),
        delivered: Delivered | None = None,
        **fields: Any,
    ) -> None:
        """Send to everyone in the room, except those in ``exclude``; encoded once."""
        self.roster.broadcast(self.message_of(message, fields), exclude, delivered)

    def publish(self, state: State) -> None:
        """Give everyone this state: a full snapshot to newcomers, deltas to the others."""
        newest = self.publisher.tick
        if newest is not None and 0 <= self.tick - newest < self._snapshot_interval > 1:
            return
        self.publisher.update(self.tick, state)
        for peer in self.peers:
            peer.send_snapshot(self.publisher)

    def info(self) -> RoomInfo:
        """What discovery and ``GET /info`` tell about this room."""
        return room_info(self, password=bool(self._password), hosted=self._hosted, id=self._room_id)

    # What connections tell.

    def message_received(self, caller: Caller, message: Message | Untyped) -> None:
        """A valid message arrived: netlib's own ones are handled, the others go to the listeners."""
        if not self._reception.handle(caller, message):
            self._events.emit(key_of(message), caller.peer, message)

    def emit(self, event: Event) -> None:
        """Tell the listeners of an event."""
        self._events.emit(type(event), event)

    # Time.

    def update(self) -> None:
        """Run one tick now: for a server that is ``manual``, and driven by its own program."""
        self.ticker.step()

    def _on_tick(self) -> None:
        self.tick = self.ticker.tick
        self.metrics.ticks += 1
        self.metrics.ticks_skipped = self.ticker.skipped
        self._events.emit(_Tick, self.ticker.duration)
