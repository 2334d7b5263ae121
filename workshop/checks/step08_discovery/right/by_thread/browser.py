"""The browser, in a thread of its own: what blocks there holds up no frame."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

import netlib
from netlib.beacon import decode_answer, encode_probe, new_id


class Browser:
    """Knows the rooms on the network."""

    def __init__(self, hosts: Sequence[str], ports: Sequence[int], interval: float) -> None:
        self._addresses = [(host, port) for host in hosts for port in ports]
        self._interval = interval
        self._rooms: dict[str, netlib.Room] = {}
        self._lock, self._over = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    async def __aenter__(self) -> Self:
        self._thread.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()

    async def search_on(self) -> None:
        """The thread searches."""
        await asyncio.Event().wait()

    def _run(self) -> None:
        nonce = new_id()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            sock.bind(("", 0))
            sock.settimeout(self._interval / 10)
            while not self._over.is_set():
                for address in self._addresses:
                    with suppress(OSError):
                        sock.sendto(encode_probe(nonce), address)
                self._listen(sock, nonce, time.perf_counter() + self._interval)

    def _listen(self, sock: socket.socket, nonce: str, until: float) -> None:
        while time.perf_counter() < until:
            with suppress(OSError):
                data, address = sock.recvfrom(65_536)
                room = decode_answer(data, address[0], nonce, now=time.perf_counter())
                if room:
                    with self._lock:
                        self._rooms[room.id] = room

    @property
    def rooms(self) -> list[netlib.Room]:
        """The rooms that are there, by name."""
        oldest = time.perf_counter() - 5 * self._interval
        with self._lock:
            return sorted(
                (room for room in self._rooms.values() if room.last_seen > oldest),
                key=lambda room: (room.name, room.address),
            )
