"""WebSocket and length-prefixed frames for the clients that make the load.

Pure: bytes in, values out. A crowd that decoded everything it gets would measure itself, so only the first
bytes of a frame are kept. (RFC 6455, section 5)
"""

import base64
import struct
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from websockets.frames import Frame as ClientFrame
from websockets.frames import Opcode
from websockets.utils import accept_key

TEXT, BINARY, CLOSE, PING, PONG = Opcode.TEXT, Opcode.BINARY, Opcode.CLOSE, Opcode.PING, Opcode.PONG
KEY: Final = base64.b64encode(b"workshop bench..").decode()
MOST_HEADER = 4096  # bytes of an answer to the handshake


class Frame(NamedTuple):
    """One frame: its opcode, the size of its payload in bytes, and the payload's first bytes."""

    opcode: int
    size: int
    head: bytes


Header: TypeAlias = tuple[int, int, int]  # opcode, where the payload begins, its size


def websocket_frame(payload: bytes, opcode: Opcode) -> bytes:
    """One masked frame of a client."""
    return ClientFrame(opcode, payload).serialize(mask=True)


def tcp_frame(payload: bytes) -> bytes:
    """A length of four bytes, and the payload."""
    return struct.pack(">I", len(payload)) + payload


def websocket_header(data: bytes, at: int) -> Header | None:
    """Read the header of a server's frame at that place; None when it is incomplete."""
    if len(data) < at + 2:
        return None
    opcode, short = data[at] & 0x0F, data[at + 1] & 0x7F
    width = {126: 2, 127: 8}.get(short, 0)
    begin = at + 2 + width
    if len(data) < begin:
        return None
    return opcode, begin, int.from_bytes(data[at + 2 : begin], "big") if width else short


def tcp_header(data: bytes, at: int) -> Header | None:
    """Read a length of four bytes; None when it is incomplete."""
    begin = at + 4
    return (BINARY, begin, int.from_bytes(data[at:begin], "big")) if len(data) >= begin else None


class Cutter:
    """Cuts a stream into frames by their headers, and keeps the first ``keep`` bytes of each payload."""

    def __init__(self, header: Callable[[bytes, int], Header | None], keep: int) -> None:
        self._header = header
        self._keep = keep
        self._rest = b""
        self._skip = 0

    def feed(self, data: bytes) -> list[Frame]:
        """The frames whose wanted bytes have arrived."""
        if self._rest:
            data, self._rest = self._rest + data, b""
        found = []
        at = self._skip
        while at < len(data):
            header = self._header(data, at)
            if header is None or len(data) < header[1] + min(header[2], self._keep):
                self._rest = data[at:]
                at = len(data)
                break
            opcode, begin, size = header
            found.append(Frame(opcode, size, data[begin : begin + min(size, self._keep)]))
            at = begin + size
        self._skip = at - len(data)
        return found


def handshake(host: str, subprotocol: str) -> bytes:
    """A client's request to open a WebSocket."""
    lines = [
        "GET / HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {KEY}",
        "Sec-WebSocket-Version: 13",
        *([f"Sec-WebSocket-Protocol: {subprotocol}"] if subprotocol else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def handshake_answer(data: bytes) -> bytes | None:
    """The bytes that follow a server's answer; None while the answer is incomplete.

    Raises:
        ValueError: the answer does not let us in.
    """
    head, end, rest = data.partition(b"\r\n\r\n")
    if not end:
        if len(data) > MOST_HEADER:
            raise ValueError(f"no end of the handshake within {MOST_HEADER} bytes")
        return None
    status, *fields = head.split(b"\r\n")
    if not status.startswith(b"HTTP/1.1 101 ") or not any(map(_accepts, fields)):
        raise ValueError(f"the handshake was answered with {head[:80]!r}")
    return rest


def _accepts(field: bytes) -> bool:
    name, _, value = field.partition(b":")
    return name.lower() == b"sec-websocket-accept" and value.strip() == accept_key(KEY).encode()
