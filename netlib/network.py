"""What carries the bytes: TCP, or, in tests, the memory of one program (`netlib.testing`)."""

import asyncio
import ssl as tls
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol, TypeVar

from netlib.sockets import listen

FAMILY_DELAY = 0.25  # seconds until the next address of a host is tried too (RFC 8305)

ConnectionT = TypeVar("ConnectionT", bound=asyncio.BufferedProtocol)
Make = Callable[[], asyncio.BufferedProtocol]


class Listening(Protocol):
    """An open port."""

    @property
    def port(self) -> int:
        """The port's number."""

    def close(self) -> None:
        """Accept nobody any more; open connections stay."""


class Network(Protocol):
    """A way to reach others."""

    async def listen(
        self, make: Make, *, host: str | None, port: int, next_port: bool, ssl: tls.SSLContext | None
    ) -> Listening:
        """Accept connections; ``make`` is called for each, and gives what is told about it.

        Raises:
            PortInUse, StartError: see `netlib.sockets.listen`.
        """

    async def connect(
        self, make: Callable[[], ConnectionT], host: str, port: int, *, ssl: tls.SSLContext | None
    ) -> ConnectionT:
        """Open a connection.

        Raises:
            OSError: nobody can be reached there.
        """


class _Port:
    def __init__(self, port: int, listeners: Sequence[asyncio.Server]) -> None:
        self.port = port
        self._listeners = listeners

    def close(self) -> None:
        for listener in self._listeners:
            listener.close()


class TcpNetwork:
    """The real network."""

    async def listen(
        self, make: Make, *, host: str | None, port: int, next_port: bool, ssl: tls.SSLContext | None
    ) -> Listening:
        sockets = listen(host, port, next_port=next_port)
        number: int = sockets[0].getsockname()[1]
        loop = asyncio.get_running_loop()
        return _Port(number, [await loop.create_server(make, sock=sock, ssl=ssl) for sock in sockets])

    async def connect(
        self, make: Callable[[], ConnectionT], host: str, port: int, *, ssl: tls.SSLContext | None
    ) -> ConnectionT:
        loop = asyncio.get_running_loop()
        connect = partial(loop.create_connection, make, host, port, ssl=ssl)
        try_all = isinstance(loop, asyncio.BaseEventLoop)  # uvloop tries one address after the other
        found: tuple[object, ConnectionT] = await (
            connect(happy_eyeballs_delay=FAMILY_DELAY) if try_all else connect()
        )
        return found[1]


TCP = TcpNetwork()
