"""The host's bots: as many as the host wants. Each troop has a process of its own, so that no tick waits."""

import asyncio
from collections.abc import Callable

from workshop.processes.children import Child


class RoomBots:
    """The bots in a room.

    Args:
        url: gives the room's address when bots are sent.
        arguments: further arguments for `workshop bots`.

    Attributes:
        wanted: how many there should be.
    """

    def __init__(self, url: Callable[[], str], *arguments: str) -> None:
        self._url, self._arguments = url, arguments
        self._troops: list[tuple[int, Child]] = []
        self._changing = asyncio.Lock()
        self.wanted = 0

    async def want(self, number: int) -> None:
        """Send more bots, or call some back, until there are that many."""
        self.wanted = number
        async with self._changing:
            while self._sent() > self.wanted:  # the newest troops end first
                _, child = self._troops.pop()
                await asyncio.to_thread(child.stop)
            missing = self.wanted - self._sent()
            if missing > 0:
                arguments = ("bots", str(missing), self._url(), *self._arguments)
                self._troops.append((missing, await asyncio.to_thread(Child, "workshop", *arguments)))

    def _sent(self) -> int:
        return sum(number for number, _ in self._troops)
