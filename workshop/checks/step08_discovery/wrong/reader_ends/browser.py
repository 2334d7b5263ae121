"""The browser: asks the network for rooms, over UDP, and remembers who has answered."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Sequence
from typing import Self

import msgspec

import netlib
from netlib.beacon import encode_probe, new_id

SILENT_INTERVALS = 5  # intervals without an answer until a room is gone


class Browser:
    """Knows the rooms on the network."""

    def __init__(self, hosts: Sequence[str], ports: Sequence[int], interval: float) -> None:
        self._hosts, self._ports, self._interval = hosts, ports, interval
        self._nonce = new_id()
        self._rooms: dict[str, netlib.Room] = {}

    async def __aenter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("", 0))
        self._reading = asyncio.create_task(self.read())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reading.cancel()
        self._socket.close()

    async def read(self) -> None:
        """Take in one datagram after the other."""
        loop = asyncio.get_running_loop()
        while True:
            data, address = await loop.sock_recvfrom(self._socket, 2048)
            answer = json.loads(data)
            if answer["nonce"] == self._nonce:
                fields = answer["room"] | {"host": address[0], "last_seen": netlib.clock()}
                self._rooms[fields["id"]] = msgspec.convert(fields, netlib.Room)

    async def search_on(self) -> None:
        """Ask again and again, until cancelled."""
        while True:
            for host in self._hosts:
                for port in self._ports:
                    self._socket.sendto(encode_probe(self._nonce), (host, port))
            await asyncio.sleep(self._interval)

    @property
    def rooms(self) -> list[netlib.Room]:
        """The rooms that are there, by name."""
        since = netlib.clock() - SILENT_INTERVALS * self._interval
        there = [room for room in self._rooms.values() if room.last_seen > since]
        return sorted(there, key=lambda room: (room.name, room.address))
