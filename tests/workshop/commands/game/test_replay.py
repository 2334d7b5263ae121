"""Recording with --record, and `workshop replay`: what was recorded is seen, and what cannot be is told."""

import asyncio
import functools
import gzip
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pygame
import pytest

import netlib
from netlib import testing
from netlib.client.dial import NOBODY
from netlib.recording import Film, Kind, Recorder, RecordingError, Replay, Tape
from solutions.step14_public.server import make_server
from tests.support import pixels, rooms
from tests.support.commands import TYPED, address, names, workshop
from tests.support.processes import python, running, wait_until_async
from tests.support.spectator import expected, missing
from workshop.commands import options
from workshop.game.drawing.palette import ACCENT
from workshop.game.drawing.replay_panels import HEIGHT, TRACK, TRACK_AT, Progress, draw_bar, minutes
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window
from workshop.game.play.replay import start, theatre
from workshop.game.play.replay.theatre import Theatre, other_speed
from workshop.game.play.replay.world import Follower, World
from workshop.game.rules.entities import ROUND_ID, SCHEMA, Player
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import MESSAGES, Chat, Move
from workshop.instructor.recorder import recorded

PASSWORD = "open sesame"
SECONDS = 3.0
in_slow_virtual_time = testing.in_virtual_time(real_limit=100)  # seconds: drawing takes real time
HEADER = (
    b'{"format":"netlib recording","version":1,"started":"2026-01-02T03:04:05Z","clock":0,'
    b'"codec":"netlib.v1.json"}\n'
)


@asynccontextmanager
async def a_game(**more: Any) -> AsyncIterator[tuple[testing.Network, netlib.Server]]:
    """Give the game in memory."""
    async with testing.Network() as network:
        yield network, await network.serve(make_server, seed=5, **more)


async def _record(path: Path, *, spectator: bool) -> None:
    """Record some seconds of a game in which Ada and Bob run to the right."""
    async with a_game() as (network, _):
        with Recorder(path) as recorder:
            known: dict[str, Any] = {"messages": MESSAGES, "schema": SCHEMA}
            watcher = await network.join("Eve", spectator=spectator, witness=recorder, **known)
            both = [await network.join(name, **known) for name in ("Ada", "Bob")]
            both[0].send(Chat("here we go"))
            for _ in range(int(SECONDS * 30)):
                for one in both:
                    one.send_input(Move(move=(1.0, 0.0)))
                await asyncio.sleep(1 / 30)
            await watcher.close()


@pytest.fixture(scope="module")
def room_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the recording of a spectator."""
    path = tmp_path_factory.mktemp("rec") / "room.rec"
    in_slow_virtual_time(_record)(path, spectator=True)
    return path


# The command.


async def test_a_recording_is_seen(room_file: Path, tmp_path: Path) -> None:
    """The picture has everybody in its place, as the recorded state of that moment says, and the bar."""
    file = tmp_path / "last.png"
    ended = await workshop("replay", str(room_file), "--speed", "4", "--screenshot", str(file))
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    whole = pygame.image.load(file)
    picture = whole.subsurface((0, 0, whole.width, whole.height - HEIGHT))
    async with Replay(room_file, messages=MESSAGES, schema=SCHEMA, speed=math.inf) as replay:
        await testing.until(lambda: replay.finished, "the end")
        state = replay.state
    map, ada = make_map(state["round"][ROUND_ID].seed), min(state["players"])
    assert {"Ada", "Bob"} & {what for what, _, _ in expected(picture.size, state, ada, map)}
    lacking = missing(picture, state, ada, map)
    assert not [it for it in lacking if it.startswith(("Ada", "Bob"))], lacking
    assert whole.get_at((1255, whole.height - HEIGHT + TRACK_AT + TRACK // 2))[:3] == ACCENT, (
        "the bar is full"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "a.rec is empty: nothing was recorded"),
        (b"hello", "a.rec is not a recording of netlib"),
        (gzip.compress(b'{"format":"netlib recording","version":7}\n', mtime=0), "plays version 1"),
        (gzip.compress(HEADER, mtime=0), "ends before there is anything to show"),
    ],
)
async def test_what_cannot_be_played_is_told(content: bytes, words: str, tmp_path: Path) -> None:
    """No recording, another version, nothing in it: a sentence each, and exit code 2."""
    (tmp_path / "a.rec").write_bytes(content)
    ended = await workshop("replay", str(tmp_path / "a.rec"), "--seconds", "1")
    assert ended.code == 2 and ended.out == "" and "Traceback" not in ended.err
    assert words in ended.err.splitlines()[-1]


async def test_no_file_a_folder_and_impossible_speeds(tmp_path: Path) -> None:
    """Each is told at the start."""
    for path in (tmp_path / "none.rec", tmp_path):
        assert f"cannot read {path}" in (await workshop("replay", str(path))).sentence
    for speed in ("0", "-1", "nan"):
        assert "choose a number above 0" in (await workshop("replay", "a.rec", "--speed", speed)).err
    for option in ("--from", "--to", "--seconds"):
        assert "choose a number of 0 or more" in (await workshop("replay", "a.rec", option, "nan")).err
    assert "add --export FILE" in (await workshop("replay", "a.rec", "--to", "3")).err


def cut_short(whole: Path, to: Path) -> None:
    """Copy two thirds of a file."""
    data = whole.read_bytes()
    to.write_bytes(data[: len(data) * 2 // 3])


async def test_a_file_that_breaks_off_is_played(room_file: Path, tmp_path: Path) -> None:
    """What there is of it is shown, with a warning on the console, and exit code 0."""
    cut, file = tmp_path / "cut.rec", tmp_path / "last.png"
    cut_short(room_file, cut)
    ended = await workshop("replay", str(cut), "--seconds", "0.5", "--screenshot", str(file))
    assert ended.code == 0 and file.exists()
    assert "cut.rec is not whole: the file breaks off after" in ended.err


# The window.


def press(theatre: Theatre, *keys: int, modifiers: int = 0) -> None:
    """Press one key after the other."""
    for key in keys:
        theatre.press(pygame.event.Event(pygame.KEYDOWN, key=key, mod=modifiers))


def world(theatre: Theatre) -> World:
    """Give what draws the world of a recording of ours."""
    assert isinstance(theatre.picture, World)
    return theatre.picture


@asynccontextmanager
async def a_theatre(path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Theatre]:
    """Give a replay in a window that nobody sees."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    async with await start.known(Film(path)) as replay:
        replay.paused = True
        window = Window("test")
        try:
            show = Theatre(replay, window, "")
            replay.paused = False
            yield show
        finally:
            window.close()


@in_slow_virtual_time
async def test_the_keys(room_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Space pauses, up and down change the speed, Tab and Shift+Tab go round the players, Esc ends it."""
    async with a_theatre(room_file, monkeypatch) as theatre:
        await asyncio.sleep(1)
        theatre.replay.poll()
        names = {id: player.name for id, player in theatre.replay.state["players"].items()}
        for modifiers, followed in ((0, "Ada"), (0, "Bob"), (0, "Ada"), (pygame.KMOD_SHIFT, "Bob")):
            press(theatre, pygame.K_TAB, modifiers=modifiers)
            assert names[world(theatre).follower.id] == followed
        press(theatre, pygame.K_w)
        assert world(theatre).follower.id == 0
        press(theatre, pygame.K_UP, pygame.K_SPACE)
        assert theatre.replay.speed == 2 and theatre.replay.paused
        press(theatre, pygame.K_SPACE, pygame.K_DOWN, pygame.K_DOWN)
        assert theatre.replay.speed == 0.5 and not theatre.replay.paused and not theatre.quit
        press(theatre, pygame.K_ESCAPE)
        assert theatre.quit


@in_slow_virtual_time
async def test_flying_goes_by_place(room_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The French Z is where a US keyboard has W: it flies, and the bar shows it; the French W does not."""
    async with a_theatre(room_file, monkeypatch) as theatre:
        await asyncio.sleep(1)
        theatre.replay.poll()
        press(theatre, pygame.K_TAB)
        for key, place, flies in ((pygame.K_w, pygame.KSCAN_Z, False), (pygame.K_z, pygame.KSCAN_W, True)):
            theatre.press(pygame.event.Event(pygame.KEYDOWN, key=key, scancode=place))
            assert (world(theatre).follower.id == 0) is flies
        assert theatre.progress().flying == "Z ← ↓ →"


@in_slow_virtual_time
async def test_movement_is_smooth(room_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a fourth of the speed, players move between two snapshots, a little in every frame."""
    places: list[int] = []
    async with a_theatre(room_file, monkeypatch) as theatre:
        theatre.replay.speed = 0.25
        await asyncio.sleep(4)
        async for dt in netlib.frames(60):
            theatre.replay.poll()
            places.append(min(world(theatre).see(dt).players.items())[1].x)
            if len(places) == 60:
                break
    steps = [after - before for before, after in pairwise(places)]
    assert min(steps) >= 0 and places[-1] - places[0] > 0
    assert max(steps) < 3 * (places[-1] - places[0]) / len(steps), "no jumps"


@in_slow_virtual_time
async def test_it_ends_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A while after the last picture; what people said is heard; the recorded player is followed."""
    await _record(tmp_path / "eve.rec", spectator=False)
    async with a_theatre(tmp_path / "eve.rec", monkeypatch) as show:
        began = netlib.clock()
        await show.play(None)
        took = netlib.clock() - began
    assert took == pytest.approx(SECONDS + theatre.FAREWELL_SECONDS, abs=0.5)
    assert show.replay.name == "Eve" and world(show).follower.id == show.replay.player_id
    assert "here we go" in [line[1] for line in world(show).chat._lines]


def test_who_is_followed() -> None:
    """At first the recorded player or the best, and somebody else when who was followed is gone."""

    follower = Follower(own_id=2)

    def playing(**scores: int) -> dict[int, Player]:
        return {int(id[1:]): Player(id, 0, 0, 0, score) for id, score in scores.items()}

    def followed(**scores: int) -> int:
        follower.keep(Scene(playing(**scores), {}, None))  # type: ignore[arg-type]
        return follower.id

    assert [followed(), followed(p1=1, p3=5), followed(p1=9, p3=5), followed(p1=9, p2=1)] == [0, 3, 3, 2]
    follower.fly()
    assert followed(p1=9, p2=1) == 0
    follower.next({}, 1)
    assert follower.id == 0
    follower.next(playing(p1=9, p3=1), -1)
    assert follower.id == 3 and followed(p1=9) == 1


def test_the_speeds_of_the_keys() -> None:
    """From slow to fast, and no further; a speed in between goes to its neighbour."""
    assert [other_speed(1.0, faster=True), other_speed(1.0, faster=False)] == [2.0, 0.5]
    assert [other_speed(3.0, faster=True), other_speed(3.0, faster=False)] == [4.0, 2.0]
    assert other_speed(0.125, faster=False) == 0.125 and other_speed(math.inf, faster=True) == math.inf


@pytest.mark.parametrize("size", [(200, 150), (1280, 720), (2560, 1440)])
def test_the_bar_in_any_window(monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> None:
    """In small and in large windows its line is as full as the recording is over; nothing known is all."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    window = Window("test")
    pygame.display.set_mode(size, pygame.RESIZABLE)
    window.events()
    widths = []
    for time, duration in ((0, 6), (3, 6), (6, 6), (0, 0)):
        window.surface.fill((0, 0, 0))
        draw_bar(window.surface, window.text, Progress("x" * 99, time, duration, 0.25, paused=True))
        px = window.text.px
        line = pygame.Rect(0, size[1] - px(HEIGHT) + px(TRACK_AT) + px(TRACK) // 2, size[0], 1)
        widths.append(pixels.count(window.surface, ACCENT, line))
    begin, half, whole, unknown = widths
    window.close()
    assert 0 < begin < half < whole == unknown > size[0] / 3
    assert half - begin == pytest.approx(whole - half, rel=0.1), "but for the knob at its end"


def test_times_and_shares_in_words() -> None:
    """Minutes as people read them; what is past the end is all of it."""
    assert [minutes(it) for it in (0, 59.9, 60, 3605)] == ["0:00", "0:59", "1:00", "60:05"]
    assert [minutes(65.259, 2), minutes(0.1, 1)] == ["1:05.25", "0:00.1"]
    assert Progress("", 3, 6, 1).share(3) == 0.5 and Progress("", 7, 6, 1).share(7) == 1


# Recording.


async def test_a_player_records(tmp_path: Path) -> None:
    """`join --record` says how to watch it; what was there under that name is kept; no password is in it."""
    file = tmp_path / "ada.rec"
    file.write_text("mine")
    async with rooms.a_game(password=PASSWORD) as server:
        words = ["--name", "Ada", "--password", PASSWORD, "--seconds", "2", "--record", str(file)]
        ended = await workshop("join", rooms.url(server), *words)
    assert ended.code == 0 and ended.err == ""
    assert ended.out == f"Recorded. To watch it: {TYPED} replay {file}\n"
    assert (tmp_path / "ada.1.rec").read_text() == "mine"
    records = list(Tape(file))
    assert records[-1].kind is Kind.ENDED and sum(b'"snapshot"' in it.data for it in records) > 0
    assert PASSWORD.encode() not in gzip.decompress(file.read_bytes())


async def test_a_recording_that_cannot_begin(tmp_path: Path) -> None:
    """No such folder is told before the game; a room that is not there leaves no empty file."""
    ended = await workshop("join", "127.0.0.1:1", "--record", str(tmp_path / "no" / "a.rec"))
    assert "cannot write the recording" in ended.sentence
    ended = await workshop("join", "127.0.0.1:1", "--record", str(tmp_path / "a.rec"))
    assert (ended.code, names(tmp_path)) == (2, [])


def test_without_the_option_nobody_listens() -> None:
    """A command that does not record gets a witness that takes no notice."""
    assert options.record_option(lambda witness: witness)(record=None) is NOBODY


def has_received(file: Path) -> bool:
    """Whether what somebody was sent is in a recording by now."""
    with suppress(RecordingError):
        return any(it.kind is Kind.RECEIVED for it in Tape(file))
    return False


async def test_a_room_is_recorded(tmp_path: Path) -> None:
    """`host --record` writes down what a spectator sees, with a password, too; Ctrl-C ends it well."""
    file = tmp_path / "room.rec"
    words = ["host", "--port", "0", "--max-players", "1", "--password", PASSWORD, "--record", str(file)]
    source = f"import sys; from workshop import cli; sys.argv[1:] = {words!r}; cli.main()"
    with running(python("-c", source), tmp_path / "log", environ={"WORKSHOP_TYPED": TYPED}) as program:
        url = address(program)
        known: dict[str, Any] = {"messages": MESSAGES, "schema": SCHEMA}
        await wait_until_async(lambda: has_received(file), "the recorder is in the room")
        async with netlib.connect(url, name="Ada", password=PASSWORD, **known) as ada:
            ada.send(Chat("is this on?"))
            await wait_until_async(lambda: Chat("is this on?", sender=ada.player_id) in ada.poll(), "an echo")
        program.interrupt()
        assert await asyncio.to_thread(program.wait) == 0
    assert f"Recorded. To watch it: {TYPED} replay {file}" in program.text().splitlines()
    records = list(Tape(file))
    chats = [it for it in records if it.kind is Kind.RECEIVED and b"is this on?" in it.data]
    assert len(chats) == 1 and msgspec.msgpack.decode(chats[0].data)["type"] == "chat"
    assert records[-1].kind is Kind.ENDED and b"spectator" in records[1].data


@asynccontextmanager
async def a_recorded_game(
    path: Path, monkeypatch: pytest.MonkeyPatch, password: str = PASSWORD
) -> AsyncIterator[tuple[testing.Network, netlib.Server, list[str]]]:
    """Give a game whose recorder knows this password, and the warnings that the host gets."""
    warnings: list[str] = []
    async with a_game(password=PASSWORD) as (network, server):
        monkeypatch.setattr(netlib, "connect", functools.partial(netlib.connect, network=network))
        with Recorder(path) as recorder:
            async with recorded(server, recorder, password=password, warn=warnings.append):
                yield network, server, warnings


@testing.in_virtual_time
async def test_the_rooms_recorder_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a cut it goes on by itself; once it is kicked, the room is told and goes on without it."""
    async with a_recorded_game(tmp_path / "a.rec", monkeypatch) as (network, server, warnings):
        await testing.until(lambda: server.peers, "the recorder")
        assert not server.players
        network.cut()
        await asyncio.sleep(3)
        (peer,) = server.peers
        assert peer.connected and not warnings
        peer.kick("enough")
        await asyncio.sleep(3)
        assert warnings == ["The room is not recorded any more: enough."]
        assert (await network.join("Ada", password=PASSWORD)).connected
    kinds = [it.kind for it in Tape(tmp_path / "a.rec")]
    assert kinds.count(Kind.OPENED) == kinds.count(Kind.CLOSED) == 2


@testing.in_virtual_time
async def test_a_recorder_that_is_not_let_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a warning, and nothing else."""
    async with a_recorded_game(tmp_path / "a.rec", monkeypatch, "wrong") as (_, _, warnings):
        await asyncio.sleep(1)
    assert [it.partition(":")[0] for it in warnings] == ["The room is not recorded"]


@testing.in_virtual_time
async def test_a_recorder_that_fails_in_another_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that happens to it is silent, and nothing ends the room."""
    warnings: list[str] = []

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("this is a test")

    monkeypatch.setattr("netlib.transport.tcp.Network.connect", broken)
    async with a_game() as (_, server):
        with Recorder(tmp_path / "a.rec") as recorder:
            async with recorded(server, recorder, warn=warnings.append):
                await asyncio.sleep(1)
    assert warnings == ["The room is not recorded: this is a test"]
