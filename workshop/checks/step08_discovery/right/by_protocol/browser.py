"""The browser, with asyncio's datagram endpoint and JSON by hand."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Self

import msgspec

import netlib


class Browser(asyncio.DatagramProtocol):
    """Knows the rooms on the network: a list of pairs, the time of the newest answer and the room."""

    def __init__(self, hosts: Sequence[str], ports: Sequence[int], interval: float) -> None:
        self.addresses = [(host, port) for host in hosts for port in ports]
        self.interval, self.nonce = interval, secrets.token_hex(8)
        self.heard: list[tuple[float, netlib.Room]] = []

    async def __aenter__(self) -> Self:
        await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self, local_addr=("0.0.0.0", 0), allow_broadcast=True
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self.transport.close()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    async def search_on(self) -> None:
        """Ask again and again, and forget who is silent."""
        bare = json.dumps({"netlib": "probe", "nonce": self.nonce, "pad": ""})
        question = bare.replace('""', f'"{" " * (256 - len(bare))}"').encode()
        while True:
            for address in self.addresses:
                self.transport.sendto(question, address)
            await asyncio.sleep(self.interval)
            now = netlib.clock()
            self.heard = [(at, room) for at, room in self.heard if now - at < 5 * self.interval]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        with suppress(ValueError, KeyError, TypeError, RecursionError):
            answer = json.loads(data)
            if answer["netlib"] == "answer" and answer["nonce"] == self.nonce:
                room = msgspec.convert(answer["room"] | {"host": addr[0]}, netlib.Room)
                others = [(at, other) for at, other in self.heard if other.id != room.id]
                self.heard = [*others, (netlib.clock(), room)]

    @property
    def rooms(self) -> list[netlib.Room]:
        """The rooms that are there, by name."""
        return sorted((room for _, room in self.heard), key=lambda room: (room.name, room.port))
