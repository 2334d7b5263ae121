"""A network cable that one can pull, to see what a game does then."""

import ssl as tls
from collections.abc import Callable

from netlib.transport.connection import Connection
from netlib.transport.tcp import ConnectionT, Network


class BreakableNetwork(Network):
    """The real network, for ``Client(network=…)``, with a way to lose its newest connection."""

    def __init__(self) -> None:
        self._newest: Connection | None = None

    async def connect(
        self, make: Callable[[], ConnectionT], host: str, port: int, *, ssl: tls.SSLContext | None
    ) -> ConnectionT:
        """See `netlib.transport.tcp.Network`."""
        connection = await super().connect(make, host, port, ssl=ssl)
        if isinstance(connection, Connection):
            self._newest = connection
        return connection

    def cut(self) -> None:
        """End the newest connection without a goodbye; nothing happens when there is none."""
        if self._newest is not None:
            self._newest.abort()
