"""The one machine of a network in memory: who listens on which of its ports."""

import errno
import itertools
import os
import ssl as tls

from netlib.errors import PortInUse
from netlib.transport.tcp import PORTS_TRIED, Listening, Make

HOST = "127.0.0.1"
FIRST_FREE_PORT = 49152  # where an operating system begins, too (RFC 6335)


class Machine:
    """Ports, and those who listen on them."""

    def __init__(self) -> None:
        self._ports: dict[int, tuple[Make, bool]] = {}  # what makes a connection, and whether by TLS
        self._free = itertools.count(FIRST_FREE_PORT)

    def free_port(self) -> int:
        """A port that nobody has."""
        return next(port for port in self._free if port not in self._ports)

    def listen(self, make: Make, *, port: int, next_port: bool, ssl: tls.SSLContext | None) -> Listening:
        """See `netlib.transport.tcp.Network.listen`.

        Raises:
            PortInUse: another server listens there.
        """
        number = self._choose(port, next_port)
        self._ports[number] = make, ssl is not None
        return Listening(number, lambda: self._ports.pop(number, None))

    def answer(self, port: int, *, secure: bool) -> Make:
        """What makes the server's side of a connection to that port.

        Raises:
            ConnectionRefusedError: nothing listens there.
            ConnectionResetError: only one of both sides wants TLS.
        """
        if port not in self._ports:
            raise refused()
        make, is_secure = self._ports[port]
        if is_secure is not secure:
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        return make

    def _choose(self, port: int, next_port: bool) -> int:
        if port == 0:
            return self.free_port()
        for candidate in range(port, port + PORTS_TRIED if next_port else port + 1):
            if candidate not in self._ports:
                return candidate
        raise PortInUse(f"port {port} is in use by another server in this network")


def refused() -> ConnectionRefusedError:
    """What a client gets that connects where nothing listens."""
    return ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
