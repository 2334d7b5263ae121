"""Recordings as files: a compact stream of what crossed a client's wire, with times.

The file is gzip, so ``zcat`` shows it, and begins with a line of JSON (`Header`). Then come
records: microseconds since the one before, a byte for the kind, the number of bytes that
follow, and those; both numbers as LEB128, seven bits to a byte, the lowest first. A whole
recording ends with a record of kind `ENDED`; one that breaks off is good up to there.
"""

import zlib
from collections.abc import Iterator
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from netlib.errors import NetlibError
from netlib.protocol.codecs import CODECS, MALFORMED, Codec

VERSION = 1
MAX_HEADER = 4096  # bytes
MAX_RECORD = 64 * 1024 * 1024  # bytes; more than a client sends or accepts in one message
READ_SIZE = 128  # bytes; in a damaged file, as many are lost before the damage
GZIP = 31  # zlib's word for a gzip file with the largest window
MAGIC = b"\x1f\x8b"  # how gzip files begin (RFC 1952)
DAMAGED, BREAKS_OFF = "the file is damaged", "the file breaks off"


class RecordingError(NetlibError):
    """A recording cannot be written or played; the text says why, and what to do."""


class Kind(IntEnum):
    """What a record tells. The data of `CLOSED` is that of a WebSocket close: two bytes of code, reason."""

    ENDED = 0
    OPENED = 1
    RECEIVED = 2
    SENT = 3
    CLOSED = 4


KINDS = frozenset(Kind)


class Record(msgspec.Struct, frozen=True):
    """Something that happened on the wire, ``time`` seconds after the start."""

    time: float
    kind: Kind
    data: bytes = b""

    @property
    def close(self) -> tuple[int, str]:
        """The code and reason of a close."""
        return int.from_bytes(self.data[:2], "big"), self.data[2:].decode(errors="replace")


class Header(msgspec.Struct, frozen=True):
    """What a recording says of itself.

    Args:
        format, version: that it is one, and in which version of this format.
        started: date and time in UTC.
        clock: what `netlib.clock` said then, in seconds; times in messages are of that clock.
        codec: the subprotocol that its messages are in.
    """

    started: datetime
    clock: float
    codec: str
    format: Literal["netlib recording"] = "netlib recording"
    version: int = VERSION

    def line(self) -> bytes:
        """How it is written in the file."""
        return msgspec.json.encode(self) + b"\n"


class _About(msgspec.Struct, frozen=True):
    format: Literal["netlib recording"]
    version: int


class _Broken(Exception):
    """The file is not good from here on."""


class Tape:
    """Reads a recording.

    Attributes:
        header: what it says of itself.
        codec: what its messages are in.
        problem: why it is not whole, in words; known when all records have been read.

    Raises:
        RecordingError: there is no such file, or it is not a recording, or one that we cannot play.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.problem = ""
        try:
            with self.path.open("rb") as file:
                self.header = _header(self.path, file)
        except OSError as error:
            raise RecordingError(f"cannot read {path}: {error.strerror or error}") from error
        self.codec = _codec(self.path, self.header.codec)

    def __iter__(self) -> Iterator[Record]:
        """The records from the beginning, as far as the file is good."""
        try:
            with self.path.open("rb") as file:
                stream = _Stream(file)
                stream.line(MAX_HEADER)
                yield from _records(stream)
                stream.finish()
        except (_Broken, OSError) as error:
            self.problem = str(error)


class _Stream:
    """What is in a gzip file, piece by piece."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._gzip = zlib.decompressobj(wbits=GZIP)
        self._buffer = bytearray()

    def take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._buffer += self._more()
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def line(self, most: int) -> bytes:
        """A line, or the first ``most`` bytes of a longer one."""
        while not (end := self._buffer.find(b"\n") + 1) and len(self._buffer) < most and not self._gzip.eof:
            self._buffer += self._more()
        return self.take(end or min(most, len(self._buffer)))

    def number(self) -> int:
        value = shift = 0
        while (byte := self.take(1)[0]) & 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > 63:
                raise _Broken(DAMAGED)
        return value | byte << shift

    def finish(self) -> None:
        """Read to the end of the file, where its checksum is."""
        while not self._gzip.eof:
            self._more()

    def _more(self) -> bytes:
        chunk = b"" if self._gzip.eof else self._file.read(READ_SIZE)
        if not chunk:
            raise _Broken(BREAKS_OFF)
        try:
            return self._gzip.decompress(chunk)
        except zlib.error as error:
            raise _Broken(DAMAGED) from error


def _records(stream: _Stream) -> Iterator[Record]:
    time, kind = 0, -1
    while kind != Kind.ENDED:
        time += stream.number()
        kind, size = stream.take(1)[0], stream.number()
        if kind not in KINDS or size > MAX_RECORD:
            raise _Broken(DAMAGED)
        yield Record(time / 1e6, Kind(kind), stream.take(size))


def _header(path: Path, file: BinaryIO) -> Header:
    if (start := file.read(len(MAGIC))) != MAGIC[: len(start)]:
        raise RecordingError(_no_recording(path))
    file.seek(0)
    if not start:
        raise RecordingError(f"{path} is empty: nothing was recorded")
    try:
        line = _Stream(file).line(MAX_HEADER)
    except _Broken as error:
        raise RecordingError(f"nothing in {path} can be played: {error}") from error
    try:
        _check_version(path, msgspec.json.decode(line, type=_About).version)
        return msgspec.json.decode(line, type=Header)
    except MALFORMED as error:
        raise RecordingError(_no_recording(path)) from error


def _check_version(path: Path, version: int) -> None:
    if version != VERSION:
        raise RecordingError(
            f"{path} is a recording of version {version}, and this netlib plays version {VERSION}; "
            "use the netlib that made it"
        )


def _codec(path: Path, subprotocol: str) -> Codec:
    for codec in CODECS:
        if codec.subprotocol == subprotocol:
            return codec
    raise RecordingError(f"{path} is in {subprotocol!r}, which this netlib does not know; update it")


def _no_recording(path: Path) -> str:
    return f"{path} is not a recording of netlib; `--record FILE` makes one"


def packed(number: int) -> bytes:
    """A number of 0 or more as LEB128."""
    low, high = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + packed(high) if high else bytes([low])
