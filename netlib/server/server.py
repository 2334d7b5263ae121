"""The server: a room that is reached over the network."""

import asyncio
import ssl as tls
from collections.abc import Callable, Collection, Sequence
from functools import partial
from threading import get_ident
from typing import Self

from netlib.arguments import Port, Rate, check, checked
from netlib.discovery.beacon import RoomInfo, new_id
from netlib.discovery.discovery import PORTS, Responder
from netlib.events import log
from netlib.protocol.frames import PORT, PROTOCOL_VERSION
from netlib.protocol.messages import Input
from netlib.server.connections import Endpoint
from netlib.server.http import LARGE_PACKET, ServerConnection, Shared, json_page
from netlib.server.room import TICK_RATE, GameRoom
from netlib.session.handshake import Limits
from netlib.transport.conditioner import PERFECT, LinkConditions
from netlib.transport.loops import run
from netlib.transport.quotas import rate_by_source
from netlib.transport.tcp import TCP, Network


class Server(GameRoom):
    """A room on the network: a `GameRoom`, and the `Endpoint` at which clients reach it.

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
            Or a function that says of a typed one whether it is right.
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
        port: the TCP port on which it listens.
        pages: small pages on the game's port, by path; they must be quick to make.

    Raises:
        WrongArgument: an argument is not what is said above, or there is none of that name.
    """

    @checked
    def __init__(
        self,
        name: str,
        *,
        host: str | None = None,
        port: Port = PORT,
        next_port: bool = False,
        tick_rate: Rate = TICK_RATE,
        snapshot_rate: Rate | None = None,
        manual: bool = False,
        input_type: type[Input] | None = None,
        password: str = "",
        host_password: str | Callable[[str], bool] = "",
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
        super().__init__(
            name,
            tick_rate=tick_rate,
            snapshot_rate=snapshot_rate,
            input_type=input_type,
            password=password,
            host_password=host_password,
            first_is_host=first_is_host,
            limits=limits,
        )
        self.host, self.port, self._link = host, port, link
        self.pages = {
            "/info": lambda: json_page(self.info()),
            "/large": lambda: LARGE_PACKET,
            "/health": lambda: json_page({"status": "ok", "tick": self.tick}),
        }
        self._manual, self._hosted, self._has_password = manual, hosted, bool(password)
        self._room_id = new_id()
        self._stopped = asyncio.Event()
        rates = rate_by_source(self.limits.handshakes_per_second, self.limits.handshake_burst)
        shared = Shared(self.pages, self.limits.message_size, origins, seed, rates)
        listen = partial(network.listen, host=host, next_port=next_port, ssl=ssl)
        ports = discovery_ports if discoverable else ()
        responder = Responder(self.info, ports=ports, host=host) if ports else None
        self._endpoint = Endpoint(self, partial(ServerConnection, shared), listen, responder)

    # Starting and stopping.

    async def start(self) -> None:
        """Listen, tick, and answer searchers, until `stop`.

        Raises:
            PortInUse: another program listens on the port.
            StartError: the host is not an address of this machine.
        """
        self.port = await self._endpoint.open(self.port)
        self._open_in = get_ident()
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
        self._open_in = -1
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
        """Serve until Ctrl-C, without any asyncio in the caller.

        Raises:
            WrongCall: asyncio runs here already; `await` `serve_forever` then.
            PortInUse, StartError: as `start`.
        """
        run(self.serve_forever())

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # Where it is reached.

    @property
    def discoverable_on(self) -> int | None:
        """The UDP port on which searchers are answered, if any."""
        responder = self._endpoint.responder
        return responder.port if responder else None

    @property
    def link(self) -> LinkConditions:
        """Simulated conditions at this end of every link; setting them takes effect at once."""
        return self._link

    @link.setter
    def link(self, conditions: LinkConditions) -> None:
        check("link", conditions, LinkConditions)
        self._link = conditions
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
