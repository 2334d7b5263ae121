"""How messages become bytes: JSON, which people can read, or MessagePack, which is smaller.

Which one a connection speaks is agreed in the WebSocket handshake, by subprotocol.
"""

import contextlib
import gc
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

# What decoding may raise. Deep nesting overflows the interpreter's stack.
MALFORMED = (msgspec.MsgspecError, ValueError, RecursionError)
MAX_SPLICED_KEYS = 15  # a MessagePack "fixmap" counts its pairs in four bits


class Codec(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """One encoding.

    Args:
        name: for people, such as ``JSON``.
        subprotocol: the WebSocket subprotocol that stands for it.
        binary: True when it travels in binary frames, False in text frames.
        packed: True when snapshots go as columns, which are short, False when as maps, which are clear.
        splice: joins two encoded objects into one that has the keys of both.
    """

    name: str
    subprotocol: str
    binary: bool = False
    packed: bool = False
    encode: Callable[[Any], bytes]
    decoder: Callable[[Any], Any]
    splice: Callable[[bytes, bytes], bytes]

    def __repr__(self) -> str:
        return f"<Codec {self.name}>"


@contextlib.contextmanager
def no_collection() -> Iterator[None]:
    """Collect no garbage meanwhile: a large world would be looked at again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _splice_json(head: bytes, body: bytes) -> bytes:
    """``{"a":1}`` and ``{"b":2}`` become ``{"a":1,"b":2}``; neither may be empty."""
    return head[:-1] + b"," + body[1:]


def _splice_msgpack(head: bytes, body: bytes) -> bytes:
    """The same for MessagePack maps of up to 15 keys together (format "fixmap", 0x80 | count)."""
    count = (head[0] & 0x0F) + (body[0] & 0x0F)
    if head[0] & 0xF0 != 0x80 or body[0] & 0xF0 != 0x80 or count > MAX_SPLICED_KEYS:
        raise ValueError("only two small maps can be spliced")
    return bytes([0x80 | count]) + head[1:] + body[1:]


JSON = Codec(
    name="JSON",
    subprotocol="netlib.v1.json",
    encode=msgspec.json.encode,
    decoder=msgspec.json.Decoder,
    splice=_splice_json,
)
MSGPACK = Codec(
    name="MessagePack",
    subprotocol="netlib.v1.msgpack",
    binary=True,
    packed=True,
    encode=msgspec.msgpack.encode,
    decoder=msgspec.msgpack.Decoder,
    splice=_splice_msgpack,
)
CODECS = (JSON, MSGPACK)


def choose(offered: Sequence[str]) -> Codec | None:
    """The codec for the first offered subprotocol that we speak; JSON when none is offered."""
    if not offered:
        return JSON
    return next((codec for name in offered for codec in CODECS if codec.subprotocol == name), None)
