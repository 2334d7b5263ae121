"""The browser: asks the network for rooms, over UDP, and remembers who has answered."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Self

import netlib
from netlib.discovery.beacon import Address, decode_answer, encode_probe, new_id
from netlib.discovery.interfaces import Datagrams, searching_socket

SILENT_INTERVALS = 5  # intervals without an answer until a room is gone


class Browser:
    """Knows the rooms on the network.

    Args:
        hosts: whom to ask; a broadcast address asks everybody on a network.
        ports: the UDP ports at which a host may have a room.
        interval: seconds between two questions.
    """

    def __init__(self, hosts: Sequence[str], ports: Sequence[int], interval: float) -> None:
        self._hosts, self._ports, self._interval = hosts, ports, interval
        self._nonce = new_id()  # an answer must repeat it: then it is for us
        self._rooms: dict[str, netlib.Room] = {}

    async def __aenter__(self) -> Self:
        self._datagrams = Datagrams(searching_socket(), self.receive)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._datagrams.close()

    async def search(self) -> None:
        """Ask, and give everybody an interval's time to answer."""
        self.ask()
        await asyncio.sleep(self._interval)

    async def search_on(self) -> None:
        """Ask again and again, until cancelled."""
        while True:
            await self.search()

    def ask(self) -> None:
        """Send the question to every host that may have a room."""
        question = encode_probe(self._nonce)
        # TODO 08.3: this asks for one room on one host. A room listens on the first of the ports that was
        # free on its machine, and it may be on any of the hosts: ask every host at every port.
        self.send(question, (self._hosts[0], self._ports[0]))

    def send(self, data: bytes, address: Address) -> None:
        """Send a datagram. It may get lost, and so may one that the system refuses to send."""
        with contextlib.suppress(OSError):
            self._datagrams.send(data, address)

    def receive(self, data: bytes, address: Address) -> None:
        """A datagram has come from an address: an answer, or whatever somebody sends us."""
        room = decode_answer(data, address[0], self._nonce, now=netlib.clock())
        # TODO 08.4: this keeps the first answer for ever. Keep every room, and of each its newest answer. A
        # room may answer twice, at two addresses of its machine: its id tells it from all others.
        if room is not None and not self._rooms:
            self._rooms["the room"] = room

    @property
    def rooms(self) -> list[netlib.Room]:
        """The rooms that are there, by name. Reading it never waits."""
        # TODO 08.5: a room that closes says no goodbye. Forget rooms silent for SILENT_INTERVALS
        # intervals: room.last_seen says when a room was heard last, netlib.clock() what time it is now.
        return sorted(self._rooms.values(), key=lambda room: (room.name, room.address))
