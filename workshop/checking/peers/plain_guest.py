"""Guests in a room who speak plain JSON, and so can say what netlib would not let them."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any, TypeAlias

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from workshop.checking.program import PATIENCE
from workshop.checking.verdict import Wrong
from workshop.checking.waiting import until

Json: TypeAlias = dict[str, Any]


class Guest:
    """A client of ours.

    Attributes:
        heard: messages that nobody has asked for yet, oldest first.
    """

    def __init__(self, connection: ClientConnection, name: str) -> None:
        self.name, self.id = name, 0
        self.heard: list[Json] = []
        self._connection = connection

    async def listen(self) -> None:
        """Take in what comes, until the connection ends."""
        with contextlib.suppress(ConnectionClosed):
            async for text in self._connection:
                self.heard.append(json.loads(text))

    async def say(self, **message: Any) -> None:
        """Send a message."""
        await self.send(json.dumps(message))

    async def send(self, text: str) -> None:
        """Send any text; a connection that is closed by now is no reason to fail."""
        with contextlib.suppress(ConnectionClosed):
            await self._connection.send(text)

    def has(self, *types: str) -> Json | None:
        """The oldest message of one of these types that nobody has asked for yet."""
        return next((message for message in self.heard if message.get("type") in types), None)

    async def hears(self, *types: str, seconds: float = PATIENCE) -> Json | None:
        """The next message of one of these types, whatever comes before; None when there is none."""
        message = await until(lambda: self.has(*types), seconds)
        if message is not None:
            del self.heard[: self.heard.index(message) + 1]
        return message


@contextlib.asynccontextmanager
async def guest(port: int, name: str) -> AsyncIterator[Guest]:
    """A client that has said hello, and was let in."""
    async with connect(f"ws://127.0.0.1:{port}", proxy=None) as connection:
        one = Guest(connection, name)
        listening = asyncio.create_task(one.listen())
        await one.say(type="hello", protocol=1, name=name)
        if (welcome := await one.hears("welcome")) is None:
            expected = "the server is a netlib.Server, and lets a client in"
            raise Wrong(expected, f"{name} said hello, and got no welcome", "no_welcome")
        one.id = welcome["player_id"]
        yield one
        listening.cancel()
