"""Large frames in parts: what waits to go out over one connection, and what comes in over it.

A frame of some megabytes would hold up everything behind it. So it goes as many parts, and what must not
wait (a snapshot, a pong) passes between two of them. `Outbox` cuts, `Joiner` puts together; neither knows
a socket: whoever has one asks the outbox for the next frame as long as little waits there.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from netlib.errors import BadMessage, MessageTooBig
from netlib.protocol.codecs import Codec
from netlib.protocol.frames import Part
from netlib.protocol.messages import Message, Untyped, encode

LARGE = 64 * 1024  # bytes of a frame above which it goes in parts
PART = 16 * 1024  # bytes of a frame in one part
MAX_WHOLE = 4 * 1024 * 1024  # bytes of a frame that is not in parts
MAX_JOINED = 64 * 1024 * 1024  # bytes of a frame in parts

Sized: TypeAlias = tuple[int, bytes]  # a frame, and how many bytes of what waited go with it


class Outbox:
    """What waits to go out over one connection: messages in their order, and a snapshot beside them.

    Args:
        codec: how frames are encoded.
        parts: whether the other side takes parts.
        most: bytes of the largest frame that it takes.

    Attributes:
        messages: bytes of the messages that wait, without those that are not encoded yet.
        snapshot: bytes of the snapshot that waits; 0 when there is none, and another may `begin`.
    """

    def __init__(self, codec: Codec, *, parts: bool = False, most: int | None = None) -> None:
        self.parts = parts
        self.most = most or (MAX_JOINED if parts else MAX_WHOLE)
        self.messages = self.snapshot = 0
        self.codec = codec
        self._queue: deque[bytes | Message | Untyped] = deque()
        self._message: Iterator[Sized] = iter(())
        self._snapshot: Iterator[Sized] = iter(())
        self._messages_next = True

    @property
    def waits(self) -> bool:
        """Whether a message waits; one that comes now has to wait behind it."""
        return bool(self._queue) or self.messages > 0

    def add(self, message: bytes | Message | Untyped) -> None:
        """Let a message wait for its turn: encoded, or, when it is sent again, to be encoded then."""
        self._queue.append(message)
        self.messages += _size(message)

    def begin(self, pieces: list[bytes]) -> None:
        """Let a snapshot go, whose bytes are these."""
        self.snapshot = sum(map(len, pieces))
        self._snapshot = self._frames("snapshot", pieces, self.snapshot)

    def next(self) -> bytes | None:
        """The next frame to send, None when nothing waits. Messages and a snapshot take turns.

        Raises:
            MessageError: it is too large, or a message cannot be encoded again.
        """
        self._messages_next = not self._messages_next
        if self._messages_next:
            return self.next_of_messages() or self._next_of_snapshot()
        return self._next_of_snapshot() or self.next_of_messages()

    def next_of_messages(self) -> bytes | None:
        """The next frame of the messages alone."""
        sized = next(self._message, None)
        if sized is None and self._queue:
            message = self._queue.popleft()
            data = message if isinstance(message, bytes) else encode(self.codec, message)
            self.messages += len(data) - _size(message)
            self._message = self._frames("message", [data], len(data))
            sized = next(self._message)
        if sized is None:
            return None
        self.messages -= sized[0]
        return sized[1]

    def _next_of_snapshot(self) -> bytes | None:
        size, frame = next(self._snapshot, (0, None))
        self.snapshot -= size
        return frame

    def _frames(self, of: Literal["message", "snapshot"], pieces: list[bytes], size: int) -> Iterator[Sized]:
        if size > self.most:
            raise MessageTooBig(f"a {of} of {size} bytes is more than its client takes ({self.most})")
        if size <= LARGE or not self.parts:
            yield size, b"".join(pieces)
            return
        left = size
        for data in _cut(pieces, text=not self.codec.binary):
            left -= len(data)
            part = Part(of, data.decode() if not self.codec.binary else data, last=not left)
            yield len(data), encode(self.codec, part)


def _size(message: bytes | Message | Untyped) -> int:
    return len(message) if isinstance(message, bytes) else 0


def _cut(pieces: Iterable[bytes], *, text: bool) -> Iterator[bytes]:
    """The same bytes in pieces of at most `PART`; text is cut between characters."""
    rest = b""
    for piece in pieces:
        whole, start = rest + piece, 0
        while len(whole) - start > PART:
            end = start + PART
            while text and whole[end] & 0xC0 == 0x80:  # in the middle of a character
                end -= 1
            yield whole[start:end]
            start = end
        rest = whole[start:]
    yield rest


class Joiner:
    """Puts the parts that come over one connection together."""

    def __init__(self) -> None:
        self._pieces: dict[str, list[bytes]] = {"message": [], "snapshot": []}
        self._sizes = dict.fromkeys(self._pieces, 0)

    def add(self, part: Part) -> bytes | None:
        """Take a part. Returns the frame that is whole with it, if it is.

        Raises:
            BadMessage: it holds neither text nor bytes.
            MessageTooBig: the frame would have more than `MAX_JOINED` bytes.
        """
        data = part.data.encode() if isinstance(part.data, str) else part.data
        if not isinstance(data, bytes):
            raise BadMessage("a part holds neither text nor bytes")
        pieces = self._pieces[part.of]
        pieces.append(data)
        self._sizes[part.of] += len(data)
        if self._sizes[part.of] > MAX_JOINED:
            raise MessageTooBig(f"a {part.of} of more than {MAX_JOINED >> 20} MiB came in parts")
        if not part.last:
            return None
        self._pieces[part.of], self._sizes[part.of] = [], 0
        return b"".join(pieces)
