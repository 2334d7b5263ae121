"""Recordings: what was played again is what happened, at any speed, also when the file breaks off."""

import asyncio
import errno
import gzip
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import netlib
from netlib import recording, testing
from netlib.protocol import frames
from netlib.recording.file import packed
from tests.support.callers import Chat
from tests.support.sessions import Thing

PASSWORD, HOST_PASSWORD = "open sesame", "the one of the host"
LINK = netlib.LinkConditions(latency=0.1, jitter=0.02)
STORY = Chat("once upon a time " * 10_000)  # comes in parts
RTT = pytest.approx(0.1, abs=0.03)
SCHEMA: dict[str, type[netlib.Entity]] = {"players": Thing}
KNOWN: dict[str, Any] = {"schema": SCHEMA, "messages": [Chat]}
Seen = list[tuple[float, Any, dict[int, Any]]]  # when, what happened, and the players then


def watch(client: netlib.Client, now: Callable[[], float]) -> Seen:
    """Note down all that happens to a client, from now on."""
    seen: Seen = []
    for kind in (Chat, netlib.StateChanged, netlib.Connected, netlib.Interrupted, netlib.Disconnected):
        client.on(kind, lambda it: seen.append((round(now(), 6), it, dict(client.state["players"]))))
    return seen


def same(seen: Seen) -> list[Any]:
    """What happened, without the times; the first welcome is over when a replay begins."""
    return [it[1:] for it in seen if it[1] != netlib.Connected(1)]


@asynccontextmanager
async def a_room(**options: Any) -> AsyncIterator[tuple[testing.Network, netlib.Server]]:
    """Give a network with a room, in which somebody moves and the server repeats what is said."""
    async with testing.Network() as network:
        server = await network.serve(
            **{"tick_rate": 20, "password": PASSWORD, "host_password": HOST_PASSWORD, **options}
        )
        server.on(Chat, lambda _, chat: server.broadcast(STORY if chat.text == "a story?" else chat))
        server.on_tick(lambda _: server.publish({"players": {7: Thing(server.tick * 5)}}))
        yield network, server


async def record(
    path: Path, play: Callable[[testing.Network, netlib.Client], Awaitable[object]], **options: Any
) -> Seen:
    """Record what a client sees while that is played; return what it saw."""
    async with a_room() as (network, server):
        with recording.Recorder(path) as recorder:
            url, known = f"ws://room:{server.port}", KNOWN | {"link": LINK, "seed": 1} | options
            client = netlib.Client(
                url, name="Ada", password=PASSWORD, network=network, witness=recorder, **known
            )
            seen = watch(client, netlib.clock)
            async with client:
                await play(network, client)
    return seen


async def chatting(_: testing.Network, client: netlib.Client) -> None:
    """Say something every half second, for three seconds."""
    for number in range(6):
        client.send(Chat(f"line {number}"))
        await asyncio.sleep(0.5)


async def coming_back(network: testing.Network, client: netlib.Client) -> None:
    """Lose the connection in the middle of a talk."""
    await chatting(network, client)
    network.cut()
    await chatting(network, client)


async def hearing_a_story(network: testing.Network, client: netlib.Client) -> None:
    """Be told something that comes in parts, in the middle of a talk."""
    client.send(Chat("a story?"))
    await chatting(network, client)


async def replayed(path: Path, **options: Any) -> tuple[recording.Replay, Seen]:
    """Play a recording to its end; return it, and what was seen at which of its times."""
    replay = recording.Replay(path, **KNOWN, **options)
    seen = watch(replay, lambda: replay.clock())
    await to_the_end(replay)
    return replay, seen


async def to_the_end(replay: recording.Replay) -> None:
    """Play it all."""
    async with replay:
        await testing.until(lambda: replay.time >= replay.duration, "the end", timeout=300)


@pytest.mark.parametrize("codec", [netlib.JSON, netlib.MSGPACK], ids=["JSON", "MessagePack"])
@pytest.mark.parametrize("play", [chatting, coming_back, hearing_a_story])
def test_a_recording_is_what_happened(
    play: Callable[..., Awaitable[object]], codec: Any, tmp_path: Path
) -> None:
    """Events, messages and states come again in the same order, at the same times, over reconnects."""
    live = testing.run(record(tmp_path / "a.rec", play, codec=codec))
    replay, again = testing.run(replayed(tmp_path / "a.rec"))
    assert len(live) > 60 and replay.problem == ""
    assert same(again) == same(live)
    assert [it[0] for it in again] == pytest.approx([it[0] for it in live], abs=2e-6)
    assert (STORY in [it[1] for it in again]) == (play is hearing_a_story)
    kinds = [type(it[1]) for it in again]
    assert kinds.count(netlib.Interrupted) == kinds.count(netlib.Connected) - 1 == (play is coming_back)


@testing.in_virtual_time
async def test_who_and_where(tmp_path: Path) -> None:
    """A replay knows from the start who was recorded, where, and when."""
    await record(tmp_path / "a.rec", chatting)
    async with recording.Replay(tmp_path / "a.rec", schema=SCHEMA) as replay:
        assert isinstance(replay, netlib.Client) and replay.connected
        assert (replay.player_id, replay.name, replay.room, replay.tick_rate) == (1, "Ada", "room", 20)
        assert replay.started.tzinfo is not None
        assert replay.duration == pytest.approx(3.2, abs=0.2)
        assert replay.poll() == [netlib.Connected(1)]
        replay.send("chat", text="is anybody there?")
    assert replay.poll()[-1] == netlib.Disconnected(1000, "goodbye")


@pytest.mark.parametrize("speed", [0.25, 1.0, 4.0, math.inf])
@testing.in_virtual_time
async def test_any_speed(speed: float, tmp_path: Path) -> None:
    """The same comes faster, slower, or at once; what was measured stays the same."""
    live = await record(tmp_path / "a.rec", chatting)
    began = netlib.clock()
    replay, again = await replayed(tmp_path / "a.rec", speed=speed)
    assert same(again) == same(live)
    assert netlib.clock() - began == pytest.approx(replay.duration / speed, abs=0.5 / speed + 0.01)
    assert replay.metrics.rtt == RTT
    assert replay.metrics.messages_in.total > 60 and replay.metrics.bytes_in.total > 3000
    assert replay.metrics.messages_out.total > 10
    assert replay.metrics.snapshots.total == sum(isinstance(it[1], netlib.StateChanged) for it in live)
    assert replay.server_clock.time(replay.clock()) == pytest.approx(live[-1][0], abs=0.2)


@testing.in_virtual_time
async def test_rates_are_those_of_then(tmp_path: Path) -> None:
    """A program that asks how many snapshots come in a second gets the recorded answer, at any speed."""
    await record(tmp_path / "a.rec", chatting)
    async with recording.Replay(tmp_path / "a.rec", **KNOWN, speed=10) as replay:
        for time in (1, 2.9):
            await testing.until(lambda time=time: replay.time > time, "a moment")  # type: ignore[misc]
            rate = replay.metrics.snapshots.per_second(replay.clock())
        assert rate == pytest.approx(20, abs=2)


@testing.in_virtual_time
async def test_pausing_and_going_faster(tmp_path: Path) -> None:
    """A paused replay stands still for as long as one likes; a new speed counts from where it is."""
    await record(tmp_path / "a.rec", chatting)
    async with recording.Replay(tmp_path / "a.rec", schema=SCHEMA) as replay:
        await asyncio.sleep(1)
        replay.poll()
        replay.paused = True
        there, tick = replay.time, replay.tick
        await asyncio.sleep(100)
        assert replay.poll() == [] and (replay.time, replay.tick) == (there, tick)
        replay.paused, replay.speed = False, 2.0
        await asyncio.sleep(0.5)
        replay.poll()
        assert replay.time == pytest.approx(there + 1, abs=0.05)
        replay.speed = 0.5
        await asyncio.sleep(0.5)
        replay.poll()
        assert replay.time == pytest.approx(there + 1.25, abs=0.05)


@testing.in_virtual_time
async def test_a_listener_may_pause(tmp_path: Path) -> None:
    """Pausing at a message stops right behind it, even at full speed."""
    await record(tmp_path / "a.rec", chatting)
    replay = recording.Replay(tmp_path / "a.rec", **KNOWN, speed=math.inf)

    def pause(chat: Chat) -> None:
        replay.paused = chat.text == "line 2"

    replay.on(Chat, pause)
    async with replay:
        await asyncio.sleep(10)
        assert [it.text for it in replay.poll() if isinstance(it, Chat)] == ["line 0", "line 1", "line 2"]


@testing.in_virtual_time
async def test_a_listener_may_slow_down(tmp_path: Path) -> None:
    """A program that hurries to a message can go on from there at an ordinary speed."""
    await record(tmp_path / "a.rec", chatting)
    replay = recording.Replay(tmp_path / "a.rec", **KNOWN, speed=math.inf)

    def slow_down(chat: Chat) -> None:
        replay.speed = 1.0 if chat.text == "line 2" else replay.speed

    replay.on(Chat, slow_down)
    async with replay:
        await asyncio.sleep(0.1)
        begun = replay.time
        await asyncio.sleep(1)
        assert 1 < begun < 1.5 and replay.time == pytest.approx(begun + 1, abs=0.05)


@testing.in_virtual_time
async def test_a_client_that_joins_twice(tmp_path: Path) -> None:
    """One recorder may see several stays of a client; each has its end."""
    async with a_room() as (network, _):
        with recording.Recorder(tmp_path / "a.rec") as recorder:
            client = await network.join(password=PASSWORD, schema=SCHEMA, witness=recorder)
            await client.close()
            await client.open()
            await asyncio.sleep(1)
            await client.close()
    _, seen = await replayed(tmp_path / "a.rec")
    comings = [it[1] for it in seen if not isinstance(it[1], netlib.StateChanged)]
    gone = netlib.Disconnected(1000, "goodbye")
    assert comings == [netlib.Connected(1), gone, netlib.Connected(2), gone]


@pytest.mark.parametrize("speed", [0, -1, math.nan])
def test_a_speed_that_is_none(speed: float, tmp_path: Path) -> None:
    """A speed is more than 0; standing still is `paused`."""
    testing.run(record(tmp_path / "a.rec", chatting))
    with pytest.raises(ValueError, match="choose more than 0, or pause"):
        recording.Replay(tmp_path / "a.rec", speed=speed)
    replay = recording.Replay(tmp_path / "a.rec")
    with pytest.raises(ValueError, match="choose more than 0"):
        replay.speed = speed
    assert replay.speed == 1


@testing.in_virtual_time
async def test_a_recorder_that_ends_first(tmp_path: Path) -> None:
    """A recording that was stopped in the middle of the game ends with a reason that says so."""
    async with a_room() as (network, _):
        with recording.Recorder(tmp_path / "a.rec") as recorder:
            client = await network.join(password=PASSWORD, schema=SCHEMA, witness=recorder)
            await asyncio.sleep(1)
        await asyncio.sleep(1)
        assert client.connected
    replay, seen = await replayed(tmp_path / "a.rec")
    assert seen[-1][1] == netlib.Disconnected(1000, "the recording ends here")
    assert replay.duration == pytest.approx(1, abs=0.1)


def players(seen: Seen) -> list[Any]:
    """What happened but for the end."""
    return [it[1:] for it in seen if not isinstance(it[1], netlib.Disconnected)]


def test_a_file_that_breaks_off_at_any_byte(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Cut anywhere, it is a clear error or plays what is whole, to the end, with a warning."""

    async def a_little(network: testing.Network, client: netlib.Client) -> None:
        client.send(Chat("hi"))
        await asyncio.sleep(0.4)

    testing.run(record(tmp_path / "a.rec", a_little))
    _, whole = testing.run(replayed(tmp_path / "a.rec"))
    data, lengths = (tmp_path / "a.rec").read_bytes(), list[int]()
    assert not caplog.records
    for size in range(len(data)):
        path = tmp_path / "cut.rec"
        path.write_bytes(data[:size])
        caplog.clear()
        try:
            replay, seen = testing.run(replayed(path, speed=math.inf))
        except recording.RecordingError as error:
            assert "is empty" in str(error) or "breaks off" in str(error)
            assert not lengths, "what a shorter file holds, a longer one does, too"
            continue
        lengths.append(len(players(seen)))
        assert players(seen) == players(whole)[: len(players(seen))]
        assert replay.problem == "the file breaks off"
        assert [it for it in caplog.messages if "is not whole: the file breaks off" in it]
        assert isinstance(seen[-1][1], netlib.Disconnected)
    assert lengths == sorted(lengths) and lengths[0] == 0 and lengths[-1] == len(players(whole)) > 5


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a recording that is good."""
    path = tmp_path_factory.mktemp("good") / "a.rec"
    testing.run(record(path, chatting))
    return path


@given(place=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
def test_a_damaged_file(place: float, bits: int, good: Path) -> None:
    """One wrong byte is a clear error, or a warning, and never a traceback."""
    data = bytearray(good.read_bytes())
    data[int(place * len(data))] ^= bits
    path = good.with_name("damaged.rec")
    path.write_bytes(data)
    try:
        replay = recording.Replay(path, **KNOWN, speed=math.inf)
    except recording.RecordingError:
        return
    # Some bits say nothing: in gzip's header, and between a block's head and the next whole byte.
    assert replay.problem or gzip.decompress(data) == gzip.decompress(good.read_bytes())
    testing.run(to_the_end(replay))


def test_damage_is_told_from_a_missing_end(good: Path) -> None:
    """A file that was copied badly should be copied again; what breaks off was never written."""
    data = bytearray(good.read_bytes())
    data[len(data) // 2] ^= 1
    good.with_name("b.rec").write_bytes(data)
    assert recording.Replay(good.with_name("b.rec")).problem == "the file is damaged"


HEADER = (
    b'{"format":"netlib recording","version":1,"started":"2026-01-02T03:04:05Z","clock":0,'
    b'"codec":"netlib.v1.json"}\n'
)


@pytest.mark.parametrize(
    ("records", "problem"),
    [
        (b"", "the file breaks off"),
        (packed(5) + b"\x01" + packed(0), "the file breaks off"),
        (packed(5) + b"\x01" + packed(2**40) + bytes(50), "the file is damaged"),
        (packed(5) + b"\x05" + packed(0), "the file is damaged"),
        (b"\x80" * 1000, "the file is damaged"),
        (packed(5) + b"\x02" + packed(2) + b"{}" + packed(0) + b"\x00" + packed(0), ""),
    ],
)
@testing.in_virtual_time
async def test_nonsense_is_played_to_its_end(records: bytes, problem: str, tmp_path: Path) -> None:
    """Without a single message there is still an end; what makes no sense is damage."""
    (tmp_path / "a.rec").write_bytes(gzip.compress(HEADER + records))
    replay, seen = await replayed(tmp_path / "a.rec")
    assert replay.problem == problem
    reason = "the recording breaks off here" if problem else "the recording ends here"
    assert [it[1].reason for it in seen] == [reason]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\x1f", "breaks off"),
        (b"hello, this is text", "is not a recording"),
        (gzip.compress(b"", mtime=0), "is not a recording"),
        (gzip.compress(b"hello", mtime=0), "is not a recording"),
        (gzip.compress(b'{"format":"something else","version":1}\n', mtime=0), "is not a recording"),
        (gzip.compress(b"x" * 1_000_000, mtime=0), "is not a recording"),
        (
            gzip.compress(b'{"format":"netlib recording","version":2}\n', mtime=0),
            "version 2.*plays version 1",
        ),
        (
            gzip.compress(HEADER.replace(b"json", b"xml"), mtime=0),
            "'netlib.v1.xml', which this netlib does not know",
        ),
    ],
)
def test_files_that_cannot_be_played(content: bytes, words: str, tmp_path: Path) -> None:
    """Each is one sentence that names the file and says what is wrong."""
    (tmp_path / "a.rec").write_bytes(content)
    with pytest.raises(recording.RecordingError, match=f"a.rec.*{words}"):
        recording.Replay(tmp_path / "a.rec")


class Spy(recording.Recorder):
    """Keeps what really crosses the wire, too."""

    crossed = b""

    def sent(self, data: bytes) -> None:
        self.crossed += data
        super().sent(data)

    def received(self, data: bytes) -> None:
        self.crossed += data
        super().received(data)


@pytest.mark.parametrize("codec", [netlib.JSON, netlib.MSGPACK], ids=["JSON", "MessagePack"])
@testing.in_virtual_time
async def test_secrets_are_not_in_the_file(codec: Any, tmp_path: Path) -> None:
    """Passwords, the host's too, nonces and resume tokens are blanked out; what is said stays."""
    async with a_room() as (network, _):
        with Spy(tmp_path / "a.rec") as recorder:
            ada = await network.join(password=PASSWORD, codec=codec, messages=[Chat], witness=recorder)
            ada.send(frames.Command(do="host", password=HOST_PASSWORD))
            ada.send(Chat('is the "password" secret?'))
            await asyncio.sleep(0.2)
            network.cut()
            await asyncio.sleep(2)
            assert ada.connected
            secrets = [ada._membership._token, ada._membership._nonce, PASSWORD, HOST_PASSWORD]
    written = gzip.decompress((tmp_path / "a.rec").read_bytes())
    for secret in secrets:
        assert secret.encode() in recorder.crossed and secret.encode() not in written
    assert b"is the" in written and written.count("…".encode()) >= 7


@testing.in_virtual_time
async def test_a_killed_program_loses_a_second(tmp_path: Path) -> None:
    """What is older than a second is in the file, also when the program never closes it."""
    async with a_room() as (network, server):
        recorder = recording.Recorder(tmp_path / "a.rec")
        ada = await network.join(password=PASSWORD, schema=SCHEMA, witness=recorder)
        assert recording.Tape(tmp_path / "a.rec").codec is netlib.JSON
        await asyncio.sleep(5.3)
        tick, data = ada.tick, (tmp_path / "a.rec").read_bytes()
        recorder.close()
    (tmp_path / "killed.rec").write_bytes(data)
    replay, seen = await replayed(tmp_path / "killed.rec", speed=math.inf)
    assert tick - server.tick_rate - 1 <= replay.tick <= tick
    assert seen[-1][1] == netlib.Disconnected(1006, "the recording breaks off here")


@testing.in_virtual_time
async def test_a_full_disk_disturbs_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The recording ends with one warning, and the game goes on."""
    async with a_room() as (network, server):
        recorder = recording.Recorder(tmp_path / "a.rec")
        full = OSError(errno.ENOSPC, "No space left on device")
        disk = Mock(**{"write.side_effect": full, "close.side_effect": full})
        ada = await network.join(password=PASSWORD, schema=SCHEMA, witness=recorder)
        assert recorder._file is not None
        recorder._file.close()
        recorder._file = disk
        await testing.snapshot(ada, tick=server.tick + 50)
        recorder.close()
    assert disk.write.call_count == 1
    assert [it.levelno for it in caplog.records] == [logging.WARNING]
    assert "a.rec ends here: No space left on device" in caplog.messages[0]


@testing.in_virtual_time
async def test_the_file_can_be_looked_into(tmp_path: Path) -> None:
    """It is gzip, and begins with a line of JSON; a tape gives each message with its time and direction."""
    await record(tmp_path / "a.rec", chatting)
    line, _, _ = gzip.decompress((tmp_path / "a.rec").read_bytes()).partition(b"\n")
    assert msgspec.json.decode(line)["format"] == "netlib recording"
    records = list(recording.Tape(tmp_path / "a.rec"))
    assert [it.kind.name for it in records[:3]] == ["OPENED", "SENT", "RECEIVED"]
    assert [it.kind.name for it in records[-2:]] == ["CLOSED", "ENDED"]
    assert b'"hello"' in records[1].data and b'"welcome"' in records[2].data
    assert records[2].time - records[1].time == RTT
    assert records[-2].close == (1000, "goodbye")
