"""A network in memory, for tests: the real `netlib.Server` and `netlib.Client`, and no sockets."""

import contextlib
import ssl as tls
from collections.abc import Callable
from typing import Any, Self

import netlib
from netlib.testing.cable import Cable
from netlib.testing.machine import HOST, Machine
from netlib.testing.pipe import Pipe
from netlib.transport import tcp
from netlib.transport.tcp import ConnectionT, Listening, Make


class Network(tcp.Network):
    """A network in the memory of one test: a perfect one, until the test does something to it.

    All host names are names of the same machine. Nothing is encrypted: a client that asks for TLS reaches
    a server with it, and that is all. At the end of ``async with`` the clients that have joined by
    `join` leave, and the servers that were started by `serve` stop.
    """

    def __init__(self) -> None:
        self._machine = Machine()
        self._cables: list[Cable] = []
        self._cable_of: dict[netlib.Client, Cable] = {}
        self._rooms: list[netlib.Server] = []
        self._pulled = self._refusing = False
        self._exit = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._exit.aclose()

    # Rooms and players.

    async def serve(
        self, make: Callable[..., netlib.Server] = netlib.Server, **options: Any
    ) -> netlib.Server:
        """Make a server in this network, and start it: ``await network.serve(make_server, seed=5)``.

        Args:
            make: `netlib.Server`, or a game's own function that passes options on to it.
            options: for ``make``, such as ``tick_rate`` and ``link``; the network is added.
        """
        if make is netlib.Server:
            options.setdefault("name", "room")
        server = make(**{"port": 0, "discoverable": False, "network": self, **options})
        await self._exit.enter_async_context(server)
        self._rooms.append(server)
        return server

    async def join(
        self,
        name: str = "Ada",
        *,
        room: netlib.Server | None = None,
        cable: Cable | None = None,
        **options: Any,
    ) -> netlib.Client:
        """Make a client in this network, and let it join a room.

        Args:
            name: the player's.
            room: where; else the room that `serve` has opened last.
            cable: how it is connected; else by a new cable.
            options: what else `netlib.Client` takes, such as ``messages``, ``schema`` and ``link``.

        Raises:
            netlib.ConnectError: it was not let in, and why.
        """
        if room is None and not self._rooms:
            raise ValueError("there is no room yet: `await network.serve(…)` first, or say which with room=…")
        url = f"ws://{HOST}:{(room or self._rooms[-1]).port}"
        cable = cable or self.new_cable()
        client = netlib.Client(url, name=name, network=cable, **options)
        self._cable_of[client] = cable
        return await self._exit.enter_async_context(client)

    # What a test can do to it.

    def new_cable(self, host: str = HOST) -> Cable:
        """A cable that is not used yet, for `join` or for ``netlib.Client(network=…)``.

        Args:
            host: the IP address from which its player connects.
        """
        cable = Cable(self._machine, host)
        if self._pulled:
            cable.pull()
        if self._refusing:
            cable.refuse()
        self._cables.append(cable)
        return cable

    def cable(self, client: netlib.Client) -> Cable:
        """The cable of a client that has joined by `join`."""
        return self._cable_of[client]

    @property
    def lines(self) -> list[Pipe]:
        """All open connections."""
        return [line for cable in self._cables for line in cable.lines]

    def cut(self) -> None:
        """End all connections without a word: both sides are told at once."""
        for cable in self._cables:
            cable.cut()

    def pull(self) -> None:
        """Pull out all cables, until `plug`. See `Cable.pull`."""
        self._pulled = True
        for cable in self._cables:
            cable.pull()

    def plug(self) -> None:
        """Plug in all cables."""
        self._pulled = False
        for cable in self._cables:
            cable.plug()

    def refuse(self) -> None:
        """Refuse all who connect, until `accept`; open connections stay."""
        self._refusing = True
        for cable in self._cables:
            cable.refuse()

    def accept(self) -> None:
        """Accept connections again."""
        self._refusing = False
        for cable in self._cables:
            cable.accept()

    # What netlib asks of a network.

    async def listen(
        self, make: Make, *, host: str | None, port: int, next_port: bool, ssl: tls.SSLContext | None
    ) -> Listening:
        """See `netlib.transport.tcp.Network`."""
        return self._machine.listen(make, port=port, next_port=next_port, ssl=ssl)

    async def connect(
        self, make: Callable[[], ConnectionT], host: str, port: int, *, ssl: tls.SSLContext | None
    ) -> ConnectionT:
        """See `netlib.transport.tcp.Network`. Each connection has a new cable."""
        return await self.new_cable().connect(make, host, port, ssl=ssl)
