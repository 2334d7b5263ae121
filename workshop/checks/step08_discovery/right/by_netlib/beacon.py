"""The beacon: netlib's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Self

from netlib.beacon import RoomInfo
from netlib.discovery import Responder


class Beacon:
    """Answers searchers on behalf of one room."""

    def __init__(self, info: Callable[[], RoomInfo], ports: Sequence[int]) -> None:
        self._responder = Responder(info, ports=ports)

    async def __aenter__(self) -> Self:
        await self._responder.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._responder.close()
