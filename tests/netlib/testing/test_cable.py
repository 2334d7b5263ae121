"""What a test can do to a cable: cut it at any byte, pull it out, and jam one side."""

import pytest

from netlib import testing
from netlib.testing.cable import Cable
from netlib.testing.machine import Machine
from netlib.testing.memory import CAPACITY
from netlib.testing.pipe import SIDES, Side
from tests.netlib.testing.test_memory import BIG, PORT, Buffered, connected, soon

RESET = "lost: ConnectionResetError"


@testing.in_virtual_time
async def test_a_cut_is_told_to_both() -> None:
    """Both sides learn at once that it is over; what was under way is lost."""
    cable, server, client = await connected()
    client.transport.write(BIG)
    cable.cut()
    await soon()
    assert client.told[-1] == server.told[-1] == RESET
    assert server.got == b"" and cable.lines == []
    assert client.transport.get_write_buffer_size() == 0


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


@testing.in_virtual_time
async def test_a_pulled_cable_fills_the_writer() -> None:
    """What is written to a pulled cable waits with the writer."""
    cable, server, client = await connected()
    cable.pull()
    client.transport.write(BIG)
    assert client.transport.get_write_buffer_size() == len(BIG) - CAPACITY
    cable.plug()
    await soon()
    assert server.got == BIG


@testing.in_virtual_time
async def test_a_pulled_cable_can_be_cut() -> None:
    """A cut is told, whatever state the cable is in."""
    cable, server, client = await connected()
    cable.pull()
    cable.cut()
    await soon()
    assert client.told[-1] == server.told[-1] == RESET


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


@testing.in_virtual_time
async def test_a_cut_may_be_meant_for_the_next_connection() -> None:
    """Without a connection the plan waits for one, and is then done with."""
    cable, servers, clients = Cable(Machine()), [Buffered(), Buffered()], [Buffered(), Buffered()]
    made = iter(servers)
    await cable.listen(lambda: next(made), host=None, port=PORT, next_port=False, ssl=None)
    cable.cut_after(3, to="server")
    for client in clients:
        await cable.connect(lambda client=client: client, "localhost", PORT, ssl=None)  # type: ignore[misc]
        client.transport.write(b"012345")
        await soon()
    assert [bytes(server.got) for server in servers] == [b"012", b"012345"]
    assert clients[0].told == ["made", RESET] and clients[1].told == ["made"]
