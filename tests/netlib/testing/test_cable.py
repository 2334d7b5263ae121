"""What a test can do to a cable: cut it at any byte, pull it out, and jam one side."""

from netlib import testing
from netlib.testing.cable import Cable
from netlib.testing.machine import Machine
from netlib.testing.memory import CAPACITY
from tests.support.cables import BIG, PORT, RESET, Buffered, connected, soon


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
