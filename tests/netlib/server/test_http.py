"""The pages on the game's port, and who may open a WebSocket."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any, Self, cast

import pytest
from websockets.asyncio.client import connect
from websockets.datastructures import Headers
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.typing import Origin

import netlib
from netlib import testing
from netlib.server import http
from netlib.server.http import (
    LARGE,
    LARGE_PAUSE,
    LARGE_WAITING,
    RETRY_AFTER,
    Page,
    ServerConnection,
    Turnstile,
    named,
    same_host,
)
from tests.support.processes import TIMEOUT
from tests.support.rooms import LOOPBACK, a_room, plain_client, request, url
from tests.support.target import HANDSHAKE


@pytest.fixture
async def server() -> AsyncIterator[netlib.Server]:
    async with a_room() as room:
        yield room


async def get(server: netlib.Server, path: str, method: str = "GET") -> tuple[int, str, bytes]:
    """Return status, headers and body of a page."""
    answer = await request(server.port, f"{method} {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), head.decode(), body


async def test_info_tells_what_discovery_tells() -> None:
    """The room as JSON, for when UDP is blocked."""
    async with a_room("Gem Rush", limits=netlib.Limits(max_players=8)) as server, plain_client(server):
        status, head, body = await get(server, "/info")
        info: dict[str, Any] = json.loads(body)
        assert status == 200
        assert "application/json" in head
        assert (info["name"], info["players"], info["max_players"]) == ("Gem Rush", 1, 8)
        assert (info["port"], info["protocol"], info["password"]) == (server.port, 1, False)


async def test_info_tells_that_there_is_a_password_and_not_which() -> None:
    """A searcher can show a lock."""
    async with a_room(password="sesame") as server:
        _, _, body = await get(server, "/info")
        assert json.loads(body)["password"] is True
        assert b"sesame" not in body


async def test_a_large_packet(server: netlib.Server) -> None:
    """One page fills a packet nearly, for those who look whether such packets arrive."""
    status, head, body = await get(server, "/large")
    assert status == 200
    assert 1300 < len(head) + len(body) < 1448


async def test_health_says_that_the_room_ticks(server: netlib.Server) -> None:
    """What a watcher of servers asks for."""
    status, _, body = await get(server, "/health")
    assert status == 200
    assert json.loads(body)["status"] == "ok"


async def test_a_query_does_not_change_the_page(server: netlib.Server) -> None:
    """Whatever comes after the question mark is the page's own affair."""
    assert (await get(server, "/health?x=1"))[0] == 200


@pytest.mark.parametrize("path", ["/", "/nothing", "/info/", "/../etc/passwd", "//info"])
async def test_any_other_page_is_not_there(server: netlib.Server, path: str) -> None:
    """404 in plain words; no path leads to a file."""
    status, _, body = await get(server, path)
    assert status == 404
    assert b"no such page" in body


async def test_a_game_may_add_pages(server: netlib.Server) -> None:
    """A page is made anew for every request."""
    server.pages["/"] = lambda: Page(f"tick {server.tick}".encode(), "text/html")
    status, head, body = await get(server, "/")
    assert (status, body.split()[0]) == (200, b"tick")
    assert "text/html" in head
    assert "nosniff" in head


async def test_a_page_may_have_headers_of_its_own(server: netlib.Server) -> None:
    """They come beside the usual ones, and instead of those of the same name."""
    server.pages["/"] = lambda: Page(b"x", headers={"X-Mine": "1", "Cache-Control": "max-age=60"})
    _, head, _ = await get(server, "/")
    assert "X-Mine: 1" in head and "Cache-Control: max-age=60" in head
    assert "no-store" not in head and "nosniff" in head


PAGE = object()


class Visitor:
    """Stands in line for a large page."""

    def __init__(self, address: str = "10.0.0.7:1") -> None:
        self.address = address
        self.served_at: float | None = None
        self.sent_away = False

    def answer(self, response: object) -> None:
        self.sent_away = response is not PAGE
        self.served_at = None if self.sent_away else netlib.clock()

    def enter(self, turnstile: Turnstile) -> Self:
        turnstile.enter(cast(ServerConnection, self), cast(Response, PAGE))
        return self


@testing.in_virtual_time
async def test_large_pages_go_one_by_one() -> None:
    """The first goes at once, each other one a little later, and after a while again one at once."""
    turnstile, start = Turnstile(), netlib.clock()
    visitors = [Visitor().enter(turnstile) for _ in range(4)]
    await asyncio.sleep(1.0)
    waits = [cast(float, visitor.served_at) - start for visitor in visitors]
    assert waits == pytest.approx([n * LARGE_PAUSE for n in range(4)])
    assert Visitor().enter(turnstile).served_at == netlib.clock()


@testing.in_virtual_time
async def test_a_visitor_that_leaves_gives_back_its_turn() -> None:
    """Those behind it move up: many who come and go at once delay nobody."""
    turnstile, start = Turnstile(), netlib.clock()
    for _ in range(1000):
        turnstile.leave(cast(ServerConnection, Visitor().enter(turnstile)))
    honest = Visitor().enter(turnstile)
    await asyncio.sleep(1.0)
    assert honest.served_at is not None and honest.served_at - start <= LARGE_PAUSE


@testing.in_virtual_time
async def test_the_line_for_large_pages_is_bounded() -> None:
    """When it is too long, the newest of the address that has most in it is sent away, and nobody else."""
    turnstile = Turnstile()
    crowd = [Visitor("10.0.0.66:1").enter(turnstile) for _ in range(2 * LARGE_WAITING)]
    honest = Visitor().enter(turnstile)
    assert sum(visitor.sent_away for visitor in crowd) == LARGE_WAITING
    await asyncio.sleep(2.0)
    assert honest.served_at is not None and not honest.sent_away


async def test_too_many_who_ask_for_large_pages_are_told_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """503 with a time after which to try; nobody's request is left without an answer."""
    monkeypatch.setattr(http, "LARGE_WAITING", 2)
    async with a_room() as server:
        server.pages["/"] = lambda: Page(b"x" * LARGE)
        answers = await asyncio.gather(*[get(server, "/") for _ in range(10)])
    busy = [head for status, head, _ in answers if status == 503]
    assert {status for status, _, _ in answers} == {200, 503}
    assert busy and all(f"Retry-After: {RETRY_AFTER}" in head for head in busy)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("more", ["GET /info HTTP/1.1\r\nHost: x\r\n\r\n", "\x81\x80", "\n" * 1000])
async def test_what_comes_behind_a_request_is_ignored(
    large: bool, more: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Pipelined requests get one answer, also one that has to wait, and nothing is logged."""
    async with a_room() as server:
        server.pages["/"] = lambda: Page(b"x" * LARGE * 2 if large else b"x")
        first = asyncio.create_task(get(server, "/"))
        answer = await request(server.port, f"GET / HTTP/1.1\r\nHost: x\r\n\r\n{more}{more}")
        assert answer.count(b"HTTP/1.1 200 OK") == 1 and answer.endswith(
            b"\r\n\r\n" + server.pages["/"]().body
        )
        assert (await first)[0] == 200
    assert not [it for it in caplog.records if it.levelno >= logging.WARNING]


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_a_handshake_in_pieces_with_a_frame_behind_it(size: int) -> None:
    """However the bytes are cut, a client that does not wait for the answer gets in."""
    hello = b'{"type":"hello","protocol":1,"name":"Ada"}'
    sent = HANDSHAKE.encode() + Frame(Opcode.TEXT, hello).serialize(mask=True)
    async with a_room() as server:
        reader, writer = await asyncio.open_connection(LOOPBACK, server.port)
        for start in range(0, len(sent), size):
            writer.write(sent[start : start + size])
            await writer.drain()
            await asyncio.sleep(0)
        async with asyncio.timeout(TIMEOUT):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
            assert b'"welcome"' in await reader.readuntil(b"}")
        writer.close()


async def test_an_address_opens_so_many_websockets_at_once() -> None:
    """Beyond it the answer is 503, which our own client takes for a room that is too busy now."""
    limits = netlib.Limits(handshake_burst=2, handshakes_per_second=0.001)
    async with a_room(limits=limits) as server, plain_client(server), plain_client(server):
        with pytest.raises(netlib.Unreachable, match="too busy"):
            await netlib.connect(url(server))
        assert (await get(server, "/health"))[0] == 200


async def test_large_pages_arrive_whole() -> None:
    """Twenty at once all get the page, also when somebody among them is gone before its turn."""
    page = Page(b"x" * (4 * LARGE))
    async with a_room() as server:
        server.pages["/"] = lambda: page
        _, gone = await asyncio.open_connection(LOOPBACK, server.port)
        gone.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        gone.transport.abort()
        answers = await asyncio.gather(*[get(server, "/") for _ in range(20)])
        assert {(status, len(body)) for status, _, body in answers} == {(200, 4 * LARGE)}


async def test_a_large_page_goes_on_as_long_as_it_is_read() -> None:
    """A slow line gets all of it, also when that takes longer than a hello may, or a goodbye."""
    limits = netlib.Limits(handshake_time=0.5)
    async with a_room(limits=limits) as server:
        server.pages["/"] = lambda: Page(b"x" * (40 * LARGE))
        reader, writer = await asyncio.open_connection(LOOPBACK, server.port, limit=LARGE)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        got, start = 0, netlib.clock()
        while data := await reader.read(LARGE):
            got += len(data)
            await asyncio.sleep(0.05)
        assert got > 40 * LARGE and netlib.clock() - start > 2
        writer.close()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
async def test_only_get_is_served(server: netlib.Server, method: str) -> None:
    """Nothing can be changed over HTTP."""
    assert (await get(server, "/info", method))[0] == 405


async def test_a_request_with_a_body_is_not_served(server: netlib.Server) -> None:
    """What a form sends is refused, and the room goes on."""
    answer = await request(
        server.port, f"POST /info HTTP/1.1\r\nHost: {LOOPBACK}\r\nContent-Length: 3\r\n\r\na=1"
    )
    assert b" 200 " not in answer.split(b"\r\n")[0]
    assert (await get(server, "/health"))[0] == 200


@pytest.mark.parametrize("garbage", ["", "hello", "GET", "\x16\x03\x01\x02\x00\x01\x00", "GET / HTTP/9.9"])
async def test_garbage_is_hung_up_on(garbage: str) -> None:
    """What is no HTTP ends its own connection, and nothing else."""
    async with a_room() as server, plain_client(server) as client:
        answer = await request(server.port, f"{garbage}\r\n\r\n")
        assert b" 200 " not in answer
        await client.send(type="ping", time=1)
        assert (await client.next("pong"))["time"] == 1


@pytest.mark.parametrize(
    ("pairs", "allowed"),
    [
        ([("Host", "10.0.0.7:8765")], True),
        ([("Host", "10.0.0.7:8765"), ("Origin", "http://10.0.0.7:8765")], True),
        ([("Host", "MyHost:8765"), ("Origin", "http://myhost:8765")], True),
        ([("Host", "10.0.0.7:8765"), ("Origin", "http://10.0.0.7")], False),
        ([("Host", "10.0.0.7:8765"), ("Origin", "http://evil.example")], False),
        ([("Host", "10.0.0.7:8765"), ("Origin", "http://10.0.0.7:8765.evil.example")], False),
        ([("Host", "10.0.0.7:8765"), ("Origin", "null")], False),
        ([("Host", "10.0.0.7:8765"), ("Origin", "")], False),
        ([("Origin", "http://10.0.0.7:8765")], False),
        ([("Host", "a"), ("Host", "b"), ("Origin", "http://a")], False),
        ([("Host", "a"), ("Origin", "http://a"), ("Origin", "http://evil.example")], False),
    ],
)
def test_only_pages_of_the_same_host_may_connect(pairs: list[tuple[str, str]], allowed: bool) -> None:
    """A browser that shows another site's page is refused; what is no browser has no Origin."""
    assert same_host(Headers(pairs)) is allowed


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://play.example", True),
        ("HTTPS://Play.Example", True),
        ("http://play.example", False),
        ("https://play.example:444", False),
        ("https://play.example.evil.example", False),
        ("https://evil.example/https://play.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_a_site_may_be_named(origin: str, allowed: bool) -> None:
    """Scheme, host and port must be those that were named, and nothing may stand around them."""
    headers = Headers([("Host", "a"), ("Origin", origin)])
    assert named(headers, ["https://play.example/"]) is allowed
    assert named(headers, ["*"])
    assert not named(headers, [])


def test_two_origins_are_none() -> None:
    """No browser sends two; a program that does is not let in by the one that is named."""
    two = Headers([("Origin", "https://play.example"), ("Origin", "http://evil.example")])
    assert not named(two, ["https://play.example", "*"])


async def test_pages_of_a_named_site_may_connect() -> None:
    """A page that lies elsewhere plays here when the room names its site; those of others do not."""
    async with a_room(origins=["https://play.example"]) as server:
        async with connect(url(server), origin=Origin("https://play.example"), proxy=None):
            pass
        with pytest.raises(InvalidStatus) as refused:
            async with connect(url(server), origin=Origin("http://evil.example"), proxy=None):
                pass
        assert refused.value.response.status_code == 403
