"""A room on the internet, as TAKE_HOME.md sets it up: real web servers in front of a real game."""

import asyncio
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

import netlib
from netlib import testing
from netlib.rooms import Join, RoomServer, list_rooms
from netlib.server.admission import Visitor
from tests.support.processes import TIMEOUT, wait_until_async
from tests.support.rooms import PlainClient, a_room
from tests.support.take_home import Front, caddy, nginx
from workshop.game.rules.messages import Chat

FRONTS = [nginx, caddy]
elsewhere = pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no address 127.0.0.2")
both = pytest.mark.parametrize("front", FRONTS, ids=["nginx", "caddy"])


def knock(front: Front, **options: Any) -> connect:
    """Open a WebSocket as another program would, or a browser with an ``origin``."""
    return connect(front.url, ssl=front.trusted, proxy=None, **options)


async def greeted(socket: ClientConnection) -> PlainClient:
    """Return a plain client that has said hello."""
    client = PlainClient(socket)
    assert (await client.hello())["type"] == "welcome"
    return client


@both
async def test_players_meet_behind_a_web_server(front: Any, tmp_path: Path) -> None:
    """Two join by wss at a path of their own, and talk; the room hears whose addresses they have."""
    visitors: list[Visitor] = []
    async with a_room() as server:
        server.on_admit(visitors.append)
        server.on(Chat, lambda peer, chat: server.broadcast(chat))
        with front(tmp_path / "front", server.port) as outside:
            options: dict[str, Any] = {"ssl": outside.trusted, "messages": [Chat]}
            async with (
                netlib.connect(outside.url, name="Ada", **options) as ada,
                netlib.connect(outside.url, name="Ben", **options) as ben,
            ):
                ada.send(Chat("hi"))
                assert (await testing.message(ben, Chat)).text == "hi"
            assert [visitor.headers["x-forwarded-for"] for visitor in visitors] == ["127.0.0.1"] * 2


@elsewhere
@both
async def test_nobody_writes_another_address(front: Any, tmp_path: Path) -> None:
    """A stranger who says to come from elsewhere is not believed; netlib's own address is the proxy's."""
    visitors: list[Visitor] = []
    async with a_room() as server:
        server.on_admit(visitors.append)
        with front(tmp_path / "front", server.port) as outside:
            lie = {"X-Forwarded-For": "8.8.8.8"}
            async with knock(outside, additional_headers=lie, local_addr=("127.0.0.2", 0)) as socket:
                await greeted(socket)
    [visitor] = visitors
    assert visitor.headers["x-forwarded-for"] == "127.0.0.2"
    assert visitor.address.startswith("127.0.0.1:")


@both
async def test_browsers_and_compression(front: Any, tmp_path: Path) -> None:
    """Our own page may connect and no other; nothing is compressed, though a browser offers it."""
    async with a_room() as server:
        with front(tmp_path / "front", server.port) as outside:
            own = Origin(outside.url.replace("wss:", "https:").removesuffix("/game/"))
            async with knock(outside, origin=own, compression="deflate") as socket:
                await greeted(socket)
                assert socket.protocol.extensions == []
            with pytest.raises(InvalidStatus, match="403"):
                await knock(outside, origin=Origin("https://evil.example.org"))


@both
async def test_what_is_too_large(front: Any, tmp_path: Path) -> None:
    """netlib's limit holds for messages, and its reason arrives; a request with a body is refused."""
    async with a_room() as server:
        with front(tmp_path / "front", server.port) as outside:
            async with knock(outside) as socket:
                client = await greeted(socket)
                await client.send(type="chat", text="x" * 20_000)
                code, reason = await client.closed()
                assert code == 1009 and reason is not None and "20" in reason
            with pytest.raises(urllib.error.HTTPError, match="413" if front is nginx else "400|502"):
                await asyncio.to_thread(fetch, outside, "health", b"x" * 10_000)
            assert b'"ok"' in await asyncio.to_thread(fetch, outside, "health")


def fetch(front: Front, page: str, body: bytes | None = None) -> bytes:
    """Return a page of the game, or send something to it."""
    url = front.url.replace("wss:", "https:") + page
    with urllib.request.urlopen(url, body, timeout=TIMEOUT, context=front.trusted) as answer:
        return bytes(answer.read())


@both
async def test_a_list_of_rooms(front: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of many rooms tells of them at its path, too."""
    server = RoomServer("Tables", host="127.0.0.1", port=0, discoverable=False)
    server.kind("table")(lambda room: None)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "front" / "authority.pem"))
    async with server:
        with front(tmp_path / "front", server.port) as outside:
            async with netlib.connect(outside.url, join=Join("table")) as ada:
                [table] = await list_rooms(outside.url)
                assert table.id == ada.room_id


@both
async def test_a_restart_is_a_pause(front: Any, tmp_path: Path) -> None:
    """The web server says that the game is gone; its players come back once it runs, as newcomers."""
    async with a_room() as before:
        with front(tmp_path / "front", before.port) as outside:
            async with netlib.connect(outside.url, name="Ada", ssl=outside.trusted) as ada:
                back: list[netlib.Connected] = []
                ada.on(netlib.Connected, back.append)
                await before.stop()
                with pytest.raises(netlib.NotOurServer, match="HTTP 502"):
                    await netlib.connect(outside.url, ssl=outside.trusted)
                async with a_room(port=before.port):
                    await wait_until_async(lambda: back, "Ada comes back")
                    assert not back[0].resumed


async def test_silence_is_cut_unless_somebody_pings(tmp_path: Path) -> None:
    """With 2 s for nginx's own 60 s silence is cut; not with the file's hour, nor with netlib's pings."""
    async with a_room() as silent, a_room(limits=netlib.Limits(idle_time=1.0)) as pings:
        with (
            nginx(tmp_path / "patient", silent.port) as patient,
            nginx(tmp_path / "pinged", pings.port, proxy_read_timeout="2s") as pinged,
            nginx(tmp_path / "impatient", silent.port, proxy_read_timeout="2s") as impatient,
        ):
            async with knock(patient) as one, knock(pinged) as two, knock(impatient) as three:
                stay, doomed = [await greeted(one), await greeted(two)], await greeted(three)
                assert (await doomed.closed())[0] == 1006
                for client in stay:
                    await client.send(type="nonsense")
                    assert (await client.next("error"))["code"] == "unknown_type"


@elsewhere
async def test_netlib_takes_all_players_for_one(tmp_path: Path) -> None:
    """What it allows one address it allows all of them together, whatever theirs are: so nginx counts."""
    async with a_room(limits=netlib.Limits(handshake_burst=2, handshakes_per_second=0.001)) as server:
        with nginx(tmp_path / "front", server.port) as outside:
            async with knock(outside), knock(outside, local_addr=("127.0.0.2", 0)):
                with pytest.raises(netlib.Unreachable, match="too busy"):
                    await netlib.connect(outside.url, ssl=outside.trusted)


SLOWLY = {
    "limit_req_zone": "$binary_remote_addr zone=knocks:1m rate=1r/m",
    "limit_req": "zone=knocks burst=1 nodelay",
}


@elsewhere
@pytest.mark.parametrize("limit", [{"limit_conn": "seats 2"}, SLOWLY], ids=["at once", "a minute"])
async def test_nginx_counts_for_each_address(limit: dict[str, str], tmp_path: Path) -> None:
    """Who comes too often is told that it is too busy, and another address still gets in."""
    async with a_room() as server:
        with nginx(tmp_path / "front", server.port, **limit) as outside:
            async with knock(outside), knock(outside):
                with pytest.raises(netlib.Unreachable, match="too busy"):
                    await netlib.connect(outside.url, ssl=outside.trusted)
                async with knock(outside, local_addr=("127.0.0.2", 0)) as socket:
                    await greeted(socket)
