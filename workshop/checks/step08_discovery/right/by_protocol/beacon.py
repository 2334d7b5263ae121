"""The beacon, with asyncio's datagram endpoint and JSON by hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Self

import msgspec

from netlib.beacon import RoomInfo

SHORTEST, LONGEST = 256, 1024  # bytes of a question


class Beacon(asyncio.DatagramProtocol):
    """Answers searchers on behalf of one room."""

    def __init__(self, info: Callable[[], RoomInfo], ports: Sequence[int]) -> None:
        self.info, self.ports = info, ports

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        for port in self.ports:
            with suppress(OSError):
                await loop.create_datagram_endpoint(lambda: self, local_addr=("0.0.0.0", port))
                break
        return self

    async def __aexit__(self, *_: object) -> None:
        self.transport.close()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not SHORTEST <= len(data) <= LONGEST:
            return
        with suppress(ValueError, KeyError, TypeError, RecursionError):
            question = json.loads(data)
            if question["netlib"] == "probe":
                room = msgspec.structs.asdict(self.info())
                answer = {"netlib": "answer", "nonce": question["nonce"], "room": room}
                self.transport.sendto(json.dumps(answer).encode(), addr)
