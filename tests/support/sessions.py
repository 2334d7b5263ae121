"""Rooms and players in memory, for tests of sessions: what happened to whom, and a player without netlib."""

import contextlib
import functools
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec

import netlib
from netlib import testing
from netlib.client.dial import ClientConnection, Dialler
from netlib.transport.conditioner import PERFECT
from tests.support.callers import Chat

COMINGS = (netlib.Joined, netlib.Dropped, netlib.Resumed, netlib.Left)
CONNECTIONS = (netlib.Connected, netlib.Interrupted, netlib.Disconnected, netlib.ServerError)


class Note(netlib.Message, frozen=True):
    number: int
    text: str = ""


class Thing(netlib.Entity, frozen=True):
    x: int


def noted(side: netlib.Server | netlib.Client, *kinds: Any) -> list[Any]:
    """Return a list to which every event and message of these kinds is added as it happens."""
    happened: list[Any] = []
    for kind in kinds or (COMINGS if isinstance(side, netlib.Server) else CONNECTIONS):
        side.on(kind, lambda *args: happened.append(args[-1]))
    return happened


def kinds(happened: list[Any]) -> list[str]:
    """Return what has happened, by name."""
    return [type(one).__name__ for one in happened]


def numbers(notes: list[Any]) -> list[int]:
    """Return the numbers of notes."""
    return [note.number for note in notes]


async def opened(client: netlib.Client) -> netlib.Client:
    """Join, and try again as a person would, while connections break before the welcome."""
    while True:
        with contextlib.suppress(netlib.NotOurServer, netlib.Unreachable, netlib.ConnectionLost):
            await client.open()
            return client


def within(
    opening: Callable[..., contextlib.AbstractAsyncContextManager[Any]], *args: Any, **options: Any
) -> Callable[[Callable[..., Awaitable[None]]], Callable[..., None]]:
    """Let a test run in virtual time within what a function opens, which is the test's first argument."""

    def decorate(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
        @functools.wraps(test)
        async def scenario(*given: Any, **named: Any) -> None:
            async with opening(*args, **options) as opened:
                await test(opened, *given, **named)

        _, *others = inspect.signature(test).parameters.values()
        scenario.__signature__ = inspect.Signature(others)  # type: ignore[attr-defined]
        return testing.in_virtual_time(scenario)

    return decorate


class Room:
    """A room in memory with Ada in it."""

    def __init__(self, network: testing.Network, server: netlib.Server) -> None:
        self.network, self.server = network, server
        self.comings, self.up = noted(server), noted(server, Note)
        self.ada: netlib.Client
        self.connections: list[Any]
        self.down: list[Any]

    async def join(self, **options: Any) -> None:
        """Let Ada join."""
        self.ada = await self.network.join("Ada", **{"messages": [Note], **options})
        self.connections, self.down = noted(self.ada), noted(self.ada, Note)
        self.cable = self.network.cable(self.ada)
        (self.peer,) = self.server.peers

    def take(self) -> None:
        """Take Ada's connection away, until `accept` of her cable."""
        self.cable.refuse()
        self.cable.cut()

    async def away(self) -> None:
        """Take Ada's connection away, and wait until she has noticed."""
        self.take()
        await testing.until(lambda: self.ada.reconnecting is not None, "the client notices")

    async def back(self) -> None:
        """Let Ada come back, and wait until she is."""
        self.cable.accept()
        await testing.until(lambda: self.ada.connected, "it is back")


@contextlib.asynccontextmanager
async def a_room(ada: dict[str, Any] | None = None, **options: Any) -> AsyncIterator[Room]:
    """Give a room with Ada in it; options are those of the server, and `ada` those of the client."""
    async with testing.Network() as network:
        room = Room(network, await network.serve(**options))
        await room.join(**ada or {})
        yield room


class PlainPlayer:
    """A player that speaks JSON over a WebSocket in memory, and does nothing by itself."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.ended: tuple[int, str] | None = None
        self._connection: ClientConnection

    async def join(
        self, server: netlib.Server, network: testing.Network | testing.Cable, **hello: Any
    ) -> dict[str, Any]:
        """Connect and say hello; return the answer."""
        await self.dial(f"ws://127.0.0.1:{server.port}", network)
        self.send(type="hello", **{"protocol": 1, "name": "Plain", **hello})
        await testing.until(lambda: self.frames, "an answer")
        return self.frames[0]

    async def dial(self, url: str, network: testing.Network | testing.Cable) -> None:
        """Connect, and say nothing."""
        dialler = Dialler(netlib.JSON, 5, None, None, network)
        self._connection = await dialler.dial(url, self, PERFECT)

    def send(self, **frame: Any) -> None:
        """Send one frame."""
        self._connection.send(msgspec.json.encode(frame), binary=False)

    def kill(self) -> None:
        """End the connection without a word."""
        self._connection.abort()

    def got(self, kind: str) -> list[dict[str, Any]]:
        """Return the frames of a type."""
        return [frame for frame in self.frames if frame["type"] == kind]

    def connection_opened(self) -> None:
        """Nothing is to be done."""

    def message_received(self, data: bytes, binary: bool) -> None:
        """Keep it."""
        self.frames.append(msgspec.json.decode(data))

    def connection_closed(self, code: int, reason: str) -> None:
        """Keep why."""
        self.ended = code, reason


async def an_echo(network: testing.Network, **options: Any) -> netlib.Server:
    """Open a room that says everything again, and publishes its tick."""
    server = await network.serve(**options)
    server.on(Chat, lambda _, chat: server.broadcast(chat))
    server.on_tick(lambda _: server.publish({}))
    return server
