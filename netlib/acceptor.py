"""The server's open connections: accepting them, watching that they live, closing them."""

import asyncio
import ssl as tls
from collections.abc import Callable, Collection

from websockets.frames import CloseCode

from netlib.caller import Caller
from netlib.conditioner import LinkConditions
from netlib.handshake import Limits
from netlib.keepalive import keep_alive
from netlib.loops import clock
from netlib.network import Listening, Network
from netlib.transport import CLOSE_TIMEOUT, READ_SIZE
from netlib.web import Pages, ServerConnection, Turnstile

WATCHES = 5  # looks at each connection within the shortest time limit


class Acceptor:
    """Makes a `Caller` for every connection, and keeps them together.

    Args:
        make_caller: called for each new connection.
        limits: how many connections, how large messages, how long silence.
        pages: what plain HTTP requests get, by path.
        origins: sites whose pages may connect, beside our own.
        link: simulated conditions at this end.
        seed: makes them repeatable.
    """

    def __init__(
        self,
        make_caller: Callable[[ServerConnection], Caller],
        *,
        limits: Limits,
        pages: Pages,
        origins: Collection[str],
        link: LinkConditions,
        seed: int | None,
    ) -> None:
        self.link = link
        self._make_caller = make_caller
        self._limits = limits
        self._pages = pages
        self._turnstile = Turnstile()
        self._origins = origins
        self._seed = seed
        self._buffer = memoryview(bytearray(READ_SIZE))
        self._callers: dict[ServerConnection, Caller] = {}
        self._listening: Listening | None = None

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
        for connection in list(self._callers):
            connection.close(CloseCode.GOING_AWAY, reason)
        deadline = clock() + CLOSE_TIMEOUT / 2
        while self._callers and clock() < deadline:
            await asyncio.sleep(0.01)
        for connection in list(self._callers):
            connection.abort()
        await asyncio.sleep(0)

    async def watch(self) -> None:
        """Ping who is silent, end who stays silent or says no hello; for ever."""
        shortest = min(self._limits.handshake_time, self._limits.idle_time)
        while True:
            await asyncio.sleep(shortest / WATCHES)
            now = clock()
            for connection, caller in list(self._callers.items()):
                self._watch(connection, caller, now)

    def _watch(self, connection: ServerConnection, caller: Caller, now: float) -> None:
        limit = self._limits.handshake_time
        if connection.closing:
            return
        if caller.peer is None and now - connection.started > limit:
            caller.refuse("handshake", f"no valid hello within {limit:g} s; connect again and send one")
            connection.close(CloseCode.POLICY_VIOLATION, f"no hello within {limit:g} s")
        else:
            keep_alive(connection, now, self._limits.idle_time)

    def _accept(self) -> ServerConnection:
        connection = ServerConnection(
            pages=self._pages,
            turnstile=self._turnstile,
            origins=self._origins,
            message_size=self._limits.message_size,
            admit=self._admit,
            gone=lambda lost: self._callers.pop(lost, None),
            link=self.link,
            seed=self._seed,
            buffer=self._buffer,
        )
        connection.owner = self._make_caller(connection)
        return connection

    def _admit(self, connection: ServerConnection) -> bool:
        caller = connection.owner
        assert isinstance(caller, Caller)
        if len(self._callers) >= self._limits.max_connections:
            caller.count("too_many_connections")
            return False
        self._callers[connection] = caller
        return True
