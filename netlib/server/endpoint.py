"""Where clients reach rooms: a TCP port with a few pages, and answers to searchers on the LAN."""

import asyncio
from collections.abc import Awaitable, Callable

from websockets.frames import CloseCode

from netlib.discovery.discovery import Responder
from netlib.server.caller import Caller
from netlib.server.http import ServerConnection, Turnstile
from netlib.session.handshake import Limits
from netlib.transport.conditioner import LinkConditions
from netlib.transport.connection import CLOSE_TIMEOUT, READ_SIZE, keep_alive
from netlib.transport.loops import clock
from netlib.transport.tcp import Listening

WATCHES = 5  # looks at each connection within the shortest time limit


class Endpoint:
    """One port, all connections to it, and who answers searchers. It knows no room.

    Args:
        make_caller: called for each new connection.
        make_connection: makes a `ServerConnection` of what is ours of it.
        listen: opens a port, see `netlib.transport.tcp.Network`.
        responder: answers searchers, if anybody does.
        limits: see `netlib.Server`.

    Attributes:
        port: where to listen; the port on which it listens, once it is open.
        link: simulated conditions at our end of new connections.
    """

    def __init__(
        self,
        make_caller: Callable[[ServerConnection], Caller],
        make_connection: Callable[..., ServerConnection],
        listen: Callable[..., Awaitable[Listening]],
        responder: Responder | None,
        *,
        port: int,
        link: LinkConditions,
        limits: Limits,
    ) -> None:
        self.port, self.link, self._limits = port, link, limits
        self._make_caller, self._make_connection, self._listen = make_caller, make_connection, listen
        self._responder = responder
        self._turnstile = Turnstile()
        self._buffer = memoryview(bytearray(READ_SIZE))
        self._callers: dict[ServerConnection, Caller] = {}
        self._listening: Listening | None = None

    @property
    def discoverable_on(self) -> int | None:
        """The UDP port on which searchers are answered, if any."""
        return self._responder.port if self._responder is not None else None

    async def open(self) -> None:
        """Accept connections, and answer searchers.

        Raises:
            PortInUse, StartError: see `netlib.transport.tcp.listen`.
        """
        self._listening = await self._listen(self._accept, port=self.port)
        self.port = self._listening.port
        if self._responder is not None:
            await self._responder.start()

    async def close(self, reason: str) -> None:
        """Say goodbye to everyone (code 1001); those who do not answer soon are cut off."""
        if self._responder is not None:
            self._responder.close()
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
        """Ping silent clients, end those that stay silent or say no hello; for ever."""
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
        if caller.seat is None and now - connection.started > limit:
            caller.refuse("handshake", f"no valid hello within {limit:g} s; connect again and send one")
            connection.close(CloseCode.POLICY_VIOLATION, f"no hello within {limit:g} s")
        else:
            keep_alive(connection, now, self._limits.idle_time)

    def _accept(self) -> ServerConnection:
        connection = self._make_connection(
            turnstile=self._turnstile,
            message_size=self._limits.message_size,
            admit=self._admit,
            gone=lambda lost: self._callers.pop(lost, None),
            link=self.link,
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
