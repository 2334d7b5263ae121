"""The server: a room on the network, with fixed ticks, listeners, and state for everyone."""

from __future__ import annotations

import asyncio
import logging
import ssl as tls
from collections.abc import Callable, Collection, Sequence
from typing import Any, Self, TypeAlias

from netlib.acceptor import Acceptor
from netlib.beacon import RoomInfo, new_id
from netlib.caller import Caller
from netlib.codecs import Codec
from netlib.conditioner import PERFECT, LinkConditions
from netlib.discovery import PORTS, Responder
from netlib.dispatch import Dispatcher, key_of
from netlib.events import Event, ListenerT
from netlib.handshake import Limits
from netlib.loops import run
from netlib.messages import Input, Message, Untyped, encode
from netlib.metrics import ServerMetrics
from netlib.network import TCP, Network
from netlib.peer import Peer
from netlib.reception import Reception
from netlib.roster import Roster
from netlib.state import State
from netlib.sync import Publisher
from netlib.ticker import Ticker
from netlib.web import Page, json_page
from netlib.wire import FROM_CLIENT, PORT, PROTOCOL_VERSION

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
        limits: what one client may ask for.
        link: simulated conditions at this end of every link.
        seed: makes simulated jitter and loss repeatable.
        hosted: whether this is a room for everybody here, which searchers prefer.
        discoverable: whether searchers on the LAN find this room.
        discovery_ports: UDP ports to answer on; the first free one is taken.
        ssl: a TLS context, for ``wss://``.
        network: what carries the bytes.

    Attributes:
        tick: number of the newest tick; skipped ones count, so ``tick / tick_rate`` is the room's time.
        metrics: what happened and what was refused.
        roster: who is in the room, connected or not.
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
        limits: Limits | None = None,
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
        self.pages: dict[str, Callable[[], Page]] = {
            "/info": lambda: json_page(self.info()),
            "/health": lambda: json_page({"status": "ok", "tick": self.tick}),
        }
        self._next_port = next_port
        self._snapshot_interval = 1 if snapshot_rate is None else max(1, round(tick_rate / snapshot_rate))
        self._password = password
        self._ssl = ssl
        self._network = network
        self._acceptor = Acceptor(
            lambda connection: Caller(self, connection),
            limits=self.limits,
            pages=self.pages,
            link=link,
            seed=seed,
        )
        self._responder = Responder(self.info, ports=discovery_ports) if discoverable else None
        self._room_id = new_id()
        self._hosted = hosted
        self._reception = Reception(self, password)
        self._publisher = Publisher()
        self.roster = Roster(self)
        self._ticker = Ticker(tick_rate, self._on_tick)
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
        self._stopped.clear()
        self.stopping = False
        self._ticker.go()
        if not self._manual:
            self.spawn(self._ticker.run())
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
        self._ticker.stand()
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
        """Wait until someone calls `stop`."""
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
        return self._ticker.time()

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
        whole = self.message_of(message, fields)
        encoded: dict[Codec, bytes] = {}
        for peer in self.peers:
            if peer not in exclude:
                if peer.codec not in encoded:
                    encoded[peer.codec] = encode(peer.codec, whole)
                peer.send_encoded(whole, encoded[peer.codec], delivered)

    def publish(self, state: State) -> None:
        """Give everyone this state: a full snapshot to newcomers, deltas to the others."""
        newest = self._publisher.tick
        if newest is not None and 0 <= self.tick - newest < self._snapshot_interval > 1:
            return
        self._publisher.update(self.tick, state)
        for peer in self.peers:
            peer.send_snapshot(self._publisher)

    def info(self) -> RoomInfo:
        """What discovery and ``GET /info`` tell about this room."""
        return RoomInfo(
            id=self._room_id,
            name=self.name,
            players=len(self.players),
            max_players=self.limits.max_players,
            port=self.port,
            protocol=PROTOCOL_VERSION,
            password=bool(self._password),
            hosted=self._hosted,
        )

    # What connections tell.

    def message_received(self, caller: Caller, message: Message | Untyped) -> None:
        """A valid message arrived: netlib's own ones are handled, the others go to the listeners."""
        if not self._reception.handle(caller, message):
            self._events.emit(key_of(message), caller.peer, message)

    def emit(self, event: Event) -> None:
        """Tell the listeners of an event."""
        self._events.emit(type(event), event)

    def welcome(self, peer: Peer) -> None:
        """Someone has come, or come back: the newest state is the first that it gets."""
        peer.send_snapshot(self._publisher)

    # Time.

    def update(self) -> None:
        """Run one tick now: for a server that is ``manual``, and driven by its own program."""
        self._ticker.step()

    def _on_tick(self) -> None:
        self.tick = self._ticker.tick
        self.metrics.ticks += 1
        self.metrics.ticks_skipped = self._ticker.skipped
        self._events.emit(_Tick, self._ticker.duration)
