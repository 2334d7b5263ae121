"""Where clients reach rooms: a TCP port with a few pages, and answers to searchers on the LAN."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from websockets.frames import CloseCode

from netlib.discovery.discovery import Responder
from netlib.server.caller import Caller
from netlib.server.http import ServerConnection
from netlib.session.handshake import Limits
from netlib.transport.conditioner import LinkConditions
from netlib.transport.connection import CLOSE_TIMEOUT, Connection, keep_alive
from netlib.transport.loops import clock
from netlib.transport.tcp import Listening

WATCHES = 5  # looks at each connection within the shortest time limit


@dataclass(eq=False)
class Endpoint:
    """One port, all connections to it, and who answers searchers. It knows no room.

    Args:
        make_caller: called for each new connection.
        make_connection: makes a `ServerConnection` of what is ours of it.
        listen: opens a port, see `netlib.transport.tcp.Network`.
        responder: answers searchers, if anybody does.
        limits: see `netlib.Server`.
        link: simulated conditions at our end of new connections.
        port: where to listen; the port on which it listens, once it is open.
    """

    make_caller: Callable[[ServerConnection], Caller]
    make_connection: Callable[..., ServerConnection]
    listen: Callable[..., Awaitable[Listening]]
    responder: Responder | None
    limits: Limits
    link: LinkConditions
    port: int
    _callers: dict[Connection, Caller] = field(init=False, default_factory=dict)
    _listening: Listening | None = field(init=False, default=None)

    async def open(self) -> None:
        """Accept connections, and answer searchers.

        Raises:
            PortInUse, StartError: see `netlib.transport.tcp.listen`.
        """
        self._listening = await self.listen(self._accept, port=self.port)
        self.port = self._listening.port
        if self.responder is not None:
            await self.responder.start()

    async def close(self, reason: str) -> None:
        """Say goodbye to everyone (code 1001); those who do not answer soon are cut off."""
        if self.responder is not None:
            self.responder.close()
        if self._listening is not None:
            self._listening.close()
        for caller in list(self._callers.values()):
            caller.connection.close(CloseCode.GOING_AWAY, reason)
        deadline = clock() + CLOSE_TIMEOUT / 2
        while self._callers and clock() < deadline:
            await asyncio.sleep(0.01)
        for caller in list(self._callers.values()):
            caller.connection.abort()
        await asyncio.sleep(0)

    async def watch(self) -> None:
        """Ping silent clients, end those that stay silent or say no hello; for ever."""
        shortest = min(self.limits.handshake_time, self.limits.idle_time)
        while True:
            await asyncio.sleep(shortest / WATCHES)
            now = clock()
            for caller in list(self._callers.values()):
                if not caller.connection.closing:
                    self._watch(caller, now)

    def _watch(self, caller: Caller, now: float) -> None:
        connection, limit = caller.connection, self.limits.handshake_time
        if caller.seat is None and now - connection.started > limit:
            caller.refuse("handshake", f"no valid hello within {limit:g} s; connect again and send one")
            connection.close(CloseCode.POLICY_VIOLATION, f"no hello within {limit:g} s")
        else:
            keep_alive(connection, now, self.limits.idle_time)

    def _accept(self) -> ServerConnection:
        connection = self.make_connection(
            admit=lambda _: self._admit(caller),
            gone=lambda lost: self._callers.pop(lost, None),
            link=self.link,
        )
        caller: Caller = self.make_caller(connection)
        connection.owner = caller
        return connection

    def _admit(self, caller: Caller) -> bool:
        if len(self._callers) >= self.limits.max_connections:
            caller.count("too_many_connections")
            return False
        self._callers[caller.connection] = caller
        return True
