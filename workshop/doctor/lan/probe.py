"""Tries the way to another machine, by TCP connections and questions over UDP, in threads that may wait."""

import contextlib
import errno
import http.client
import socket
import time
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv6Address
from typing import TypeVar

import ifaddr
import msgspec

from netlib.client.dial import REFUSED
from netlib.discovery import interfaces
from netlib.discovery.beacon import decode_answer, encode_probe, new_id
from netlib.discovery.interfaces import LOOPBACK, RECEIVE_BYTES
from netlib.transport.tcp import host_port
from workshop.doctor.lan.seen import Asked, Face, Heard, Reply, Told

T = TypeVar("T")
KNOCK_SECONDS = 4.0  # that a connection may take; Linux gives up on a hardware address after three
ASK_SECONDS = 2.2  # in which we ask seven times, since some may be lost
AGAIN_SECONDS = 0.35  # between two questions
PAGE_SECONDS = 2.0  # that a page may take
LONGEST_PAGE = 4096  # bytes
NO_NETWORK = ("lo", "awdl", "llw", "anpi", "utun")  # interfaces that a Mac gives such addresses when offline
DISCARD = 9  # the UDP port on which no program answers (RFC 863)

# The beginning of a question's nonce, by which a stand-in knows how it was sent.
TO_ALL, TO_ONE = "toall", "toone"
GONE_SILENT = {errno.ETIMEDOUT, 60, 110, 10060}
MAY_NOT = {errno.EPERM, errno.EACCES, 10013}  # the last one is Windows' own


class _Info(msgspec.Struct):
    """What we need of ``GET /info``."""

    name: str
    protocol: int


def reply_of(error: OSError) -> Reply:
    """The outcome of an attempt that ended with this error."""
    if isinstance(error, TimeoutError) or error.errno in GONE_SILENT:
        return "silent"
    if isinstance(error, ConnectionError) or error.errno in REFUSED:
        return "refused"  # Windows reports a refused datagram like a reset connection
    return "denied" if error.errno in MAY_NOT else "unreachable"


def faces() -> list[Face]:
    """This machine's interfaces with an IPv4 address, except loopback; those of a LAN first."""
    return [Face(face.name, str(face.at)) for face in interfaces.faces()]


def ipv6() -> list[str]:
    """This machine's IPv6 addresses in a network; those that reach beyond one cable first."""
    adapters = [each for each in ifaddr.get_adapters() if not str(each.name).startswith(NO_NETWORK)]
    found = [str(ip.ip[0]) for adapter in adapters for ip in adapter.ips if ip.is_IPv6]
    others = [ip for ip in dict.fromkeys(found) if not IPv6Address(ip).is_loopback]
    return sorted(others, key=lambda ip: IPv6Address(ip).is_link_local)


def knock(host: str, port: int, seconds: float = KNOCK_SECONDS) -> Reply:
    """The outcome of a TCP connection."""
    try:
        socket.create_connection((host, port), seconds).close()
    except OSError as error:
        return reply_of(error)
    return "answers"


def source_of(host: str) -> str:
    """Our address on the way to a host; "" if there is no way. This sends nothing."""
    with _udp() as sock, contextlib.suppress(OSError):
        sock.connect((host, DISCARD))
        return str(sock.getsockname()[0])
    return ""


def nudge(host: str) -> None:
    """Send a byte that no program reads, so that the system looks for the host's hardware address."""
    with _udp() as sock, contextlib.suppress(OSError):
        sock.sendto(b" ", (host, DISCARD))


def room_at(host: str, port: int) -> str:
    """The name of the room there; "" if it is not a room."""
    info = _page(host, port, "/info", _Info)
    return info.name if info else ""


def told_at(host: str, port: int) -> Told | None:
    """What a stand-in there says about us; None if there is none."""
    return _page(host, port, "/lan", Told)


def _page(host: str, port: int, path: str, kind: type[T]) -> T | None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{host_port(host, port)}{path}", timeout=PAGE_SECONDS) as answer:
            return msgspec.json.decode(answer.read(LONGEST_PAGE), type=kind)
    except (OSError, ValueError, http.client.HTTPException):
        return None


def ask_all(face: Face, ports: Sequence[int], seconds: float = ASK_SECONDS) -> Asked:
    """Ask everyone in one network, like `netlib.Browser`."""
    with _udp() as sock:
        targets = [(face.broadcast, port) for port in ports]
        reply, rooms = _ask(sock, TO_ALL, lambda data: _send_all(sock, data, targets), seconds)
    return Asked(face, source_of(face.broadcast), reply, rooms)


def ask_one(host: str, port: int, seconds: float = ASK_SECONDS) -> tuple[Reply, list[Heard]]:
    """Ask one UDP port of one host."""
    with _udp() as sock:
        try:
            sock.connect((host, port))  # a connected socket learns that the port is closed
        except OSError as error:
            return reply_of(error), []
        return _ask(sock, TO_ONE, sock.send, seconds)


def _ask(
    sock: socket.socket, way: str, send: Callable[[bytes], object], seconds: float
) -> tuple[Reply, list[Heard]]:
    """Ask again and again until the time is over or an error comes; collect the answers."""
    nonce = f"{way}{new_id()}"
    heard: dict[Heard, None] = {}
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            send(encode_probe(nonce))
            for data, host in _arrivals(sock, min(end, time.monotonic() + AGAIN_SECONDS)):
                if room := decode_answer(data, host, nonce):
                    heard[Heard(room.name, host, room.port)] = None
    except OSError as error:
        return ("answers" if heard else reply_of(error)), list(heard)
    return ("answers" if heard else "silent"), list(heard)


def _arrivals(sock: socket.socket, until: float) -> Iterable[tuple[bytes, str]]:
    while (left := until - time.monotonic()) > 0:
        sock.settimeout(left)
        try:
            data, address = sock.recvfrom(RECEIVE_BYTES)
        except TimeoutError:
            return
        yield data, address[0]


def _send_all(sock: socket.socket, data: bytes, targets: Sequence[tuple[str, int]]) -> None:
    """Send to each target; it is an error only if all of them fail."""
    errors = []
    for target in targets:
        try:
            sock.sendto(data, target)
        except OSError as error:
            errors.append(error)
    if errors and len(errors) == len(targets):
        raise errors[-1]


def _udp() -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    return sock


def is_open(host: str, port: int) -> bool:
    """Whether a program on this machine listens at one of the machine's own addresses."""
    return knock(host, port, seconds=0.5 if host == LOOPBACK else 1.0) == "answers"
