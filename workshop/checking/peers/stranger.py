"""Strangers at a server's door: plain HTTP, and WebSockets that may say anything."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from workshop.checking.program import PATIENCE

HERE = "127.0.0.1"
KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # the example of RFC 6455
Json: TypeAlias = dict[str, Any]


class Answer(msgspec.Struct, frozen=True):
    """What a plain HTTP request got; status 0 when it was no HTTP."""

    status: int
    kind: str
    body: bytes


class Stranger:
    """A WebSocket to the server, and what came over it.

    Attributes:
        code: the close code; None while it is open.
    """

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    @property
    def code(self) -> int | None:
        """How the server has closed it; 1006 when it was cut, None while it is open."""
        return self._connection.close_code

    async def say(self, **message: Any) -> None:
        """Send a message; nothing happens when the connection is closed."""
        with contextlib.suppress(ConnectionClosed):
            await self._connection.send(json.dumps(message))

    async def hello(self, name: str, **more: Any) -> Json:
        """Say hello, and return the answer; empty when there is none."""
        await self.say(type="hello", protocol=1, name=name, **more)
        return await self.hears("welcome", "refused", "error") or {}

    async def hears(self, *types: str) -> Json | None:
        """The next message of one of these types; None when the connection ends, or it takes too long."""
        with contextlib.suppress(ConnectionClosed, TimeoutError):
            async with asyncio.timeout(PATIENCE):
                async for text in self._connection:
                    message: Json = json.loads(text)
                    if message.get("type") in types:
                        return message
        return None

    async def ended(self) -> Json | None:
        """Wait until the server closes the connection; return the last error that it sent."""
        last = None
        with contextlib.suppress(ConnectionClosed, TimeoutError):
            async with asyncio.timeout(PATIENCE):
                async for text in self._connection:
                    message: Json = json.loads(text)
                    last = message if message.get("type") == "error" else last
        return last


@contextlib.asynccontextmanager
async def stranger(port: int) -> AsyncIterator[Stranger]:
    """Somebody who has opened a WebSocket, and said nothing yet."""
    async with connect(f"ws://{HERE}:{port}", proxy=None, ping_interval=None, max_queue=None) as connection:
        yield Stranger(connection)


async def knock(port: int, origin: str) -> int:
    """Ask for a WebSocket as a page of that site does; return the HTTP status, 101 when it may."""
    host = f"{HERE}:{port}"
    lines = [f"Origin: {origin.format(host=host)}"] if origin else []
    lines += ["Upgrade: websocket", "Connection: Upgrade"]
    lines += [f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13"]
    return (await _request(port, "/", lines)).status


async def get(port: int, path: str) -> Answer:
    """Ask for a page."""
    return await _request(port, path, [])


async def _request(port: int, path: str, lines: list[str]) -> Answer:
    reader, writer = await asyncio.open_connection(HERE, port)
    writer.write("\r\n".join([f"GET {path} HTTP/1.1", f"Host: {HERE}:{port}", *lines, "", ""]).encode())
    try:
        async with asyncio.timeout(PATIENCE):
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head.split()[1])
            body = b"" if status == 101 else await reader.read()
    except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, OSError):
        return Answer(0, "", b"")
    finally:
        writer.close()
    kind = next((line for line in head.decode("latin-1").lower().splitlines() if "content-type:" in line), "")
    return Answer(status, kind.partition(":")[2].strip(), body)
