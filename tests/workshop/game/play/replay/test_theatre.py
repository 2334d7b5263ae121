"""Going about in a recording, by keys and by mouse, and what is seen there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pygame
import pytest

import netlib
from netlib import testing
from netlib.protocol import frames
from netlib.recording import Film, Recorder
from solutions.step14_public.server import make_server
from tests.support.recordings import KNOWN, Facts, a_game_to_watch
from workshop.game.drawing.replay_panels import bar_box, track_box
from workshop.game.drawing.window import Window
from workshop.game.play.replay import start
from workshop.game.play.replay.theatre import SKIP, Theatre

in_slow_virtual_time = testing.in_virtual_time(real_limit=100)  # seconds: drawing takes real time


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """Give a recording and what happened in it."""
    return a_game_to_watch(tmp_path_factory.mktemp("rec") / "a.rec")


@asynccontextmanager
async def shown(film: Film, monkeypatch: pytest.MonkeyPatch, link: str = "") -> AsyncIterator[Theatre]:
    """Give a paused replay in a window that nobody sees."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    async with await start.known(film) as replay:
        replay.paused = True
        window = Window("test")
        try:
            yield Theatre(replay, window, link)
        finally:
            window.close()


def press(theatre: Theatre, *keys: int, shift: bool = False) -> None:
    """Press one key after the other."""
    for key in keys:
        mod = pygame.KMOD_SHIFT if shift else 0
        theatre.take(pygame.event.Event(pygame.KEYDOWN, key=key, mod=mod))


def picture(theatre: Theatre) -> bytes:
    """What the world looks like now."""
    theatre.draw(0.0, 0.0)
    surface, text = theatre.window.surface, theatre.window.text
    world = surface.subsurface((0, 0, surface.width, bar_box(surface, text).top))
    return pygame.image.tobytes(world, "RGB")


@in_slow_virtual_time
async def test_scrubbing_by_keys(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """The arrows go some seconds, with Shift a snapshot; Home and End to the ends; never beyond them."""
    async with shown(facts.film, monkeypatch) as theatre:
        replay, steps = theatre.replay, sorted({*theatre.contents.steps})
        assert replay.time == steps[0] and not theatre.touched
        press(theatre, pygame.K_RIGHT)
        assert replay.time == steps[0] + SKIP and theatre.touched
        press(theatre, pygame.K_RIGHT, shift=True)
        here = steps.index(replay.time)
        press(theatre, pygame.K_RIGHT, pygame.K_RIGHT, shift=True)
        assert replay.time == steps[here + 2]
        press(theatre, pygame.K_LEFT, pygame.K_LEFT, pygame.K_LEFT, shift=True)
        assert replay.time == steps[here - 1] and replay.paused
        press(theatre, pygame.K_END, pygame.K_RIGHT)
        assert replay.finished and replay.time == replay.duration
        assert theatre.progress().news == "the end"
        press(theatre, pygame.K_HOME, pygame.K_LEFT)
        assert replay.time == steps[0] and not replay.finished


@in_slow_virtual_time
async def test_one_place_looks_the_same(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever one comes from, players are drawn at the same places, and each tick they are elsewhere."""
    async with shown(facts.film, monkeypatch) as theatre:
        seen: dict[float, set[object]] = {}
        for place in (3.0, 1.0, 3.0, 9.0, 3.0, 3.0, 8.9, 9.0, 1.0, 9.0):
            theatre.go(place)
            players = theatre.picture.see(0.0).players  # type: ignore[union-attr]
            seen.setdefault(place, set()).add(tuple((it.x, it.y) for it in players.values()))
        assert len(seen[3.0]) == len(seen[9.0]) == 1 and seen[3.0] != seen[1.0] != seen[9.0]
        before = picture(theatre)
        press(theatre, pygame.K_RIGHT, shift=True)
        assert picture(theatre) != before


@in_slow_virtual_time
async def test_jumping(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """C, R, G and T go to the next of their kind, stand still there, and the bar says what it is."""
    async with shown(facts.film, monkeypatch) as theatre:
        theatre.replay.paused = False
        for key, kind in zip(
            (pygame.K_c, pygame.K_r, pygame.K_g, pygame.K_t),
            ("correction", "refusal", "gap", "chat"),
            strict=True,
        ):
            theatre.go(0.0)
            press(theatre, key)
            first, *_ = [it for it in theatre.contents.marks if it.kind == kind]
            assert theatre.replay.time == first.time and theatre.replay.paused
            assert theatre.progress().news == first.words
        press(theatre, pygame.K_t, shift=True)
        assert theatre.progress().news == "no talk before this"
        press(theatre, pygame.K_SPACE)
        assert not theatre.replay.paused


@in_slow_virtual_time
async def test_talk_is_heard_where_one_goes(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was just said stands there; before it was said it does not."""
    async with shown(facts.film, monkeypatch) as theatre:
        for later, heard in ((0.3, True), (-0.3, False), (0.2, True), (0.6, True)):
            theatre.go(facts.times["said"] + later)
            words = [line[1] for line in theatre.picture.chat._lines]  # type: ignore[union-attr]
            assert (words.count("hello there") == 1) is heard


@in_slow_virtual_time
async def test_in_a_long_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing has come for long, what came last is seen, and why nothing comes is said."""
    async with testing.Network() as network:
        await network.serve(make_server, seed=5, host_password="commander")
        with Recorder(tmp_path / "a.rec") as recorder:
            ada = await network.join(witness=recorder, link=netlib.LinkConditions(0.05), **KNOWN)
            ada.send(frames.Command("host", password="commander"))
            await asyncio.sleep(2)
            ada.send(frames.Command("pause"))
            await asyncio.sleep(12)
            ada.send(frames.Command("start"))
            await asyncio.sleep(2)
    async with shown(Film(tmp_path / "a.rec"), monkeypatch) as theatre:
        (gap,) = [it for it in theatre.contents.marks if it.kind == "gap"]
        assert gap.words.startswith("no news for 12.") and gap.words.endswith(": the room was paused")
        theatre.go(10.0)
        assert theatre.replay.room_state.paused
        theatre.draw(0.1, 0.1)
        assert theatre.picture.following == "following Ada"


@in_slow_virtual_time
async def test_the_mouse(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pressed on the bar it goes there, moved it scrubs while nothing plays, and then it goes on."""
    async with shown(facts.film, monkeypatch) as theatre:
        theatre.replay.paused = False
        track = track_box(theatre.window.surface, theatre.window.text)

        def mouse(kind: int, share: float, y: int = track.centery) -> None:
            theatre.take(pygame.event.Event(kind, button=1, pos=(track.left + share * track.width, y)))

        mouse(pygame.MOUSEBUTTONDOWN, 0.9, y=100)
        mouse(pygame.MOUSEMOTION, 0.5)
        assert not theatre.touched, "it was pressed elsewhere"
        mouse(pygame.MOUSEBUTTONDOWN, 0.25)
        for share in (0.25, 0.75, 0.5):
            mouse(pygame.MOUSEMOTION, share)
            assert theatre.replay.time == pytest.approx(share * theatre.replay.duration)
            assert theatre.replay.paused
        mouse(pygame.MOUSEBUTTONUP, 2.0)
        assert theatre.replay.finished and not theatre.replay.paused
        mouse(pygame.MOUSEMOTION, 0.1)
        assert theatre.replay.finished


@in_slow_virtual_time
async def test_nothing_is_announced_elsewhere(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """The large GO! of the round's start is gone where one goes from there, even while it stands still."""
    async with shown(facts.film, monkeypatch) as theatre:
        theatre.go(3.0)
        plain = picture(theatre)
        theatre.go(0.0)
        while theatre.picture.see(0.0).round.phase != "playing":  # type: ignore[union-attr]
            theatre.draw(0.0, 0.0)
            theatre.replay.step()
        theatre.draw(0.0, 0.0)
        theatre.go(3.0)
        assert picture(theatre) == plain


@in_slow_virtual_time
async def test_all_time_that_passes_is_drawn(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the replay plays between two frames counts: animations and talk are as fast as the recording."""
    async with shown(facts.film, monkeypatch) as theatre:
        drawn: list[float] = []
        monkeypatch.setattr(theatre, "draw", lambda _, played: drawn.append(played))
        theatre.replay.paused, began = False, theatre.replay.time
        await theatre.play(5.0)
        assert sum(drawn) == pytest.approx(theatre.replay.time - began)


@in_slow_virtual_time
async def test_it_stays_open_for_those_who_go_about(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody who looks at the end, having gone there, is sent away."""
    async with shown(facts.film, monkeypatch) as theatre:
        press(theatre, pygame.K_END)
        began = netlib.clock()
        await theatre.play(8.0)
        assert netlib.clock() - began == pytest.approx(8.0, abs=0.1)


@in_slow_virtual_time
async def test_the_panel_leaves_room(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """M opens and closes the message; whoever is followed is still seen, beside it."""
    async with shown(facts.film, monkeypatch) as theatre:
        theatre.go(4.0)
        closed = picture(theatre)
        press(theatre, pygame.K_m)
        opened = picture(theatre)
        press(theatre, pygame.K_m)
        assert opened != closed == picture(theatre)


@pytest.mark.parametrize("size", [(1, 1), (200, 120), (320, 600), (640, 400), (1000, 200)])
@in_slow_virtual_time
async def test_small_windows(facts: Facts, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> None:
    """Nothing ends, whatever is open and wherever one is."""
    async with shown(facts.film, monkeypatch) as theatre:
        pygame.display.set_mode(size, pygame.RESIZABLE)
        theatre.window.events()
        for keys in ((), (pygame.K_m,), (pygame.K_r,), (pygame.K_END,)):
            press(theatre, *keys)
            theatre.draw(0.1, 0.1)


def test_another_link_is_in_the_title() -> None:
    """By its name, if it has one, and with its figures."""
    assert start.over(netlib.LinkConditions()) == ""
    assert start.over(netlib.LinkConditions(0.22, 0.05, 0.015)) == ", as over 3g (220 ms ± 50 ms, 1.5% loss)"
    assert start.over(netlib.LinkConditions(0.5)) == ", as over another link (500 ms ± 0 ms, 0.0% loss)"


@in_slow_virtual_time
async def test_over_another_link_all_is_later(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the same time of the recording, what is seen is older; interpolation waits longer."""
    seen, delays = {}, {}
    for name, link in (("near", netlib.LinkConditions()), ("far", netlib.LinkConditions(0.6, 0.1))):
        async with shown(facts.film.over(link, seed=1), monkeypatch) as theatre:
            theatre.go(4.0)
            seen[name] = theatre.picture.see(0.0).tick  # type: ignore[union-attr]
            delays[name] = theatre.picture.others.interpolation_delay  # type: ignore[union-attr]
    assert 0.25 * 30 < seen["near"] - seen["far"] < 0.7 * 30 and delays["far"] > delays["near"] + 0.05


def test_scrubbing_is_quick(facts: Facts, tmp_path: Path) -> None:
    """However long the recording, to go anywhere in it costs as much as to play some seconds of it."""
    film = facts.film

    async def most_played() -> float:
        async with await start.known(film) as replay:
            replay.paused = True
            replay.play_to(film.duration)
            heard: list[object] = []
            replay.on(netlib.StateChanged, heard.append)
            for share in (0.9, 0.1, 0.5, 0.55, 0.3):
                replay.seek(share * film.duration)
            return len(heard) / 5

    snapshots = sum(b"snapshot" in it.data for it in film.records)
    assert 0 < testing.run(most_played()) < 4.5 * snapshots / film.duration, "a few seconds of it"
