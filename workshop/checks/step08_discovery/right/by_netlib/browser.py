"""The browser: netlib's own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Self

import netlib


class Browser:
    """Knows the rooms on the network."""

    def __init__(self, hosts: Sequence[str], ports: Sequence[int], interval: float) -> None:
        self._browser = netlib.Browser(ports=ports, interfaces=hosts, interval=interval)

    async def __aenter__(self) -> Self:
        await self._browser.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._browser.stop()

    async def search_on(self) -> None:
        """Nothing is left to do: it asks by itself."""
        await asyncio.Event().wait()

    @property
    def rooms(self) -> list[netlib.Room]:
        """The rooms that are there, by name."""
        return self._browser.rooms
