"""Reaching a server: what people type, and what each failure means for them."""

import asyncio
import contextlib
import errno
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

import netlib
from netlib.dialling import explain, normal_url
from netlib.errors import ConnectError, HostNotFound, NotOurServer, Unreachable, WrongVersion
from tests.support.rooms import LOOPBACK, TIMEOUT, a_room, url

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


async def failure(address: str, *, timeout: float = 20.0) -> ConnectError:
    """Return the error of connecting there."""
    with pytest.raises(ConnectError) as raised:
        async with netlib.connect(address, timeout=timeout):
            pass
    return raised.value


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("192.168.1.5", "ws://192.168.1.5:8765"),
        (" 192.168.1.5\n", "ws://192.168.1.5:8765"),
        ("myhost", "ws://myhost:8765"),
        ("myhost:9000", "ws://myhost:9000"),
        ("::1", "ws://[::1]:8765"),
        ("fe80::1", "ws://[fe80::1]:8765"),
        ("[::1]", "ws://[::1]:8765"),
        ("[::1]:9000", "ws://[::1]:9000"),
        ("ws://myhost:9000/room", "ws://myhost:9000/room"),
        ("wss://play.example", "wss://play.example"),
        ("http://192.168.1.5:8765", "ws://192.168.1.5:8765"),
        ("https://play.example/", "wss://play.example/"),
    ],
)
def test_what_people_type_becomes_a_url(typed: str, meant: str) -> None:
    """A bare address gets scheme and port; a URL stays what it is; a page's address is the game's."""
    assert normal_url(typed) == meant


async def test_nobody_listens() -> None:
    """A refused connection asks whether the server runs and whether the port is right."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
        error = await failure(f"{LOOPBACK}:{port}")
    assert type(error) is Unreachable
    assert f"nobody listens at {LOOPBACK}:{port}" in str(error)
    assert "is the server running" in str(error)


async def test_nobody_listens_on_any_address_of_a_host() -> None:
    """A name with several addresses fails as clearly as one address."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        error = await failure(f"localhost:{free.getsockname()[1]}")
    assert type(error) is Unreachable
    assert "nobody listens" in str(error)


async def test_an_unknown_host() -> None:
    """A name without an address asks for the spelling."""
    error = await failure("no-such-host.invalid")
    assert type(error) is HostNotFound
    assert 'no host "no-such-host.invalid"' in str(error)
    assert "spelling" in str(error)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "10.0.0.7:99999",
        "10.0.0.7:",
        "192.168.1..5",
        "myhost:abc",
        "[::1",
        "a:b:c",
        "ftp://myhost",
        "http://",
        "x" * 70,
        "\ud800",
        "a\x00b",
        "two words",
    ],
)
async def test_whatever_is_typed_the_answer_is_one_clear_error(typed: str) -> None:
    """A typing error in an address is a ConnectError with a sentence, never a traceback from below."""
    error = await failure(typed, timeout=2.0)
    assert str(error)


async def test_a_silent_host() -> None:
    """Who accepts and says nothing is given up in time, and the text says what to check."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.read()

    async with tcp_server(silent) as port:
        error = await failure(f"{LOOPBACK}:{port}", timeout=0.2)
    assert type(error) is Unreachable
    assert f"{LOOPBACK}:{port} did not answer within 0.2 s" in str(error)
    assert "firewall" in str(error)


async def test_a_host_that_drops_packets(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address from which nothing comes back at all is the same to the player."""

    async def never(*args: object, **options: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", never)
    error = await failure("192.0.2.1", timeout=0.1)
    assert type(error) is Unreachable
    assert "192.0.2.1:8765 did not answer within 0.1 s" in str(error)


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

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    async with tcp_server(handler) as port:
        error = await failure(f"{LOOPBACK}:{port}")
    assert type(error) is NotOurServer
    assert f"something answers at {LOOPBACK}:{port}" in str(error)
    assert "not a netlib server" in str(error)


async def test_a_server_that_talks_first_and_never_stops() -> None:
    """A flood instead of an answer ends, too."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b"x" * 10_000)
                await writer.drain()

    async with tcp_server(handler) as port:
        assert type(await failure(f"{LOOPBACK}:{port}", timeout=5.0)) is NotOurServer


async def echo(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.send(message)


async def test_another_websocket_service() -> None:
    """A WebSocket server that knows no subprotocol of ours is another service."""
    async with serve(echo, LOOPBACK, 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        error = await failure(f"{LOOPBACK}:{port}")
    assert type(error) is NotOurServer
    assert "another WebSocket service" in str(error)


async def test_a_websocket_server_that_says_no_welcome() -> None:
    """One that takes our subprotocol and only echoes is found out by the missing welcome."""
    async with serve(echo, LOOPBACK, 0, subprotocols=[Subprotocol("netlib.v1.json")]) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        error = await failure(f"ws://{LOOPBACK}:{port}", timeout=0.3)
    assert type(error) is NotOurServer
    assert "no welcome within 0.3 s" in str(error)


async def test_a_server_of_a_later_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that knows other subprotocols of netlib only is told apart from a stranger."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b"none of your subprotocols is known here; known: netlib.v2.json"
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()

    async with tcp_server(handler) as port:
        error = await failure(f"{LOOPBACK}:{port}")
    assert type(error) is WrongVersion
    assert "install the same on both sides" in str(error)


async def test_tls_where_there_is_none() -> None:
    """wss:// to a plain room says which one to try."""
    async with a_room() as server:
        error = await failure(url(server).replace("ws://", "wss://"), timeout=5.0)
    assert type(error) is NotOurServer
    assert "ws://" in str(error)


def explained(error: OSError) -> tuple[type[ConnectError], str]:
    result = explain(error, "myhost", 8765)
    return type(result), str(result)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed ('10.0.0.7', 8765)"),
        OSError(10061, "Es konnte keine Verbindung hergestellt werden"),
        OSError(
            "Multiple exceptions: [Errno 111] Connect call failed ('::1', 1), [Errno 111] Connect call failed"
        ),
        OSError(
            "Multiple exceptions: [Errno 61] Connect call failed ('::1', 1), [Errno 61] Connect call failed"
        ),
    ],
    ids=["posix", "windows", "several on linux", "several on macos"],
)
def test_each_systems_word_for_refused_is_understood(error: OSError) -> None:
    """Nobody listens there: the same sentence on Linux, macOS and Windows, in any language."""
    kind, text = explained(error)
    assert kind is Unreachable
    assert "nobody listens at myhost:8765" in text


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EHOSTUNREACH, "Connect call failed ('10.1.2.3', 8765)"),
        OSError(errno.ENETUNREACH, "Network is unreachable"),
        OSError(errno.ETIMEDOUT, "Connect call failed ('10.1.2.3', 8765)"),
        OSError(10065, "A socket operation was attempted to an unreachable host"),
    ],
    ids=["no route", "no network", "timed out", "windows"],
)
def test_no_way_to_a_host_is_no_missing_server(error: OSError) -> None:
    """Who is on another network is not asked whether the server runs."""
    kind, text = explained(error)
    assert kind is Unreachable
    assert "cannot be reached" in text
    assert "same network" in text


def test_an_untrusted_certificate_is_told() -> None:
    """The reason of TLS is passed on."""
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    kind, text = explained(error)
    assert kind is NotOurServer
    assert "not trusted here: self-signed certificate" in text


def test_a_name_that_cannot_be_looked_up_is_told_on_every_system() -> None:
    """No network at all looks the same as a wrong name, and the text helps with both."""
    kind, text = explained(socket.gaierror(11001, "getaddrinfo failed"))
    assert kind is HostNotFound
    assert "IP address" in text


@pytest.mark.skipif(sys.platform == "win32", reason="looks at file descriptors")
async def test_a_failed_connection_leaves_nothing_open() -> None:
    """A player may try again and again."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with tcp_server(silent) as port:
        client = netlib.connect(f"{LOOPBACK}:{port}", timeout=0.05)
        for _ in range(3):
            with pytest.raises(Unreachable):
                await client.open()
            assert not client.connected
