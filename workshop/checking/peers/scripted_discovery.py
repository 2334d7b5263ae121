"""Discovery as a check needs it: UDP ports of its own, a searcher, and rooms that say what the check wants.

All of it stays on this machine.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Self

from netlib.discovery.beacon import (
    Address,
    Room,
    RoomInfo,
    decode_answer,
    decode_probe,
    encode_answer,
    encode_probe,
    new_id,
)
from netlib.discovery.interfaces import LOOPBACK, Datagrams, searching_socket
from netlib.transport.loops import clock
from netlib.transport.tcp import claim
from workshop.checking.peers.two_networks import BROADCAST

LOWEST, HIGHEST = 12_000, 20_000  # below the ports of `workshop.checking.lab`, above those of real rooms
COUNT = 4  # ports of one machine at which rooms may answer
ASK_AGAIN = 0.25  # seconds; a datagram may get lost


@contextlib.contextmanager
def own_ports() -> Iterator[range]:
    """UDP ports in a row that nobody has, and that no other check takes as long as this lasts.

    The programs that are checked bind them, so we cannot. What we hold is the TCP port of the first one's
    number: a check that finds it taken goes on to the next ports.
    """
    blocks = (HIGHEST - LOWEST) // COUNT
    for attempt in range(blocks):
        first = LOWEST + COUNT * ((os.getpid() * 7 + attempt) % blocks)
        with socket.socket() as lock:
            claim(lock)
            with contextlib.suppress(OSError):
                lock.bind((LOOPBACK, first))
                ports = range(first, first + COUNT)
                if all(map(is_free, ports)):
                    yield ports
                    return
    raise OSError("there are no free UDP ports")


def is_free(port: int) -> bool:
    """Whether nobody has a UDP port of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as attempt:
        claim(attempt)
        try:
            attempt.bind(("0.0.0.0", port))
        except OSError:
            return False
    return True


def described(name: str, port: int, *, players: int = 0) -> RoomInfo:
    """A room of that name, whose game is at that TCP port."""
    return RoomInfo(id=new_id(), name=name, players=players, max_players=32, port=port, protocol=1)


class Searcher:
    """Asks, and keeps what it hears: each datagram with the address that it came from.

    Args:
        host: the address of this machine from which it asks; "" for any.
    """

    def __init__(self, host: str = "") -> None:
        self.nonce, self.host = new_id(), host
        self.heard: list[tuple[bytes, Address]] = []

    async def __aenter__(self) -> Self:
        sock = _socket(self.host, 0) if self.host else searching_socket()
        self._datagrams = Datagrams(sock, lambda *it: self.heard.append(it))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._datagrams.close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._datagrams.port

    def send(self, data: bytes, ports: Sequence[int]) -> None:
        """Send a datagram to each of some ports of this machine."""
        for port in ports:
            with contextlib.suppress(OSError):
                self._datagrams.send(data, (LOOPBACK, port))

    def answers(self, since: int = 0) -> list[Room]:
        """The answers to its question, oldest first, without so many datagrams that it heard before."""
        rooms = (decode_answer(data, address[0], self.nonce) for data, address in self.heard[since:])
        return [room for room in rooms if room is not None]

    async def ask(
        self, ports: Sequence[int], seconds: float, good: Callable[[Room], bool] = lambda room: True
    ) -> Room | None:
        """Ask until a good answer comes; None when the time is over."""
        deadline, before = clock() + seconds, len(self.heard)
        while clock() < deadline:
            self.send(encode_probe(self.nonce), ports)
            again = min(deadline, clock() + ASK_AGAIN)
            while clock() < again:
                if found := next(filter(good, self.answers(before)), None):
                    return found
                await asyncio.sleep(0.01)
        return None


class AnsweringRoom:
    """A room that is nothing but its answers.

    Args:
        port: the UDP port at which it listens.
        info: what it says of itself; may be changed.
        host: the address of this machine at which it listens, and from which it answers.
        twice: it answers from two addresses at once, as on a machine with two networks.
        every: it answers the first of so many questions, as if the others were lost.
        besides: what it sends beside each answer, before and after it.

    Attributes:
        askers: the port that each question came from.
        asked: when each came, in seconds of `netlib.clock`.
        answered: when it has answered, in seconds of `netlib.clock`.
    """

    def __init__(
        self,
        port: int,
        info: RoomInfo,
        *,
        host: str = LOOPBACK,
        twice: bool = False,
        every: int = 1,
        besides: Sequence[bytes] = (),
    ) -> None:
        self.port, self.info, self.host = port, info, host
        self.askers: list[int] = []
        self.asked: list[float] = []
        self.answered: list[float] = []
        self._twice, self._every, self._besides = twice, every, besides

    async def __aenter__(self) -> Self:
        self._ear = Datagrams(_socket(self.host, self.port), self._receive)
        self._mouths = [self._ear]
        if self._twice:
            self._mouths.append(Datagrams(_socket(other_host(), 0), lambda *_: None))
        return self

    async def __aexit__(self, *_: object) -> None:
        for mouth in self._mouths:
            mouth.close()

    @property
    def address(self) -> str:
        """Where the lobby says that it is."""
        return f"{self.host}:{self.info.port}"

    def _receive(self, data: bytes, address: Address) -> None:
        if nonce := decode_probe(data):
            if len(self.askers) % self._every == 0:
                self._answer(nonce, address)
            self.askers.append(address[1])
            self.asked.append(clock())

    def _answer(self, nonce: str, address: Address) -> None:
        self.answered.append(clock())
        for mouth in self._mouths:
            for datagram in (*self._besides, encode_answer(self.info, nonce), *self._besides):
                with contextlib.suppress(OSError):
                    mouth.send(datagram, address)


def _socket(host: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.bind((host, port))
    return sock


def other_host() -> str:
    """Another address of this machine; the usual one where there is no other, as on macOS."""
    with contextlib.suppress(OSError):
        _socket(BROADCAST, 0).close()
        return BROADCAST
    return LOOPBACK
