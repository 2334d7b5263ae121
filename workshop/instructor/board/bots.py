"""The host's bots: as many as wanted, each troop in a process of its own, so that no tick waits for them."""

import asyncio
from collections.abc import Callable

from workshop.processes.children import Child


class RoomBots:
    """So many bots in a room.

    Args:
        url: where the room is; asked when bots are sent.
        arguments: more of the command line of `workshop bots`.

    Attributes:
        wanted: how many there shall be.
    """

    def __init__(self, url: Callable[[], str], *arguments: str) -> None:
        self._url, self._arguments = url, arguments
        self._troops: list[tuple[int, Child]] = []
        self._changing = asyncio.Lock()
        self.wanted = 0

    async def want(self, number: int) -> None:
        """Send some more, or call some back."""
        self.wanted = number
        async with self._changing:
            await self._call_back()
            missing = self.wanted - self._sent()
            if missing > 0:
                arguments = ("bots", str(missing), self._url(), *self._arguments)
                self._troops.append((missing, await asyncio.to_thread(Child, "workshop", *arguments)))

    async def close(self) -> None:
        """Call all of them back."""
        await self.want(0)

    async def _call_back(self) -> None:
        """End the newest troops, until there are no more than wanted."""
        while self._sent() > self.wanted:
            _, child = self._troops.pop()
            await asyncio.to_thread(child.stop)

    def _sent(self) -> int:
        return sum(number for number, _ in self._troops)
