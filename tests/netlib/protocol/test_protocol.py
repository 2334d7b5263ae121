"""Every example and every code on PROTOCOL.md is exchanged with a live server."""

import asyncio
import contextlib
import json
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace

import netlib
from netlib.rooms import KindRoom, RoomServer
from tests.support import rooms
from tests.support.gem_rush import Game, a_game
from tests.support.page import PAGE, Example, examples, probe_on_page, tables
from tests.support.processes import TIMEOUT
from tests.support.responders import Responder
from tests.support.wire import JSON, MSGPACK, Frame, WireClient, joined, opened
from workshop.game.rules.messages import Notice


@pytest.fixture
async def game() -> AsyncIterator[Game]:
    """Give a live room with a game in it."""
    async with a_game() as room:
        yield room


def test_every_example_has_a_direction() -> None:
    """Each JSON example on the page is marked as the client's or the server's, so none goes untested."""
    lines = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert sum(len(block.splitlines()) for block in lines) == len(examples("→") + examples("←"))


# What happens to the client's examples. Each gets the frame as it is on the page.

Reaction = Callable[[Game, WireClient, Frame], Awaitable[object]]
Provoke = Callable[[Game, WireClient], Awaitable[Frame]]
Provoked = Callable[[Game], Awaitable[tuple[Frame, int | None]]]


async def _hello(game: Game, player: WireClient, frame: Frame) -> None:
    async with opened(game.url) as newcomer:
        await newcomer.send(frame)
        welcome = await newcomer.expect("welcome")
    assert welcome["name"] == "Ada 2", "the name was taken by the first client"
    assert welcome["resumed"] is False


async def _hello_with_all(game: Game, player: WireClient, frame: Frame) -> None:
    async with a_game(password=frame["password"]) as locked:
        async with opened(locked.url) as newcomer:
            await newcomer.send({**frame, "password": "wrong"})
            await newcomer.expect("refused", "password")
        async with opened(locked.url) as newcomer:
            await newcomer.send(frame)
            assert (await newcomer.expect("welcome"))["name"] == frame["name"]


async def _hello_again(game: Game, player: WireClient, frame: Frame) -> None:
    async with joined(game.url, frame["name"], nonce=frame["nonce"]) as lost:
        for number in range(frame["received"] + 1):
            game.server.broadcast(Notice(str(number)))
        await lost.until(lambda: lost.received >= frame["received"])
        lost.drop()
        await lost.ended()
    async with opened(game.url) as back:
        await back.send({**frame, "resume": lost.welcome["resume"]})
        welcome = await back.expect("welcome")
        assert (welcome["resumed"], welcome["player_id"]) == (True, lost.welcome["player_id"])
        assert (await back.expect("notice"))["text"] == str(frame["received"])


async def _hello_for(game: Game, player: WireClient, frame: Frame) -> None:
    async with many_rooms() as (hall, made):
        (room,) = made
        found = {"code": room.code, "id": room.room_id}
        join = {name: found.get(name, value) for name, value in frame["join"].items()}
        async with opened(rooms.url(hall)) as newcomer:
            await newcomer.send({**frame, "join": join})
            welcome = await newcomer.expect("welcome")
        mine = next(room for room in made if room.room_id == welcome["room_id"])
        assert (mine.kind, mine.private) == ("table", "private" in join)
        assert (mine is room) is ("private" not in join)
        assert mine.options == join.get("options", {})


@contextlib.asynccontextmanager
async def many_rooms(**options: Any) -> AsyncIterator[tuple[RoomServer, list[KindRoom]]]:
    """Give a server that has tables, and those that were made; and a kind of rooms that cannot be made."""
    hall = RoomServer("hall", host=rooms.LOOPBACK, port=0, discoverable=False, **options)
    made: list[KindRoom] = []
    hall.kind("table", tick_rate=10)(made.append)
    hall.kind("broken")(lambda room: room.broadcast("what?"))
    room = hall.open_room("table")
    room.metadata = {"board": "3x3"}
    async with hall:
        yield hall, made


async def _input(game: Game, player: WireClient, frame: Frame) -> None:
    await player.playing()
    x, y = player.place
    await player.send(frame)
    await player.until(lambda: player.last_input_seq == frame["seq"])
    assert player.place == (x + 128 * frame["move"][0], y + 128 * frame["move"][1])


async def _ack(game: Game, player: WireClient, frame: Frame) -> None:
    (peer,) = game.server.peers
    for number in range(frame["received"] + 1):
        game.server.broadcast(Notice(str(number)))
    await player.send(frame)
    await player.answered()
    assert not [message for message in player.unread if message["type"] == "error"]
    assert peer._seat.session.delivery.waiting == 1, "all but the last one are confirmed"
    await player.snapshot(full=False)


async def _ack_0(game: Game, player: WireClient, frame: Frame) -> None:
    await player.snapshot(full=False)
    await player.send(frame)
    await player.snapshot(full=True)


async def _request(game: Game, player: WireClient, frame: Frame) -> None:
    answer, of = netlib.Untyped("colour", {"number": 3}), frame["body"].get("of")
    game.server.on_request("colour")(lambda peer, message: answer if message["of"] == of else None)
    await player.send(frame)
    assert await player.expect("reply") == _on_page("reply colour" if of else "reply unknown_type")


def _on_page(label: str) -> Frame:
    return next(example.frame for example in examples("←") if example.label == label)


async def _reply(game: Game, player: WireClient, frame: Frame) -> None:
    game.server.declare("ready")
    (peer,) = game.server.peers
    asked = asyncio.create_task(peer.request(netlib.Untyped("ready")))
    assert await player.expect("request") == {"type": "request", "id": frame["id"], "body": {"type": "ready"}}
    await player.send(frame)
    if code := frame.get("code"):
        with pytest.raises(netlib.RequestFailed, match=frame["message"]) as caught:
            await asked
        assert caught.value.code == code
    else:
        assert await asked == (netlib.Untyped("ready") if "body" in frame else None)


async def _become_host(game: Game, player: WireClient, frame: Frame) -> None:
    async with a_game(host_password=frame["password"]) as hosted, joined(hosted.url) as host:
        await host.send(frame)
        assert (await host.expect("room"))["host"] is True


@contextlib.asynccontextmanager
async def a_hosted_game() -> AsyncIterator[tuple[Game, WireClient]]:
    """Give a room and its host, who has been told so."""
    async with a_game(first_is_host=True) as hosted, joined(hosted.url) as host:
        await host.expect("room")
        yield hosted, host


async def _pause(game: Game, player: WireClient, frame: Frame) -> None:
    async with a_hosted_game() as (hosted, host):
        await host.send(frame)
        assert await host.expect("room") == _on_page("room paused")
        assert hosted.server.paused


async def _set_link(game: Game, player: WireClient, frame: Frame) -> None:
    async with a_hosted_game() as (hosted, host):
        await host.send(frame)
        told = {name: frame[name] for name in ("latency", "jitter", "loss")}
        assert await host.expect("room") == {"type": "room", "host": True, **told}
        assert hosted.server.link == netlib.LinkConditions(**told)


async def _ping(game: Game, player: WireClient, frame: Frame) -> None:
    await player.send(frame)
    pong = await player.expect("pong")
    assert pong["time"] == frame["time"]
    assert pong["server_time"] == pytest.approx(game.server.time, abs=1.0)
    if rtt := frame.get("rtt"):
        await player.playing()
        await player.until(lambda: player.me["ping"] == rtt * 1000, "the ping in the state")


async def _chat(game: Game, player: WireClient, frame: Frame) -> None:
    async with joined(game.url, "Ben") as other:
        await player.send({**frame, "from": 99})
        heard = {**frame, "from": player.welcome["player_id"]}
        assert await player.expect("chat") == heard
        assert await other.expect("chat") == heard


REACTIONS: dict[str, Reaction] = {
    "hello": _hello,
    "hello with all": _hello_with_all,
    "hello again": _hello_again,
    "hello for kind": _hello_for,
    "hello for kind private options": _hello_for,
    "hello for code": _hello_for,
    "hello for id": _hello_for,
    "input": _input,
    "ack": _ack,
    "ack received": _ack,
    "ack 0": _ack_0,
    "request colour": _request,
    "request weather": _request,
    "reply ready": _reply,
    "reply unknown_type": _reply,
    "reply nothing": _reply,
    "command host": _become_host,
    "command pause": _pause,
    "command link": _set_link,
    "ping": _ping,
    "ping with rtt": _ping,
    "chat": _chat,
    "probe": lambda game, player, frame: ask(game, probe_on_page(), nonce=frame["nonce"]),
}


@pytest.mark.parametrize("encoding", [JSON, MSGPACK])
@pytest.mark.parametrize("example", examples("→"), ids=lambda example: example.label)
async def test_client_example(game: Game, example: Example, encoding: str) -> None:
    """Each example of what a client sends gets the documented reaction, in both encodings."""
    async with joined(game.url, encoding=encoding) as player:
        await REACTIONS[example.label](game, player, example.frame)


# How the server's examples are provoked.


async def _after(player: WireClient, kind: str, **sent: Any) -> Frame:
    """Say something, and return what comes then."""
    await player.send(sent)
    return await player.expect(kind)


async def _welcome_back(game: Game, player: WireClient) -> Frame:
    await _after(player, "chat", type="chat", text="hi")
    player.drop()
    async with joined(game.url, resume=player.welcome["resume"], received=player.received) as back:
        return back.welcome


async def _refused(game: Game, player: WireClient) -> Frame:
    async with opened(game.url) as newcomer:
        await newcomer.send({"type": "hello", "protocol": 2, "name": "Ada"})
        return await newcomer.expect("refused")


async def _full(game: Game, player: WireClient) -> Frame:
    await player.playing()
    async with joined(game.url, "Ben") as newcomer:
        await newcomer.until(newcomer.snapshots, "the first snapshot")
        return newcomer.snapshots()[0][1]


async def _delta(game: Game, player: WireClient) -> Frame:
    """Move and collect in one tick, so that something changes and something is gone."""
    await player.until(lambda: game.world.round.phase == "playing", "the round begins")
    gone = game.lead_to_resource(player)
    await player.step(0.0, 0.0, collect=True)
    deltas = [frame for _, frame in player.snapshots() if "gone" in frame]
    assert deltas[-1]["gone"] == {"resources": [str(gone)]}
    return deltas[-1]


async def _empty_delta(game: Game, player: WireClient) -> Frame:
    def find() -> list[Frame]:
        return [f for _, f in player.snapshots() if not f.keys() & {"full", "set", "gone"}]

    await player.until(find)
    return find()[0]


async def _asked(game: Game, player: WireClient) -> Frame:
    asking = asyncio.create_task(game.server.peers[0].request(netlib.Untyped("ready")))
    try:
        return await player.expect("request")
    finally:
        asking.cancel()


async def _room(game: Game, player: WireClient) -> Frame:
    async with a_game(first_is_host=True) as hosted, joined(hosted.url) as host:
        return await host.expect("room")


async def _paused_room(game: Game, player: WireClient) -> Frame:
    async with a_hosted_game() as (hosted, host):
        hosted.server.pause("Ada")
        return await host.expect("room")


async def _notice(game: Game, player: WireClient) -> Frame:
    async with joined(game.url, "Ben"):
        return await player.expect("notice")


async def _part(game: Game, player: WireClient) -> Frame:
    """Say something long to a client that takes parts; return the first or the last part."""
    async with joined(game.url, "Ben", parts=True) as reader:
        await reader.until(lambda: reader.id in reader.replica.state.get("players", {}))
        game.server.broadcast(Notice("x" * 70_000))
        return await reader.expect("part")


async def _last_part(game: Game, player: WireClient) -> Frame:
    async with joined(game.url, "Ben", parts=True) as reader:
        game.server.broadcast(Notice("x" * 70_000))
        while "last" not in (part := await reader.expect("part")):
            pass
        return part


async def _answered(game: Game, player: WireClient) -> Frame:
    game.server.on_request("colour")(lambda peer, message: netlib.Untyped("colour", {"number": 5}))
    return await _after(player, "reply", type="request", id=9, body={"type": "colour"})


async def _welcome_to_a_room(game: Game, player: WireClient) -> Frame:
    async with many_rooms() as (hall, _), joined(rooms.url(hall), join={"kind": "table"}) as newcomer:
        return newcomer.welcome


async def _list(game: Game, player: WireClient) -> Any:
    async with many_rooms() as (hall, _):
        return await get(hall, "/rooms?kind=table&board=3x3")


async def _welcome(game: Game, player: WireClient) -> Frame:
    return player.welcome


PROVOKE: dict[str, Provoke] = {
    "welcome": _welcome,
    "welcome back": _welcome_back,
    "welcome to a room": _welcome_to_a_room,
    "rooms": _list,
    "refused protocol": _refused,
    "full": _full,
    "delta": _delta,
    "empty delta": _empty_delta,
    "ack received": lambda _, player: _after(player, "ack", type="chat", text="hi"),
    "request ready": _asked,
    "reply colour": _answered,
    "reply unknown_type": lambda _, player: _after(player, "reply", type="request", id=9, body={"type": "x"}),
    "room": _room,
    "room paused": _paused_room,
    "part": _part,
    "last part": _last_part,
    "pong": lambda _, player: _after(player, "pong", type="ping", time=1),
    "error bad_message": lambda _, player: _after(player, "error", type="chat", text=5),
    "chat": lambda _, player: _after(player, "chat", type="chat", text="hi"),
    "notice": _notice,
    "answer": lambda game, _: ask(game, probe_on_page()),
    "info": lambda game, _: get(game.server, "/info"),
    "health": lambda game, _: get(game.server, "/health"),
}
CHANGING = {"delta"}  # where entities show only the fields that changed


@pytest.mark.parametrize("example", examples("←"), ids=lambda example: example.label)
async def test_server_example(game: Game, example: Example) -> None:
    """Each example of what a server sends has the same keys and types as what it really sends."""
    async with joined(game.url) as player:
        actual = await PROVOKE[example.label](game, player)
    if example.label in CHANGING:
        assert actual.keys() == example.frame.keys()
        assert set(actual["set"]) >= set(example.frame["set"])
        actual, shown = shape(actual["gone"]), shape(example.frame["gone"])
        assert actual == shown
    else:
        assert shape(actual) == shape(example.frame)


def shape(value: Any) -> Any:
    """Return a value with its types in place of its values; all ids of a collection count as one."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return [shape(value[0])] if value else []
        case dict() if value and all(key.isdigit() for key in value):
            return {"id": shape(next(iter(value.values())))}
        case dict():
            return {key: shape(part) for key, part in value.items()}
    raise AssertionError(value)


async def ask(game: Game, probe: bytes, **expected: Any) -> Frame:
    """Send a datagram to the room's responder; return the answer, whose size is what the page says."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as searcher:
        searcher.bind((rooms.LOOPBACK, 0))
        searcher.setblocking(False)
        async with Responder(game.server.info, ports=[0], host=rooms.LOOPBACK) as responder:
            assert responder.port
            await asyncio.get_running_loop().sock_sendto(searcher, probe, (rooms.LOOPBACK, responder.port))
            async with asyncio.timeout(TIMEOUT):
                data = await asyncio.get_running_loop().sock_recv(searcher, 2048)
    assert len(data) <= 512
    answer: Frame = json.loads(data)
    assert expected.items() <= answer.items()
    return answer


async def get(server: netlib.Server | RoomServer, path: str) -> Frame:
    """Return the JSON that a page of the server is."""
    text = f"GET {path} HTTP/1.1\r\nHost: {rooms.LOOPBACK}\r\n\r\n"
    head, _, body = (await rooms.request(server.port, text)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    page: Frame = json.loads(body)
    return page


# Every code on the page, provoked.


async def _before_hello(game: Game, sent: Frame) -> tuple[Frame, int | None]:
    async with opened(game.url) as stranger:
        await stranger.send(sent)
        return await _refusal(stranger)


async def _after_hello(game: Game, *sent: Frame | str, **hello: Any) -> tuple[Frame, int | None]:
    async with joined(game.url, **hello) as player:
        for frame in sent:
            await (player.say(frame) if isinstance(frame, str) else player.send(frame))
        return await _refusal(player)


async def _kick_nobody(game: Game) -> tuple[Frame, int | None]:
    async with joined(game.url, "Host") as host:
        await host.send({"type": "command", "do": "host", "password": HOST_PASSWORD})
        await host.send({"type": "command", "do": "kick", "player": 99})
        return await _refusal(host)


async def _return_after_a_kick(game: Game) -> tuple[Frame, int | None]:
    async with joined(game.url, "Loud") as loud:
        game.server.peers[0].kick("too loud")
        await loud.ended()
    return await _before_hello(game, {**HELLO, "resume": loud.welcome["resume"]})


async def _not_admitted(game: Game) -> tuple[Frame, int | None]:
    game.server.on_admit(lambda visitor: "members only")
    return await _before_hello(game, HELLO)


def _asking_for(expected: str, **join: Any) -> Provoked:
    """Want a room that there is not, of a server with many."""

    async def ask_for(game: Game) -> tuple[Frame, int | None]:
        async with many_rooms(max_rooms=1) as (hall, _), opened(rooms.url(hall)) as stranger:
            if expected == "room_failed":
                hall.rooms[0].close()  # so that there is a place
            await stranger.send({**HELLO, "join": join})
            reply = await _refusal(stranger)
            game.server.metrics.refused.update(hall.metrics.refused)
            return reply

    return ask_for


async def _refusal(client: WireClient) -> tuple[Frame, int | None]:
    """Return the error or refusal, and the code of the close if one follows it."""
    await client.until(lambda: {"error", "refused"} & {frame["type"] for frame in client.unread})
    reply = next(frame for frame in client.unread if frame["type"] in ("error", "refused"))
    with contextlib.suppress(TimeoutError):
        return reply, (await client.ended(timeout=0.15))[0]
    return reply, None


HELLO = {"type": "hello", "protocol": 1, "name": "Ben"}
HOST_PASSWORD = "plum-42"
CODES: dict[str, Provoked] = {
    "bad_message": lambda game: _after_hello(game, "[]"),
    "unknown_type": lambda game: _after_hello(game, {"type": "chta"}),
    "too_big": lambda game: _after_hello(game, "x" * 16385),
    "rate": lambda game: _after_hello(game, *[{"type": "ack"}] * 450),
    "no_hello": lambda game: _before_hello(game, {"type": "input", "seq": 1}),
    "second_hello": lambda game: _after_hello(game, HELLO),
    "spectator": lambda game: _after_hello(game, {"type": "input", "seq": 1}, spectator=True),
    "handshake": lambda game: _before_hello(game, {"type": "hello"}),
    "session_over": lambda game: _after_hello(game, resume="kJ2mDq0cZ5yWb1nT8sVx3A", received=17),
    "not_host": lambda game: _after_hello(game, {"type": "command", "do": "pause"}),
    "host_password": lambda game: _after_hello(game, {"type": "command", "do": "host", "password": "x"}),
    "not_possible": _kick_nobody,
    "empty_chat": lambda game: _after_hello(game, {"type": "chat", "text": "\u200b"}),
    "protocol": lambda game: _before_hello(game, {**HELLO, "protocol": 99}),
    "password": lambda game: _before_hello(game, {**HELLO, "password": "x"}),
    "name": lambda game: _before_hello(game, {**HELLO, "name": "x" * 21}),
    "full": lambda game: _before_hello(game, HELLO),
    "kicked": _return_after_a_kick,
    "admission": _not_admitted,
    "no_room": _asking_for("no_room", code="WRONG"),
    "kind": _asking_for("kind", kind="tabel"),
    "rooms": _asking_for("rooms", kind="table", new=True),
    "room_failed": _asking_for("room_failed", kind="broken"),
}


def codes_on_page() -> Iterator[tuple[str, str, str]]:
    """Yield each documented code, its kind of frame, and what the page says happens then."""
    for code, _, then in tables("10. Errors and refusals")[0]:
        yield code, "error", then
    for code, _ in tables("Refusals")[0]:
        yield code, "refused", "close 1008"
    yield "empty_chat", "error", "ignored"


@pytest.mark.parametrize(("code", "kind", "then"), list(codes_on_page()))
async def test_code(code: str, kind: str, then: str) -> None:
    """Each documented code is sent for what the page says, counted, and followed by the documented close."""
    limits = netlib.Limits(max_players=0 if code == "full" else 32, handshake_time=0.3)
    if code != "handshake":
        limits = replace(limits, handshake_time=5)
    password = "plum" if code == "password" else ""
    async with a_game(limits=limits, password=password, host_password=HOST_PASSWORD) as room:
        reply, close = await CODES[code](room)
        if code == "handshake":  # the first reply is to the hello that does not fit
            assert (reply["code"], close) == ("bad_message", None)
            async with opened(room.url) as silent:
                reply, close = await _refusal(silent)
        assert (reply["type"], reply["code"], close) == (kind, code, _close_code(then))
        assert reply["message"]
        assert room.server.metrics.refused[code] >= (code != "session_over"), "which is no refusal"


def _close_code(then: str) -> int | None:
    found = re.fullmatch(r"close (\d+)", then)
    assert found or then in ("ignored", "you are in")
    return int(found[1]) if found else None
