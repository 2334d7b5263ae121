"""Open connections: those that fall silent, one too many, and the end of all (no hello: test_bad_http)."""

import asyncio
import contextlib
import errno

import pytest

import netlib
from netlib import testing
from netlib.client.dial import ClientConnection, Dialler
from netlib.transport.conditioner import PERFECT
from tests.support.processes import TIMEOUT, wait_until_async
from tests.support.rooms import LOOPBACK, a_room, connection_of, plain_client, request
from tests.support.sessions import PlainPlayer, kinds, noted


@testing.in_virtual_time
async def test_a_joined_client_is_not_held_to_the_handshake_time() -> None:
    """The limit ends with the hello."""
    async with testing.Network() as network:
        server, client = await network.serve(), PlainPlayer()
        await client.join(server, network)
        await asyncio.sleep(3 * server.limits.handshake_time)
        assert client.ended is None and len(server.peers) == 1
        client.kill()


async def test_without_a_grace_time_a_killed_client_leaves_at_once() -> None:
    """Left comes in place of Dropped, and the place is free."""
    async with a_room(limits=netlib.Limits(grace_time=0)) as server, plain_client(server) as client:
        events = noted(server, netlib.Dropped, netlib.Left)
        client.kill()
        await wait_until_async(lambda: events, "the leave")
        assert kinds(events) == ["Left"] and (events[0].peer.name, events[0].code) == ("Ada", 1006)
        assert server.peers == []
        assert (server.metrics.joined, server.metrics.dropped, server.metrics.left) == (1, 0, 1)


async def test_one_connection_too_many_is_ended_at_once() -> None:
    """Those who are in do not notice; a place that becomes free can be taken."""
    async with a_room(limits=netlib.Limits(max_connections=1, max_players=1)) as server:
        async with plain_client(server) as first:
            with contextlib.suppress(ConnectionError):
                assert await request(server.port, "GET /health HTTP/1.1\r\n\r\n") == b""
            await first.send(type="ping", time=1)
            assert (await first.next("pong"))["time"] == 1
        await wait_until_async(lambda: not server.peers, "the leave")
        async with plain_client(server) as again:
            assert again.welcome["type"] == "welcome"


async def test_at_the_end_everyone_is_told() -> None:
    """Close code 1001 and the reason, also for a client that has not said hello."""
    async with a_room() as server, plain_client(server) as ada, plain_client(server, hello=None) as nobody:
        await server.stop("the workshop is over")
        for client in (ada, nobody):
            assert await client.closed() == (1001, "the workshop is over")


async def test_a_client_without_a_goodbye_is_cut_off() -> None:
    """A client that hangs cannot keep the server from ending; its player's place is kept all the same."""
    async with a_room() as server, plain_client(server) as client:
        connection = connection_of(server.peers[0])
        client.socket.transport.pause_reading()
        async with asyncio.timeout(TIMEOUT):
            await server.stop()
        assert connection._lost.is_set()
        assert [peer.connected for peer in server.peers] == [False]
        client.kill()


async def test_after_the_end_nobody_can_connect() -> None:
    """The port is free again at once."""
    async with a_room() as server:
        await server.stop()
        with pytest.raises(OSError):
            await asyncio.open_connection(LOOPBACK, server.port)
        async with a_room(port=server.port) as other:
            assert other.port == server.port


MALLORY, BOB = "10.0.0.66", "10.0.0.7"
OUT = "socket.accept() out of system resource"  # asyncio's words


async def connect(server: netlib.Server, network: testing.Network, host: str) -> ClientConnection:
    """Open a WebSocket from an address, and say nothing."""
    dialler = Dialler(netlib.JSON, 5, None, None, network.new_cable(host))
    return await dialler.dial(f"ws://127.0.0.1:{server.port}", PlainPlayer(), PERFECT)


@testing.in_virtual_time
async def test_silent_connections_of_one_address_keep_nobody_out() -> None:
    """When there are too many, the oldest of the address that has most of them gives way."""
    async with testing.Network() as network:
        server = await network.serve(limits=netlib.Limits(max_players=5, max_connections=10))
        modest = await connect(server, network, "10.0.0.8")
        silent = [await connect(server, network, MALLORY) for _ in range(9)]
        assert (await PlainPlayer().join(server, network.new_cable(BOB)))["type"] == "welcome"
        await testing.until(lambda: not silent[0].is_open, "the oldest is told")
        assert modest.is_open and all(one.is_open for one in silent[1:])
        assert server.metrics.refused["too_many_connections"] == 1


async def test_no_socket_is_left(caplog: pytest.LogCaptureFixture) -> None:
    """It is told once and counted, and no traceback is logged."""
    async with a_room() as server:
        loop, error = asyncio.get_running_loop(), OSError(errno.EMFILE, "Too many open files")
        for _ in range(100):
            loop.call_exception_handler({"message": OUT, "exception": error})
        assert server.metrics.refused["not_accepted"] == 100
        assert len([it for it in caplog.messages if "Too many open files" in it]) == len(caplog.messages) == 1
