"""What is reached on a port: from `start` to `stop` it listens, answers searchers and has a few pages."""

import asyncio
import ssl as tls
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from functools import partial
from threading import get_ident
from typing import Self

from netlib.discovery.beacon import RoomInfo, new_id
from netlib.discovery.discovery import Responder
from netlib.events import log
from netlib.server.connections import Endpoint
from netlib.server.contract import Surroundings
from netlib.server.http import LARGE_PACKET, Page, ServerConnection, Shared, json_page
from netlib.transport.listens import PeerT
from netlib.transport.loops import run
from netlib.transport.quotas import rate_by_source
from netlib.transport.tcp import Network


class OnPort(Surroundings[PeerT], ABC):
    """A port, and what is behind it: one room, or many.

    Attributes:
        host: the address on which it listens; None is every interface.
        port: the TCP port on which it listens.
        pages: small pages on the game's port, by path; they must be quick to make.
        searches: the same, which are told what stands behind the question mark.
    """

    def _prepare(
        self,
        host: str | None,
        port: int,
        discovery_ports: Sequence[int],
        *,
        next_port: bool,
        origins: Collection[str],
        seed: int | None,
        ssl: tls.SSLContext | None,
        network: Network,
    ) -> None:
        """See `netlib.Server`."""
        self.host, self.port, self._id = host, port, new_id()
        self.pages: dict[str, Callable[[], Page]] = {
            "/info": lambda: json_page(self.info()),
            "/large": lambda: LARGE_PACKET,
            "/health": lambda: json_page({"status": "ok", "tick": self.tick}),
        }
        self.searches: dict[str, Callable[[str], Page]] = {}
        self._stopped = asyncio.Event()
        limits = self.limits
        rates = rate_by_source(limits.handshakes_per_second, limits.handshake_burst)
        shared = Shared(self.pages, limits.message_size, origins, seed, rates, self.searches)
        listen = partial(network.listen, host=host, next_port=next_port, ssl=ssl)
        responder = Responder(self.info, ports=discovery_ports, host=host) if discovery_ports else None
        self._endpoint = Endpoint(self, partial(ServerConnection, shared), listen, responder)

    @abstractmethod
    def info(self) -> RoomInfo:
        """What discovery and ``GET /info`` tell about it."""

    @abstractmethod
    def _go(self) -> None:
        """Let time go on: the port is open."""

    @abstractmethod
    def _stand(self) -> None:
        """Let time stand still: the port is about to be closed."""

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
        self._go()
        self.spawn(self._endpoint.watch())
        log.info('"%s" listens on port %d', self.name, self.port)

    async def stop(self, reason: str = "the server shuts down") -> None:
        """Say goodbye to everyone (close code 1001), and free the port.

        Sessions are kept: a player may come back when the same server starts again.
        """
        if self.stopping:
            return
        self.stopping = True
        self._stand()
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

    @property
    def discoverable_on(self) -> int | None:
        """The UDP port on which searchers are answered, if any."""
        responder = self._endpoint.responder
        return responder.port if responder else None
