"""Windows of any size, with any panel: nothing raises, and nothing is drawn where it does not fit."""

from collections.abc import Callable
from typing import Any

import pygame
import pytest
from msgspec.structs import replace

from netlib.discovery.beacon import Room
from workshop.game.drawing.campfire import Campfire
from workshop.game.drawing.hud import Status
from workshop.game.drawing.key_page import Page, draw_key_page
from workshop.game.drawing.lobby import Lobby
from workshop.game.drawing.net_graph.readings import Reading
from workshop.game.drawing.notes import Note
from workshop.game.drawing.replay_panels import LANES, Mark, MessagePage, Progress, draw_bar, draw_message
from workshop.game.drawing.screen import Panels, Screen
from workshop.game.drawing.text import Text
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window, has_room
from workshop.game.rules.entities import Player, Resource, Round
from workshop.game.rules.maps import make_map

SIZES = [
    *((1, 1), (2, 2), (1, 600), (1600, 1), (30, 20), (101, 66), (102, 66), (160, 120), (200, 120)),
    *((320, 200), (240, 900), (1600, 100), (579, 375), (640, 400), (680, 440), (800, 600), (1280, 720)),
]
MAP = make_map(1)
NAMES = ("W" * 20, "שלום", "ที่นี่", "名前" * 10, "👩\u200d💻" * 6)
CROWD = {n: Player(NAMES[n % 5], n, *MAP.spawns[n % 32], score=999 - n, ping=99) for n in range(32)}
SCENE = Scene(CROWD, {1: Resource("gem", *MAP.spawns[1])}, Round(1, 1, "playing", 900), my_id=31)
LONG = "because nobody answers " * 30
KEYS = Page(tuple(("W" * 9, "Right Control") for _ in range(7)), 6, "W" * 90, "W" * 90)
PANELS = {
    "nothing": Panels(),
    "chat": Panels(typed="hello שלום " * 18),
    "players": Panels(players=True),
    "net graph": Panels(net_graph=True),
    "help": Panels(help=True),
    "menu": Panels(menu=1),
    "keys": Panels(key_page=KEYS),
    "note": Panels(notes=(Note("W" * 50, "W" * 90),)),
    "all": Panels("x" * 200, False, True, True, 0, (Note("a", "b"),)),
}
PHASES = ("waiting", "countdown", "playing", "over")


class Canvas(pygame.Surface):
    """A surface that remembers what was drawn beyond its edges once the world is drawn."""

    beyond: list[pygame.Rect] | None = None

    def blit(self, source: pygame.Surface, dest: Any = (0, 0), *more: Any, **named: Any) -> pygame.Rect:
        box = pygame.Rect(dest if isinstance(dest, pygame.Rect) else (*dest, 0, 0))
        ink = source.get_bounding_rect().move(box.topleft)
        if self.beyond is not None and not self.get_rect().inflate(2, 2).contains(ink):
            self.beyond.append(ink)
        return super().blit(source, dest, *more, **named)


@pytest.fixture
def sized(window: Window) -> Callable[[tuple[int, int]], Text]:
    """Give a function that makes the window so large and returns its text."""

    def sized(size: tuple[int, int]) -> Text:
        pygame.display.set_mode(size, pygame.RESIZABLE)
        window.events()
        return window.text

    return sized


def a_screen(canvas: Canvas) -> Screen:
    """Give a screen that has had readings and talk, and tells the canvas when the world is drawn."""
    screen = Screen(MAP)
    for name in NAMES:
        screen.chat.say(name, LONG, (255, 0, 0))
    screen.net_graph.feed(Reading(now=1.0, rtt=0.1))
    draw_world = screen.view.draw

    def draw(surface: pygame.Surface, scene: Scene, text: Text, dt: float) -> None:
        canvas.beyond = None
        draw_world(surface, scene, text, dt)
        canvas.beyond = []

    screen.view.draw = draw  # type: ignore[method-assign]
    return screen


@pytest.mark.parametrize("size", SIZES)
def test_every_panel_fits_or_is_left_out(sized: Callable[..., Text], size: tuple[int, int]) -> None:
    """All panels, phases, losses and long words: never beyond the window, never an exception."""
    text, canvas = sized(size), Canvas(size)
    screen = a_screen(canvas)
    status = Status("名前" * 10, 0.1, 60.0, "latency 200 ms, jitter 50 ms, loss 5 %")
    for what, panels in PANELS.items():
        for lost in (False, True):
            screen.lost(LONG, attempt=12, wait=3.0) if lost else screen.back(resumed=True)
            screen.draw(canvas, text, SCENE, status, panels, 0.01)
            assert canvas.beyond == [], what
    for phase in PHASES:
        round = replace(SCENE.round, phase=phase, winner=f"{NAMES[3]} and {NAMES[0]}")
        screen.draw(canvas, text, replace(SCENE, round=round, my_id=0), status, Panels(), 0.3)
        assert canvas.beyond == [], phase
    screen.notice, screen.paused, screen.below = ("The connection has ended", LONG), NAMES[0], LONG
    screen.draw(canvas, text, SCENE, status, Panels(), 0.01)
    assert canvas.beyond == []


@pytest.mark.parametrize("size", SIZES)
def test_text_of_another_size_ends_nothing(window: Window, size: tuple[int, int]) -> None:
    """In the frame in which a window becomes tiny, text still has the size from before."""
    canvas = Canvas(size)
    screen = a_screen(canvas)
    screen.notice = ("The connection has ended", LONG)
    for panels in PANELS.values():
        screen.draw(canvas, Text(), SCENE, Status(), panels, 0.01)
        assert has_room(size, Text()) or canvas.beyond == []


@pytest.mark.parametrize("height", [1, 60, 149, 150, 189, 190, 229, 230, 440])
@pytest.mark.parametrize("chosen", [0, 6])
def test_the_keys_have_whole_rows(window: Window, height: int, chosen: int) -> None:
    """In a window that is too low for its text the page has as many rows as fit, or is left out."""
    canvas = Canvas((680, height))
    canvas.beyond = []
    draw_key_page(canvas, Text(), replace(KEYS, chosen=chosen))
    assert canvas.beyond == []
    assert any(canvas.get_buffer().raw) == (height >= 190)


def a_room(number: int, name: str) -> Room:
    return Room(
        id=str(number), name=name, players=1, max_players=32, port=8765, protocol=1, host="192.168.100.100"
    )


@pytest.mark.parametrize("size", SIZES)
def test_lobby_replay_and_campfire_fit(
    window: Window, sized: Callable[..., Text], monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """So do the other pictures, where there is room; in tinier windows nothing raises."""
    text, canvas = sized(size), Canvas(size)
    canvas.beyond = []
    monkeypatch.setattr(Window, "surface", canvas)
    rooms = [a_room(n, NAMES[n % 5] * 3) for n in range(12)]
    lobby = Lobby("192.168.100.100:8765 " * 9)
    lobby._chosen = "11"
    for now in (0.0, 0.1):
        lobby.draw(window, rooms, now)
    campfire = Campfire()
    campfire.names = dict(enumerate(NAMES))
    campfire.show(1, LONG)
    campfire.draw(window, 0, 0.1, LONG)
    if has_room(size, text):
        marks = [Mark(second, kind, LONG) for kind in LANES for second in range(61)]
        news = NAMES[3] + NAMES[0] * 5
        draw_bar(canvas, text, Progress(LONG, 10, 60, 1.0, news=news, marks=marks, stretch=(0, 60)))
        costs = [(f"{LONG} {size}", size, 10 * size) for size in range(20, 0, -1)]
        draw_message(canvas, text, MessagePage(LONG, LONG, costs, [f"  {LONG}"] * 90))
        assert canvas.beyond == []


@pytest.mark.parametrize("size", [(320, 200), (640, 400), (1280, 720)])
def test_the_chosen_room_is_always_seen(
    window: Window, sized: Callable[..., Text], size: tuple[int, int]
) -> None:
    """Whichever room is chosen, its frame is in the picture."""
    sized(size)
    rooms = [a_room(n, f"room {n}") for n in range(12)]
    for room in rooms:
        lobby = Lobby()
        lobby._chosen = room.id
        lobby.draw(window, rooms, 0.0)
        frame = pygame.mask.from_threshold(window.surface, (255, 214, 90), (2, 2, 2, 255))
        assert frame.count() > size[0], room
