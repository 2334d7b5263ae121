"""The client's end of a WebSocket: reaching the server, and saying clearly why it failed."""

import asyncio
import errno
import re
import socket
import ssl as tls

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidURI
from websockets.http11 import Response
from websockets.protocol import OPEN, Event
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from netlib.conditioner import LinkConditions
from netlib.errors import ConnectError, HostNotFound, NotOurServer, Unreachable, WrongVersion
from netlib.framing import Unframer
from netlib.network import Network
from netlib.owner import Owner
from netlib.sockets import host_port
from netlib.transport import Connection
from netlib.wire import PORT

REFUSED = {errno.ECONNREFUSED, 61, 111, 1225, 10061}  # on macOS, Linux and, twice, Windows


class Outcome:
    """Something to wait for that ends once, well or with an error; nobody has to wait for it."""

    def __init__(self) -> None:
        self._over = asyncio.Event()
        self._error: Exception | None = None

    @property
    def over(self) -> bool:
        """True once it has ended."""
        return self._over.is_set()

    def end(self, error: Exception | None = None) -> None:
        """It has ended; only the first time counts."""
        if not self.over:
            self._error = error
            self._over.set()

    async def wait(self) -> None:
        """Wait for it.

        Raises:
            Exception: what `end` was given.
        """
        await self._over.wait()
        if self._error is not None:
            raise self._error


class ClientConnection(Connection):
    """Our side of a WebSocket to a server.

    Attributes:
        opened: over when the WebSocket handshake is.
    """

    def __init__(
        self,
        protocol: ClientProtocol,
        owner: Owner,
        *,
        max_size: int,
        link: LinkConditions,
        seed: int | None,
    ) -> None:
        super().__init__(protocol, link=link, seed=seed)
        self._max_size = max_size
        self.owner = owner
        self.opened = Outcome()
        self._http = protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._http.send_request(self._http.connect())
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.opened.end(NotOurServer(_not_ours(self.address, self._http.handshake_exc or exc)))

    def _handshake(self, event: Event) -> None:
        if self._http.state is not OPEN:
            self._give_up(_rejected(self.address, event))
        elif self.subprotocol is None:
            self._give_up(NotOurServer(_not_ours(self.address, None, "another WebSocket service")))
        else:
            self.opened.end()
            self._announce_open()

    def _make_unframer(self) -> Unframer:
        return Unframer(masked=False, max_size=self._max_size)

    def _give_up(self, error: ConnectError) -> None:
        self.opened.end(error)
        self.abort()


async def dial(
    url: str,
    owner: Owner,
    *,
    subprotocol: str,
    max_size: int,
    link: LinkConditions,
    seed: int | None,
    timeout: float,
    ssl: tls.SSLContext | None,
    network: Network,
) -> ClientConnection:
    """Open a WebSocket.

    Raises:
        HostNotFound, Unreachable, NotOurServer: what `netlib.errors` says of each.
    """
    try:
        uri = parse_uri(normal_url(url))
    except (InvalidURI, ValueError) as error:
        raise _no_address(url) from error

    def make() -> ClientConnection:
        protocol = ClientProtocol(uri, subprotocols=[Subprotocol(subprotocol)], max_size=max_size)
        return ClientConnection(protocol, owner, max_size=max_size, link=link, seed=seed)

    try:
        async with asyncio.timeout(timeout):
            connection = await network.connect(make, uri.host, uri.port, ssl=_context(ssl, uri.secure))
            return await _opened(connection)
    except TimeoutError as error:
        raise Unreachable(_silent(uri.host, uri.port, timeout)) from error
    except OSError as error:
        raise explain(error, uri.host, uri.port) from error
    except ValueError as error:  # a name that no name server can be asked for
        raise _no_address(url) from error


async def _opened(connection: ClientConnection) -> ClientConnection:
    try:
        await connection.opened.wait()
    except ConnectError:
        connection.abort()
        await connection.wait_closed()
        raise
    except BaseException:
        connection.abort()
        raise
    return connection


def _no_address(typed: str) -> HostNotFound:
    return HostNotFound(f"{typed!r} is not an address; try 192.168.1.5, or ws://host:8765")


def _context(ssl: tls.SSLContext | None, secure: bool) -> tls.SSLContext | None:
    return (ssl or tls.create_default_context()) if secure else None


def normal_url(address: str) -> str:
    """The URL that someone means who types ``10.0.0.7``, ``myhost:9000``, ``::1`` or a whole URL."""
    address = address.strip()
    if "://" in address:
        return re.sub(r"^http(s?)://", r"ws\1://", address)
    if address.count(":") > 1 and not address.startswith("["):
        address = f"[{address}]"
    has_port = re.search(r":\d+$", address.rsplit("]", 1)[-1])
    return f"ws://{address}" if has_port else f"ws://{address}:{PORT}"


def explain(error: OSError, host: str, port: int) -> ConnectError:
    """The error that says what an `OSError` means for someone who wants to play."""
    where = host_port(host, port)
    if isinstance(error, socket.gaierror):
        return HostNotFound(f'there is no host "{host}"; check the spelling, or use the IP address')
    if isinstance(error, tls.SSLCertVerificationError):
        return NotOurServer(f"{where} shows a certificate that is not trusted here: {error.verify_message}")
    if isinstance(error, tls.SSLError | ConnectionAbortedError | ConnectionResetError):
        return NotOurServer(f"{where} does not speak TLS; try ws:// instead of wss://")
    numbers = {int(number) for number in re.findall(r"Errno (\d+)", str(error))}  # asyncio joins several
    if isinstance(error, ConnectionRefusedError) or {error.errno, *numbers} & REFUSED:
        return Unreachable(
            f"nobody listens at {where}; is the server running, and is the port the one that it printed?"
        )
    return Unreachable(
        f"{where} cannot be reached ({error.strerror or error}); are both machines on the same network?"
    )


def no_welcome(url: str, timeout: float) -> NotOurServer:
    """The error for a server that opens a WebSocket and then says nothing, for so many seconds."""
    return NotOurServer(
        f"{url} opened a WebSocket but said no welcome within {timeout:g} s; is it a netlib server?"
    )


def _silent(host: str, port: int, timeout: float) -> str:
    return (
        f"{host_port(host, port)} did not answer within {timeout:g} s; check the address, that both "
        "machines are on the same network, and that the server's firewall lets this port in"
    )


def _rejected(address: str, event: Event) -> ConnectError:
    status = f"HTTP {event.status_code}" if isinstance(event, Response) else ""
    if isinstance(event, Response) and b"netlib.v" in event.body:
        return WrongVersion(f"{address} speaks another version of netlib; install the same on both sides")
    return NotOurServer(_not_ours(address, None, status))


def _not_ours(address: str, error: BaseException | None, status: str = "") -> str:
    detail = status or str(error or "the connection was closed")
    return f"something answers at {address}, but it is not a netlib server ({detail}); check the port"
