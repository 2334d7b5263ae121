"""``wss://``: the same room over TLS."""

import asyncio
import ssl

import pytest
import trustme

import netlib
from tests.support.callers import Chat
from tests.support.rooms import LOOPBACK, a_room


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Give an authority that only these tests trust."""
    return trustme.CA()


def server_context(authority: trustme.CA) -> ssl.SSLContext:
    """Return what a server needs to be "localhost"."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", LOOPBACK).configure_cert(context)
    return context


async def test_a_room_over_tls(authority: trustme.CA) -> None:
    """A client that trusts the server's certificate joins and is heard; the goodbye arrives too."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    async with (
        a_room(ssl=server_context(authority)) as server,
        netlib.connect(
            f"wss://localhost:{server.port}", ssl=context, messages=[Chat], reconnect_time=0
        ) as client,
    ):
        client.send(Chat("hi"))
        _, said = await server.wait_for(Chat, timeout=5)
        assert said == Chat("hi")
        await server.stop("tea time")
        *_, gone = [event async for event in client]
        assert gone == netlib.Disconnected(1001, "tea time")


async def test_a_certificate_that_nobody_here_trusts(authority: trustme.CA) -> None:
    """A stranger's certificate is one clear error, not an address that is wrong."""
    async with a_room(ssl=server_context(authority)) as server:
        with pytest.raises(netlib.NotOurServer, match="certificate"):
            await netlib.connect(f"wss://localhost:{server.port}")


async def test_ws_to_a_room_with_tls(authority: trustme.CA) -> None:
    """A player who forgets the s of ``wss://`` is told to try it."""
    async with a_room(ssl=server_context(authority)) as server:
        with pytest.raises(netlib.NotOurServer, match="try wss:// instead of ws://"):
            await netlib.connect(f"ws://localhost:{server.port}", timeout=2)


HTTPS_PORT = b"The plain HTTP request was sent to HTTPS port"  # nginx's words
ANSWERS = {
    "nginx": b"HTTP/1.1 400 Bad Request\r\nContent-Length: 45\r\n\r\n" + HTTPS_PORT,
    "Go": b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
    "an alert of TLS": b"\x15\x03\x01\0\x02\x02\x46",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_ws_to_another_server_with_tls(answer: bytes) -> None:
    """Web servers say it in HTTP, others in TLS; both are understood."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(say, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(netlib.NotOurServer, match="try wss:// instead of ws://"):
            await netlib.connect(f"ws://127.0.0.1:{port}")


async def test_wss_to_a_plain_room() -> None:
    """A player who types ``wss://`` to a room without TLS is told to try ``ws://``."""
    async with a_room() as server:
        with pytest.raises(netlib.NotOurServer, match="try ws://"):
            await netlib.connect(f"wss://localhost:{server.port}", timeout=2)
