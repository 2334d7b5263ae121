"""Rooms and players in memory, for tests of sessions: what happened to whom, and a player without netlib."""

from __future__ import annotations

import contextlib
from typing import Any

import msgspec

import netlib
from netlib import testing
from netlib.conditioner import PERFECT
from netlib.dialling import ClientConnection, dial

COMINGS = (netlib.Joined, netlib.Dropped, netlib.Resumed, netlib.Left)
CONNECTIONS = (netlib.Connected, netlib.Interrupted, netlib.Disconnected, netlib.ServerError)
MAX_SIZE = 4 * 1024 * 1024  # bytes of one message from the server


class Note(netlib.Message, frozen=True):
    """A numbered message."""

    number: int
    text: str = ""


class Thing(netlib.Entity, frozen=True):
    """Something in the state."""

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


class PlainPlayer:
    """A player that speaks JSON over a WebSocket in memory, and does nothing by itself.

    Attributes:
        frames: what it got.
        ended: the close code and reason, once its connection has ended.
    """

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.ended: tuple[int, str] | None = None
        self._connection: ClientConnection

    async def join(
        self, server: netlib.Server, network: testing.Network | testing.Cable, **hello: Any
    ) -> dict[str, Any]:
        """Connect and say hello; return the answer."""
        self._connection = await dial(
            f"ws://127.0.0.1:{server.port}",
            self,
            subprotocol="netlib.v1.json",
            max_size=MAX_SIZE,
            link=PERFECT,
            seed=None,
            timeout=5,
            ssl=None,
            network=network,
        )
        self.send(type="hello", **{"protocol": 1, "name": "Plain", **hello})
        await testing.until(lambda: self.frames, "an answer")
        return self.frames[0]

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
