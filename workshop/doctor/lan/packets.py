"""Tries how the way to a room bears many packets, and large ones, in threads that may wait."""

import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from netlib.transport.tcp import host_port
from workshop.doctor.lan.probe import knock
from workshop.doctor.lan.seen import Carried, Reply

DIALS = 32
DIAL_SPACING = 0.015  # seconds between two of them
DIAL_SECONDS = 1.6  # that one of them may take
LATE_SECONDS = 0.9  # each system sends the first packet of a connection again after one second
MANY_LATE = 3  # dials; fewer are within what a Wi-Fi may lose now and then
SIZES = (576, 1000, 1200, 1300, 1400, 1500, 4000)  # bytes of a packet, or of several full ones
HEADERS = 52  # bytes of a packet that are not ours: IPv4, TCP and its timestamps
CARRY_SECONDS = 2.0  # that a request may take
BACK = 0  # the request whose answer is a full packet


def dial_often(host: str, port: int) -> list[Reply]:
    """Connect many times; a second time if that looks bad: this machine itself may have been busy.

    Returns:
        The replies; "silent" for those that came late.
    """
    first = _dial_all(host, port)
    late = first.count("silent") >= MANY_LATE
    return min(first, _dial_all(host, port), key=lambda replies: replies.count("silent")) if late else first


def _dial_all(host: str, port: int) -> list[Reply]:
    with ThreadPoolExecutor(DIALS) as pool:
        return list(pool.map(lambda number: _dial(host, port, number * DIAL_SPACING), range(DIALS)))


def _dial(host: str, port: int, pause: float) -> Reply:
    time.sleep(pause)
    started = time.monotonic()
    reply = knock(host, port, DIAL_SECONDS)
    return "silent" if time.monotonic() - started > LATE_SECONDS else reply


def carry(host: str, port: int) -> Carried | None:
    """Send requests of several sizes, and ask for a large answer; None if not even the smallest came."""
    lost = _lost(host, port, _lost(host, port, [BACK, *SIZES]))  # what is lost once may have been bad luck
    too_large = min((size for size in lost if size != BACK), default=0)
    came = [size for size in SIZES if not too_large or size < too_large]
    return Carried(came[-1], too_large, BACK not in lost) if came else None


def _lost(host: str, port: int, sizes: Sequence[int]) -> list[int]:
    """Those of the sizes to which nothing comes back."""
    with ThreadPoolExecutor(len(sizes) or 1) as pool:
        comes = pool.map(lambda size: _comes(host, port, _request(host_port(host, port), size)), sizes)
        return [size for size, came in zip(sizes, comes, strict=True) if not came]


def _request(where: str, size: int) -> bytes:
    """A request that makes a packet of that many bytes."""
    path = "/info?" if size else "/large"
    rest = f" HTTP/1.1\r\nHost: {where}\r\nConnection: close\r\n\r\n"
    return f"GET {path}{'x' * (size - HEADERS - len(f'GET {path}{rest}'))}{rest}".encode()


def _comes(host: str, port: int, request: bytes) -> bool:
    """Whether anything comes back."""
    try:
        with socket.create_connection((host, port), CARRY_SECONDS) as sock:
            sock.sendall(request)
            return bool(sock.recv(1))
    except OSError:
        return False
