"""WebSocket frames as no library sends them: opcodes, reserved bits, masks, lengths, fragments, closes."""

import struct
from random import Random

from websockets.utils import apply_mask

from workshop.maintenance.bench.compare.frames import handshake

FIN, MASKED = 0x80, 0x80
CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KNOWN = (CONT, TEXT, BINARY, CLOSE, PING, PONG)
LENGTHS = (0, 1, 125, 126, 127, 65535, 65536, 2**31, 2**32, 2**63 - 1, 2**63, 2**64 - 1)
CODES = (0, 999, 1000, 1001, 1004, 1005, 1006, 1007, 1011, 1015, 2999, 3000, 4001, 5000, 65535)
NOT_TEXT = (
    *(b"\xff", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80"),
    *(b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\x80"),
)


def garbled_upgrade(rng: Random) -> bytes:
    """A request that is wrong in some way, or nothing of the kind."""
    subprotocol = rng.choice(("", "netlib.v1.json", "netlib.v9", "\x00"))
    lines = handshake("localhost", subprotocol).decode().split("\r\n")
    match rng.randrange(6):
        case 0:
            return rng.randbytes(rng.randrange(400))
        case 1:
            del lines[rng.randrange(len(lines) - 2)]
        case 2:
            lines[0] = rng.choice(
                ("POST / HTTP/1.1", "GET / HTTP/0.9", "GET", "GET /info HTTP/1.1", "PRI * HTTP/2.0")
            )
        case 3:
            lines.insert(1, rng.choice(("Origin: http://evil.example", "X: " + "y" * 9000, ": ", "A\x00: b")))
        case 4:
            lines[1:1] = ["X: y"] * rng.randrange(300)
        case _:
            return handshake("localhost", "") * rng.randrange(2, 4) + rng.randbytes(rng.randrange(60))
    return "\r\n".join(lines).encode()


def proper(opcode: int, data: bytes) -> bytes:
    """A frame as it should be."""
    return _framed(FIN | opcode, data, len(data), MASKED)


def garbled(rng: Random, data: bytes, opcode: int) -> list[bytes]:
    """Frames around a message, of which something is wrong, or odd."""
    match rng.randrange(8):
        case 0:
            return [_framed(rng.randrange(256), data, len(data), MASKED)]
        case 1:
            return [_framed(FIN | opcode, data, rng.choice(LENGTHS), MASKED)]
        case 2:
            return [_framed(FIN | opcode, data, len(data), 0)]
        case 3:
            return _fragments(rng, data, opcode)
        case 4:
            return [proper(CLOSE, _close(rng))]
        case 5:
            return [proper(TEXT, data[:50] + rng.choice(NOT_TEXT) + data[50:])]
        case 6:
            return [proper(rng.choice((PING, PONG)), rng.randbytes(rng.choice((0, 1, 125, 126, 300))))]
        case _:
            return [proper(opcode, data)[: rng.randrange(1, 12)]]


def _fragments(rng: Random, data: bytes, opcode: int) -> list[bytes]:
    """The message in pieces: right, without an end, with another frame between, or far too many."""
    size = rng.choice((1, 3, max(1, len(data) // 3)))
    parts = [data[at : at + size] for at in range(0, len(data), size)][:40]
    frames = [_framed(CONT if at else opcode, part, len(part), MASKED) for at, part in enumerate(parts)]
    if rng.random() < 0.3:
        frames.insert(rng.randrange(len(frames) + 1), proper(rng.choice(KNOWN), b"between"))
    if rng.random() < 0.1:
        frames += [_framed(CONT, b"", 0, MASKED)] * 1200
    return frames if rng.random() < 0.3 else [*frames, proper(CONT, b"")]


def _close(rng: Random) -> bytes:
    reason = rng.choice((b"", b"bye", b"*" * 123, b"*" * 124, b"\xed\xa0\x80", b"\x1b[31m"))
    return rng.choice((b"", b"\x03", struct.pack("!H", rng.choice(CODES)) + reason))


def _framed(first: int, data: bytes, length: int, masked: int) -> bytes:
    """A frame that announces a length, which may be another than that of its data."""
    if length < 126:
        head = struct.pack("!BB", first, masked | length)
    elif length < 65536:
        head = struct.pack("!BBH", first, masked | 126, length)
    else:
        head = struct.pack("!BBQ", first, masked | 127, length)
    mask = b"\x12\x34\x56\x78" if masked else b""
    return head + mask + (apply_mask(data, mask) if masked else data)
