"""The server's open connections: accepting them, watching that they live, closing them."""

from __future__ import annotations

import asyncio
import ssl as tls
from collections.abc import Callable

from websockets.frames import CloseCode

from netlib.conditioner import LinkConditions
from netlib.loops import clock
from netlib.network import Listening, Network
from netlib.peer import Peer
from netlib.session import Limits
from netlib.transport import CLOSE_TIMEOUT, keep_alive
from netlib.web import Pages, ServerConnection

WATCHES = 5  # looks at each connection within the shortest time limit


class Acceptor:
    """Makes a `Peer` for every connection, and keeps them together.

    Args:
        make_peer: called for each new connection.
        limits: how many connections, how large messages, how long silence.
        pages: what plain HTTP requests get, by path.
        link: simulated conditions at this end.
        seed: makes them repeatable.
    """

    def __init__(
        self,
        make_peer: Callable[[ServerConnection], Peer],
        *,
        limits: Limits,
        pages: Pages,
        link: LinkConditions,
        seed: int | None,
    ) -> None:
        self.link = link
        self._make_peer = make_peer
        self._limits = limits
        self._pages = pages
        self._seed = seed
        self._peers: dict[ServerConnection, Peer] = {}
        self._listening: Listening | None = None

    @property
    def peers(self) -> list[Peer]:
        """Everyone who is connected, whether or not they have said hello."""
        return list(self._peers.values())

    async def open(
        self,
        network: Network,
        *,
        host: str | None,
        port: int,
        next_port: bool,
        ssl: tls.SSLContext | None,
    ) -> int:
        """Accept connections, and return the port.

        Raises:
            PortInUse, StartError: see `netlib.sockets.listen`.
        """
        self._listening = await network.listen(
            self._accept, host=host, port=port, next_port=next_port, ssl=ssl
        )
        return self._listening.port

    async def close(self, reason: str) -> None:
        """Say goodbye to everyone (code 1001); those who do not answer soon are cut off."""
        if self._listening is not None:
            self._listening.close()
        for connection in list(self._peers):
            connection.close(CloseCode.GOING_AWAY, reason)
        deadline = clock() + CLOSE_TIMEOUT / 2
        while self._peers and clock() < deadline:
            await asyncio.sleep(0.01)
        for connection in list(self._peers):
            connection.abort()
        await asyncio.sleep(0)

    async def watch(self) -> None:
        """Ping who is silent, end who stays silent or says no hello; for ever."""
        shortest = min(self._limits.handshake_time, self._limits.idle_time)
        while True:
            await asyncio.sleep(shortest / WATCHES)
            now = clock()
            for connection, peer in list(self._peers.items()):
                self._watch(connection, peer, now)

    def _watch(self, connection: ServerConnection, peer: Peer, now: float) -> None:
        limit = self._limits.handshake_time
        if connection.closing:
            return
        if not peer.joined and now - connection.started > limit:
            peer.refuse("handshake", f"no valid hello within {limit:g} s; connect again and send one")
            connection.close(CloseCode.POLICY_VIOLATION, f"no hello within {limit:g} s")
        else:
            keep_alive(connection, now, self._limits.idle_time)

    def _accept(self) -> ServerConnection:
        connection = ServerConnection(
            pages=self._pages,
            message_size=self._limits.message_size,
            admit=self._admit,
            gone=lambda lost: self._peers.pop(lost, None),
            link=self.link,
            seed=self._seed,
        )
        connection.owner = self._make_peer(connection)
        return connection

    def _admit(self, connection: ServerConnection) -> bool:
        peer = connection.owner
        assert isinstance(peer, Peer)
        if len(self._peers) >= self._limits.max_connections:
            peer.count("too_many_connections")
            return False
        self._peers[connection] = peer
        return True
