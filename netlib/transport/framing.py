"""Whole WebSocket messages cut from a stream of bytes, for the many that are one plain frame (RFC 6455, 5.2).

websockets' own parser is a generator that is woken several times for each frame. Nearly all
traffic of a game is whole messages in one frame, and for those a few lines do. Everything else
(pings, closes, fragments, and whatever is wrong) goes to websockets as it came, in whole frames,
and it decides. Measured: a server of 200 players spends a third less on receiving.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from websockets.frames import DATA_OPCODES, Opcode

try:
    from websockets.speedups import apply_mask
except ImportError:  # no compiled wheel for this Python
    from websockets.utils import apply_mask

MAX_RUN = 200  # frames that are handed to websockets at once: it takes a while over each
FIN = 0x80
RESERVED_BITS = 0x70
MASKED = 0x80
MASK_SIZE = 4  # bytes
HEAD_SIZES = {126: 4, 127: 10}  # bytes of a head whose length is in an extra field; others have 2
LENGTHS = {126: struct.Struct("!2xH"), 127: struct.Struct("!2xQ")}
SMALL, MEDIUM = 126, 65536  # sizes below which the head has no extra field, or a short one
WHOLE_TEXT, WHOLE_BINARY = FIN | Opcode.TEXT, FIN | Opcode.BINARY


class Piece(NamedTuple):
    """A whole message, or bytes that are websockets' business (``whole`` is False)."""

    whole: bool
    data: bytes
    binary: bool = False


class Unframer:
    """Cuts what arrives into pieces.

    Args:
        masked: whether the other side masks its frames, as a client must.
        max_size: bytes of a message; a frame that announces more is websockets' business.
    """

    def __init__(self, *, masked: bool, max_size: int) -> None:
        self._masked = MASKED if masked else 0
        self._mask_size = MASK_SIZE if masked else 0
        self._max_size = max_size
        self._rest = bytearray()
        self._fragmented = False
        self._gave_up = False

    def feed(self, data: bytes) -> list[Piece]:
        """The pieces that are complete with these bytes."""
        if single := self._single(data):
            return [single]
        if self._gave_up:
            return [Piece(False, data)]
        if self._rest:
            self._rest += data
            if not self._is_complete():
                return []
            data = bytes(self._rest)
            self._rest.clear()
        return list(self._pieces(data))

    def _single(self, data: bytes) -> Piece | None:
        """The one small whole message that these bytes are, as nearly all are; else None."""
        if self._rest or self._fragmented or self._gave_up or len(data) < 2 + self._mask_size:
            return None
        size, body = data[1] ^ self._masked, 2 + self._mask_size
        if size >= SMALL or len(data) != body + size or data[0] not in (WHOLE_TEXT, WHOLE_BINARY):
            return None
        content = apply_mask(data[body:], data[2:body]) if self._masked else data[body:]
        return Piece(True, content, data[0] == WHOLE_BINARY)

    def _pieces(self, data: bytes) -> Iterator[Piece]:
        start = not_ours = frames = before = 0  # from `not_ours` to `start` all is websockets' business
        while (size := self._frame_size(data, start)) and start + size <= len(data):
            message = self._message(data, start, start + size)
            frames += 1
            # A message in fragments goes as soon as it is whole: a close behind it would forbid an answer.
            if message is not None or frames % MAX_RUN == 0 or data[before] == FIN | Opcode.CONT:
                if not_ours < start:
                    yield Piece(False, data[not_ours:start])
                not_ours = start
            if message is not None:
                yield message
                not_ours = start + size
            before, start = start, start + size
        if size is None:
            self._gave_up, start = True, len(data)
        if not_ours < start:
            yield Piece(False, data[not_ours:start])
        self._rest += data[start:]

    def _is_complete(self) -> bool:
        """Whether a look is worth while; a large message would else be copied at every read."""
        size = self._frame_size(self._rest, 0)
        return size is None or 0 < size <= len(self._rest)

    def _frame_size(self, data: bytes | bytearray, start: int) -> int | None:
        """Bytes of the frame that begins here; 0 when its head is not complete; None when it is not ours."""
        if len(data) < start + 2:
            return 0
        first, second = data[start], data[start + 1]
        if first & RESERVED_BITS or second & MASKED != self._masked:
            return None
        length, head = second & ~MASKED, 2
        if length in LENGTHS:
            head = HEAD_SIZES[length]
            if len(data) < start + head:
                return 0
            (length,) = LENGTHS[length].unpack_from(data, start)
        if length > self._max_size:
            return None
        return head + self._mask_size + length

    def _message(self, data: bytes, start: int, end: int) -> Piece | None:
        first = data[start]
        if self._fragmented or first not in (WHOLE_TEXT, WHOLE_BINARY):
            if first & ~FIN in DATA_OPCODES:
                self._fragmented = not first & FIN
            return None
        body = start + HEAD_SIZES.get(data[start + 1] & ~MASKED, 2)
        if not self._masked:
            return Piece(True, data[body:end], first == WHOLE_BINARY)
        mask, body = data[body : body + MASK_SIZE], body + MASK_SIZE
        return Piece(True, apply_mask(data[body:end], mask), first == WHOLE_BINARY)


def frame(data: bytes, *, binary: bool) -> bytes:
    """A server's frame (unmasked) for one whole message."""
    first = WHOLE_BINARY if binary else WHOLE_TEXT
    size = len(data)
    if size < SMALL:
        return bytes((first, size)) + data
    if size < MEDIUM:
        return struct.pack("!BBH", first, 126, size) + data
    return struct.pack("!BBQ", first, 127, size) + data
