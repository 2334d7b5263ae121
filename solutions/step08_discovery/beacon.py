"""The beacon: answers those who search for a room, over UDP."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Self

from netlib.discovery.beacon import Address, RoomInfo, decode_probe, encode_answer
from netlib.discovery.interfaces import Datagrams, answering_socket
from workshop.terminal.console import warn


class Beacon:
    """Answers searchers on behalf of one room.

    Args:
        info: is called for each answer, and says what the room is like.
        ports: UDP ports; the first one that is free is taken.
    """

    def __init__(self, info: Callable[[], RoomInfo], ports: Sequence[int]) -> None:
        self._info, self._ports = info, ports
        self._datagrams: Datagrams | None = None

    async def __aenter__(self) -> Self:
        # On 127.0.0.1 it would hear this machine alone; 0.0.0.0 is every interface.
        sock = answering_socket("0.0.0.0", self._ports)
        if sock is None:
            warn(f"Nobody can find this room: the UDP ports {list(self._ports)} are all taken.")
        else:
            self._datagrams = Datagrams(sock, self.receive)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._datagrams is not None:
            self._datagrams.close()

    def receive(self, data: bytes, address: Address) -> None:
        """A datagram has come from an address: a question, or whatever somebody sends us."""
        nonce = decode_probe(data)
        if nonce is not None:
            self.send(encode_answer(self._info(), nonce), address)

    def send(self, data: bytes, address: Address) -> None:
        """Send a datagram. It may get lost, and so may one that the system refuses to send."""
        if self._datagrams is not None:
            with contextlib.suppress(OSError):
                self._datagrams.send(data, address)
