"""Who answers searchers, for as long as a test wants it."""

from typing import Self

from netlib.discovery import discovery


class Responder(discovery.Responder):
    """A responder that answers within ``async with``."""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()
