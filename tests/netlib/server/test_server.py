"""A room with a port: listeners, the port itself, running, starting again, and the end."""

import asyncio
import logging
import socket
from typing import Any

import pytest

import netlib
from netlib.errors import PortInUse
from netlib.transport import tcp
from tests.support.callers import Chat
from tests.support.processes import in_thread, wait_until_async
from tests.support.rooms import LOOPBACK, a_room, ctrl_c_in_a_tick, plain_client, url


async def test_a_listener_gets_the_peer_and_the_message() -> None:
    """Typed and untyped, sync and async."""
    async with a_room() as server, plain_client(server) as client:
        got: list[Any] = []

        @server.on(Chat)
        async def chat(peer: netlib.Peer, message: Chat) -> None:
            await asyncio.sleep(0)
            got.append((peer.name, message))

        @server.on("emote")
        def emote(peer: netlib.Peer, message: netlib.Untyped) -> None:
            got.append((peer.name, message["face"]))

        await client.send(type="chat", text="hi")
        await wait_until_async(lambda: len(got) == 1, "the chat")
        await client.send(type="emote", face=":)")
        await wait_until_async(lambda: len(got) == 2, "the emote")
        assert got == [("Ada", Chat("hi")), ("Ada", ":)")]


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
async def test_a_failing_listener_hurts_nobody(is_async: bool, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged with its traceback; the others hear the message, and its sender stays."""
    async with a_room() as server, plain_client(server) as client:
        got: list[str] = []

        def broken(peer: netlib.Peer, message: Chat) -> None:
            raise ValueError("my own mistake")

        async def broken_later(peer: netlib.Peer, message: Chat) -> None:
            await asyncio.sleep(0)
            raise ValueError("my own mistake")

        server.on(Chat, broken_later if is_async else broken)
        server.on(Chat, lambda _, message: got.append(message.text))
        for text in ("one", "two"):
            await client.send(type="chat", text=text)
        await wait_until_async(lambda: len(got) == len(caplog.records) == 2, "both, and their failures")
        await client.send(type="ping", time=1)
        await client.next("pong")
    assert got == ["one", "two"]
    assert caplog.text.count("ValueError: my own mistake") == caplog.text.count("Traceback") == 2


async def test_a_port_in_use_is_told() -> None:
    """A second server on the same port says so, and the first goes on."""
    async with a_room() as first:
        with pytest.raises(PortInUse, match=f"port {first.port} is in use"):
            async with a_room(port=first.port):
                pass
        async with a_room(port=first.port, next_port=True) as second:
            assert second.port > first.port
            async with plain_client(first), plain_client(second):
                pass


@pytest.mark.skipif(not tcp._has_ipv6(), reason="this machine has no IPv6")
async def test_ipv4_and_ipv6_find_the_same_room() -> None:
    """Without a host, a room listens on every interface, on one port number."""
    async with (
        a_room(host=None) as server,
        netlib.connect(f"127.0.0.1:{server.port}", name="four"),
        netlib.connect(f"[::1]:{server.port}", name="six"),
    ):
        assert sorted(peer.name for peer in server.peers) == ["four", "six"]
        assert any(peer.address.startswith("[::1]:") for peer in server.peers)


async def test_a_room_can_be_opened_again() -> None:
    """Stop and start: the same port, players with new numbers, and ticks."""
    server = a_room()
    async with server:
        port = server.port
        async with plain_client(server) as client:
            first = client.welcome["player_id"]
    async with server:
        assert server.port == port
        ticked = server.metrics.ticks
        async with plain_client(server) as client:
            assert client.welcome["player_id"] > first
            await wait_until_async(lambda: server.metrics.ticks > ticked, "ticks")


async def test_stopping_twice_or_before_the_start_is_no_error() -> None:
    """An end is an end."""
    server = a_room()
    await server.stop()
    async with server:
        await server.stop()
        await server.stop()


async def test_a_cancelled_server_says_goodbye() -> None:
    """Ctrl-C cancels serve_forever; clients get 1001 all the same."""
    server = a_room()
    serving = asyncio.create_task(server.serve_forever())
    await wait_until_async(lambda: server.port, "the port")
    async with plain_client(server) as client:
        serving.cancel()
        assert (await client.closed())[0] == 1001
    with pytest.raises(asyncio.CancelledError):
        await serving


async def test_a_stopped_server_leaves_nothing_running() -> None:
    """No task and no socket survives."""
    before = asyncio.all_tasks()
    async with a_room() as server, plain_client(server):
        pass
    await wait_until_async(lambda: asyncio.all_tasks() <= before, "the end of all tasks")


def test_run_serves_until_a_signal() -> None:
    """Without asyncio in the caller; Ctrl-C is the normal end."""
    server = a_room(tick_rate=100)
    ctrl_c_in_a_tick(server)
    server.run()
    assert server.tick >= 1
    with socket.socket() as probe:
        probe.bind((LOOPBACK, server.port))


def test_run_works_in_a_thread() -> None:
    """A program may keep its main thread for itself."""
    server = a_room()
    server.on_tick(lambda dt: server.spawn(server.stop()))
    thread = in_thread(server.run)
    thread.join(20)
    assert not thread.is_alive()


async def test_what_happens_is_said_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """With --verbose, one reads who comes and goes."""
    caplog.set_level(logging.INFO, "netlib")
    async with a_room("Gem Rush") as server:
        async with netlib.connect(url(server), name="Ada"):
            pass
        await wait_until_async(lambda: server.metrics.left, "the leave")
    text = caplog.text
    for words in ('"Gem Rush" listens on port', "Ada joined from", "left: 1000 goodbye", "has stopped"):
        assert words in text


async def test_an_undiscoverable_room_answers_no_searcher() -> None:
    """Tests and private rooms stay among themselves."""
    async with a_room() as server:
        assert server.discoverable_on is None


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), (None, "0.0.0.0")]
)
async def test_a_room_for_this_machine_alone_is_found_by_nobody_else(host: str | None, address: str) -> None:
    """A server on loopback answers there; what cannot be reached is not offered to the network."""
    async with a_room(host=host, discoverable=True, discovery_ports=[0]) as server:
        assert server._endpoint.responder is not None
        datagrams = server._endpoint.responder._datagrams
        assert datagrams is not None
        assert datagrams._sock.getsockname()[0] == address
