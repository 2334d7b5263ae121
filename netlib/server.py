"""The server: a room on the network, with fixed ticks, listeners, and state for everyone."""

from __future__ import annotations

import asyncio
import logging
import ssl as tls
from collections.abc import Callable, Collection, Sequence
from typing import Any, Self

from netlib.acceptor import Acceptor
from netlib.beacon import RoomInfo, new_id
from netlib.codecs import Codec
from netlib.conditioner import PERFECT, LinkConditions
from netlib.discovery import PORTS, Responder
from netlib.dispatch import Dispatcher, key_of
from netlib.events import Event, Joined, Left, ListenerT
from netlib.loops import clock, run, ticks
from netlib.messages import Input, Message, Untyped, encode
from netlib.metrics import ServerMetrics
from netlib.network import TCP, Network
from netlib.peer import Peer
from netlib.reception import Reception
from netlib.session import Limits
from netlib.state import State
from netlib.sync import Publisher
from netlib.timing import TickSchedule
from netlib.web import Page, json_page
from netlib.wire import FROM_CLIENT, PORT, PROTOCOL_VERSION

TICK_RATE = 30.0  # ticks per second

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
        tick: number of the newest tick. Skipped ticks count, so ``tick / tick_rate`` is the
            server's time in seconds.
        metrics: what happened and what was refused.
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
            lambda connection: Peer(self, connection),
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
        self._started = clock()
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
        self._started = clock()
        self.spawn(self._tick_forever())
        self.spawn(self._acceptor.watch())
        log.info('"%s" listens on port %d', self.name, self.port)

    async def stop(self, reason: str = "the server shuts down") -> None:
        """Say goodbye to everyone (close code 1001), and free the port."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        if self._responder is not None:
            self._responder.close()
        await self._acceptor.close(reason)
        await self.cancel_tasks()
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
        """Everyone who has joined, spectators included."""
        return [peer for peer in self._acceptor.peers if peer.joined]

    @property
    def players(self) -> list[Peer]:
        """Everyone who plays."""
        return [peer for peer in self.peers if not peer.spectator]

    @property
    def time(self) -> float:
        """Seconds since the server started."""
        return clock() - self._started

    @property
    def discoverable_on(self) -> int | None:
        """The UDP port on which searchers are answered, if any."""
        return self._responder.port if self._responder is not None else None

    def on_tick(self, listener: ListenerT) -> ListenerT:
        """Call ``listener(dt)`` every tick; ``dt`` is always the tick's duration in seconds."""
        return self._events.on(_Tick, listener)

    def send(self, peer: Peer, message: Message | Untyped | str, **fields: Any) -> None:
        """Send to one client; a message, or the name of a declared one with its fields."""
        peer.send(self.message_of(message, fields))

    def broadcast(
        self, message: Message | Untyped | str, *, exclude: Collection[Peer] = (), **fields: Any
    ) -> None:
        """Send to everyone who has joined, except those in ``exclude``; encoded once."""
        whole = self.message_of(message, fields)
        encoded: dict[Codec, bytes] = {}
        for peer in self.peers:
            if peer not in exclude:
                if peer.codec not in encoded:
                    encoded[peer.codec] = encode(peer.codec, whole)
                peer.send_encoded(encoded[peer.codec])

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

    # What peers tell.

    def message_received(self, peer: Peer, message: Message | Untyped) -> None:
        """A valid message arrived: netlib's own ones are handled, the others go to the listeners."""
        if not self._reception.handle(peer, message):
            self._events.emit(key_of(message), peer, message)

    def peer_joined(self, peer: Peer) -> None:
        """A hello was accepted, and the welcome is sent."""
        self.metrics.joined += 1
        log.info("%s joined from %s", peer.name, peer.address)
        self._events.emit(Joined, Joined(peer))
        peer.send_snapshot(self._publisher)

    def peer_gone(self, peer: Peer, code: int, reason: str) -> None:
        """Someone who had joined is gone."""
        self.metrics.left += 1
        log.info("%s (%s) left: %d %s", peer.name, peer.address, code, reason)
        self._events.emit(Left, Left(peer, code, reason))

    # Time.

    async def _tick_forever(self) -> None:
        schedule = TickSchedule(self.tick_rate, start=self._started)
        async for _ in ticks(schedule):
            self.tick = schedule.tick
            self.metrics.ticks += 1
            self.metrics.ticks_skipped = schedule.skipped
            self._events.emit(_Tick, schedule.duration)
