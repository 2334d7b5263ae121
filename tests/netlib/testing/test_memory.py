"""Connections in memory behave as asyncio's own over TCP do."""

import asyncio
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib import testing
from netlib.testing.memory import CAPACITY
from tests.support.cables import BIG, PORT, Buffered, connected, soon


class Plain(asyncio.Protocol):
    """A protocol that is given its bytes."""

    def __init__(self) -> None:
        self.got = bytearray()

    def data_received(self, data: bytes) -> None:
        self.got += data


@testing.in_virtual_time
async def test_bytes_arrive_in_a_later_turn() -> None:
    """Writing returns first; then the other side is told. Nothing is told before the connection is."""
    _, server, client = await connected()
    client.transport.write(b"hello")
    assert server.got == b""
    await soon()
    assert server.got == b"hello" and server.told == client.told == ["made"]


@testing.in_virtual_time
async def test_a_lot_arrives_whole_both_ways() -> None:
    """What is more than fits under way waits, and arrives in order, through a buffer of any size."""
    _, server, client = await connected(Buffered(size=17_001), Buffered())
    client.transport.write(BIG)
    server.transport.writelines([BIG[:1000], memoryview(BIG)[1000:]])
    assert client.transport.get_write_buffer_size() == len(BIG) - CAPACITY
    await soon()
    assert server.got == client.got == BIG
    assert client.transport.get_write_buffer_size() == 0


@given(st.lists(st.binary(max_size=40)), st.integers(1, 9))
@testing.in_virtual_time
async def test_any_pieces_arrive_as_one_stream(pieces: list[bytes], size: int) -> None:
    """However it was written and is read, the stream is the same."""
    _, server, client = await connected(Buffered(size=size))
    for piece in pieces:
        client.transport.write(piece)
    client.transport.close()
    await soon()
    assert server.got == b"".join(pieces)
    assert server.told == ["made", "eof", "lost"]


@testing.in_virtual_time
async def test_plain_protocols_work_too() -> None:
    """A protocol without a buffer of its own is given bytes."""
    plain, (_, server, client) = Plain(), await connected()
    client.transport.set_protocol(plain)
    server.transport.write(BIG)
    await soon()
    assert plain.got == BIG
    assert client.transport.get_protocol() is plain


@testing.in_virtual_time
async def test_half_closed() -> None:
    """A side that has said its last word still hears the other, if that one stays."""
    _, server, client = await connected(Buffered(stays_open=True))
    client.transport.write(b"last words")
    client.transport.write_eof()
    with pytest.raises(RuntimeError, match="write_eof"):
        client.transport.write(b"more")
    await soon()
    assert server.got == b"last words" and server.told == ["made", "eof"]
    server.transport.write(BIG)
    server.transport.close()
    await soon()
    assert client.got == BIG
    assert client.told == ["made", "eof", "lost"]
    assert server.told[-1] == "lost"


@testing.in_virtual_time
async def test_half_closed_ends_by_default() -> None:
    """A protocol that does not ask to stay is closed when the other has said its last word."""
    _, server, client = await connected()
    client.transport.write_eof()
    await soon()
    assert server.told == client.told == ["made", "eof", "lost"]


@testing.in_virtual_time
async def test_closing_sends_what_waits() -> None:
    """What was written before closing arrives, all of it; what is written after it does not."""
    _, server, client = await connected()
    client.transport.write(BIG)
    client.transport.close()
    assert client.transport.is_closing() and client.told[-1] != "lost"
    await soon()
    client.transport.write(b"too late")
    await soon()
    assert server.got == BIG
    assert client.told[-1] == "lost"


@testing.in_virtual_time
async def test_aborting_drops_what_waits() -> None:
    """After an abort only what was under way arrives; both sides are told once."""
    _, server, client = await connected()
    client.transport.write(BIG)
    client.transport.abort()
    client.transport.abort()
    client.transport.close()
    await soon()
    assert server.got == BIG[:CAPACITY]
    assert server.told == ["made", "eof", "lost"]
    assert client.told[-1] == "lost" and client.told.count("lost") == 1


@testing.in_virtual_time
async def test_writing_to_a_side_that_is_gone_is_answered_by_a_reset() -> None:
    """A side that writes on to one that has closed is told, after what that side had sent."""
    _, server, client = await connected(Buffered(stays_open=True))
    client.transport.write(b"bye")
    client.transport.close()
    await soon()
    server.transport.write(b"are you there?")
    await soon()
    assert server.got == b"bye"
    assert server.told == ["made", "eof", "lost: ConnectionResetError"]


@testing.in_virtual_time
async def test_a_side_that_closes_before_reading_is_not_told_more() -> None:
    """Bytes that arrive after a close are not handed over."""
    _, server, client = await connected()
    client.transport.write(b"unread")
    server.transport.close()
    await soon()
    assert server.got == b""
    assert client.told[-1] == "lost: ConnectionResetError"


@testing.in_virtual_time
async def test_what_waited_for_a_reader_who_closes_is_answered_by_a_reset() -> None:
    """A side that has paused and then closes never reads; the writer learns that."""
    _, server, client = await connected(client=Buffered(stays_open=True))
    server.transport.pause_reading()
    client.transport.write(b"unread")
    await soon()
    server.transport.close()
    await soon()
    assert server.got == b""
    assert client.told == ["made", "eof", "lost: ConnectionResetError"]


@testing.in_virtual_time
async def test_a_reader_that_pauses_makes_the_writer_wait() -> None:
    """The writer's buffer grows, it is asked to pause, and to go on when the reader goes on."""
    _, server, client = await connected()
    server.transport.pause_reading()
    assert not server.transport.is_reading()
    client.transport.write(BIG)
    await soon()
    assert server.got == b"" and client.told == ["made", "pause"]
    assert client.transport.get_write_buffer_size() == len(BIG) - CAPACITY
    server.transport.resume_reading()
    await soon()
    assert server.got == BIG and client.told == ["made", "pause", "resume"]


@testing.in_virtual_time
async def test_water_marks() -> None:
    """When to pause can be set, with asyncio's rules for what is left out."""
    _, _, client = await connected()
    limits = client.transport.get_write_buffer_limits
    assert limits() == (16 * 1024, 64 * 1024)
    client.transport.set_write_buffer_limits(high=400)
    assert limits() == (100, 400)
    client.transport.set_write_buffer_limits(low=10)
    assert limits() == (10, 40)


@testing.in_virtual_time
async def test_a_protocol_that_fails_loses_its_connection(caplog: pytest.LogCaptureFixture) -> None:
    """An exception in a protocol is reported, and ends this connection, as over TCP."""

    def fail() -> None:
        raise ValueError("planted")

    _, server, client = await connected(Buffered(on_data=fail))
    with caplog.at_level(logging.ERROR, logger="asyncio"):
        client.transport.write(b"boom")
        await soon()
    assert "planted" in caplog.text
    assert server.told == ["made", "lost: ValueError"]
    assert client.told == ["made", "eof", "lost"]


@testing.in_virtual_time
async def test_addresses() -> None:
    """Each side knows its own address and that of the other."""
    _, server, client = await connected()
    assert client.transport.get_extra_info("peername") == ("127.0.0.1", PORT)
    assert server.transport.get_extra_info("peername") == client.transport.get_extra_info("sockname")
