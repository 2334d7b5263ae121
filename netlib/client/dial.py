"""The client's end of a WebSocket: reaching the server, and saying clearly why it failed."""

from __future__ import annotations

import asyncio
import errno
import re
import socket
import ssl as tls
from collections.abc import Callable
from dataclasses import dataclass, field

from websockets.client import ClientProtocol
from websockets.exceptions import InvalidURI
from websockets.http11 import Response
from websockets.protocol import OPEN, Event
from websockets.typing import Subprotocol
from websockets.uri import WebSocketURI

from netlib import errors
from netlib.protocol.codecs import Codec
from netlib.protocol.frames import Hello
from netlib.protocol.messages import Message, Untyped, encode
from netlib.session.parts import MAX_JOINED, MAX_WHOLE, Joiner, Outbox
from netlib.transport.address import read_address
from netlib.transport.conditioner import LinkConditions
from netlib.transport.connection import Connection, Owner
from netlib.transport.pump import Pump
from netlib.transport.tcp import Network, host_port

CLOSED, BUSY = "the connection was closed", 503
REFUSED = {errno.ECONNREFUSED, 61, 111, 1225, 10061}  # on macOS, Linux and, twice, Windows


class Outcome(asyncio.Event):
    """Something to wait for that ends once, well or with an error; nobody has to wait for it."""

    error: Exception | None = None

    def end(self, error: Exception | None = None) -> None:
        """It has ended; only the first time counts."""
        if not self.is_set():
            self.error = error
            self.set()


class ClientConnection(Connection):
    """Our side of a WebSocket to a server.

    Attributes:
        opened: set when the WebSocket handshake is over.
    """

    def __init__(
        self, protocol: ClientProtocol, owner: Owner, link: LinkConditions, seed: int | None
    ) -> None:
        super().__init__(protocol, link=link, seed=seed)
        self._http = protocol
        self.owner = owner
        self.opened = Outcome()

    async def expect(self, outcome: Outcome, timeout: float | None = None) -> None:
        """Wait for an outcome, for so many seconds. When it does not come, or is an error, we close.

        Raises:
            TimeoutError: it did not come in time.
            Exception: what the outcome was ended with.
        """
        try:
            async with asyncio.timeout(timeout):
                await outcome.wait()
            if outcome.error is not None:
                raise outcome.error
        except TimeoutError:
            self.abort()  # a goodbye would be a leave, and the welcome may have been on its way
            raise
        except BaseException:  # also when our task is cancelled
            self.close()
            await self.wait_closed()  # a program may end after this, and its event loop with it
            raise

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._http.send_request(self._http.connect())
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        why = self._http.handshake_exc or exc or CLOSED
        self.opened.end(_not_ours(self.address, why, perhaps_tls=not self._http.uri.secure))

    def _handshake(self, event: Event) -> None:
        if self._http.state is not OPEN:
            self._give_up(_rejected(self.address, event))
        elif self.subprotocol is None:
            self._give_up(_not_ours(self.address, "another WebSocket service"))
        else:
            self.opened.end()
            self._announce_open()

    def _give_up(self, error: errors.ConnectError) -> None:
        self.opened.end(error)
        self.abort()


@dataclass(frozen=True)
class Dialler:
    """How servers are reached.

    Args:
        codec: what is asked for, as the WebSocket's subprotocol.
        timeout: seconds to wait for a connection.
        seed: makes simulated jitter and loss repeatable.
        ssl: a TLS context for ``wss://``; the system's by default.
        network: what carries the bytes.
    """

    codec: Codec
    timeout: float
    seed: int | None
    ssl: tls.SSLContext | None
    network: Network

    async def dial(self, url: str, owner: Owner, link: LinkConditions) -> ClientConnection:
        """Open a WebSocket.

        Raises:
            HostNotFound, Unreachable, NotOurServer: what `netlib.errors` says of each.
        """
        try:
            uri = read_address(url)
            async with asyncio.timeout(self.timeout):
                return await self._dial(uri, owner, link)
        except TimeoutError as error:
            raise errors.Unreachable(_silent(uri.host, uri.port, self.timeout)) from error
        except OSError as error:
            raise explain(error, uri.host, uri.port) from error
        except (InvalidURI, ValueError) as error:  # also a name that no name server can be asked for
            text = f"{url!r} is not an address; try 192.168.1.5, or ws://host:8765"
            raise errors.HostNotFound(text) from error

    async def _dial(self, uri: WebSocketURI, owner: Owner, link: LinkConditions) -> ClientConnection:
        def make() -> ClientConnection:
            subprotocols = [Subprotocol(self.codec.subprotocol)]
            protocol = ClientProtocol(uri, subprotocols=subprotocols, max_size=MAX_WHOLE)
            return ClientConnection(protocol, owner, link, self.seed)

        context = (self.ssl or tls.create_default_context()) if uri.secure else None
        connection = await self.network.connect(make, uri.host, uri.port, ssl=context)
        await connection.expect(connection.opened)
        return connection


def explain(error: OSError, host: str, port: int) -> errors.ConnectError:
    """The error that says what an `OSError` means for someone who wants to play."""
    where = host_port(host, port)
    if host.startswith("fe80:") and ("%" not in host or isinstance(error, socket.gaierror)):
        zone = "add one of yours after a %, as in fe80::1%eth0, or on Windows its number, as in fe80::1%11"
        return errors.HostNotFound(f"{host} can be reached over one network interface only; {zone}")
    if isinstance(error, socket.gaierror):
        return errors.HostNotFound(f'there is no host "{host}"; check the spelling, or use the IP address')
    if isinstance(error, tls.SSLCertVerificationError):
        return errors.NotOurServer(
            f"{where} shows a certificate that is not trusted here: {error.verify_message}"
        )
    if isinstance(error, tls.SSLError | ConnectionAbortedError | ConnectionResetError):
        return errors.NotOurServer(f"{where} does not speak TLS; try ws:// instead of wss://")
    numbers = {int(number) for number in re.findall(r"Errno (\d+)", str(error))}  # asyncio joins several
    if isinstance(error, ConnectionRefusedError) or {error.errno, *numbers} & REFUSED:
        return errors.Unreachable(
            f"nothing is listening at {where}; is the server running, and is this the port that it printed?"
        )
    return errors.Unreachable(
        f"{where} cannot be reached ({error.strerror or error}); are both machines on the same network?"
    )


def _silent(host: str, port: int, timeout: float) -> str:
    return (
        f"{host_port(host, port)} did not answer within {timeout:g} s; check the address, that both "
        "machines are on the same network, and that the server's firewall lets this port in"
    )


def _rejected(address: str, event: Event) -> errors.ConnectError:
    if isinstance(event, Response) and b"netlib.v" in event.body:
        return errors.WrongVersion(
            f"{address} speaks another version of netlib; install the same on both sides"
        )
    if isinstance(event, Response) and event.status_code == BUSY:
        return errors.Unreachable(f"{address} is too busy to let anybody in now; try again in some seconds")
    perhaps_tls = isinstance(event, Response) and b"HTTPS" in event.body  # so say web servers
    why = f"HTTP {event.status_code}" if isinstance(event, Response) else CLOSED
    return _not_ours(address, why, perhaps_tls=perhaps_tls)


def _not_ours(address: str, why: Exception | str, *, perhaps_tls: bool = False) -> errors.NotOurServer:
    found = f"something answers at {address}, but it is not a netlib server ({why})"
    hint = "; if it is one with TLS, try wss:// instead of ws://" if perhaps_tls else ""
    return errors.NotOurServer(f"{found}; check the port{hint}")


class Witness:
    """Is told of everything that crosses the wire; this one takes no notice (see `netlib.recording`)."""

    def opened(self, codec: Codec) -> None:
        """A WebSocket is open, whose messages are in that codec."""

    def sent(self, data: bytes) -> None:
        """One encoded message is on its way out."""

    def received(self, data: bytes) -> None:
        """One encoded message arrived."""

    def closed(self, code: int, reason: str) -> None:
        """The WebSocket has ended."""


NOBODY = Witness()


@dataclass(eq=False)
class Line:
    """A connection that has its own end: what comes late from an old one is not taken for the new one's.

    Args:
        received: is given each message, with this line.
        lost: is told when a connection on which we had joined is gone: this line, its close code and reason.
        codec: how messages are encoded.
        witness: is told of each message as well.
        eased: is told when less waits for the network.

    Attributes:
        connection: the WebSocket; None before it is open.
        pump: sends over it what counts; None before it is open.
        joiner: puts together what comes in parts.
        welcomed: set when the server has said welcome, or no.
    """

    received: Callable[[Line, bytes], object]
    lost: Callable[[Line, int, str], object]
    codec: Codec
    witness: Witness = NOBODY
    eased: Callable[[], object] = lambda: None
    connection: ClientConnection | None = None
    pump: Pump | None = None
    joiner: Joiner = field(default_factory=Joiner)
    welcomed: Outcome = field(default_factory=Outcome)

    @property
    def joined(self) -> bool:
        """True once the server has said welcome."""
        return self.welcomed.is_set() and self.welcomed.error is None

    @property
    def is_open(self) -> bool:
        """True while messages can be sent."""
        return self.connection is not None and self.connection.is_open and self.joined

    async def enter(self, connection: ClientConnection, hello: Hello, url: str, timeout: float) -> None:
        """Say hello, and wait for the welcome.

        Args:
            connection: the WebSocket that was dialled for this line.
            url: what was dialled, for the error's text.
            timeout: seconds to wait for the welcome.

        Raises:
            ConnectError, ConnectionLost: see `netlib.errors`.
        """
        self.connection = connection
        outbox = Outbox(self.codec, most=MAX_JOINED)  # what is too large for the server it says itself
        self.pump = Pump(connection, outbox, self.eased)
        self.send(hello)
        try:
            await connection.expect(self.welcomed, timeout)
        except TimeoutError as error:
            said = f"{url} opened a WebSocket but said no welcome within {timeout:g} s"
            raise errors.NotOurServer(f"{said}; is it a netlib server?") from error

    def send(self, message: Message | Untyped) -> None:
        """Send a message."""
        self.send_encoded(encode(self.codec, message))

    def send_encoded(self, data: bytes) -> None:
        """Send what is already encoded; nothing happens once the connection has ended."""
        if self.connection is not None:
            self.witness.sent(data)
            self.connection.send(data, binary=self.codec.binary)

    def send_message(self, data: bytes) -> None:
        """Send an encoded message that counts: in order, but no faster than the network takes it."""
        if self.pump is not None:
            self.witness.sent(data)
            self.pump.send(data)

    def close(self, code: int, reason: str) -> None:
        """Say goodbye, after everything that was sent before."""
        if self.pump is not None and self.connection is not None:
            self.pump.flush()
            self.connection.close(code, reason)

    # What the connection tells.

    def connection_opened(self) -> None:
        """The WebSocket is open; the hello follows."""
        self.witness.opened(self.codec)

    def message_received(self, data: bytes, binary: bool) -> None:
        """A message arrived."""
        self.witness.received(data)
        self.received(self, data)

    def connection_closed(self, code: int, reason: str) -> None:
        """The connection has ended; before the welcome, the caller that waits in `enter` hears of it."""
        self.witness.closed(code, reason)
        self.welcomed.end(errors.ConnectionLost(code, reason))
        if self.joined:
            self.lost(self, code, reason)
