"""Going to any place of a recording, and the same recording over another link."""

import asyncio
import random
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import netlib
from netlib import recording, testing
from netlib.protocol import frames
from netlib.recording import Film, Kind
from netlib.recording import film as film_module
from netlib.recording.replay import WARM_UP
from tests.netlib.recording.test_replay import (
    HOST_PASSWORD,
    KNOWN,
    LINK,
    PASSWORD,
    a_room,
    coming_back,
    hearing_a_story,
    record,
    same,
    watch,
)
from tests.support.callers import Chat

FAR = netlib.LinkConditions(latency=0.4, jitter=0.05, loss=0.02)


@pytest.fixture(scope="module", params=["JSON", "MSGPACK"])
def film(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Film:
    """Give a recording with a lost connection, of some seconds."""
    path = tmp_path_factory.mktemp("film") / "a.rec"
    testing.run(record(path, coming_back, codec=getattr(netlib, request.param)))
    return Film(path)


def known_of(replay: recording.Replay) -> list[Any]:
    """All that a replay knows of its moment."""
    rates = replay.metrics.bytes_in.total, replay.metrics.snapshots.total, replay.metrics.rtt
    who = replay.player_id, replay.name, replay.room, replay.tick_rate, replay.connected, replay.finished
    return [replay.tick, dict(replay.state), replay.last_input_seq, replay.room_state, who, rates]


async def straight(film: Film, time: float) -> list[Any]:
    """Play from the beginning to a time, record by record; return what is known there."""
    async with recording.Replay(film, **KNOWN) as replay:
        while not replay.finished and film.records[replay._at].time <= time:
            replay.step()
        return known_of(replay)


@testing.in_virtual_time
async def test_any_place_is_as_if_played(film: Film) -> None:
    """Wherever one goes, forwards and back, all is as in a replay that was played to there."""
    places, chance = [0.0, film.duration - 0.001], random.Random(1)
    places += [chance.uniform(0.2, film.duration) for _ in range(12)]
    async with recording.Replay(film, **KNOWN) as replay:
        replay.paused = True
        first = replay.time
        for place in places:
            replay.seek(place)
            assert replay.time == max(place, first)
            assert known_of(replay) == await straight(film, max(place, first)), place


@testing.in_virtual_time
async def test_a_paused_room(tmp_path: Path) -> None:
    """Whether the room was paused is known at any place, also when one comes from where it was not so."""

    async def pausing(_: testing.Network, client: netlib.Client) -> None:
        client.send(frames.Command("host", password=HOST_PASSWORD))
        for do in ("pause", "start"):
            await asyncio.sleep(5)
            client.send(frames.Command(do))
        await asyncio.sleep(5)

    await record(tmp_path / "a.rec", pausing)
    async with recording.Replay(tmp_path / "a.rec", **KNOWN) as replay:
        replay.paused = True
        replay.play_to(replay.duration)
        for place, paused in ((9.8, True), (13.5, False), (9.8, True), (4, False)):
            replay.seek(place)
            assert replay.room_state.paused is paused


@testing.in_virtual_time
async def test_a_client_that_joined_twice(tmp_path: Path) -> None:
    """Of two stays it is known in which one is, also near the beginning of the second."""
    async with a_room() as (network, _):
        with recording.Recorder(tmp_path / "a.rec") as recorder:
            known = KNOWN | {"link": LINK, "witness": recorder}
            client = await network.join(password=PASSWORD, **known)
            await asyncio.sleep(4)
            await client.close()
            await asyncio.sleep(1)
            await client.open()
            await asyncio.sleep(5)
            await client.close()
    film, chance = Film(tmp_path / "a.rec"), random.Random(2)
    async with recording.Replay(film, **KNOWN) as replay:
        replay.paused = True
        for place in [chance.uniform(0.2, film.duration) for _ in range(30)]:
            replay.seek(place)
            assert known_of(replay) == await straight(film, place), place
            assert replay.player_id == (1 if place < 5.1 else 2)


@testing.in_virtual_time
async def test_from_the_end_it_goes_on(film: Film) -> None:
    """A replay that has ended is at its beginning again, and plays all that it has played before."""
    replay = recording.Replay(film, **KNOWN)
    seen = watch(replay, replay.clock)
    async with replay:
        await testing.until(lambda: replay.finished, "the end")
        assert not replay.connected
        once = same(seen)
        seen.clear()
        replay.seek(0)
        assert replay.connected and not replay.finished and replay.poll() == []
        await testing.until(lambda: replay.finished, "the end again")
        assert same(seen) == once


@testing.in_virtual_time
async def test_what_is_heard_on_the_way(film: Film) -> None:
    """Listeners hear the time before the place, so that a buffer is full there; who polls, nothing of it."""
    async with recording.Replay(film, **KNOWN) as replay:
        replay.paused = True
        replay.seek(film.duration)
        seen = watch(replay, replay.clock)
        replay.seek(5.5)
        times = [time - film.header.clock for time, *_ in seen]
        assert 5.5 - WARM_UP - 1.1 <= times[0] <= 5.5 - WARM_UP + 0.1 and times == sorted(times)
        assert 5.4 <= times[-1] <= 5.5
        assert replay.poll() == []


@testing.in_virtual_time
async def test_stepping(film: Film) -> None:
    """Record by record to the end, and nothing behind it."""
    async with recording.Replay(film, **KNOWN) as replay:
        replay.paused = True
        at = replay._at
        stepped = [replay.step() for _ in range(len(film.records) - at)]
        assert stepped == list(film.records[at:]) and film.until(film.duration) == len(film.records)
        assert replay.step() is None and replay.finished


@testing.in_virtual_time
async def test_a_message_in_parts_that_is_gone_back_into(tmp_path: Path) -> None:
    """In the middle of its parts, too, it comes whole, and once."""
    await record(tmp_path / "a.rec", hearing_a_story)
    film = Film(tmp_path / "a.rec")
    last, first = max(it.time for it in film.records if b'"part"' in it.data), 0.0
    async with recording.Replay(film, **KNOWN) as replay:
        replay.paused = True
        replay.seek(film.duration)
        heard: list[Chat] = []
        replay.on(Chat, heard.append)
        for place in (last - 1e-5, last, first):
            heard.clear()
            replay.seek(place)
            assert (any(len(it.text) > 10_000 for it in heard)) == (place == last)


def test_a_film_that_breaks_off(film: Film, tmp_path: Path) -> None:
    """It has what is whole, and can be sought in up to there."""
    cut = tmp_path / "cut.rec"
    cut.write_bytes(film.path.read_bytes()[:-400])
    short = Film(cut)
    assert short.problem == "the file breaks off"
    assert 0 < len(short.records) < len(film.records)
    assert short.records == film.records[: len(short.records)]

    async def seek() -> None:
        async with recording.Replay(short, **KNOWN) as replay:
            replay.paused = True
            replay.seek(1e9)
            assert replay.finished and replay.time == short.duration
            replay.seek(1.0)
            assert replay.connected

    testing.run(seek())


# Over another link.


def without_times(film: Film, *kinds: Kind) -> list[Any]:
    """The records of some kinds."""
    return [replace(it, time=0.0) for it in film.records if it.kind in kinds]


def test_over_another_link(film: Film) -> None:
    """What came comes later by half of the latency or more, in the same order; what was sent does not."""
    far = film.over(FAR, seed=1)
    times = [it.time for it in far.records]
    assert times == sorted(times) and len(times) == len(film.records)
    for kinds in ((Kind.RECEIVED, Kind.CLOSED, Kind.OPENED), (Kind.SENT,), (Kind.ENDED,)):
        assert without_times(far, *kinds) == without_times(film, *kinds)
    assert far.records[-1].kind is Kind.ENDED
    before, after = ([it.time for it in one.records if it.kind is Kind.RECEIVED] for one in (film, far))
    late = [b - a for a, b in zip(before, after, strict=True)]
    (opened,) = [it.time for it in film.records if it.kind is Kind.OPENED][1:]
    flying = [by for by, time in zip(late, before, strict=True) if opened - 1 < time < opened]
    normal = sorted(set(late) - set(flying))  # but for those that were on their way as the connection went
    assert normal[0] >= FAR.latency / 2 - FAR.jitter
    assert normal[len(normal) // 2] == pytest.approx(FAR.latency / 2, abs=FAR.jitter)
    assert normal[-1] > FAR.latency, "a lost one is sent again"
    assert [it.time for it in far.records if it.kind is Kind.SENT] == [
        it.time for it in film.records if it.kind is Kind.SENT
    ]


def test_a_lost_one_holds_up_those_behind(film: Film) -> None:
    """TCP keeps the order: those that were sent behind a lost one arrive together with it."""
    lossy = film.over(netlib.LinkConditions(latency=0.2, loss=0.1), seed=3)
    times = [it.time for it in lossy.records if it.kind is Kind.RECEIVED]
    together = max(len(list(some)) for _, some in groupby(times))
    alone = max(
        len(list(some)) for _, some in groupby(it.time for it in film.records if it.kind is Kind.RECEIVED)
    )
    assert together > alone and max(b - a for a, b in pairwise(times)) > 0.15


def test_a_perfect_link_and_the_same_seed(film: Film) -> None:
    """Nothing simulated changes nothing; the same seed does the same; the film itself stays as it was."""
    before = film.records
    assert film.over(netlib.LinkConditions()).records == before
    assert film.over(FAR, seed=1).records == film.over(FAR, seed=1).records != film.over(FAR, seed=2).records
    assert film.records is before


@testing.in_virtual_time
async def test_over_another_link_all_happens(film: Film) -> None:
    """The game is the same, later: the same messages and states in the same order."""
    seen = {}
    for name, one in (("near", film), ("far", film.over(FAR, seed=1))):
        replay = recording.Replay(one, **KNOWN, speed=float("inf"))
        seen[name] = watch(replay, replay.clock)
        async with replay:
            await testing.until(lambda replay=replay: replay.finished, "the end")  # type: ignore[misc]
            await asyncio.sleep(0)
    ends = [type(it[1]) for it in seen["far"]]
    assert same(seen["near"]) == same(seen["far"]) and ends.count(netlib.Interrupted) == 1


@pytest.mark.parametrize("most", [("MOST_RECORDS", 9), ("MOST_BYTES", 999)])
def test_no_bomb(film: Film, most: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what no memory holds there is as much as it may hold, and a film says so."""
    monkeypatch.setattr(film_module, *most)
    short = Film(film.path)
    assert short.records == film.records[: len(short.records)] and short.problem == film_module.TOO_LONG
    held = len(short.records), sum(len(it.data) for it in short.records)
    assert 0 < held["BYTES" in most[0]] <= most[1]
