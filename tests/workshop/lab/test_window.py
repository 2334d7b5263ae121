"""The lab's window over real sockets: it draws, keys and mouse do what they say, and it never gives up."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import pygame
import pytest
from msgspec.structs import replace

import netlib
from netlib import testing
from netlib.play.timing import MAX_FRAME_TIME
from netlib.transport.tcp import TCP, Network
from tests.support.commands import workshop
from workshop.game.drawing.palette import ACCENT, NIGHT
from workshop.game.drawing.window import Window
from workshop.lab.engine.lab import Lab
from workshop.lab.engine.pace import FPS
from workshop.lab.engine.room import HOST
from workshop.lab.engine.settings import TICK_RATES, Settings
from workshop.lab.panes import quiet, title_of
from workshop.lab.window import LabWindow

BAD = Settings(netlib.LinkConditions(0.25, 0.04, 0.02))
DEADLINE = 100.0  # seconds; on a busy machine the lab lowers its rates in between
DUMMY = {"SDL_VIDEODRIVER": "dummy"}


@asynccontextmanager
async def shown(
    window: Window, settings: Settings = BAD, port: int = 0, network: Network = TCP
) -> AsyncIterator[LabWindow]:
    """Open a lab in a window, on any free port."""
    async with Lab(settings, port=port, network=network) as lab:
        yield LabWindow(lab, window, by_bot=True)


async def until(lab: LabWindow, condition: Callable[[], object]) -> None:
    """Let the window go on until a condition holds."""
    end = netlib.clock() + DEADLINE
    async for dt in netlib.frames(60):
        await lab.frame(dt)
        if condition():
            return
        assert netlib.clock() < end, "it never came to that"


async def press(lab: LabWindow, key: int) -> None:
    """Press a key, and let the window take it."""
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0))
    await lab.frame(1 / 60)


def figures(lab: LabWindow) -> list[float]:
    """Return how late own inputs are in each view."""
    return [figures.delay or 0.0 for figures in lab.lab.history.shown.figures]


async def test_over_real_sockets_the_repaired_view_is_at_once(window: Window) -> None:
    """The same figures as in memory: raw is a round trip late, and repaired is not."""
    async with shown(window) as lab:
        await until(lab, lambda: lab.lab.driven.client.last_input_seq > 60)
        _, raw, repaired = figures(lab)
    assert raw >= 0.2 and repaired < raw / 3


async def test_the_views_differ(window: Window) -> None:
    """Three views of one place are not the same picture, and all of the window is used."""
    async with shown(window) as lab:
        await until(lab, lambda: lab.lab.history.shown.figures[1].own > 10)
        thirds = [window.surface.subsurface((8 + 424 * at, 60, 416, 240)).copy() for at in range(3)]
        assert len({pygame.image.tobytes(third, "RGB") for third in thirds}) == 3
        colours = {tuple(window.surface.get_at((x, 704)))[:3] for x in range(1280)}
    assert len(colours) > 2  # the line of keys


async def test_pause_steps_and_live(window: Window) -> None:
    """Space stops the picture while the game runs on; N and C step; G is live again."""
    async with shown(window) as lab:
        history = lab.lab.history
        await until(lab, lambda: len(history.trail(60)) == 60)
        await press(lab, pygame.K_SPACE)
        moment, tick = history.shown.time, lab.lab.room.server.tick
        await until(lab, lambda: lab.lab.room.server.tick > tick + 5)
        assert history.shown.time == moment
        await press(lab, pygame.K_c)
        assert history.shown.time < moment
        await press(lab, pygame.K_n)
        assert history.shown.time == moment
        await press(lab, pygame.K_x)
        assert history.shown.time > moment
        await press(lab, pygame.K_g)
        assert history.shown is history.trail(1)[-1]


async def test_toggles_sliders_and_stories_reach_the_engine(window: Window) -> None:
    """Each letter switches its device; a story sets the link; Tab and Right move the latency."""
    async with shown(window) as lab:
        for key, name in zip("prmiel", Settings.__struct_fields__[3:], strict=True):
            await press(lab, ord(key))
            assert getattr(lab.lab.settings, name) is False
        await press(lab, pygame.K_4)
        assert lab.lab.driven.client.link == netlib.PRESETS["satellite"]
        assert lab.controls.story and lab.controls.story.name == "Satellite"
        await press(lab, pygame.K_TAB)
        await press(lab, pygame.K_RIGHT)
        assert lab.lab.driven.client.link.latency == pytest.approx(0.63)
        assert lab.controls.story is None


async def test_a_title_says_what_is_on(window: Window) -> None:
    """The repaired view is called after its repairs; the moment that is looked at counts, not now."""
    async with shown(window) as lab:
        titles = [title_of(lab.lab.history.shown, number) for number in range(3)]
        assert titles == ["What the server knows", "Raw snapshots", "Prediction + interpolation"]
        for key, title in (
            (pygame.K_r, "Blind prediction + interpolation"),
            (pygame.K_p, "Interpolation"),
            (pygame.K_i, "No repairs: raw snapshots again"),
        ):
            await press(lab, key)
            assert title_of(lab.lab.history.shown, 2) == title
        await press(lab, pygame.K_SPACE)
        await press(lab, pygame.K_p)
        assert title_of(lab.lab.history.shown, 2) == title


async def test_each_number_is_explained(window: Window) -> None:
    """Pointed at, or reached with Tab, each figure and title says in words what it means."""
    async with shown(window) as lab:
        await lab.frame(1 / 60)
        assert len(lab.panes.told) == 3 + 4 + 4 + 5
        for control in lab.panes.told:
            lab.press(pygame.event.Event(pygame.MOUSEMOTION, pos=control.box.center, buttons=(0, 0, 0)))
            assert lab.controls.panel._about is control and control.explanation
        for _ in range(2):
            lab.press(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_TAB, mod=pygame.KMOD_SHIFT))
        assert lab.controls.panel.focused is lab.panes.told[-1]
        await lab.frame(1 / 60)
        left, y = lab.panes.told[-1].box.midleft
        assert window.surface.get_at((left + 1, y))[:3] == ACCENT


async def test_of_the_others_neither_names_nor_points(window: Window) -> None:
    """They would lie over each other; one's own name and points are there."""
    async with shown(window, Settings()) as lab:
        await until(lab, lambda: lab.lab.driven.sent > 5)
        scene = lab.lab.history.shown.views[0]
        drawn = quiet(scene).players
        assert {it.name for id, it in drawn.items() if id != scene.my_id} == {""}
        assert drawn[scene.my_id] is scene.players[scene.my_id]


async def test_the_last_line_says_when_that_was(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped, slowly, and live: no "0×"; the machine's trouble is told for a while only."""
    written: list[str] = []
    write = window.text.write

    def listening(surface: pygame.Surface, words: str, *more: Any, **place: Any) -> pygame.Rect:
        written.append(words)
        return write(surface, words, *more, **place)

    monkeypatch.setattr(window.text, "write", listening)
    async with shown(window, Settings()) as lab:
        for key, start in (
            (pygame.K_SPACE, "Stopped: this was "),
            (pygame.K_t, "At 1/10 speed: "),
            (pygame.K_g, "WASD"),
        ):
            await press(lab, key)
            assert any(it.startswith(start) for it in written), written
            written.clear()
        lab._trouble, lab._slow_until = "Slow.", netlib.clock() + 60
        await lab.frame(1 / 60)
        assert "Slow." in written
        lab._slow_until = netlib.clock()
        written.clear()
        await lab.frame(1 / 60)
        assert "Slow." not in written and any(it.startswith("WASD") for it in written)


async def test_another_tick_rate_by_the_slider(window: Window) -> None:
    """The window stays, with another server behind it."""
    async with shown(window, Settings()) as lab:
        for _ in range(4):
            await press(lab, pygame.K_TAB)
        await press(lab, pygame.K_LEFT)
        assert lab.lab.room.server.tick_rate == 20.0
        assert lab.lab.settings.snapshot_rate == 20.0
        await until(lab, lambda: lab.lab.driven.client.last_input_seq > 5)


async def test_a_movement_key_takes_over_from_the_bot(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot stops for good when the user drives, and K gives it back."""
    down = Counter[int]()
    monkeypatch.setattr(pygame.key, "get_pressed", lambda: down)
    async with shown(window, Settings()) as lab:
        driven = lab.lab.driven
        await until(lab, lambda: driven.sent > 5)
        assert driven.by_bot
        down[pygame.K_d] = 1
        await lab.frame(1 / 60)
        assert not driven.by_bot and driven.walk.move == (1.0, 0.0)
        down.clear()
        await lab.frame(1 / 60)
        assert not driven.by_bot and driven.walk.move == (0.0, 0.0)
        await press(lab, pygame.K_k)
        assert driven.by_bot


@pytest.mark.parametrize("size", [(400, 300), (1, 1), (1039, 1000)])
async def test_a_window_that_is_too_small_says_so(window: Window, size: tuple[int, int]) -> None:
    """There are words in it, it goes on, and it is all there again when it is larger."""
    async with shown(window, Settings()) as lab:
        pygame.display.set_mode(size, pygame.RESIZABLE)
        await until(lab, lambda: lab.lab.driven.sent > 5)
        if size != (1, 1):
            assert len({tuple(window.surface.get_at((x, y))) for x in range(0, size[0], 2)
                        for y in range(size[1] // 2 - 40, size[1] // 2 + 40, 2)}) > 2  # fmt: skip
            assert tuple(window.surface.get_at((3, 3)))[:3] == NIGHT
        pygame.display.set_mode((1920, 1080), pygame.RESIZABLE)
        await lab.frame(1 / 60)
        assert tuple(window.surface.get_at((30, 100)))[:3] != NIGHT


async def test_a_slow_machine_lowers_its_rates(window: Window) -> None:
    """When ticks are skipped the tick rate goes down, and the window says so."""
    async with shown(window, Settings()) as lab:
        lab.pace.frame = lambda *_: "ticks"  # type: ignore[method-assign]
        await lab.frame(1 / 60)
        del lab.pace.frame
        await lab.frame(1 / 60)
        assert lab.lab.room.server.tick_rate == 20.0
        assert "20 ticks a second" in lab._trouble


@testing.in_virtual_time(real_limit=240)
async def test_restarts_are_no_slowness(window: Window) -> None:
    """A tick rate that is changed again and again takes long, on any machine; and leaves nothing behind."""
    async with testing.Network() as network, shown(window, Settings(), network=network) as lab:
        tasks = len(asyncio.all_tasks())
        for number in range(24):
            rate = TICK_RATES[number % 5]
            lab.controls.show(replace(lab.lab.settings, tick_rate=rate, snapshot_rate=rate))
            await lab.frame(MAX_FRAME_TIME)
        assert lab.pace.fps == FPS
        assert len(asyncio.all_tasks()) == tasks


async def test_a_minimised_window_is_no_slowness(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that gives it few frames saves power; once it is seen, few frames count."""
    async with shown(window, Settings()) as lab:
        for seen in (False, True):
            monkeypatch.setattr(pygame.display, "get_active", lambda seen=seen: seen)
            for _ in range(24):
                await lab.frame(MAX_FRAME_TIME)
            assert (lab.pace.fps < FPS) is seen


@testing.in_virtual_time(real_limit=240)
async def test_pictures_go_on_as_the_recording_does(window: Window) -> None:
    """Between two pictures passes what lies between their records: none in a pause, a frame in a step."""
    async with testing.Network() as network, shown(window, Settings(), network=network) as lab:
        passed: list[float] = []
        draw = lab.draw
        lab.draw = lambda dt: passed.append(dt) or draw(dt)  # type: ignore[func-returns-value,method-assign]
        await until(lab, lambda: len(passed) == 30)
        assert passed == pytest.approx([1 / 60] * 30, abs=1e-3)
        for key, seconds in ((pygame.K_SPACE, 0), (pygame.K_c, 1 / 60), (pygame.K_n, 1 / 60)):
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0))
            await until(lab, lambda: True)
            assert passed[-1] == pytest.approx(seconds, abs=1e-3)
            assert lab._told is lab.lab.history.shown
            await until(lab, lambda: True)
            assert passed[-1] == 0.0
        await press(lab, pygame.K_g)
        assert passed[-1] == pytest.approx(6 / 60, abs=6e-3)


KEYS = [*map(ord, "prmielkcnxftgbwasd1234 "), pygame.K_TAB, pygame.K_LEFT, pygame.K_RIGHT, pygame.K_UP,
        pygame.K_RETURN, pygame.K_ESCAPE, pygame.K_F1, pygame.K_UNKNOWN, 0x437]  # fmt: skip
SIZES = ((1, 1), (1280, 720), (1040, 600), (3840, 2160), (1040, 2160), (3840, 600), (2, 3000))
OTHERS = (pygame.WINDOWLEAVE, pygame.WINDOWMINIMIZED, pygame.WINDOWFOCUSLOST, pygame.KEYMAPCHANGED)


def anything(chance: Random, lab: LabWindow) -> pygame.event.Event:
    """Return what somebody may do who hammers at keyboard and mouse."""
    boxes = [it.box for it in lab.controls.panel._ring if it.box.width]
    box = chance.choice(boxes or [pygame.Rect(0, 0, 99, 99)]).inflate(9, 9)
    place = box.left + chance.randrange(box.width), box.top + chance.randrange(box.height)
    kinds = (pygame.KEYDOWN, pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, *OTHERS)
    mod, key = chance.choice((0, 0, 0, pygame.KMOD_LSHIFT, pygame.KMOD_LCTRL)), chance.choice(KEYS)
    what = {"key": key, "mod": mod, "pos": place, "button": chance.choice((1, 1, 1, 2, 5))}
    kind = chance.choices(kinds, (9, 4, 4, 4, 1, 1, 1, 1))[0]
    return pygame.event.Event(kind, what, buttons=(chance.randrange(2), 0, 0))


@pytest.mark.parametrize("seed", [1, 2])
@testing.in_virtual_time(real_limit=240)
async def test_whatever_is_pressed_the_game_goes_on(window: Window, seed: int) -> None:
    """Keys, clicks and sizes at random, also while it is paused, small or restarting; then all is as ever."""
    chance = Random(seed)
    async with testing.Network() as network, shown(window, Settings(), network=network) as lab:
        for _ in range(160):
            for _ in range(chance.randrange(4)):
                pygame.event.post(anything(chance, lab))
            if chance.random() < 0.1:
                pygame.display.set_mode(chance.choice(SIZES), pygame.RESIZABLE)
            await until(lab, lambda: True)
        lab.quit, sent = False, lab.lab.driven.sent
        await until(lab, lambda: lab.lab.driven.client.last_input_seq > sent)
        await press(lab, pygame.K_g)
        assert lab.lab.history.shown is lab.lab.history.trail(1)[-1]
        assert not lab._trouble


async def test_a_taken_port_is_no_trouble(window: Window) -> None:
    """The next free one is taken."""
    with socket.create_server((HOST, 0)) as other:
        taken = other.getsockname()[1]
        async with shown(window, Settings(), taken) as lab:
            assert lab.lab.room.server.port != taken
            await until(lab, lambda: lab.lab.driven.sent > 5)


async def test_the_command_ends_with_a_picture(tmp_path: Path) -> None:
    """`workshop lab --story … --seconds … --screenshot …` ends by itself; there is a picture even of 0 s."""
    file = tmp_path / "lab.png"
    words = (
        "--story",
        "hotel",
        "--drive",
        "keys",
        "--port",
        "0",
        "--seconds",
        "0",
        "--screenshot",
        str(file),
    )
    ended = await workshop("lab", *words, environ=DUMMY)
    assert ended.code == 0, ended
    picture = pygame.image.load(file)
    assert picture.size == (1280, 720)
    assert len({tuple(picture.get_at((x, 150))) for x in range(1280)}) > 20


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--story mars", "satellite"),
        ("--story lan --latency 9", "its own network"),
        ("--loss 100", "0 to 99"),
    ],
)
async def test_what_cannot_be_is_told(words: str, told: str) -> None:
    """A name that is no story, a story on another network, a loss of everything: a sentence, and exit 2."""
    ended = await workshop("lab", *words.split(), environ=DUMMY)
    assert ended.code == 2 and told in ended.err and "Traceback" not in ended.err
