"""Finding rooms on the LAN without asyncio."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

from netlib.discovery.beacon import Room
from netlib.discovery.discovery import Browser, RoomEvent
from netlib.threads.loop_thread import LoopThread
from netlib.transport.mailbox import MAX_WAITING


class BackgroundBrowser:
    """Searches for rooms in a thread, until it is stopped. Nothing here ever waits.

    Args:
        options: those of `netlib.Browser`.
    """

    def __init__(self, **options: Any) -> None:
        Browser(**options)  # what is wrong with them is told here
        self._options = options
        self._browser: Browser | None = None
        self._thread = LoopThread("netlib browser")
        self._rooms: list[Room] = []
        self._happened = deque[RoomEvent](maxlen=MAX_WAITING)

    @property
    def running(self) -> bool:
        """True from `start` to `stop`."""
        return self._browser is not None

    @property
    def rooms(self) -> list[Room]:
        """The rooms that are there, sorted by name; after `stop`, those that were there then."""
        return list(self._rooms)

    @property
    def problem(self) -> str | None:
        """Why nobody can have heard us, in words. See `netlib.Browser`."""
        return self._browser.problem if self._browser is not None else None

    def start(self) -> None:
        """Begin to search. Nothing happens when it does already."""
        if self._browser is None:
            self._rooms = []
            self._browser = Browser(**self._options)
            self._thread = LoopThread("netlib browser")  # the last one may be about to end
            self._thread.begin(self._searching(self._browser))

    def stop(self) -> None:
        """Stop searching; the thread ends by itself, soon."""
        self._browser = None
        self._thread.end()

    def poll(self) -> list[RoomEvent]:
        """What has changed since the last call, oldest first: `RoomFound`, `RoomChanged`, `RoomLost`."""
        taken: list[RoomEvent] = []
        with suppress(IndexError):  # another thread may read, too
            for _ in range(len(self._happened)):
                taken.append(self._happened.popleft())
        return taken

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @asynccontextmanager
    async def _searching(self, browser: Browser) -> AsyncIterator[None]:
        async with browser:
            watching = asyncio.create_task(self._watch(browser))
            yield
        await watching

    async def _watch(self, browser: Browser) -> None:
        async for change in browser:
            if browser is self._browser:
                self._rooms = browser.rooms
                self._happened.append(change)
