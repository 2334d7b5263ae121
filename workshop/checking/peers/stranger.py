"""Strangers at a server's door: plain HTTP, and WebSockets that may say anything."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from workshop.checking.program import PATIENCE

HERE = "127.0.0.1"
KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # the example of RFC 6455
AT_ONCE = 30  # pings; some of them may be refused before the server closes
REST = 0.15  # seconds
WALKING, END = -1, -2  # times in pings, by which their pongs are known
Json: TypeAlias = dict[str, Any]


class Answer(msgspec.Struct, frozen=True):
    """What a plain HTTP request got; status 0 when it was no HTTP."""

    status: int
    kind: str
    body: bytes

    @property
    def text(self) -> str:
        """What can be shown of it."""
        return f"{self.kind or 'no kind of page'}: {self.body[:90].decode(errors='replace').strip()}"


class Stranger:
    """A WebSocket to the server, and what came over it.

    Attributes:
        refusal: the last message that told that something was refused.
    """

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.refusal: Json = {}

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

    async def ended(self) -> None:
        """Wait until the server closes the connection."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._connection.wait_closed()

    async def pinged(self, most: int) -> int:
        """Send pings, some at once, until one is refused; return how many were answered before that."""
        for first in range(0, most, AT_ONCE):
            for number in range(first, first + AT_ONCE):
                await self.say(type="ping", time=number)
            for number in range(first, first + AT_ONCE):
                if (answer := await self.hears("pong", "error") or {}).get("type") != "pong":
                    self.refusal = answer
                    return number
        return most

    async def walked(self, number: int, per_second: float) -> int:
        """Send so many pings, in pairs and evenly; return how many were answered."""
        await self._answered()
        began = time.monotonic()
        for pair in range(number // 2):
            await asyncio.sleep(began + 2 * pair / per_second - time.monotonic())
            for _ in range(2):
                await self.say(type="ping", time=WALKING)
        return await self._answered()

    async def _answered(self) -> int:
        """Wait until the server is done with all that was said; return how many steps it answered."""
        await asyncio.sleep(REST)  # the next ping is not refused then
        await self.say(type="ping", time=END)
        steps = 0
        while (answer := await self.hears("pong", "error")) and answer.get("time") != END:
            if answer["type"] == "error":
                self.refusal = answer
            steps += answer.get("time") == WALKING
        return steps


def short(answer: Json) -> str:
    """An answer in some words."""
    return ": ".join(str(answer[key]) for key in ("type", "code", "message") if key in answer) or "nothing"


@contextlib.asynccontextmanager
async def stranger(port: int) -> AsyncIterator[Stranger]:
    """A client that has opened a WebSocket, and said nothing yet."""
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
