"""Who answers searchers, for as long as a test wants it, and with what."""

from typing import Any, Self

from netlib.discovery import discovery
from netlib.discovery.beacon import RoomInfo, new_id

NONCE = "0123456789abcdef"


class Responder(discovery.Responder):
    """A responder that answers within ``async with``."""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()


def info(name: str = "Gem Rush", **changes: Any) -> RoomInfo:
    """Return what a room tells of itself; three play in it."""
    fields = {"players": 3, "max_players": 32, "port": 8765, "protocol": 1, **changes}
    return RoomInfo(**{"id": new_id(), "name": name, **fields})
