"""What happened, in order of arrival, for those who poll or await it instead of listening."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Final, TypeAlias

from netlib.events import Event
from netlib.protocol.messages import AnyMessage, Untyped

MAX_WAITING: Final = 10_000  # events; when nobody reads, the oldest are dropped

Happened: TypeAlias = Event | AnyMessage


def key_of(happened: Happened) -> Any:
    """The key under which listeners of a message or an event are registered."""
    return happened.type if isinstance(happened, Untyped) else type(happened)


class Mailbox:
    """What happened, in order of arrival, for a render loop that polls it or a task that awaits it.

    Attributes:
        dropped: how many were lost because nobody read.
    """

    def __init__(self) -> None:
        self._waiting: deque[Happened] = deque(maxlen=MAX_WAITING)
        self._news = asyncio.Event()
        self.dropped = 0

    def put(self, happened: Happened) -> None:
        """Add an event."""
        self.dropped += len(self._waiting) == MAX_WAITING
        self._waiting.append(happened)
        self._news.set()

    def take(self) -> list[Happened]:
        """Everything that waits, oldest first; it is then gone."""
        taken = list(self._waiting)
        self._waiting.clear()
        self._news.clear()
        return taken

    async def stream(self, until: type[Event]) -> AsyncIterator[Happened]:
        """Each event as it comes, ending with the first of the given class."""
        while True:
            while self._waiting:
                happened = self._waiting.popleft()
                yield happened
                if isinstance(happened, until):
                    return
            self._news.clear()
            await self._news.wait()
