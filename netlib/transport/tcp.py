"""Listening sockets: every interface, IPv4 and IPv6 on one port number; and how addresses are written."""

import asyncio
import contextlib
import errno
import socket
import ssl as tls
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from netlib.errors import PortInUse, StartError

BACKLOG = 128  # connections that may wait to be accepted
SEND_BUFFER = 128 * 1024  # bytes that the system holds for a client; for a stalled one it would be megabytes
PORTS_TRIED = 50  # how far "the next free port" looks
ANY_PORT_TRIES = 5  # a port that is free for IPv4 may be taken for IPv6
IN_USE = {errno.EADDRINUSE, errno.EACCES, 10013, 10048}  # the last two are Windows' own numbers


def listen(host: str | None, port: int, *, next_port: bool = False) -> list[socket.socket]:
    """Sockets that listen on ``port``.

    Args:
        host: one address, or None for all interfaces, IPv4 and, where there is any, IPv6.
        port: a TCP port; 0 takes any free one.
        next_port: when the port is taken, try the following ones.

    Raises:
        PortInUse: another program listens there.
        StartError: the host is not an address of this machine, or the port needs rights.
    """
    last = port + PORTS_TRIED if next_port else port + 1
    for candidate in range(port, min(last, 65536)) if port else [0] * ANY_PORT_TRIES:
        try:
            return _bind_all(host, candidate)
        except OSError as error:
            if error.errno not in IN_USE:
                where = f"{host}, which is no address of this machine" if host else "this machine"
                raise StartError(f"cannot listen on {where}: {error.strerror or error}") from error
    raise PortInUse(_in_use(port))


def _in_use(port: int) -> str:
    if 0 < port < 1024:
        return f"port {port} is taken or needs administrator rights; choose one above 1024 with --port"
    return (
        f"port {port} is in use, probably by another server on this machine; "
        "end that one, or choose another port with --port"
    )


def _bind_all(host: str | None, port: int) -> list[socket.socket]:
    sockets: list[socket.socket] = []
    with contextlib.ExitStack() as on_failure:
        for family, address in _addresses(host):
            sockets.append(on_failure.enter_context(_bind(family, address, port)))
            port = sockets[0].getsockname()[1]
        on_failure.pop_all()
    return sockets


def _addresses(host: str | None) -> Iterable[tuple[socket.AddressFamily, str]]:
    if host is None:
        both = [(socket.AF_INET, "0.0.0.0")]
        return [*both, (socket.AF_INET6, "::")] if _has_ipv6() else both
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found))


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return socket.has_ipv6


def _bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    # Without the protocol's number asyncio does not see that this is TCP, and leaves Nagle's algorithm
    # on: small messages would then wait for the acknowledgement of those before them, up to 40 ms.
    with contextlib.ExitStack() as on_failure:
        listener = on_failure.enter_context(socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP))
        own_the_port(listener)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)  # its connections inherit it
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((address, port))
        listener.listen(BACKLOG)
        listener.setblocking(False)
        on_failure.pop_all()
    return listener


def own_the_port(listener: socket.socket) -> None:
    """Let nobody else listen on our port, and let us have it back at once after a restart."""
    claim(listener)
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def claim(sock: socket.socket) -> None:
    """Let nobody else bind the port of this socket, which is not bound yet.

    POSIX does so by itself. On Windows SO_REUSEADDR, set by the other, would let two programs
    share the port, and either might get what arrives.
    """
    if sys.platform == "win32":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)


def peer_address(peername: Any) -> str:
    """The address of a connection's other end, as text; "?" when the system does not know it."""
    return host_port(*peername[:2]) if isinstance(peername, tuple) else "?"


def host_port(host: str, port: int) -> str:
    """An address as it is in a URL: ``10.0.0.7:8765``, ``[fe80::1]:8765``."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@contextlib.contextmanager
def accept_errors(hear: Callable[[OSError], object]) -> Iterator[None]:
    """Hear what keeps asyncio from accepting connections, which it else logs a hundred times a second."""
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if str(context.get("message")).startswith("socket.accept()"):
            hear(context["exception"])
        else:
            (before or type(loop).default_exception_handler)(loop, context)

    loop.set_exception_handler(handle)
    yield
    if loop.get_exception_handler() is handle:  # else somebody has replaced it since
        loop.set_exception_handler(before)


FAMILY_DELAY = 0.25  # seconds until the next address of a host is tried too (RFC 8305)

ConnectionT = TypeVar("ConnectionT", bound=asyncio.BufferedProtocol)
Make = Callable[[], asyncio.BufferedProtocol]


class Listening(NamedTuple):
    """An open port: its number, and what to call to accept nobody any more; open connections stay."""

    port: int
    close: Callable[[], object]


class Network:
    """A way to reach others: the real network. Another way overrides both methods."""

    async def listen(
        self, make: Make, *, host: str | None, port: int, next_port: bool, ssl: tls.SSLContext | None
    ) -> Listening:
        """Accept connections; ``make`` is called for each, and gives what is told about it.

        Raises:
            PortInUse, StartError: see `netlib.transport.tcp.listen`.
        """
        sockets = listen(host, port, next_port=next_port)
        servers = contextlib.ExitStack()
        for sock in sockets:
            server = await asyncio.get_running_loop().create_server(make, sock=sock, ssl=ssl)
            servers.callback(server.close)
        return Listening(sockets[0].getsockname()[1], servers.close)

    async def connect(
        self, make: Callable[[], ConnectionT], host: str, port: int, *, ssl: tls.SSLContext | None
    ) -> ConnectionT:
        """Open a connection.

        Raises:
            OSError: nobody can be reached there.
        """
        loop = asyncio.get_running_loop()
        try_all = isinstance(loop, asyncio.BaseEventLoop)  # uvloop tries one address after the other
        options: dict[str, Any] = {"happy_eyeballs_delay": FAMILY_DELAY} if try_all else {}
        _, connection = await loop.create_connection(make, host, port, ssl=ssl, **options)
        return connection


TCP = Network()
