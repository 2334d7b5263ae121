"""One connection in memory: cut at a byte, pulled out, and with one side that reads no more."""

import pytest

from netlib import testing
from netlib.testing.pipe import SIDES, Side
from tests.support.cables import RESET, Buffered, connected, soon


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("count", [0, 1, 5, 10])
@testing.in_virtual_time
async def test_cut_after_exactly_so_many_bytes(count: int, side: Side) -> None:
    """The reader gets that many bytes more, then both are told."""
    cable, server, client = await connected(Buffered(size=3), Buffered(size=3))
    reader, writer = (client, server) if side == "client" else (server, client)
    writer.transport.write(b"before")
    await soon()
    (line,) = cable.lines
    cable.cut_after(count, to=side)
    await soon()
    assert line.is_open, "it is cut by a byte, not by the plan"
    writer.transport.write(b"0123456789 and more")
    await soon()
    assert reader.got == b"before" + b"0123456789"[:count]
    assert line.carried(side) == len(b"before") + count
    assert reader.told[-1] == writer.told[-1] == RESET


@testing.in_virtual_time
async def test_a_pulled_cable_is_silent() -> None:
    """Nothing arrives and nobody is told, not even of an end; all of it comes when it is plugged in."""
    cable, server, client = await connected()
    cable.pull()
    client.transport.write(b"in the dark")
    client.transport.close()
    await soon()
    assert server.got == b"" and server.told == ["made"] and client.told == ["made", "lost"]
    cable.plug()
    await soon()
    assert server.got == b"in the dark" and server.told == ["made", "eof", "lost"]


@pytest.mark.parametrize("side", SIDES)
@testing.in_virtual_time
async def test_a_side_that_stalls_still_sends(side: Side) -> None:
    """Only what goes to it waits, until it goes on; a plug is no cure."""
    cable, server, client = await connected()
    stalled, other = (client, server) if side == "client" else (server, client)
    cable.stall(side)
    stalled.transport.write(b"I hang")
    other.transport.write(b"I wait")
    await soon()
    assert other.got == b"I hang" and stalled.got == b""
    cable.plug()
    await soon()
    assert stalled.got == b""
    cable.go_on(side)
    await soon()
    assert stalled.got == b"I wait"
