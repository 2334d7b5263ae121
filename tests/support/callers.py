"""One end of a connection without a network: what a `Caller` and a `Seat` need around them."""

from typing import Any, cast

import msgspec

from netlib.play.metrics import LinkMetrics, ServerMetrics
from netlib.protocol.frames import FROM_CLIENT, Hello, RoomState
from netlib.protocol.messages import Catalog, Input, Message
from netlib.server.connections import Caller
from netlib.server.contract import Surroundings
from netlib.server.http import ServerConnection
from netlib.server.peer import Seat
from netlib.server.roster import Roster
from netlib.session.handshake import Limits
from netlib.session.sessions import Session
from netlib.transport.conditioner import PERFECT, LinkConditions


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
    ready = True
    patient = False
    slack = 0.0
    started = 0.0
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
    stopping = paused = closed = False
    room_id = code = ""
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

    def check_call(self) -> None:
        """There is only one."""

    def message_of(self, message: Any, fields: dict[str, Any]) -> Any:
        """The message that is to be sent."""
        return message

    def read(self, fields: Any) -> Any:
        """What is in a reply."""
        return fields

    def call(self, function: Any, *args: Any) -> None:
        """Call a listener."""
        function(*args)


def a_caller(room: FakeRoom, subprotocol: str | None = None) -> tuple[Caller, FakeConnection]:
    """Return the room's end of a new connection."""
    connection = FakeConnection(subprotocol)
    caller = Caller(cast(Surroundings, room), cast(ServerConnection, connection))
    caller.connection_opened()
    return caller, connection


def a_seat(room: FakeRoom, subprotocol: str | None = None) -> tuple[Seat, FakeConnection]:
    """Return the place of Ada, player number 7, with a connection."""
    seat = room.roster.add(Session(7, "Ada", Hello(1, "Ada")))
    caller, connection = a_caller(room, subprotocol)
    seat.attach(caller)
    return seat, connection
