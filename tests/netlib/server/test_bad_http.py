"""Endless handshakes, and HTTP that is none."""

import asyncio
import contextlib

import pytest

from tests.support.target import HANDSHAKE, UPGRADE, Target, a_target, cut_off, tcp
from tests.support.wire import opened

pytestmark = pytest.mark.usefixtures("no_errors_logged")


async def test_tcp_without_a_word() -> None:
    """Connections that never say anything are dropped in time, and leave room for others."""
    async with a_target(handshake_time=0.4) as target, contextlib.AsyncExitStack() as stack:
        silent = [await stack.enter_async_context(tcp(target)) for _ in range(30)]
        for reader, _ in silent:
            assert await cut_off(reader) == b""
        assert target.refused("handshake") == 30
        await target.unharmed()


@pytest.mark.parametrize("head", [UPGRADE, "G", "GET /info HTTP/1.1\r\nHost: localhost\r\n"])
async def test_http_that_drips(head: str) -> None:
    """A request that never ends is cut off in time, even when bytes keep coming."""
    async with a_target(handshake_time=0.4) as target, tcp(target) as (reader, writer):
        writer.write(head.encode())
        end = asyncio.create_task(cut_off(reader))
        while not end.done():
            writer.write(b"x")
            await asyncio.wait([end], timeout=0.05)
        assert await end == b""
        assert target.refused("handshake") == 1
        await target.unharmed()


async def test_websocket_without_hello() -> None:
    """A WebSocket on which nobody says hello gets an error, then a close with 1008."""
    async with a_target(handshake_time=0.3) as target, opened(target.url) as silent:
        await silent.expect("error", "handshake")
        assert await silent.ended() == (1008, "no hello within 0.3 s")
        assert target.refused("handshake") == 1
        await target.unharmed()


async def test_no_hello_is_counted_once() -> None:
    """One connection without a hello counts as one, also when it does not answer the close."""
    async with a_target(handshake_time=0.3) as target, tcp(target) as (reader, writer):
        writer.write(HANDSHAKE.encode())
        assert b"no hello within" in await cut_off(reader)
        assert target.refused("handshake") == 1


HTTP: dict[str, tuple[str, bytes]] = {
    "unknown page": ("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 404"),
    "path upwards": ("GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 404"),
    "path upwards, encoded": ("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 404"),
    "query": ("GET /health?x=../.. HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 200"),
    "whole URL, which is no URL": ("GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 4"),
    "path that is no URL": ("GET //[ HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 4"),
    "origin that is no URL": (f"{UPGRADE}Origin: http://[\r\n\r\n", b"HTTP/1.1 403"),
    "two origins": (f"{UPGRADE}Origin: http://localhost\r\nOrigin: http://a\r\n\r\n", b"HTTP/1.1 403"),
    "origin null": (f"{UPGRADE}Origin: null\r\n\r\n", b"HTTP/1.1 403"),
    "unknown subprotocol": (f"{UPGRADE}Sec-WebSocket-Protocol: x\r\n\r\n", b"HTTP/1.1 400"),
    "old WebSocket": (UPGRADE.replace("13", "8") + "\r\n", b"HTTP/1.1 400"),
    "bad key": (UPGRADE.replace("dGhl", "!!!!") + "\r\n", b"HTTP/1.1 400"),
    "POST": ("POST /info HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi", b"HTTP/1.1 400"),
    "huge header": (f"GET /info HTTP/1.1\r\nX: {'x' * 9000}\r\n\r\n", b"HTTP/1.1 431"),
    "200 headers": ("GET /info HTTP/1.1\r\n" + "X: x\r\n" * 200 + "\r\n", b"HTTP/1.1 431"),
    "huge path": (f"GET /{'x' * 9000} HTTP/1.1\r\n\r\n", b"HTTP/1.1 414"),
    "TLS": ("\x16\x03\x01\x02\x00\r\n\r\n", b"HTTP/1.1 400"),
    "no HTTP": ("\r\n\r\n\r\n", b"HTTP/1.1 400"),
}


@pytest.mark.parametrize("case", HTTP)
async def test_http(target: Target, case: str) -> None:
    """A wrong HTTP request gets the status that it deserves; then the connection ends."""
    text, status = HTTP[case]
    async with tcp(target) as (reader, writer):
        writer.write(text.encode("latin-1"))
        answer = await cut_off(reader)
    assert answer.startswith(status)
    await target.unharmed()
