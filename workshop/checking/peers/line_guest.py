"""A scripted client of the chat of step 03, which remembers what it has heard."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from workshop.checking.program import PATIENCE
from workshop.checking.verdict import Wrong

NARROW = 4096  # bytes that the system keeps for a guest who does not read


class Guest:
    """Somebody in the chat.

    Attributes:
        heard: every message so far.
    """

    def __init__(self, name: str, connection: ClientConnection) -> None:
        self.name, self._connection = name, connection
        self.heard: list[str] = []

    async def expects(self, text: str, symptom: str) -> None:
        """Listen until a message contains the text.

        Raises:
            Wrong: none does; with "_odd" after the symptom when one begins like it, up to the bracket.
        """
        if not await self.hears(text):
            like = [message for message in self.heard if text.partition(" (")[0] in message]
            saw = f'{self.name} heard "{like[-1]}"' if like else self.news
            raise Wrong(f'{self.name} hears "{text}"', saw, f"{symptom}_odd" if like else symptom)

    async def hears(self, words: str, seconds: float = PATIENCE) -> bool:
        """Listen until a message contains the words; False when nothing comes for so long, or ever."""
        found = any(words in message for message in self.heard)
        with contextlib.suppress(TimeoutError, ConnectionClosed):
            while not found:
                self.heard.append(str(await asyncio.wait_for(self._connection.recv(), seconds)))
                found = words in self.heard[-1]
        return found

    def times(self, text: str) -> int:
        """How many messages so far contain this text."""
        return sum(text in message for message in self.heard)

    async def says(self, text: str) -> None:
        """Send a line; nothing happens when the connection is closed."""
        with contextlib.suppress(ConnectionClosed):
            await self._connection.send(text)

    async def leaves(self) -> None:
        """Close the connection as one should."""
        await self._connection.close()

    def vanishes(self) -> None:
        """Be gone without a goodbye."""
        self._connection.transport.abort()

    def falls_asleep(self) -> None:
        """Read nothing from now on."""
        self._connection.transport.pause_reading()

    @property
    def news(self) -> str:
        """What it has heard last, as a sentence."""
        if not self.heard:
            return f"{self.name} has heard nothing"
        return f'the last that {self.name} heard is "{self.heard[-1][:60]}"'


@contextlib.asynccontextmanager
async def guest(port: int, name: str, *, narrow: bool = False) -> AsyncIterator[Guest]:
    """A client that connects to a port of this machine, and says a name.

    Args:
        narrow: the system keeps little for this one, so that the other end feels soon when it does not read.
    """
    door = socket.socket()
    if narrow:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, NARROW)
    door.connect(("127.0.0.1", port))
    door.setblocking(False)
    async with connect(f"ws://127.0.0.1:{port}", sock=door, compression=None, close_timeout=0.1) as one:
        somebody = Guest(name, one)
        await somebody.says(name)
        yield somebody
