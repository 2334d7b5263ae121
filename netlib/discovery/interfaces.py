"""This machine's side of UDP: its IPv4 addresses, and a socket that goes on reading whatever happens."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Interface
from pathlib import Path
from typing import NamedTuple

import ifaddr

from netlib.discovery.beacon import Address, is_loopback
from netlib.discovery.reach import KINDS, Kind, kind_of
from netlib.transport.tcp import claim

RECEIVE_BYTES = 65_536  # the largest datagram there is; on Windows a smaller buffer is an error
LOOPBACK = "127.0.0.1"
ERROR_PAUSE = 0.05  # seconds before reading again after an error

# Where Linux tells what an interface is (IFF_POINTOPOINT of <net/if.h>); other systems have no such files.
_ABOUT = Path("/sys/class/net")
_POINT_TO_POINT = 0x10

# Connecting a UDP socket sends nothing; this address (RFC 5737) only makes the system choose a route.
_ELSEWHERE = ("192.0.2.1", 9)


class Face(NamedTuple):
    """An address of this machine: its interface as people know it, the address with its network, its kind."""

    name: str
    at: IPv4Interface
    kind: Kind


def faces() -> list[Face]:
    """This machine's IPv4 addresses without loopback: those that others likelier reach first (see `reach`).

    Of two of a kind the one with the default route is first; a VPN, which often has it, is last all the same.
    """
    found: dict[IPv4Interface, Face] = {}
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            at = IPv4Interface(f"{ip.ip}/{ip.network_prefix}") if ip.is_IPv4 else None
            if at and not (at.ip.is_loopback or at.ip.is_unspecified):
                names = f"{adapter.name}, {adapter.nice_name}, {ip.nice_name}"
                kind = kind_of(names, at, point_to_point=_is_point_to_point(str(adapter.name)))
                found.setdefault(at, Face(str(ip.nice_name), at, kind))
    default = _default_address()
    return sorted(found.values(), key=lambda face: (KINDS.index(face.kind), str(face.at.ip) != default))


def scan() -> list[IPv4Interface]:
    """The addresses of `faces` with their networks, in that order."""
    return [face.at for face in faces()]


def broadcast_addresses(faces: Iterable[IPv4Interface]) -> list[str]:
    """Each network's directed broadcast address. A /31 or /32 (a VPN's, mostly) has none."""
    return list(dict.fromkeys(str(f.network.broadcast_address) for f in faces if f.network.prefixlen < 31))


def lan_addresses() -> list[str]:
    """The addresses at which others may reach this machine, the likeliest first."""
    return [str(face.ip) for face in scan()]


def searching_socket() -> socket.socket:
    """A socket that may send broadcasts, on a port of its own."""
    return _bound(("", 0), lambda sock: sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1))


def answering_host(listening: str | None) -> str:
    """Where a server that listens there answers searchers: what others cannot reach is not offered them."""
    alone = listening is not None and (listening in ("localhost", "::1") or is_loopback(listening))
    return LOOPBACK if alone else "0.0.0.0"


def answering_socket(host: str, ports: Sequence[int]) -> socket.socket | None:
    """A socket on the first of these ports that is free; None when none is."""
    for port in ports:
        with contextlib.suppress(OSError):  # in use; or, for the ranges that Windows reserves, access denied
            return _bound((host, port), claim)
    return None


class Datagrams:
    """Calls ``receive(data, address)`` for each datagram that arrives on ``port``, until `close`.

    On Windows a datagram to a closed port makes the next *read* fail. asyncio's datagram transport then never
    reads again (python/cpython#127057), and `socket.ioctl` does not know SIO_UDP_CONNRESET, which would
    switch that off; so a task reads there, and simply reads again. Elsewhere the loop calls us when there is
    something, since uvloop has no ``sock_recvfrom``.
    """

    def __init__(self, sock: socket.socket, receive: Callable[[bytes, Address], None]) -> None:
        self._sock = sock
        self.port = int(sock.getsockname()[1])
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._reader: asyncio.Task[None] | None = None
        if sys.platform == "win32":
            self._reader = self._loop.create_task(self._keep_reading())
            self._reader.add_done_callback(lambda _: sock.close())
        else:
            self._loop.add_reader(sock.fileno(), self._read)

    def send(self, data: bytes, address: Address) -> None:
        """Send one datagram, or raise OSError. A full send buffer is an error too: nothing waits here."""
        self._sock.sendto(data, address)

    def close(self) -> None:
        """Stop. On Windows the port is free again after one more turn of the event loop."""
        if self._reader is not None:
            self._reader.cancel()
        elif self._sock.fileno() != -1:
            self._loop.remove_reader(self._sock.fileno())
            self._sock.close()

    def _read(self) -> None:
        try:
            data, address = self._sock.recvfrom(RECEIVE_BYTES)
        except OSError:
            return
        self._receive(data, address)

    async def _keep_reading(self) -> None:
        while True:
            try:
                data, address = await self._loop.sock_recvfrom(self._sock, RECEIVE_BYTES)
            except ConnectionResetError:
                continue
            except OSError:
                await asyncio.sleep(ERROR_PAUSE)
            else:
                self._loop.call_soon(self._receive, data, address)


def _bound(address: Address, prepare: Callable[[socket.socket], None]) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        prepare(sock)
        sock.setblocking(False)
        sock.bind(address)
    except OSError:
        sock.close()
        raise
    return sock


def _default_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(_ELSEWHERE)
        except OSError:
            return ""
        return str(sock.getsockname()[0])


def _is_point_to_point(name: str) -> bool:
    try:
        return bool(int((_ABOUT / name / "flags").read_text(encoding="ascii"), 16) & _POINT_TO_POINT)
    except (OSError, ValueError):
        return False
