"""One end of a connection without a network: what a `Caller` and a `Seat` need, and protocols on a cable."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec

from netlib.play.metrics import LinkMetrics, ServerMetrics
from netlib.protocol.frames import FROM_CLIENT, Hello, RoomState
from netlib.protocol.messages import Catalog, Input, Message
from netlib.server.connections import Caller
from netlib.server.contract import Surroundings
from netlib.server.peer import Seat
from netlib.server.roster import Roster
from netlib.session.handshake import Limits
from netlib.session.sessions import Session
from netlib.testing.cable import Cable
from netlib.testing.machine import Machine
from netlib.transport.conditioner import PERFECT, LinkConditions
from netlib.transport.connection import Connection

PORT = 8765
BIG = bytes(range(256)) * 8192  # 2 MiB
RESET = "lost: ConnectionResetError"


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


class FakeRoom:
    """Has what is asked of a room by the parts inside of it, and notes what it is told."""

    name = "Lab"
    link = PERFECT
    stopping = paused = False
    tick = 0
    tick_rate = 30.0
    time = 0.0

    def __init__(self, **limits: Any) -> None:
        self.limits = Limits(**limits)
        self.metrics = ServerMetrics()
        self.catalog = Catalog([*FROM_CLIENT, Chat, Move, "emote"])
        self.got: list[Any] = []
        self.roster = Roster(cast(Surroundings, self))

    def handle(self, _: Caller, message: Any) -> bool:
        """Note a message that arrived."""
        self.got.append(message)
        return True

    def announce(self, event: Any) -> None:
        """Note what the game would hear."""
        self.got.append(event)

    def conditions_changed(self, seat: Seat) -> None:
        """Tell a player how the room is."""
        seat.tell_room(RoomState())

    def read(self, fields: Any) -> Any:
        """What is in a reply."""
        return fields

    def call(self, function: Any, *args: Any) -> None:
        """Call a listener."""
        function(*args)


def a_caller(room: FakeRoom, subprotocol: str | None = None) -> tuple[Caller, FakeConnection]:
    """Return the room's end of a new connection."""
    connection = FakeConnection(subprotocol)
    caller = Caller(cast(Surroundings, room), cast(Connection, connection))
    caller.connection_opened()
    return caller, connection


def a_seat(room: FakeRoom, subprotocol: str | None = None) -> tuple[Seat, FakeConnection]:
    """Return the place of Ada, player number 7, with a connection."""
    seat = room.roster.add(Session(7, "Ada", Hello(1, "Ada")))
    caller, connection = a_caller(room, subprotocol)
    seat.attach(caller)
    return seat, connection


@dataclass(eq=False)
class Buffered(asyncio.BufferedProtocol):
    """A protocol with a buffer of its own that notes what it is told."""

    size: int = 64 * 1024
    got: bytearray = field(default_factory=bytearray)
    told: list[str] = field(default_factory=list)
    on_data: Callable[[], object] | None = None
    stays_open: bool = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.buffer = bytearray(self.size)
        self.told.append("made")

    def get_buffer(self, sizehint: int) -> bytearray:
        return self.buffer

    def buffer_updated(self, nbytes: int) -> None:
        assert nbytes > 0
        self.got += self.buffer[:nbytes]
        if self.on_data:
            self.on_data()

    def eof_received(self) -> bool:
        self.told.append("eof")
        return self.stays_open

    def connection_lost(self, exc: Exception | None) -> None:
        self.told.append(f"lost: {type(exc).__name__}" if exc else "lost")

    def pause_writing(self) -> None:
        self.told.append("pause")

    def resume_writing(self) -> None:
        self.told.append("resume")


async def connected(
    server: Buffered | None = None, client: Buffered | None = None
) -> tuple[Cable, Buffered, Buffered]:
    """Connect two protocols by a cable; return it, the server's and the client's."""
    cable, there, here = Cable(Machine()), server or Buffered(), client or Buffered()
    await cable.listen(lambda: there, host=None, port=PORT, next_port=False, ssl=None)
    await cable.connect(lambda: here, "localhost", PORT, ssl=None)
    return cable, there, here


async def soon() -> None:
    """Let everything happen that happens at this moment."""
    await asyncio.sleep(1)
