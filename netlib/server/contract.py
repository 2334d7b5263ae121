"""What the parts of a room may know of each other, and no more: so none of them holds the whole of it."""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from netlib.events import Event
from netlib.play.metrics import ServerMetrics
from netlib.play.timing import RateLimit
from netlib.protocol.codecs import Codec
from netlib.protocol.frames import Reply, Request
from netlib.protocol.messages import Catalog, Message, Untyped
from netlib.session.handshake import Limits
from netlib.transport.conditioner import LinkConditions
from netlib.transport.connection import Connection


class Surroundings(Protocol):
    """A room, for what is inside of it."""

    name: str
    tick_rate: float
    limits: Limits
    metrics: ServerMetrics
    catalog: Catalog
    stopping: bool
    link: LinkConditions

    @property
    def tick(self) -> int: ...
    @property
    def time(self) -> float: ...
    @property
    def paused(self) -> bool: ...
    def announce(self, event: Event) -> None: ...
    def conditions_changed(self, seat: Any) -> None: ...
    def call(self, function: Callable[..., object], *args: Any) -> None: ...
    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> object: ...
    def read(self, fields: Any) -> Message | Untyped: ...
    async def answer(self, request: Request, send: Callable[[Reply], object], *who: Any) -> None: ...


class Keeper(Protocol):
    """Keeps the places of a room, for one of them."""

    def lost(self, seat: Any, code: int, reason: str, *, ours: bool) -> None: ...
    def end(self, seat: Any, code: int, reason: str, *, shut_out: bool = False) -> None: ...


class Carrier(Protocol):
    """A connection to a client, for the place of its player."""

    connection: Connection
    codec: Codec
    rate: RateLimit
    refused: Any
    seat: Any  # the place, as long as this is its connection

    @property
    def address(self) -> str: ...
    def send(self, message: Message | Untyped) -> int: ...
    def close(self, code: int, reason: str) -> None: ...
    def refuse(self, code: str, text: str) -> None: ...
