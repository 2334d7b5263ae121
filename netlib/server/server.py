"""The server: a room that is reached over the network."""

import ssl as tls
from collections.abc import Callable, Collection, Sequence

from netlib.arguments import Port, Rate, checked
from netlib.discovery.beacon import RoomInfo
from netlib.discovery.discovery import PORTS
from netlib.protocol.frames import PORT, PROTOCOL_VERSION
from netlib.protocol.messages import Input
from netlib.server.on_port import OnPort
from netlib.server.peer import Peer
from netlib.server.room import TICK_RATE, GameRoom
from netlib.session.handshake import Limits
from netlib.transport.conditioner import PERFECT, LinkConditions
from netlib.transport.tcp import TCP, Network


class Server(GameRoom, OnPort[Peer]):
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
            link=link,
            tick_rate=tick_rate,
            snapshot_rate=snapshot_rate,
            input_type=input_type,
            password=password,
            host_password=host_password,
            first_is_host=first_is_host,
            limits=limits,
        )
        self._manual, self._hosted, self._has_password = manual, hosted, bool(password)
        ports = discovery_ports if discoverable else ()
        self._prepare(
            host, port, ports, next_port=next_port, origins=origins, seed=seed, ssl=ssl, network=network
        )

    def _go(self) -> None:
        self.go(ticks=not self._manual)

    def _stand(self) -> None:
        self.ticker.stand()

    def info(self) -> RoomInfo:
        """What discovery and ``GET /info`` tell about this room."""
        return RoomInfo(
            id=self._id,
            name=self.name,
            players=len(self.players),
            max_players=self.limits.max_players,
            port=self.port,
            protocol=PROTOCOL_VERSION,
            password=self._has_password,
            hosted=self._hosted,
        )
