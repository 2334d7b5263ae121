"""What the clients send to each kind of server, and how they read its answers."""

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec

from netlib import JSON, MSGPACK, Codec
from netlib.protocol.frames import PROTOCOL_VERSION
from workshop.maintenance.bench.compare import frames
from workshop.maintenance.bench.compare.frames import Frame, Header
from workshop.maintenance.bench.compare.workload import Look

WHOLE: Final = 2**62  # bytes of a payload to keep: all
HEAD: Final = 96  # bytes that hold netlib's envelope
_JSON_NUMBER = {name: re.compile(rb'"%s":(\d+)' % name) for name in (b"tick", b"last_input_seq")}
_UINT_BYTES = {0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}  # MessagePack's unsigned integers


class Dialect(NamedTuple):
    """How to talk to one kind of server."""

    codec: Codec = JSON  # how messages are encoded
    websocket: bool = True  # whether they travel in WebSocket frames; otherwise each follows its length
    netlib: bool = False  # whether it is netlib's protocol, with a hello, acks and pings

    @property
    def subprotocol(self) -> str:
        """The subprotocol to offer in the handshake."""
        return self.codec.subprotocol if self.netlib else ""

    @property
    def header(self) -> Callable[[bytes, int], Header | None]:
        """The function that reads a frame's header."""
        return frames.websocket_header if self.websocket else frames.tcp_header

    def frame(self, message: dict[str, Any]) -> bytes:
        """The bytes of one message."""
        payload = self.codec.encode(message)
        if not self.websocket:
            return frames.tcp_frame(payload)
        return frames.websocket_frame(payload, frames.BINARY if self.codec.binary else frames.TEXT)

    def hello(self, name: str) -> bytes:
        """The first message."""
        more = {"protocol": PROTOCOL_VERSION} if self.netlib else {}
        return self.frame({"type": "hello", **more, "name": name})

    def is_snapshot(self, frame: Frame) -> bool:
        """Whether this frame carries the state."""
        return not self.netlib or b"snapshot" in frame.head[:32]

    def number(self, name: bytes, head: bytes) -> int:
        """A number from netlib's envelope; 0 if it is missing."""
        if self.codec is JSON:
            found = _JSON_NUMBER[name].search(head)
            return int(found[1]) if found else 0
        at = head.find(bytes([0xA0 | len(name)]) + name)
        return uint(head, at + 1 + len(name)) if at >= 0 else 0


def uint(data: bytes, at: int) -> int:
    """The MessagePack unsigned integer at that place."""
    size = _UINT_BYTES.get(data[at], 0)
    return int.from_bytes(data[at + 1 : at + 1 + size], "big") if size else data[at]


def own_x(name: str, body: bytes) -> int | None:
    """The x of the player with that name, in a state as JSON; None if it has no such player."""
    for space in (b"", b" "):  # the json module writes spaces
        before = b'"name":%s"%s",%s"x":%s' % (space, name.encode(), space, space)
        if (at := body.find(before)) >= 0:
            begin = at + len(before)
            return int(body[begin : body.index(b",", begin)])
    return None


def look_at(body: bytes) -> Look:
    """The players' places and the number of resources, from a state as JSON."""
    state = msgspec.json.decode(body)
    places = {player["name"]: (player["x"], player["y"]) for player in state["players"].values()}
    return Look(places, len(state["resources"]))


DIALECTS: Final = {
    "plain": Dialect(),
    "tcp": Dialect(websocket=False),
    "netlib json": Dialect(netlib=True),
    "netlib msgpack": Dialect(codec=MSGPACK, netlib=True),
}
