"""The server: a room that is reached over the network."""

import asyncio
import logging
import ssl as tls
from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, Self

from netlib.discovery.beacon import RoomInfo, new_id
from netlib.discovery.discovery import PORTS, Responder
from netlib.events import Event, Left
from netlib.protocol.frames import PORT, PROTOCOL_VERSION, Command
from netlib.protocol.messages import AnyMessage, Input
from netlib.server.connections import Caller, Endpoint
from netlib.server.host import HostRights
from netlib.server.http import ServerConnection, Shared, json_page
from netlib.server.incoming import Incoming
from netlib.server.peer import Delivered, Peer, Seat
from netlib.server.room import GameRoom
from netlib.server.roster import Roster
from netlib.session.handshake import Limits
from netlib.state.state import State
from netlib.state.sync import Publisher
from netlib.transport.conditioner import PERFECT, LinkConditions
from netlib.transport.loops import run
from netlib.transport.tcp import TCP, Network

TICK_RATE = 30.0  # ticks per second

log = logging.getLogger("netlib")


class Server(GameRoom):
    """A room on the network: who is in it, its state, what its host may do, and where it is reached.

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
        first_is_host: the player who has been here longest may command the room.
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
        host: the address on which it listens; None is every interface.
        pages: small pages on the game's port, by path; they must be quick to make.
        roster, rights: who is in the room, connected or not; who may command it.
        publisher: the newest state.
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
        super().__init__(name, tick_rate, input_type, limits or Limits())
        self.host = host
        self.publisher = Publisher()
        self.roster = Roster(self)
        self.rights = HostRights(self, self.roster, host_password, first_is_host=first_is_host)
        self.on_request(Command)(self.rights.obey)
        self._incoming = Incoming(self, self.roster, self.rights, self.publisher, password)
        self.pages = {
            "/info": lambda: json_page(self.info()),
            "/health": lambda: json_page({"status": "ok", "tick": self.tick}),
        }
        self._snapshot_interval = 1 if snapshot_rate is None else max(1, round(tick_rate / snapshot_rate))
        self._manual, self._hosted, self._has_password = manual, hosted, bool(password)
        self._room_id = new_id()
        self._stopped = asyncio.Event()
        accept = partial(ServerConnection, Shared(self.pages, self.limits.message_size, origins, seed))
        listen = partial(network.listen, host=host, next_port=next_port, ssl=ssl)
        ports = discovery_ports if discoverable else ()
        responder = Responder(self.info, ports=ports, host=host) if ports else None
        self._endpoint = Endpoint(partial(Caller, self), accept, listen, responder, self.limits, link, port)

    # Starting and stopping.

    async def start(self) -> None:
        """Listen, tick, and answer searchers, until `stop`.

        Raises:
            PortInUse: another program listens on the port.
            StartError: the host is not an address of this machine.
        """
        await self._endpoint.open()
        self._stopped = asyncio.Event()  # a new one: this may be another event loop than before
        self.stopping = False
        self.ticker.go()
        if not self._manual:
            self.spawn(self.ticker.run())
        self.spawn(self._endpoint.watch())
        for seat in self.roster.seats.values():  # those who were here before get their grace time
            self.roster.wait_for(seat)
        log.info('"%s" listens on port %d', self.name, self.port)

    async def stop(self, reason: str = "the server shuts down") -> None:
        """Say goodbye to everyone (close code 1001), and free the port.

        Sessions are kept: a player may come back when the same server starts again.
        """
        if self.stopping:
            return
        self.stopping = True
        self.ticker.stand()
        await self._endpoint.close(reason)
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
    def port(self) -> int:
        """TCP port on which it listens."""
        return self._endpoint.port

    @property
    def discoverable_on(self) -> int | None:
        """The UDP port on which searchers are answered, if any."""
        responder = self._endpoint.responder
        return responder.port if responder else None

    @property
    def peers(self) -> list[Peer]:
        """Everyone in the room: spectators, and players who are away for a moment, included."""
        return self.roster.peers

    @property
    def players(self) -> list[Peer]:
        """Everyone who plays."""
        return self.roster.players

    @property
    def link(self) -> LinkConditions:
        """Simulated conditions at this end of every link; setting them takes effect at once."""
        return self._endpoint.link

    @link.setter
    def link(self, conditions: LinkConditions) -> None:
        self._endpoint.link = conditions
        for peer in self.peers:
            peer.link = conditions

    def info(self) -> RoomInfo:
        """What discovery and ``GET /info`` tell about this room."""
        return RoomInfo(
            id=self._room_id,
            name=self.name,
            players=len(self.players),
            max_players=self.limits.max_players,
            port=self.port,
            protocol=PROTOCOL_VERSION,
            password=self._has_password,
            hosted=self._hosted,
        )

    def pause(self, by: str = "the server") -> None:
        """Let time stand still, until `unpause`. Everybody is told who did it."""
        self.rights.pause(by)

    def unpause(self) -> None:
        """Let time go on from where it stood."""
        self.rights.unpause()

    def send(
        self, peer: Peer, message: AnyMessage | str, *, delivered: Delivered | None = None, **fields: Any
    ) -> None:
        """Send to one client; a message, or the name of a declared one with its fields. See `Peer.send`."""
        peer.send(self.message_of(message, fields), delivered=delivered)

    def broadcast(
        self,
        message: AnyMessage | str,
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
        for seat in list(self.roster.seats.values()):
            seat.send_snapshot(self.publisher)

    # For its parts.

    def handle(self, caller: Caller, message: AnyMessage) -> bool:
        """A valid message came: netlib's own ones are dealt with; False when it is the game's."""
        return self._incoming.handle(caller, message)

    def announce(self, event: Event) -> None:
        """Tell the listeners of an event, and then the player whom it makes a host."""
        self.emit(event)
        if isinstance(event, Left):
            self.rights.left(event.peer)

    def conditions_changed(self, seat: Seat) -> None:
        """The link of a player simulates something else now: it is told."""
        self.rights.tell(seat)
