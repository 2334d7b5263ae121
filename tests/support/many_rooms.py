"""A server with many rooms in the memory of a test: who came into which, and who left."""

import contextlib
import functools
from collections.abc import AsyncIterator
from typing import Any

import netlib
from netlib import testing
from netlib.rooms import Join, KindRoom, RoomServer
from netlib.testing.machine import HOST
from tests.support.sessions import COMINGS, PlainPlayer, within

SEATS = 2  # of a table


class Hall:
    """A server, the clients that have come to it, and what happened in its rooms.

    Attributes:
        happened: by a room's code, the names of the events and whom each was about, in their order.
        made: every room that was furnished, in order.
    """

    def __init__(self, server: RoomServer, network: testing.Network, exit: contextlib.AsyncExitStack) -> None:
        self.server, self.network, self._exit = server, network, exit
        self.happened: dict[str, list[tuple[str, str]]] = {}
        self.made: list[KindRoom] = []

    def note(self, room: KindRoom) -> None:
        """Note who comes to a room and leaves it."""
        self.made.append(room)
        notes = self.happened.setdefault(room.code, [])
        for kind in COMINGS:
            room.on(kind, lambda event: notes.append((type(event).__name__, event.peer.name)))

    def serve(self, kind: str = "table", **settings: Any) -> None:
        """Let there be rooms of a kind, with two seats each."""
        settings.setdefault("limits", netlib.Limits(max_players=SEATS))
        self.server.kind(kind, **settings)(self.note)

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"ws://{HOST}:{self.server.port}"

    def client(self, name: str = "Ada", join: Join | None = None, **options: Any) -> netlib.Client[Any]:
        """Return a client that has not come yet; ``host`` is the address from which it comes."""
        cable = self.network.new_cable(options.pop("host", HOST))
        return netlib.Client(self.url, name=name, join=join, network=cable, **options)

    async def join(self, name: str = "Ada", join: Join | None = None, **options: Any) -> netlib.Client[Any]:
        """Let a client come, that leaves at the end of the test."""
        return await self._exit.enter_async_context(self.client(name, join or Join("table"), **options))

    async def refused(self, join: Join, name: str = "Eve", **options: Any) -> netlib.Refused:
        """Let somebody come who must not be let in; return how that was said."""
        try:
            client = await self.join(name, join, **options)
        except netlib.Refused as error:
            return error
        raise AssertionError(f"{name} was let in, to {client.room_code}")

    def room_of(self, client: netlib.Client[Any]) -> KindRoom:
        """Return the room in which a client is."""
        return next(room for room in self.made if room.room_id == client.room_id)

    async def stranger(self) -> PlainPlayer:
        """Let somebody connect who writes frames by hand, and has said nothing yet."""
        stranger = PlainPlayer()
        await stranger.dial(self.url, self.network.new_cable())
        return stranger


@contextlib.asynccontextmanager
async def a_hall(**options: Any) -> AsyncIterator[Hall]:
    """Give a server in memory that has tables, and is started."""
    async with testing.Network() as network, contextlib.AsyncExitStack() as exit:
        server = RoomServer("hall", port=0, discoverable=False, network=network, **options)
        hall = Hall(server, network, exit)
        hall.serve()
        await server.start()
        exit.push_async_callback(server.stop)
        yield hall


in_a_hall = functools.partial(within, a_hall)
