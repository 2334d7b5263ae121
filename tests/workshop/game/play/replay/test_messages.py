"""Messages as JSON, and what they cost: the bytes add up, and the whole state costs what it did."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

import netlib
from netlib import recording, testing
from netlib.recording import Film, Kind, Replay
from tests.support.recordings import Facts, a_game_to_watch
from workshop.game.play.replay import start
from workshop.game.play.replay.messages import Messages, costs, full_snapshot, names, pretty


@pytest.fixture(scope="module", params=["JSON", "MSGPACK"])
def facts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """Give a recording and what happened in it."""
    return a_game_to_watch(tmp_path_factory.mktemp("rec") / "a.rec", getattr(netlib, request.param))


def test_the_parts_add_up(facts: Facts) -> None:
    """Each byte of each message counts for one of its parts."""
    film = facts.film
    for record in film.records:
        if record.kind in (Kind.SENT, Kind.RECEIVED):
            assert sum(costs(film.codec, record.data).values()) == len(record.data)
    assert names(film) == {"chat", "notice"}


def test_what_a_field_costs() -> None:
    """A field has its name and value; what holds entities together counts for their collection."""
    data = b'{"type":"snapshot","set":{"players":{"7":{"x":168},"8":{"x":170}}}}'
    assert costs(netlib.JSON, data) == {
        "type": len('"type":"snapshot"'),
        "set.players.x": 2 * len('"x":168'),
        "set.players": len('"players":{"7":{},"8":{}}'),
        "set": len('"set":{}'),
        "": len("{,}"),
    }


@testing.in_virtual_time
async def test_the_whole_state_costs_what_it_did(facts: Facts) -> None:
    """Where the server sent all of it, it had as many bytes; packed in slices there, it had a few more."""
    film, compared = facts.film, 0
    async with await start.known(film) as replay:
        replay.paused = True
        while record := replay.step():
            data = record.data
            if record.kind is Kind.RECEIVED and film.codec.decoder(dict).decode(data).get("full"):
                most = 1.1 if film.codec.packed else 1.0
                assert len(full_snapshot(replay)) <= len(data) <= most * len(full_snapshot(replay))
                compared += 1
    assert compared == 2, "at the beginning, and after the connection was lost"


@testing.in_virtual_time
async def test_the_message_at_the_cursor(facts: Facts) -> None:
    """It is the newest that had come, with its bytes, its share of the whole and all of its JSON."""
    async with await start.known(facts.film) as replay:
        replay.paused = True
        messages = Messages(replay)
        replay.seek(facts.times["said"] - 0.02)
        page, record = messages.page(), facts.film.records[facts.film.until(replay.time) - 1]
        while record.kind is not Kind.RECEIVED:
            record = facts.film.records[facts.film.records.index(record) - 1]
        assert (
            page.title
            == f"snapshot: {len(record.data)} bytes"
            == f"snapshot: {sum(it[1] for it in page.costs)} bytes"
        )
        whole = len(full_snapshot(replay))
        assert page.words == f"only what changed: {len(record.data):,} of the whole state's {whole:,} B"
        in_full = costs(facts.film.codec, full_snapshot(replay))
        shown = {name: full for name, _, full in page.costs if "players" in name}
        assert len(shown) == 2  # the players, and where they are
        assert shown == {name: in_full[name.replace("set", "state")] for name in shown}
        sizes = [size for _, size, _ in page.costs]
        assert sizes == sorted(sizes, reverse=True)
        shown_message = msgspec.json.decode("".join(page.lines))
        assert shown_message == msgspec.json.decode(
            msgspec.json.encode(facts.film.codec.decoder(Any).decode(record.data))
        )


def test_pretty() -> None:
    """What is short stays on a line, as do plain lists; the rest is divided, and long texts are cut."""
    many = {"players": {str(id): {"x": 10_000 + id, "y": 20_000} for id in range(3)}, "list": [*range(99)]}
    lines = [*pretty(many)]
    assert lines[:3] == ["{", '  "players": {', '    "0": {"x":10000,"y":20000},']
    assert lines[-2].startswith('  "list": [0,1,2') and lines[-2].endswith("…") and lines[-1] == "}"
    assert [*pretty({"a": 1})] == ['{"a":1}']


@testing.in_virtual_time
async def test_a_state_without_classes(tmp_path: Path) -> None:
    """The whole state of somebody else's game costs what it cost, plain values included."""
    async with testing.Network() as network:
        server = await network.serve(tick_rate=20)
        server.on_tick(lambda _: server.publish({"things": {7: {"x": server.tick, "y": 2}}}))
        with recording.Recorder(tmp_path / "a.rec") as recorder:
            await network.join(witness=recorder)
            await asyncio.sleep(1)
    film = Film(tmp_path / "a.rec")
    (full,) = [it for it in film.records if b'"full":true' in it.data]
    replay: Replay[Any] = Replay(film)
    async with replay:
        replay.paused = True
        replay.seek(full.time)
        assert len(full_snapshot(replay)) == len(full.data)
