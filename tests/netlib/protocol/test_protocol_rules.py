"""What PROTOCOL.md says in sentences, and its complete client, hold against a live server."""

import ast
import asyncio
import contextlib
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from websockets.exceptions import InvalidStatus

import netlib
from netlib.discovery import beacon
from tests.support import processes, rooms
from tests.support.gem_rush import Game, a_game
from tests.support.page import PAGE, ROOT, probe_on_page
from tests.support.processes import TIMEOUT
from tests.support.wire import JSON, MSGPACK, Frame, WireClient, joined, opened
from workshop.game.rules import maps


@pytest.fixture
async def game() -> AsyncIterator[Game]:
    """Give a live room with a game in it."""
    async with a_game() as room:
        yield room


async def test_close_codes(game: Game) -> None:
    """The documented close codes tell leaving, shutting down, breaking the protocol and kicking apart."""
    async with contextlib.AsyncExitStack() as stack:
        names = ("Ada", "Ben", "Cid", "Dan")
        leaver, kicked, breaker, last = [
            await stack.enter_async_context(joined(game.url, name)) for name in names
        ]
        await leaver.socket.close(1000)
        assert (await leaver.ended())[0] == 1000
        next(peer for peer in game.server.peers if peer.name == "Ben").kick("too loud")
        assert await kicked.ended() == (1008, "too loud")
        breaker.socket.transport.write(b"\xff\xff\xff\xff")
        assert (await breaker.ended())[0] == 1002
        await game.server.stop()
        assert await last.ended() == (1001, "the server shuts down")


async def test_keepalive() -> None:
    """A silent client is pinged: one that answers stays, the other is dropped without a close frame."""
    async with (
        a_game(limits=netlib.Limits(idle_time=0.4)) as room,
        joined(room.url, acks=False) as answering,
        joined(room.url, acks=False) as mute,
    ):
        mute.socket.transport.pause_reading()  # so it does not see the ping
        await answering.until(lambda: room.server.metrics.dropped, "the mute one is dropped")
        assert [peer.connected for peer in room.server.peers] == [True, False]
        assert answering.socket.close_code is None
        mute.socket.transport.resume_reading()
        assert (await mute.ended())[0] == 1006


async def test_unknown_fields_are_ignored(game: Game) -> None:
    """Fields that this version does not know change nothing."""
    async with joined(game.url, shoe_size=43) as player:
        await player.send({"type": "chat", "text": "hi", "mood": {"deep": [1, None]}})
        assert (await player.expect("chat"))["text"] == "hi"


async def test_spectator(game: Game) -> None:
    """A spectator sees the game and chats, and has no player in it."""
    async with joined(game.url, "Eye", spectator=True) as spectator, joined(game.url, "Ada") as player:
        await spectator.until(lambda: spectator.replica.state.get("players", {}).keys() == {player.id})
        await spectator.send({"type": "chat", "text": "nice"})
        assert (await player.expect("chat"))["from"] == spectator.welcome["player_id"]


async def test_acknowledging_client_gets_nothing_until_it_catches_up(game: Game) -> None:
    """Three seconds after the last ack snapshots pause; after an ack of all comes a full one."""
    async with joined(game.url) as player:
        await player.snapshot(full=False)
        player.acks = False
        await player.until(lambda: (game.server.tick - player.replica.tick) > 10, "the pause")
        paused = len(player.snapshots())
        since = player.replica.tick - _last_ack(player)
        assert since == pytest.approx(90, abs=3), "ticks that went out without an ack"
        await player.send({"type": "chat", "text": "still here"})
        await player.expect("chat")
        await player.send({"type": "ack", "tick": player.replica.tick - 1})
        await player.answered()
        assert len(player.snapshots()) == paused, "it has acknowledged not all"
        await player.send({"type": "ack", "tick": player.replica.tick})
        await player.snapshot(full=True)


def _last_ack(player: WireClient) -> int:
    """Return the tick that was acknowledged last: everything up to the first delta, then no more."""
    ticks: list[int] = [frame["tick"] for _, frame in player.snapshots()]
    return ticks[1]


async def test_inputs_law(game: Game) -> None:
    """Old numbers are dropped, gaps are allowed, and inputs in one clump are spread over ticks."""
    async with joined(game.url) as player:
        await player.playing()
        x, y = player.place
        for seq in (3, 3, 2, 1, 0, 10):
            await player.send({"type": "input", "seq": seq, "move": [1, 0]})
        await player.send({"type": "input", "move": [1, 0]})
        await player.until(lambda: player.last_input_seq == 10)
        assert player.place == (x + 2 * 128, y)
        assert game.server.metrics.refused["too_many_inputs"] == 5


async def test_too_many_inputs_are_dropped(game: Game) -> None:
    """Of more inputs than a second's worth the oldest are dropped; no tick uses more than two."""
    async with joined(game.url) as player:
        await player.playing()
        x, _ = player.place
        for _ in range(60):
            await player.input(1, 0)
        await player.until(lambda: player.last_input_seq == 60)
        assert player.place[0] - x <= 128 * 40
        assert game.server.metrics.refused["too_many_inputs"] > 0
        assert applied_per_tick(player) <= 2


def applied_per_tick(player: WireClient) -> float:
    """Return the most inputs that a tick has used, by the snapshots; what was dropped left out."""
    places = {frame["tick"]: changed_x(player, frame) for _, frame in player.snapshots()}
    xs = [x for _, x in sorted(places.items()) if x is not None]
    return max((after - before) / 128 for before, after in pairwise(xs))


def changed_x(player: WireClient, snapshot: Frame) -> int | None:
    """Return where a snapshot puts a player, if it does."""
    entities = snapshot.get("state") or snapshot.get("set") or {}
    x: int | None = entities.get("players", {}).get(player.id, {}).get("x")
    return x


async def test_numbers_in_messagepack(game: Game) -> None:
    """In MessagePack integers and floats are both numbers; NaN and infinity are refused."""
    async with joined(game.url, encoding=MSGPACK) as player:
        await player.send({"type": "ping", "time": 3})
        assert (await player.expect("pong"))["time"] == 3
        for number in (float("nan"), float("inf"), float("-inf")):
            await player.send({"type": "ping", "time": number})
            await player.expect("error", "bad_message")
            await player.send({"type": "input", "seq": 1, "move": [number, 0.0]})
            await player.expect("error", "bad_message")


async def test_subprotocols(game: Game) -> None:
    """The first known subprotocol is taken, none means JSON, and only unknown ones get a helpful HTTP 400."""
    async with joined(game.url) as plain:
        assert plain.socket.subprotocol is None
    for encoding in (JSON, MSGPACK):
        async with joined(game.url, encoding=encoding) as chosen:
            assert chosen.socket.subprotocol == encoding
    with pytest.raises(InvalidStatus) as caught:
        async with opened(game.url, encoding="netlib.v9.json"):
            pass
    assert caught.value.response.status_code == 400
    assert b"known: netlib.v1.json, netlib.v1.msgpack" in (caught.value.response.body or b"")


@pytest.mark.parametrize(
    ("origin", "status"),
    [("", b"101"), ("http://{host}", b"101"), ("http://evil.example", b"403"), ("null", b"403")],
)
async def test_origin(game: Game, origin: str, status: bytes) -> None:
    """A browser's page may connect only to the host that it came from; other programs always."""
    host = f"{rooms.LOOPBACK}:{game.server.port}"
    header = f"Origin: {origin.format(host=host)}\r\n" if origin else ""
    reader, writer = await asyncio.open_connection(rooms.LOOPBACK, game.server.port)
    writer.write(
        f"GET /any/path HTTP/1.1\r\nHost: {host}\r\n{header}Upgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert (await reader.readline()).split()[1] == status
    writer.close()


async def test_discovery_ignores_what_is_no_probe(game: Game) -> None:
    """A probe below 256 bytes gets no answer, and the page's own has exactly that size."""
    assert len(probe_on_page()) == beacon.PROBE_BYTES == 256
    assert beacon.decode_probe(probe_on_page()) is not None
    assert beacon.decode_probe(probe_on_page().replace(b"  ", b" ", 1)) is None
    assert "256 to 1024 bytes" in PAGE and beacon.DATAGRAM_BYTES == 1024
    assert "never more than 512 bytes" in PAGE and beacon.ANSWER_BYTES == 512


def test_obstacles_as_data() -> None:
    """The page's command prints the map of a seed as JSON."""
    (command,) = re.findall(r"```sh\npython (.*)\n```", PAGE)
    code = re.fullmatch(r'-c "(.*)"', command)
    assert code
    printed = subprocess.run(
        [sys.executable, "-c", code[1]], cwd=ROOT, capture_output=True, check=True, timeout=TIMEOUT
    ).stdout
    assert json.loads(printed) == list(msgspec.to_builtins(maps.make_map(1).obstacles))


async def test_client_on_the_page(game: Game, tmp_path: Path) -> None:
    """The page's complete client, run as it stands, joins, keeps the state and walks to the right."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert 20 <= len([line for line in code.splitlines() if line]) <= 30
    program = tmp_path / "client.py"
    program.write_text(code, encoding="utf-8")
    command = processes.python(program, game.url, "Stranger")
    with processes.running(command, tmp_path / "client.log", cwd=tmp_path) as stranger:
        await processes.wait_until_async(lambda: _walked(stranger.text()) >= 10 * 128, "it walks")
        assert "'type': 'welcome'" in stranger.text()
        assert not game.server.metrics.refused
        await asyncio.to_thread(stranger.end)  # its goodbye needs the server, which is in this thread


def _walked(text: str) -> int:
    """Return how far to the right the page's client has seen a player go."""
    states = [ast.literal_eval(state) for state in re.findall(r"^\d+ (\{.*\})$", text, re.MULTILINE)]
    places = [player["x"] for state in states for player in state.values()]
    return max(places, default=0) - min(places, default=0)
