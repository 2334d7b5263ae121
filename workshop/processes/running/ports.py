"""TCP ports of this machine: which are free, and where a program listens."""

import socket

from netlib.errors import PortInUse
from netlib.transport.tcp import PORTS_TRIED, listen
from workshop.errors import WorkshopError

LOOPBACK = ("127.0.0.1", "::1")
CONNECT_SECONDS = 0.5  # a port of this machine answers or refuses at once


class NoFreePort(WorkshopError):
    """All ports near the wanted one are taken; the text says what to do."""


def free_port(wanted: int) -> int:
    """The first free port from ``wanted`` on.

    Raises:
        NoFreePort: there is none near it.
    """
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        if is_free(port):
            return port
    raise NoFreePort(f"Port {wanted} and those after it are in use; choose another with --port.")


def is_free(port: int) -> bool:
    """Whether a server could listen there, on every interface.

    Binding alone is not a sure test: macOS lets two programs have one port on different addresses.
    """
    if accepts(port):
        return False
    try:
        for listener in listen(None, port):
            listener.close()
    except PortInUse:
        return False
    return True


def accepts(port: int) -> bool:
    """Whether a program on this machine listens there."""
    for host in LOOPBACK:
        try:
            socket.create_connection((host, port), CONNECT_SECONDS).close()
        except OSError:
            continue
        return True
    return False
