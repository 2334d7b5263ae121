"""The server's end of a WebSocket, and the few small pages on the same port."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

import msgspec
from websockets.datastructures import Headers
from websockets.exceptions import InvalidMessage, NegotiationError
from websockets.http11 import Request, Response
from websockets.protocol import CONNECTING, OPEN, Event
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from netlib.play.timing import RateLimit
from netlib.protocol import codecs
from netlib.transport.conditioner import LinkConditions
from netlib.transport.connection import READ_SIZE, Connection
from netlib.transport.framing import frame
from netlib.transport.loops import clock
from netlib.transport.quotas import largest_share, rate_by_source

LARGE = 128 * 1024  # bytes of a page; to hand over more than that takes a moment, which a tick may feel
LARGE_PAUSE = 0.02  # seconds between two large pages
LARGE_WAITING = 96  # requests of large pages that may wait; more are told to come again
RETRY_AFTER = "2"  # seconds after which they may; the wait of the last in line is shorter
USUAL_HEADERS = {"Connection": "close", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
HARD_LIMIT = 4  # times the message size limit: a message larger than this is not even read


class Page(msgspec.Struct, frozen=True):
    """An answer to a plain HTTP request; ``headers`` come beside the usual ones, or in their place."""

    body: bytes
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200
    phrase: str = "OK"
    headers: Mapping[str, str] = {}


LARGE_PACKET = Page(b"." * 1200)  # with its headers, one packet that is nearly full
NOT_UNDERSTOOD = Page(b"Only plain GET requests are understood here.\n", status=400, phrase="Bad Request")
BUSY = Page(b"Too many come at once.\n", status=503, phrase="Busy", headers={"Retry-After": RETRY_AFTER})
Pages = Mapping[str, Callable[[], Page]]
Searches = Mapping[str, Callable[[str], Page]]


class Turnstile:
    """Lets large pages out one by one, so that no tick waits for more than one of them.

    When too many wait, the address for which most wait has one sent away, the newest.
    """

    def __init__(self) -> None:
        self._waiting: dict[ServerConnection, Response] = {}  # in the order of their coming
        self._loop: asyncio.AbstractEventLoop | None = None  # in which one turn follows another

    def enter(self, connection: "ServerConnection", response: Response) -> None:
        """Let it answer with a large page when it is its turn, which may be now."""
        self._waiting[connection] = response
        if len(self._waiting) > LARGE_WAITING:
            last = largest_share(self._waiting, lambda one: one.address)[-1]
            self.leave(last)
            last.answer(_response(BUSY))
        if self._loop is not asyncio.get_running_loop():
            self._turn()

    def leave(self, connection: "ServerConnection") -> None:
        """A connection that is gone gives its turn to the next."""
        self._waiting.pop(connection, None)

    def _turn(self) -> None:
        self._loop = asyncio.get_running_loop() if self._waiting else None
        if self._loop is not None:
            self._loop.call_later(LARGE_PAUSE, self._turn)
            first = next(iter(self._waiting))
            first.answer(self._waiting.pop(first))


@dataclass(frozen=True)
class Shared:
    """What all connections to one port share.

    Args:
        pages: what to answer, by path.
        message_size: bytes that one message may have.
        origins: sites whose pages may connect, beside our own.
        seed, buffer: see `Connection`.
        handshakes: how many WebSockets an address may open.
        searches: like ``pages``; these are told what stands behind the question mark.
        turnstile: lets out large pages.
    """

    pages: Pages
    message_size: int
    origins: Collection[str] = ()
    seed: int | None = None
    handshakes: Callable[[str], RateLimit] = field(default_factory=lambda: rate_by_source(inf, inf))
    searches: Searches = field(default_factory=dict)
    turnstile: Turnstile = field(default_factory=Turnstile)
    buffer: memoryview = field(default_factory=lambda: memoryview(bytearray(READ_SIZE)))


class ServerConnection(Connection):
    """One TCP connection to the server: a WebSocket, or a request for a page.

    Args:
        shared: what it has in common with the others.
        link: see `Connection`.

    Attributes:
        admit: asked when the connection is made; False ends it at once. Set before, as ``gone``, ``owner``.
        gone: told when the TCP connection is gone, whether or not it became a WebSocket.
        headers: of its request.
    """

    admit: Callable[[], bool]
    gone: Callable[[], object]

    def __init__(self, shared: Shared, link: LinkConditions) -> None:
        self._http = ServerProtocol(
            subprotocols=[Subprotocol(codec.subprotocol) for codec in codecs.CODECS],
            select_subprotocol=_select,
            max_size=shared.message_size * HARD_LIMIT,
        )
        super().__init__(self._http, link=link, seed=shared.seed, buffer=shared.buffer)
        self._shared = shared
        self.headers = Headers()
        self._asked = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if not self.admit():
            self.abort(reason="too many connections")

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._shared.turnstile.leave(self)
        self.gone()

    def _parse(self, data: bytes) -> None:
        """Hand over a request line by line: what comes behind it before the answer is no frame yet."""
        http = self._http
        while data and http.state is CONNECTING and not self._asked and not http.handshake_exc:
            line, newline, data = data.partition(b"\n")
            super()._parse(line + newline)
        if data and http.state is not CONNECTING:
            super()._parse(data)

    def _half_close(self) -> None:
        if isinstance(self._http.handshake_exc, InvalidMessage):  # websockets then closes without a word
            self._transport.write(_response(NOT_UNDERSTOOD).serialize())
        super()._half_close()

    def _handshake(self, event: Event) -> None:
        if not isinstance(event, Request) or self._http.state is not CONNECTING:
            return
        self._asked = True
        self.headers = event.headers
        response = self._respond(event)
        if len(response.body or b"") < LARGE:
            self.answer(response)
        else:
            self._shared.turnstile.enter(self, response)

    def answer(self, response: Response) -> None:
        """Answer its request, unless it is gone."""
        if self._transport.is_closing() or self._half_closed:  # it asked again behind its request
            return
        self._http.send_response(response)
        self._flush()
        if self._http.state is OPEN:
            self._announce_open()
        else:
            self.closing = True  # no hello is expected any more
            self._abort_later()

    def _framed(self, data: bytes, binary: bool) -> bytes:
        return frame(data, binary=binary)

    def _respond(self, request: Request) -> Response:
        if "Upgrade" not in request.headers:
            return _response(self._page(request))
        if not (same_host(request.headers) or named(request.headers, self._shared.origins)):
            return self._http.reject(403, "Pages of another site may not play here.\n")
        if not self._shared.handshakes(self.address).allows(clock()):
            return _response(BUSY)
        return self._http.accept(request)

    def _page(self, request: Request) -> Page:
        if request.method not in ("GET", "HEAD"):
            return Page(b"Only GET is served here.\n", status=405, phrase="Method Not Allowed")
        path, _, query = request.path.partition("?")
        if search := self._shared.searches.get(path):
            return search(query)
        make = self._shared.pages.get(path)
        return make() if make else Page(b"There is no such page.\n", status=404, phrase="Not Found")


def same_host(headers: Headers) -> bool:
    """Whether a browser may connect: its page is ours, or it is not a browser (no ``Origin``).

    Guards against cross-site WebSocket hijacking: WebSockets are not held by the same-origin policy.
    """
    origins, hosts = headers.get_all("Origin"), headers.get_all("Host")
    if not origins:
        return True
    return len(origins) == len(hosts) == 1 and origins[0].partition("://")[2].lower() == hosts[0].lower()


def named(headers: Headers, origins: Collection[str]) -> bool:
    """Whether the page that wants to connect is of one of these sites; ``*`` is any.

    Args:
        origins: scheme, host and, where it is not the scheme's own, port, as browsers send them.
    """
    found = headers.get_all("Origin")
    known = {origin.rstrip("/").lower() for origin in origins}
    return len(found) == 1 and bool({found[0].lower(), "*"} & known)


def _select(_: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    codec = codecs.choose(offered)
    if codec is None:
        known = ", ".join(codec.subprotocol for codec in codecs.CODECS)
        raise NegotiationError(f"none of your subprotocols is known here; known: {known}")
    return Subprotocol(codec.subprotocol) if offered else None


def _response(page: Page) -> Response:
    headers = Headers(
        {"Content-Type": page.content_type, "Content-Length": str(len(page.body)), **USUAL_HEADERS}
    )
    for name, value in page.headers.items():
        headers.pop(name, None)
        headers[name] = value
    return Response(page.status, page.phrase, headers, page.body)


def json_page(value: object) -> Page:
    """A page with a value as JSON."""
    return Page(msgspec.json.encode(value), "application/json")
