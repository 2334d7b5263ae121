"""Where clients reach rooms: a TCP port with a few pages, and answers to searchers on the LAN."""

import ssl as tls
from collections.abc import Callable, Collection, Sequence

from netlib.discovery.beacon import RoomInfo
from netlib.discovery.discovery import Responder
from netlib.server.connections import Acceptor, Caller
from netlib.server.http import Pages, ServerConnection
from netlib.session.handshake import Limits
from netlib.transport.conditioner import LinkConditions
from netlib.transport.tcp import Network


class Endpoint:
    """One port, all connections to it, and what searchers are told. It knows no room.

    Args:
        make_caller: called for each new connection.
        info: what searchers are told.
        discovery_ports: UDP ports to answer them on, the first free one; none for not at all.
        host, port, next_port, limits, pages, origins, link, seed, ssl, network: see `netlib.Server`.

    Attributes:
        host: the address on which it listens; None is every interface.
        port: the port on which it listens, once it is open.
    """

    def __init__(
        self,
        make_caller: Callable[[ServerConnection], Caller],
        info: Callable[[], RoomInfo],
        *,
        host: str | None,
        port: int,
        next_port: bool,
        limits: Limits,
        pages: Pages,
        origins: Collection[str],
        link: LinkConditions,
        seed: int | None,
        discovery_ports: Sequence[int],
        ssl: tls.SSLContext | None,
        network: Network,
    ) -> None:
        self.host, self.port = host, port
        self._next_port, self._ssl, self._network = next_port, ssl, network
        self._acceptor = Acceptor(
            make_caller, limits=limits, pages=pages, origins=origins, link=link, seed=seed
        )
        self._responder = Responder(info, ports=discovery_ports, host=host) if discovery_ports else None

    @property
    def link(self) -> LinkConditions:
        """Simulated conditions at our end of new connections; may be set."""
        return self._acceptor.link

    @link.setter
    def link(self, conditions: LinkConditions) -> None:
        self._acceptor.link = conditions

    @property
    def discoverable_on(self) -> int | None:
        """The UDP port on which searchers are answered, if any."""
        return self._responder.port if self._responder is not None else None

    async def open(self) -> None:
        """Accept connections, and answer searchers.

        Raises:
            PortInUse, StartError: see `netlib.transport.tcp.listen`.
        """
        self.port = await self._acceptor.open(
            self._network, host=self.host, port=self.port, next_port=self._next_port, ssl=self._ssl
        )
        if self._responder is not None:
            await self._responder.start()

    async def close(self, reason: str) -> None:
        """Answer nobody any more, and say goodbye to everyone (code 1001)."""
        if self._responder is not None:
            self._responder.close()
        await self._acceptor.close(reason)

    async def watch(self) -> None:
        """Ping connections that are silent, end those that stay so or say no hello; for ever."""
        await self._acceptor.watch()
