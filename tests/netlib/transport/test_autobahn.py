"""The cases of the Autobahn testsuite in our own words, against a server's end that echoes messages.

The numbers are the suite's. All are strict but these, each of which a test below pins:

- 6.4 (fail fast): text is looked at when its message is whole, not when its first wrong byte is there.
- 7.1.5: a close between two fragments of a message is answered with 1002, not with an echo.
- 7.9: 1012, 1013 and 1014, which the suite calls invalid, are registered by now, and echoed.
- 9: what is larger than a server's limit is closed with 1009; its limits are PROTOCOL.md's, not 16 MiB.
- A message in more than 1000 fragments is closed with 1008.
- 12 and 13 (compression) do not apply: it is declined.
"""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Iterator

import pytest
from websockets.frames import Opcode
from websockets.utils import apply_mask

from netlib.server.http import HARD_LIMIT, ServerConnection, Shared
from netlib.transport.conditioner import PERFECT
from netlib.transport.connection import MAX_FRAGMENTS
from tests.support.processes import TIMEOUT
from tests.support.rooms import LOOPBACK
from tests.support.target import HANDSHAKE

MESSAGE_SIZE = (
    64 * 1024
)  # bytes; what is up to four times as long is read, and then it is the room's to refuse
MASK = b"\x37\xfa\x21\x3d"
FRAGMENT = 0x00  # the first byte of a frame: FIN bit, reserved bits, opcode
WHOLE = 0x80
TEXT, BINARY, CONT, CLOSE, PING, PONG = (
    opcode.value
    for opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT, Opcode.CLOSE, Opcode.PING, Opcode.PONG)
)

Heard = tuple[int, bytes | int]  # an opcode, and what came: for a close its code


def raw(first: int, data: bytes = b"") -> bytes:
    """Return a client's frame, right or wrong."""
    if len(data) < 126:
        head = bytes((first, 0x80 | len(data)))
    elif len(data) < 65536:
        head = struct.pack("!BBH", first, 0x80 | 126, len(data))
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, len(data))
    return head + MASK + apply_mask(data, MASK)


def text(data: bytes) -> bytes:
    return raw(WHOLE | TEXT, data)


def fragments(*parts: bytes, opcode: int = TEXT) -> bytes:
    """Return one message in several frames."""
    last = len(parts) - 1
    return b"".join(
        raw((WHOLE if at == last else FRAGMENT) | (CONT if at else opcode), part)
        for at, part in enumerate(parts)
    )


def octets(data: bytes) -> bytes:
    """Return a text message in a fragment for each byte."""
    return fragments(*(data[at : at + 1] for at in range(len(data))))


def close(code: int, reason: bytes = b"") -> bytes:
    return raw(WHOLE | CLOSE, struct.pack("!H", code) + reason)


GOODBYE = close(1000)
PINGED = raw(WHOLE | PING, b"?")
ENDED: list[Heard] = [(CLOSE, 1000)]
BROKEN: list[Heard] = [(CLOSE, 1002)]
NOT_TEXT: list[Heard] = [(CLOSE, 1007)]
HELLO: Heard = (TEXT, b"Hello")


def echo(*messages: bytes, opcode: int = TEXT) -> list[Heard]:
    """Return what is heard when these come back, and then the goodbye."""
    return [*((opcode, message) for message in messages), *ENDED]


class Echo:
    """Sends each message back as it came."""

    def __init__(self, connection: ServerConnection) -> None:
        self.connection = connection
        self.ended: tuple[int, str] | None = None

    def connection_opened(self) -> None:
        """Nothing is said first."""

    def message_received(self, data: bytes, binary: bool) -> None:
        self.connection.send(data, binary=binary)

    def connection_closed(self, code: int, reason: str) -> None:
        self.ended = code, reason


@contextlib.asynccontextmanager
async def echoing() -> AsyncIterator[tuple[int, list[Echo]]]:
    """Give the port of a server that echoes, and its ends of the connections."""
    shared, ends = Shared(pages={}, message_size=MESSAGE_SIZE), list[Echo]()

    def make() -> ServerConnection:
        connection = ServerConnection(shared, PERFECT)
        connection.owner = end = Echo(connection)
        connection.admit, connection.gone = lambda: True, lambda: None
        ends.append(end)
        return connection

    server = await asyncio.get_running_loop().create_server(make, LOOPBACK, 0)
    try:
        yield server.sockets[0].getsockname()[1], ends
    finally:
        server.close()
        await server.wait_closed()


async def talk(data: bytes, chop: int | None = None) -> list[Heard]:
    """Say this, in one piece or in pieces of so many bytes, and hear until the server hangs up."""
    async with echoing() as (port, ends), asyncio.timeout(TIMEOUT):
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        try:
            writer.write(HANDSHAKE.encode())
            await reader.readuntil(b"\r\n\r\n")
            talking = asyncio.create_task(say(writer, data, chop))
            heard = [each async for each in frames_from(reader, writer)]
            await talking
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
        while ends[0].ended is None:
            await asyncio.sleep(0.001)
    return heard


async def say(writer: asyncio.StreamWriter, data: bytes, chop: int | None) -> None:
    """Write this; that the other side has hung up meanwhile is no mistake."""
    step = chop or max(1, len(data))
    with contextlib.suppress(ConnectionError):
        for start in range(0, len(data), step):
            writer.write(data[start : start + step])
            await writer.drain()
            await asyncio.sleep(0)


async def frames_from(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> AsyncIterator[Heard]:
    """Give each frame of the server's; answer its close."""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            first, size = await reader.readexactly(2)
            assert not size & 0x80, "a server masks nothing"
            if size >= 126:
                size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
            data = await reader.readexactly(size)
            opcode = first & 0x0F
            assert first == WHOLE | opcode, "our server neither fragments nor reserves"
            if opcode == CLOSE:
                writer.write(GOODBYE)
            yield opcode, int.from_bytes(data[:2], "big") if opcode == CLOSE and data else data


def framing() -> Iterator[tuple[str, bytes, list[Heard]]]:
    """1: every length of head, text and binary; 10.1: many fragments."""
    for opcode, name in ((TEXT, "1.1 text"), (BINARY, "1.2 binary")):
        for size in (0, 125, 126, 127, 128, 65535, 65536):
            data = b"*" * size
            yield f"{name} of {size}", raw(WHOLE | opcode, data) + GOODBYE, echo(data, opcode=opcode)
    data = b"*" * 65536
    parts = fragments(*(data[at : at + 1300] for at in range(0, len(data), 1300)))
    yield "10.1.1 65536 bytes in fragments of 1300", parts + GOODBYE, echo(data)


def pings() -> Iterator[tuple[str, bytes, list[Heard]]]:
    """2: pings and pongs."""
    long, odd = b"\xfe" * 125, bytes((0, 255, 254, 253, 252, 251, 0, 255))
    for number, data in (("2.1", b""), ("2.2", b"Hello, world!"), ("2.3", odd), ("2.4, 2.6", long)):
        yield f"{number} a ping", raw(WHOLE | PING, data) + GOODBYE, [(PONG, data), *ENDED]
    yield "2.5 a ping of 126 bytes", raw(WHOLE | PING, long + b"\xfe") + text(b"Hello"), BROKEN
    yield "2.7 a pong that nobody asked for", raw(WHOLE | PONG) + GOODBYE, ENDED
    yield "2.8 the same with content", raw(WHOLE | PONG, b"unasked") + GOODBYE, ENDED
    yield (
        "2.9 the same, then a ping",
        raw(WHOLE | PONG, b"unasked") + PINGED + GOODBYE,
        [(PONG, b"?"), *ENDED],
    )
    ten = [b"ping %d" % number for number in range(10)]
    yield (
        "2.10, 2.11 ten pings",
        b"".join(raw(WHOLE | PING, data) for data in ten) + GOODBYE,
        [*((PONG, data) for data in ten), *ENDED],
    )


def reserved() -> Iterator[tuple[str, bytes, list[Heard]]]:
    """3: reserved bits; 4: reserved opcodes."""
    for bits in range(1, 8):
        for opcode in (TEXT, BINARY, PING, CLOSE):
            wrong = raw(WHOLE | bits << 4 | opcode, b"\x03\xe8" if opcode == CLOSE else b"Hello")
            yield f"3.{bits} reserved bits {bits}, opcode {opcode}", wrong + PINGED, BROKEN
            yield (
                f"3.{bits} the same behind a message ({opcode})",
                text(b"Hello") + wrong + PINGED,
                [HELLO, *BROKEN],
            )
    for opcode in (*range(3, 8), *range(11, 16)):
        for data in (b"", b"reserved"):
            wrong = raw(WHOLE | opcode, data)
            yield f"4 opcode {opcode}, {len(data)} bytes", wrong + PINGED, BROKEN
            yield (
                f"4 opcode {opcode}, {len(data)} bytes, behind a message",
                text(b"Hello") + wrong,
                [HELLO, *BROKEN],
            )


def fragmentation() -> Iterator[tuple[str, bytes, list[Heard]]]:
    """5: what may be fragmented, what may come between, and what is no continuation of anything."""
    hello = text(b"Hello")
    begun, ended = raw(TEXT, b"frag"), raw(WHOLE | CONT, b"ment")
    lone, more = raw(WHOLE | CONT, b"lone"), raw(CONT, b"lone")
    pong = (PONG, b"?")
    for opcode, number in ((PING, "5.1"), (PONG, "5.2")):
        yield f"{number} opcode {opcode} in fragments", fragments(b"a", b"b", opcode=opcode), BROKEN
    yield "5.3 to 5.5 text in two fragments", begun + ended + GOODBYE, echo(b"fragment")
    between = begun + PINGED + ended + GOODBYE
    yield "5.6 to 5.8 a ping between two fragments", between, [pong, *echo(b"fragment")]
    yield "5.9 to 5.11 a continuation of nothing, the last", lone + hello, BROKEN
    yield "5.12 to 5.14 a continuation of nothing, not the last", more + hello, BROKEN
    yield (
        "5.15 a message, and a continuation of nothing",
        begun + ended + more + hello,
        [(TEXT, b"fragment"), *BROKEN],
    )
    yield "5.16 a continuation of nothing, and a message", (more + begun + ended) * 2, BROKEN
    yield "5.17 the same, with the last bit", (lone + begun + ended) * 2, BROKEN
    yield "5.18 text within a message", begun + hello, BROKEN
    yield "5.18 text that begins within a message", begun + raw(TEXT, b"ment") + ended, BROKEN
    five = raw(TEXT, b"a") + raw(CONT, b"b") + PINGED + raw(CONT, b"c") + raw(CONT, b"d") + PINGED
    yield "5.19, 5.20 five fragments, two pings", five + raw(WHOLE | CONT, b"e") + GOODBYE, [
        pong, pong, *echo(b"abcde"),
    ]  # fmt: skip
    yield (
        "binary in fragments",
        fragments(b"\xff", b"", b"\x00", opcode=BINARY) + GOODBYE,
        echo(b"\xff\x00", opcode=BINARY),
    )


GREEK = "κόσμε".encode()
VALID = {
    "6.2 words": "Hello-µ@ßöäüàá-UTF-8!!".encode(),
    "6.5 the Greek word": GREEK,
    "6.6 the Greek word twice": GREEK * 2,
    **{
        f"6.7 the first of its length: U+{char:04X}": chr(char).encode() for char in (0, 0x80, 0x800, 0x10000)
    },
    **{
        f"6.9 the last of its length: U+{char:04X}": chr(char).encode()
        for char in (0x7F, 0x7FF, 0xFFFF, 0x10FFFF)
    },
    **{f"6.11 at a border: U+{char:04X}": chr(char).encode() for char in (0xD7FF, 0xE000, 0xFFFD)},
    **{
        f"6.22 no character, and yet valid: U+{char:04X}": chr(char).encode()
        for plane in range(17)
        for char in (plane << 16 | 0xFFFE, plane << 16 | 0xFFFF)
    },
}
CUT = [
    b"\xc0",
    b"\xe0\x80",
    b"\xf0\x80\x80",
    b"\xf8\x80\x80\x80",
    b"\xfc\x80\x80\x80\x80",
    b"\xdf",
    b"\xef\xbf",
]
CUT += [b"\xf7\xbf\xbf", b"\xfb\xbf\xbf\xbf", b"\xfd\xbf\xbf\xbf\xbf"]
SURROGATES = [0xD800, 0xDB7F, 0xDB80, 0xDBFF, 0xDC00, 0xDF80, 0xDFFF]
INVALID = {
    "6.3 a surrogate behind Greek": GREEK + b"\xed\xa0\x80edited",
    **{f"6.6 the Greek word cut to {size}": GREEK[:size] for size in (1, 3, 5, 7, 9)},
    "6.8 five bytes": b"\xf8\x88\x80\x80\x80",
    "6.8 six bytes": b"\xfc\x84\x80\x80\x80\x80",
    "6.10 beyond the last": b"\xf7\xbf\xbf\xbf",
    "6.10 five bytes": b"\xfb\xbf\xbf\xbf\xbf",
    "6.10 six bytes": b"\xfd\xbf\xbf\xbf\xbf\xbf",
    "6.11.5 U+110000": b"\xf4\x90\x80\x80",
    **{f"6.12 {size} bytes that continue nothing": (b"\x80\xbf" * 4)[:size] for size in range(2, 9)},
    "6.12 one byte that continues nothing": b"\x80",
    "6.12 all of them": bytes(range(0x80, 0xC0)),
    "6.13 beginnings of two": b" ".join(bytes((byte,)) for byte in range(0xC0, 0xE0)),
    "6.13 beginnings of three": b" ".join(bytes((byte,)) for byte in range(0xE0, 0xF0)),
    "6.13 beginnings of four": b" ".join(bytes((byte,)) for byte in range(0xF0, 0xF8)),
    **{f"6.14 the last byte is missing: {data.hex()}": data for data in CUT},
    "6.15 all of those": b"".join(CUT),
    **{f"6.16 no byte of UTF-8: {data.hex()}": data for data in (b"\xfe", b"\xff", b"\xfe\xfe\xff\xff")},
    **{
        f"6.17 to 6.19 too long: {data.hex()}": data
        for data in (
            b"\xc0\xaf", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf", b"\xf8\x80\x80\x80\xaf", b"\xc1\xbf",
            b"\xe0\x9f\xbf", b"\xf0\x8f\xbf\xbf", b"\xc0\x80", b"\xe0\x80\x80", b"\xf0\x80\x80\x80",
        )
    },
    **{f"6.20 half a pair: U+{char:04X}": chr(char).encode(errors="surrogatepass") for char in SURROGATES},
    **{
        f"6.21 a pair: U+{high:04X} U+{low:04X}": (chr(high) + chr(low)).encode(errors="surrogatepass")
        for high in SURROGATES[:4]
        for low in (0xDC00, 0xDFFF)
    },
}  # fmt: skip


def utf8() -> Iterator[tuple[str, bytes, list[Heard]]]:
    """6: text is UTF-8, in one frame as in fragments."""
    yield "6.1.1 nothing", text(b"") + GOODBYE, echo(b"")
    yield "6.1.2 nothing in three fragments", fragments(b"", b"", b"") + GOODBYE, echo(b"")
    yield "6.1.3 something between nothing", fragments(b"", b"between", b"") + GOODBYE, echo(b"between")
    for name, data in VALID.items():
        yield name, text(data) + GOODBYE, echo(data)
        yield f"{name}, byte by byte", octets(data) + GOODBYE, echo(data)
    for name, data in INVALID.items():
        yield name, text(data) + text(b"behind"), NOT_TEXT
        yield f"{name}, byte by byte", octets(data) + text(b"behind"), NOT_TEXT
    yield "invalid in binary is fine", raw(WHOLE | BINARY, b"\xff") + GOODBYE, echo(b"\xff", opcode=BINARY)
    behind = fragments(b"\xce", b"\xff") + fragments(b"be", b"hind") + text(b"behind")
    yield "6.3 a message in fragments behind it is not heard", behind, NOT_TEXT


def closes() -> Iterator[tuple[str, bytes, list[Heard]]]:
    """7: how it ends."""
    hello = text(b"Hello")
    yield "7.1.1 a message, then a close", hello + GOODBYE, [HELLO, *ENDED]
    yield "7.1.2 two closes", GOODBYE * 2, ENDED
    yield "7.1.3 a ping behind a close", GOODBYE + PINGED, ENDED
    yield "7.1.4 text behind a close", GOODBYE + hello, ENDED
    large = b"*" * MESSAGE_SIZE * HARD_LIMIT
    yield "7.1.6 a large message, a close, a ping", text(large) + GOODBYE + PINGED, echo(large)
    yield "7.3.1 a close without a code", raw(WHOLE | CLOSE), [(CLOSE, b"")]
    yield "7.3.2 a close of one byte", raw(WHOLE | CLOSE, b"a"), BROKEN
    yield "7.3.3 a close with a code", GOODBYE, ENDED
    yield "7.3.4 a close with a reason", close(1000, b"Hello World!"), ENDED
    yield "7.3.5 a reason of 123 bytes", close(1000, b"*" * 123), ENDED
    yield "7.3.6 a reason of 124 bytes", close(1000, b"*" * 124), BROKEN
    yield "7.5.1 a reason that is not UTF-8", close(1000, GREEK + b"\xed\xa0\x80edited"), NOT_TEXT
    for code in (*range(1000, 1004), *range(1007, 1015), 3000, 3999, 4000, 4999):
        yield f"7.7 a close with {code}", close(code), [(CLOSE, code)]
    for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535):
        yield f"7.9, 7.13 a close with {code}", close(code), BROKEN


def deviations() -> Iterator[tuple[str, bytes, list[Heard]]]:
    """What the head of this file lists."""
    begun, ended = raw(TEXT, b"frag"), raw(WHOLE | CONT, b"ment")
    late = raw(TEXT, GREEK) + raw(CONT, b"\xf4\x90\x80\x80") + PINGED + raw(WHOLE | CONT)
    yield "6.4 text fails when it is whole", late, [(PONG, b"?"), *NOT_TEXT]
    yield "7.1.5 a close between two fragments", begun + GOODBYE + ended, BROKEN
    above = b"*" * (MESSAGE_SIZE * HARD_LIMIT + 1)
    yield "9.1 text above the limit", text(above), [(CLOSE, 1009)]
    yield "9.2 binary above the limit", raw(WHOLE | BINARY, above), [(CLOSE, 1009)]
    yield "9.3 in fragments above the limit", fragments(above[:-2], b"**"), [(CLOSE, 1009)]
    yield (
        "9.7 announced as 2^63 bytes",
        struct.pack("!BBQ", WHOLE | TEXT, 0xFF, 2**63) + MASK,
        [(CLOSE, 1009)],
    )
    many = raw(TEXT) + raw(CONT) * (MAX_FRAGMENTS + 1)
    yield "5 too many fragments", many + raw(WHOLE | CONT), [(CLOSE, 1008)]


CASES = {
    name: (data, heard)
    for family in (framing, pings, reserved, fragmentation, utf8, closes, deviations)
    for name, data, heard in family()
}
LONGEST_BY_BYTE = 300  # bytes of a case that is also sent byte by byte
SHORT = [name for name, (data, _) in CASES.items() if len(data) <= LONGEST_BY_BYTE]


@pytest.mark.parametrize("case", CASES)
async def test_the_case(case: str) -> None:
    """Each is answered as RFC 6455 wants it, or as the deviations above say, and then it ends."""
    data, heard = CASES[case]
    assert await talk(data) == heard


@pytest.mark.parametrize("case", SHORT)
async def test_the_case_byte_by_byte(case: str) -> None:
    """The network may cut frames anywhere: the answers are the same."""
    data, heard = CASES[case]
    assert await talk(data, chop=1) == heard


async def test_a_large_message_in_chops() -> None:
    """1.1.8, 9.5: 65536 bytes of text that come in pieces of 997 are one message."""
    data = b"*" * 65536
    assert await talk(text(data) + GOODBYE, chop=997) == echo(data)
