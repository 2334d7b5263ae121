"""One end of a connection without a network: what a `Caller` and a `Peer` need around them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import msgspec

from netlib.play.metrics import LinkMetrics, ServerMetrics
from netlib.protocol.frames import FROM_CLIENT, Hello, RoomState
from netlib.protocol.messages import Catalog, Input, Message
from netlib.server.connections import Caller
from netlib.server.peer import Peer
from netlib.server.server import Server
from netlib.session.handshake import Limits
from netlib.session.sessions import Session
from netlib.transport.conditioner import PERFECT, LinkConditions
from netlib.transport.connection import Connection


class Chat(Message, frozen=True):
    """Something said."""

    text: str


class Move(Input, frozen=True):
    """One step."""

    dx: int = 0


class FakeConnection:
    """Notes what is sent and how it is closed."""

    address = "10.0.0.7:50312"
    buffered = 0
    broken = False
    closed_by_us = False

    def __init__(self, subprotocol: str | None = None) -> None:
        self.subprotocol = subprotocol
        self.metrics = LinkMetrics()
        self.link: LinkConditions = PERFECT
        self.sent: list[dict[str, Any]] = []
        self.closed: tuple[int, str] | None = None

    @property
    def closing(self) -> bool:
        """Whether it has been closed."""
        return self.closed is not None

    @property
    def is_open(self) -> bool:
        """Whether it can send."""
        return not self.closing

    @property
    def errors(self) -> list[str]:
        """The codes of the errors that were sent."""
        return [message["code"] for message in self.sent if message["type"] == "error"]

    def send(self, data: bytes, *, binary: bool) -> None:
        """Note a message."""
        if self.is_open:
            self.sent.append((msgspec.msgpack if binary else msgspec.json).decode(data))

    def close(self, code: int, reason: str) -> None:
        """Note the first close."""
        self.closed = self.closed or (int(code), reason)


class FakeServer:
    """Has what a caller and a peer ask of their server, and notes what it is told."""

    link = PERFECT
    stopping = False

    def __init__(self, **limits: Any) -> None:
        self.limits = Limits(**limits)
        self.metrics = ServerMetrics()
        self.catalog = Catalog([*FROM_CLIENT, Chat, Move, "emote"])
        self.tick_rate = 30.0
        self.tick = 0
        self.ticker = SimpleNamespace(stands=False)
        self.got: list[Any] = []
        self.roster = self.rights = self

    def message_received(self, _: Caller, message: Any) -> None:
        """A message arrived."""
        self.got.append(message)

    def read(self, fields: Any) -> Any:
        """What is in a reply."""
        return fields

    def call(self, function: Any, *args: Any) -> None:
        """Call a listener."""
        function(*args)

    def tell(self, peer: Peer) -> None:
        """Tell a player how the room is."""
        peer.tell_room(RoomState())

    def forget(self, _: Peer, reason: str, *, shut_out: bool = False) -> None:
        """A player cannot come back."""
        self.got.append(("forgotten", reason))

    def dropped(self, _: Peer, code: int, reason: str) -> None:
        """A player lost the connection."""
        self.got.append(("dropped", int(code), reason))

    def left(self, _: Peer, code: int, reason: str) -> None:
        """A player is gone."""
        self.got.append(("left", int(code), reason))


def a_caller(server: FakeServer, subprotocol: str | None = None) -> tuple[Caller, FakeConnection]:
    """Return the server's end of a new connection."""
    connection = FakeConnection(subprotocol)
    caller = Caller(cast(Server, server), cast(Connection, connection))
    caller.connection_opened()
    return caller, connection


def a_peer(server: FakeServer, subprotocol: str | None = None) -> tuple[Peer, FakeConnection]:
    """Return Ada, player number 7, with a connection."""
    peer = Peer(cast(Server, server), Session(7, "Ada", Hello(1, "Ada")))
    caller, connection = a_caller(server, subprotocol)
    peer.attach(caller)
    return peer, connection
