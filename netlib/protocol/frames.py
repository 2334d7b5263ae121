"""netlib's own messages: the frames that every client meets. PROTOCOL.md explains each.

They are messages like those of a game; only their names are taken.
"""

from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from netlib.protocol.messages import Message, message_type

PROTOCOL_VERSION: Final = 1
PORT: Final = 8765  # TCP, unless somebody chooses another
MAX_REASON: Final = 120  # characters of a reason that a host gives
MAX_PACKED: Final = 100_000  # entities in a collection: a few bytes of columns can unpack to very many
MAX_ENTITIES: Final = 1_000_000  # in all collections together, likewise

Count = Annotated[int, Meta(ge=0, le=2**53)]
Seconds = Annotated[float, Meta(ge=-1e15, le=1e15)]  # bounds also keep NaN and infinity out
Secret = Annotated[str, Meta(max_length=128)]
LinkSeconds = Annotated[float, Meta(ge=0, le=60)]
LinkLoss = Annotated[float, Meta(ge=0, lt=1)]
RequestId = Annotated[int, Meta(ge=1, le=2**53)]
Fields = dict[str, Any]
AtMost = Meta(max_length=MAX_PACKED)
Columns = tuple[Annotated[list[int], AtMost], dict[str, list[Any]]]  # ids, each less the last; field → values


class Join(Struct, frozen=True, omit_defaults=True):
    """Which of a server's many rooms a client wants: see `netlib.rooms`. Nothing of it: any.

    Args:
        kind: a room of this kind that has a seat for us, or else a new one.
        id: the room of this id.
        code: the room of this short code, which friends tell each other.
        new: a new room in any case.
        private: a new room that is neither listed nor given to strangers: others come by its code.
        options: what a new room is furnished by, as plain values.
    """

    kind: str = ""
    id: str = ""
    code: str = ""
    new: bool = False
    private: bool = False
    options: Fields = field(default_factory=dict)


class Hello(Message, frozen=True, omit_defaults=True, tag="hello"):
    """→ The first frame of a client.

    ``resume`` is the token of the session that it wants to go on with, and ``received`` how many
    messages it got there. ``nonce`` is a secret of its own: a first hello that is said again, since
    the welcome was lost, is by it the same player. ``parts``: it puts together what comes as `Part`.
    ``join``: which room it wants, where a server has several.
    """

    protocol: int
    name: str
    password: str = ""
    spectator: bool = False
    nonce: Secret = ""
    resume: Secret = ""
    received: Count | UnsetType = UNSET
    parts: bool = False
    join: Join | UnsetType = UNSET


class Welcome(Message, frozen=True, tag="welcome"):
    """← The hello is accepted. ``server_time`` is in seconds since the server started.

    ``resume`` is the token for coming back; ``received`` is how many messages the server got in
    this session. ``room_id`` and ``code`` tell which of several rooms this is.
    """

    player_id: int
    resume: str
    resumed: bool
    room: str
    tick: Count
    tick_rate: Annotated[float, Meta(gt=0, le=1000)]
    server_time: Seconds
    name: str = ""
    received: Count = 0
    room_id: str | UnsetType = UNSET
    code: str | UnsetType = UNSET


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


class Part(Message, frozen=True, omit_defaults=True, tag="part"):
    """← A piece of a frame that is too large to hold up all others: a string in JSON, else bytes."""

    of: Literal["message", "snapshot"]
    data: Any
    last: bool = False


class Ack(Message, frozen=True, omit_defaults=True, tag="ack"):
    """↔ Messages received so far; and → the newest snapshot applied (0: none, please send a full one)."""

    tick: Count | UnsetType = UNSET
    received: Count | UnsetType = UNSET


class Request(Message, frozen=True, tag="request"):
    """↔ A message that wants an answer."""

    id: RequestId
    body: Any


class Reply(Message, frozen=True, omit_defaults=True, tag="reply"):
    """↔ Answers the request of that id: with a message, with nothing, or with an error's code and text."""

    id: RequestId
    body: Any = None
    code: str = ""
    message: str = ""


class Ping(Message, frozen=True, omit_defaults=True, tag="ping"):
    """→ Asks for a `Pong` that carries the same ``time``. ``rtt`` is the client's newest
    measurement in seconds, so that the server can show it."""

    time: Seconds
    rtt: Annotated[float, Meta(ge=0, le=60)] = 0.0


class Pong(Message, frozen=True, tag="pong"):
    """← Answers a `Ping`; both times in seconds, each on its owner's clock."""

    time: Seconds
    server_time: Seconds


class Command(Message, frozen=True, omit_defaults=True, tag="command"):
    """→ The host wants something of the server.

    Args:
        do: what; "host" asks for the rights of a host, by ``password``.
        player: whom it concerns, for "kick" and "link"; 0 is everybody.
        reason: shown to those concerned, for "kick" and "shutdown".
        latency, jitter, loss: what to simulate, for "link"; see `netlib.LinkConditions`.
    """

    do: Literal["host", "pause", "start", "kick", "shutdown", "link"]
    password: Secret = ""
    player: Count = 0
    reason: Annotated[str, Meta(max_length=MAX_REASON)] = ""
    latency: LinkSeconds = 0.0
    jitter: LinkSeconds = 0.0
    loss: LinkLoss = 0.0


class RoomState(Message, frozen=True, omit_defaults=True, tag="room"):
    """← How the room is for this client now.

    Args:
        host: you may give a `Command`.
        paused: time stands still.
        by: the player who paused it.
        latency, jitter, loss: what the server's end of your link simulates.
    """

    host: bool = False
    paused: bool = False
    by: str = ""
    latency: LinkSeconds = 0.0
    jitter: LinkSeconds = 0.0
    loss: LinkLoss = 0.0


FROM_CLIENT: Final = (Hello, Ack, Ping, Request, Reply, Command)
FROM_SERVER: Final = (Welcome, Refusal, ErrorReply, Snapshot, Part, Ack, Pong, Request, Reply, RoomState)
RESERVED: Final = frozenset(message_type(kind) for kind in (*FROM_CLIENT, *FROM_SERVER)) | {"input"}
