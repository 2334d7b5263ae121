"""`workshop replay --export`: pictures of a stretch as files; and recordings of somebody else's game."""

import asyncio
import gzip
from math import inf, nan
from pathlib import Path

import pygame
import pytest
from msgspec.msgpack import Ext

import netlib
from netlib import testing
from netlib.recording import Film, Recorder
from tests.support.commands import names, workshop
from tests.support.recordings import Facts, a_game_to_watch
from tests.support.sessions import Thing
from workshop import extras
from workshop.errors import WorkshopError
from workshop.game.play.replay import export, messages
from workshop.game.play.replay.export import GIF_FPS, GIF_SIZE, PICTURES, STRIP_SIZE


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """Give a recording and what happened in it."""
    return a_game_to_watch(tmp_path_factory.mktemp("rec") / "a.rec")


async def test_a_gif(facts: Facts, tmp_path: Path) -> None:
    """It has all pictures of the stretch, moves, repeats, and is small enough for a page."""
    images = pytest.importorskip("PIL.GifImagePlugin")
    file = tmp_path / "o.gif"
    file.write_text("mine")
    words = ("--from", "1", "--to", "5", "--export", str(file))
    ended = await workshop("replay", str(facts.film.path), *words)
    assert (ended.code, ended.err) == (0, "") and ended.out.endswith(f"Saved in {file}.\n")
    assert (tmp_path / "o.1.gif").read_text() == "mine"
    with images.GifImageFile(file) as gif:
        assert (gif.size, gif.n_frames, gif.info["loop"]) == (GIF_SIZE, 4 * GIF_FPS, 0)
        pictures = set()
        for number in range(gif.n_frames):
            gif.seek(number)
            pictures.add(gif.convert("RGB").tobytes())
    assert len(pictures) > 0.9 * 4 * GIF_FPS and file.stat().st_size < 3e6


async def test_a_strip(facts: Facts, tmp_path: Path) -> None:
    """Pictures of the stretch in a row, each of another moment, over another link, too."""
    file = tmp_path / "o.PNG"
    words = ("--from", "1", "--to", "4", "--network", "3g", "--export", str(file))
    ended = await workshop("replay", str(facts.film.path), *words)
    assert ended.code == 0
    strip = pygame.image.load(file)
    (width, height) = STRIP_SIZE
    assert strip.width == PICTURES * width
    parts = [strip.subsurface((number * width, 0, width, height)) for number in range(PICTURES)]
    assert len({pygame.image.tobytes(it, "RGB") for it in parts}) == PICTURES


async def test_what_cannot_be_saved(facts: Facts, tmp_path: Path) -> None:
    """A wrong name, no folder, a stretch that is none or too long: each is told, and nothing is written."""
    path = str(facts.film.path)
    for words, told in (
        (("--export", str(tmp_path / "o.mp4")), "ends in .gif, or in .png"),
        (("--export", str(tmp_path / "no" / "o.gif")), "there is no folder"),
        (
            ("--from", "3", "--to", "2", "--export", str(tmp_path / "o.gif")),
            "cannot be saved: that is nothing",
        ),
        (("--from", "99", "--export", str(tmp_path / "o.png")), "cannot be saved: that is nothing"),
    ):
        ended = await workshop("replay", path, *words)
        assert ended.code == 2 and told in ended.err and "Traceback" not in ended.err
    assert names(tmp_path) == []
    with pytest.raises(WorkshopError, match="a GIF has at most 30 s"):
        export.save(tmp_path / "o.gif", 0, 31, lambda *_: [])


def test_without_pillow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is missing is told with the command that gets it; a strip needs nothing."""
    monkeypatch.setattr(extras, "is_here", lambda _: False)
    monkeypatch.setattr(extras, "is_inside", lambda _: False)
    with pytest.raises(extras.NotInstalled, match=r'-m pip install "pillow>=10"$'):
        export.save(tmp_path / "o.gif", 0, 1, lambda *_: [])
    pygame.font.init()
    export.save(tmp_path / "o.png", 0, 1, lambda times, size: (pygame.Surface(size) for _ in times))
    assert (tmp_path / "o.png").exists()


# Somebody else's game.


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a recording of a game of things that have places, and of a message that we do not know."""
    path = tmp_path_factory.mktemp("rec") / "other.rec"

    async def play() -> None:
        async with testing.Network() as network:
            server = await network.serve(tick_rate=20)
            things = {"players": {7: Thing(5), 8: Thing(9)}}
            server.on_tick(lambda _: server.publish({"moves": {1: {"x": server.tick, "y": 2.5}}, **things}))
            link = netlib.LinkConditions(latency=0.05)
            server.declare("emote")
            with Recorder(path) as recorder:
                await network.join(witness=recorder, messages=["emote"], link=link)
                server.broadcast("emote", kind="wave")
                await asyncio.sleep(2)

    testing.run(play())
    return path


async def test_another_game_is_seen(others: Path, tmp_path: Path) -> None:
    """Its messages are listed, the newest in full; what has a place is drawn where it is."""
    shots = []
    for begin in ("0.5", "1.5"):
        file = tmp_path / f"{begin}.png"
        words = ("--from", begin, "--speed", "0.01", "--seconds", "0.1", "--screenshot", str(file))
        ended = await workshop("replay", str(others), *words)
        assert (ended.code, ended.out, ended.err) == (0, "", "")
        shots.append(pygame.image.load(file))
    worlds = [it.subsurface((0, 0, 700, 300)) for it in shots]
    assert len({pygame.image.tobytes(it, "RGB") for it in worlds}) == 2, "the disc moves"
    ended = await workshop("replay", str(others), "--to", "1", "--export", str(tmp_path / "o.png"))
    assert ended.code == 0


async def test_another_version_of_the_game(facts: Facts, tmp_path: Path) -> None:
    """Players without a name are none of ours: the messages are shown."""
    old = tmp_path / "old.rec"
    old.write_bytes(
        gzip.compress(gzip.decompress(facts.film.path.read_bytes()).replace(b'"name"', b'"nick"'))
    )
    ended = await workshop("replay", str(old), "--seconds", "0.2", "--screenshot", str(tmp_path / "o.png"))
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert (tmp_path / "o.png").exists()


async def test_what_only_messagepack_has(tmp_path: Path) -> None:
    """Places that are no numbers, keys that JSON does not have, messages of no type: nothing of it ends."""
    path, odd = tmp_path / "odd.rec", enumerate((5.0, inf, -inf, nan, 1e308, -1e308), 1)
    state = {"moves": {str(id): {"x": place, "y": 2.5} for id, place in odd}}
    snapshot = {"type": "snapshot", "tick": 99, "last_input_seq": 0, "full": True, "state": state}

    async def play() -> None:
        async with testing.Network() as network:
            await network.serve(tick_rate=20)
            with Recorder(path) as recorder:
                await network.join(witness=recorder, codec=netlib.MSGPACK)
                last = {"type": "a", "b": {None: Ext(1, b"")}}
                for message in ({"type": 5}, {"type": None}, snapshot, last):
                    recorder.received(netlib.MSGPACK.encode(message))

    await asyncio.to_thread(testing.run, play())
    ended = await workshop("replay", str(path), "--from", "9", "--seconds", "0.1")
    assert (ended.code, ended.out) == (0, "") and "Traceback" not in ended.err
    assert ended.err.count("Expected `str`, got `None`") == 1, "however often it is read"
    assert messages.names(Film(path)) == {"a"}


async def test_no_state_at_all(tmp_path: Path) -> None:
    """A program that publishes nothing has messages; they are shown."""
    path = tmp_path / "chat.rec"

    async def play() -> None:
        async with testing.Network() as network:
            server = await network.serve(tick_rate=20)
            server.declare("chat")
            with Recorder(path) as recorder:
                await network.join(witness=recorder, messages=["chat"], link=netlib.LinkConditions(0.02))
                server.broadcast("chat", text="hi")
                await asyncio.sleep(1)

    await asyncio.to_thread(testing.run, play())
    ended = await workshop("replay", str(path), "--seconds", "0.2", "--screenshot", str(tmp_path / "o.png"))
    assert (ended.code, ended.out, ended.err) == (0, "", "")
