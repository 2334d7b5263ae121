"""Reaching a server: what people type, and what each failure means for them."""

import asyncio
import contextlib
import errno
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

import netlib
from netlib.client.dial import explain
from netlib.errors import ConnectError, HostNotFound, NotOurServer, Unreachable, WrongVersion
from netlib.testing import until
from tests.support.processes import TIMEOUT
from tests.support.rooms import LOOPBACK, a_room, url

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def tcp_server(handler: Handler) -> AsyncIterator[int]:
    """Give the port of a server that is not ours."""
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await handler(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(handle(reader, writer)))

    server = await asyncio.start_server(accept, LOOPBACK, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        async with asyncio.timeout(TIMEOUT):
            await asyncio.gather(*tasks)


async def fails(address: str, kind: type[ConnectError], *texts: str, timeout: float = TIMEOUT) -> None:
    """Connect there; check that it fails as this kind of error, which says all this."""
    with pytest.raises(ConnectError) as raised:
        async with netlib.connect(address, timeout=timeout):
            pass
    assert type(raised.value) is kind
    assert [text for text in texts if text not in str(raised.value)] == []


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        await reader.read()


def answering(answer: bytes) -> Handler:
    """Return a server that gives this answer to whatever is asked over HTTP."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    return handler


@pytest.mark.parametrize("host", [LOOPBACK, "localhost"])
async def test_nobody_listens(host: str) -> None:
    """A refused connection, at one address or at all of a name, asks for the server and the port."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        address = f"{host}:{free.getsockname()[1]}"
        await fails(address, Unreachable, f"nothing is listening at {address}", "is the server running")


async def test_an_unknown_host() -> None:
    """A name without an address asks for the spelling."""
    await fails("no-such-host.invalid", HostNotFound, 'no host "no-such-host.invalid"', "spelling")


ADDRESSES = [
    "10.0.0.7:99999",
    "5",
    "10.0.0.7:0",
    "192.168.1..5",
    "myhost:abc",
    "[::1",
    "a:b:c",
    "ftp://myhost",
]


@pytest.mark.parametrize("typed", [*ADDRESSES, "http://", "", "x" * 70, "\ud800", "a\x00b", "two words"])
async def test_whatever_is_typed_the_answer_is_one_clear_error(typed: str) -> None:
    """A typing error in an address is a ConnectError with a sentence, never a traceback from below."""
    with pytest.raises(ConnectError, match=r"\w"):
        await netlib.connect(typed, timeout=2.0)


async def test_a_silent_host() -> None:
    """A server that accepts and says nothing is given up in time, and the text says what to check."""
    async with tcp_server(silent) as port:
        address = f"{LOOPBACK}:{port}"
        await fails(address, Unreachable, f"{address} did not answer within 0.2 s", "firewall", timeout=0.2)


async def test_a_host_that_drops_packets(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address from which nothing comes back at all is the same to the player."""

    async def never(*args: object, **options: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", never)
    await fails("192.0.2.1", Unreachable, "192.0.2.1:8765 did not answer within 0.1 s", timeout=0.1)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.0 500 Oops\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x00\x01\x02 garbage \xff\xfe\r\n\r\n",
        b"",
    ],
    ids=["page", "404", "500", "ssh", "garbage", "hangs up"],
)
async def test_another_kind_of_server(answer: bytes) -> None:
    """A web server, an SSH server, garbage: something answers, but it is no room."""
    async with tcp_server(answering(answer)) as port:
        address = f"{LOOPBACK}:{port}"
        await fails(address, NotOurServer, f"something answers at {address}", "not a netlib server")


async def test_a_server_that_talks_first_and_never_stops() -> None:
    """A flood instead of an answer ends, too."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b"x" * 10_000)
                await writer.drain()

    async with tcp_server(handler) as port:
        await fails(f"{LOOPBACK}:{port}", NotOurServer, timeout=5.0)


@pytest.mark.parametrize(
    ("subprotocols", "text"),
    [(None, "another WebSocket service"), ([Subprotocol("netlib.v1.json")], "no welcome within 0.3 s")],
)
async def test_another_websocket_service(subprotocols: list[Subprotocol] | None, text: str) -> None:
    """A WebSocket server that only echoes is found out by its subprotocol, or by the missing welcome."""

    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    async with serve(echo, LOOPBACK, 0, subprotocols=subprotocols) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        await fails(f"{LOOPBACK}:{port}", NotOurServer, text, timeout=0.3)


async def test_a_server_of_a_later_version() -> None:
    """One that knows other subprotocols of netlib only is told apart from a stranger."""
    body = b"none of your subprotocols is known here; known: netlib.v2.json"
    head = b"HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\n\r\n" % len(body)
    async with tcp_server(answering(head + body)) as port:
        await fails(f"{LOOPBACK}:{port}", WrongVersion, "install the same on both sides")


async def test_tls_where_there_is_none() -> None:
    """wss:// to a plain room says which one to try."""
    async with a_room() as server:
        await fails(url(server).replace("ws://", "wss://"), NotOurServer, "ws://", timeout=5.0)


REFUSED = (Unreachable, "nothing is listening at myhost:8765")
NO_WAY = (Unreachable, "cannot be reached", "same network")


@pytest.mark.parametrize("zone", ["", "%nosuch"])
async def test_an_address_of_one_link_without_its_interface(zone: str) -> None:
    """An IPv6 address that each network has for itself asks for the interface."""
    await fails(
        f"fe80::1{zone}", HostNotFound, f"fe80::1{zone} can be reached over one", "fe80::1%eth0", timeout=5.0
    )


def untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed ('10.0.0.7', 8765)"), REFUSED),
        (OSError(10061, "Es konnte keine Verbindung hergestellt werden"), REFUSED),
        (OSError("Multiple exceptions: [Errno 111] Connect call failed, [Errno 111] Connect"), REFUSED),
        (OSError("Multiple exceptions: [Errno 61] Connect call failed, [Errno 61] Connect"), REFUSED),
        (OSError(errno.EHOSTUNREACH, "Connect call failed ('10.1.2.3', 8765)"), NO_WAY),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), NO_WAY),
        (OSError(errno.ETIMEDOUT, "Connect call failed ('10.1.2.3', 8765)"), NO_WAY),
        (OSError(10065, "A socket operation was attempted to an unreachable host"), NO_WAY),
        (socket.gaierror(11001, "getaddrinfo failed"), (HostNotFound, "IP address")),
        (untrusted(), (NotOurServer, "not trusted here: self-signed certificate")),
    ],
)
def test_each_systems_error_is_understood(error: OSError, expected: tuple[Any, ...]) -> None:
    """Linux, macOS and Windows, in any language, several addresses, TLS: what it means for the player."""
    kind, *texts = expected
    explained = explain(error, "myhost", 8765)
    assert type(explained) is kind
    assert [text for text in texts if text not in str(explained)] == []


@pytest.mark.skipif(sys.platform == "win32", reason="looks at file descriptors")
async def test_a_failed_connection_leaves_nothing_open() -> None:
    """A player may try again and again."""
    async with tcp_server(silent) as port:
        client = netlib.connect(f"{LOOPBACK}:{port}", timeout=0.05)
        for _ in range(3):
            with pytest.raises(Unreachable):
                await client.open()
            assert not client.connected


async def test_a_client_that_is_cancelled_leaves_nothing_open() -> None:
    """A program may end with the task that was connecting: its connection is gone by then."""

    async def mute(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with serve(mute, LOOPBACK, 0, subprotocols=[Subprotocol("netlib.v1.json")]) as server:
        client = netlib.connect(f"{LOOPBACK}:{server.sockets[0].getsockname()[1]}")
        opening = asyncio.create_task(client.open())
        await until(lambda: (line := client._presence.line) is not None and line.connection is not None)
        line = client._presence.line
        assert line is not None and line.connection is not None
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        assert line.connection._transport.is_closing() and line.connection._lost.is_set()
