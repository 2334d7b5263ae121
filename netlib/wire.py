"""netlib's own messages: the frames that every client meets. PROTOCOL.md explains each.

They are messages like those of a game; only their names are taken.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, UnsetType, field

from netlib.messages import Message, message_type

PROTOCOL_VERSION: Final = 1
PORT: Final = 8765  # TCP, unless somebody chooses another
MAX_PACKED: Final = 100_000  # entities in a collection: a few bytes of columns can unpack to very many

Count = Annotated[int, Meta(ge=0, le=2**53)]
Seconds = Annotated[float, Meta(ge=-1e15, le=1e15)]  # bounds also keep NaN and infinity out
Fields = dict[str, Any]
AtMost = Meta(max_length=MAX_PACKED)
Columns = tuple[Annotated[list[int], AtMost], dict[str, list[Any]]]  # ids, each less the last; field → values


class Hello(Message, frozen=True, omit_defaults=True, tag="hello"):
    """→ The first frame of a client."""

    protocol: int
    name: str
    password: str = ""
    spectator: bool = False
    nonce: str = ""
    resume: str = ""
    received: Count = 0


class Welcome(Message, frozen=True, tag="welcome"):
    """← The hello is accepted. ``server_time`` is in seconds since the server started."""

    player_id: int
    resume: str
    resumed: bool
    room: str
    tick: Count
    tick_rate: Annotated[float, Meta(gt=0, le=1000)]
    server_time: Seconds
    name: str = ""


class Refusal(Message, frozen=True, tag="refused"):
    """← The hello is not accepted; the server closes."""

    code: str
    message: str


class ErrorReply(Message, frozen=True, tag="error"):
    """← Something that this client sent was refused; the connection lives on."""

    code: str
    message: str


class Snapshot(Message, frozen=True, omit_defaults=True, tag="snapshot"):
    """← The world at one tick: whole (``full`` and ``state``), or what changed since ``base``.

    ``packed`` stands for ``state`` or ``set``, in fewer bytes; see `packing`.
    """

    tick: Count
    last_input_seq: Count = 0
    full: bool = False
    state: dict[str, dict[str, Fields]] = field(default_factory=dict)
    base: Count = 0
    set: dict[str, dict[str, Fields]] = field(default_factory=dict)
    gone: dict[str, list[str | int]] = field(default_factory=dict)
    packed: dict[str, Annotated[list[Columns], AtMost]] = field(default_factory=dict)


class Ack(Message, frozen=True, omit_defaults=True, tag="ack"):
    """→ The newest snapshot applied (0: none, please send a full one), messages received."""

    tick: Count | UnsetType = UNSET
    received: Count = 0


class Ping(Message, frozen=True, omit_defaults=True, tag="ping"):
    """→ Asks for a `Pong` that carries the same ``time``. ``rtt`` is the client's newest
    measurement in seconds, so that the server can show it."""

    time: Seconds
    rtt: Annotated[float, Meta(ge=0, le=60)] = 0.0


class Pong(Message, frozen=True, tag="pong"):
    """← Answers a `Ping`; both times in seconds, each on its owner's clock."""

    time: Seconds
    server_time: Seconds


FROM_CLIENT: Final = (Hello, Ack, Ping)
FROM_SERVER: Final = (Welcome, Refusal, ErrorReply, Snapshot, Ack, Pong)
RESERVED: Final = frozenset(message_type(kind) for kind in (*FROM_CLIENT, *FROM_SERVER)) | {"input"}
