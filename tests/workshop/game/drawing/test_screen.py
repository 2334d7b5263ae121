"""The screen: panels that come and go with keys and with the connection."""

from collections.abc import Callable, Iterator, Sequence

import pygame
import pytest
from msgspec.structs import replace

from netlib.transport.conditioner import PERFECT
from workshop.game.drawing.chat import entry_box
from workshop.game.drawing.hud import Status
from workshop.game.drawing.net_graph.readings import Reading
from workshop.game.drawing.palette import RESOURCES
from workshop.game.drawing.screen import ANEW, RESUMED, Panels, Screen
from workshop.game.drawing.text import Text
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window
from workshop.game.play.controls import Controls
from workshop.game.play.keys.page import KeyPage
from workshop.game.rules.entities import Phase, Player, Resource, Round
from workshop.game.rules.maps import Map, make_map
from workshop.game.rules.units import to_units

MAP: Map = make_map(1)
ROUND = Round(seed=1, number=1, phase="playing", ends_at=900)
SPAWN = MAP.spawns[0]
SCENE = Scene(
    {1: Player("Ada", 0, *SPAWN)},
    {1: Resource("gem", SPAWN[0] + to_units(100), SPAWN[1] + to_units(250))},
    ROUND,
    my_id=1,
)
BELOW = pygame.Rect(640, 520, 200, 180)  # of the panels in the middle; the gem is there
READING = Reading(now=1.0, rtt=0.1, prediction_error=0.0, interpolation_delay=0.1)
Draw = Callable[..., bytes]
Size = tuple[int, int]
SMALLEST = (200, 120)  # pixels: here is no room for the net graph
SIZES = [(1280, 720), (800, 600), (640, 400), SMALLEST, (2560, 1700)]


@pytest.fixture
def screen(window: Window) -> Screen:
    """Give a screen that has had a reading."""
    screen = Screen(MAP)
    screen.net_graph.feed(READING)
    return screen


@pytest.fixture
def draw(window: Window, screen: Screen) -> Draw:
    """Give a function that draws a frame and returns its pixels."""

    def draw(
        controls: Controls,
        *,
        down: tuple[int, ...] = (),
        dt: float = 1 / 60,
        link: str = "",
        players: Sequence[Player] = (),
        phase: Phase = "playing",
    ) -> bytes:
        status, crowd = Status("Gem Rush", 0.1, 60.0, link), dict(enumerate(players, 1)) or SCENE.players
        scene = replace(SCENE, players=crowd, round=replace(ROUND, phase=phase, winner="Ada"))
        screen.draw(window.surface, window.text, scene, status, controls.panels(down.__contains__), dt)
        return pygame.image.tobytes(window.surface, "RGB")

    return draw


def press(controls: Controls, *keys: int) -> None:
    for key in keys:
        controls.handle(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0), (1280, 720), Text())


def curves(window: Window) -> int:
    """How many pixels below the minimap have the colour of the round trip's line."""
    column = window.surface.subsurface(960, 200, 320, 474)
    return pygame.mask.from_threshold(column, RESOURCES["gem"], (3, 3, 3, 255)).count()


def test_f3_shows_the_net_graph(window: Window, screen: Screen, draw: Draw) -> None:
    """One press shows it, the next hides it; it makes room for the player list."""
    controls = Controls()
    for now in range(2, 12):
        screen.net_graph.feed(Reading(now=now / 10, rtt=0.1))
    for shown in (False, True, False):
        draw(controls)
        assert bool(curves(window)) is shown
        press(controls, pygame.K_F3)
    assert controls.net_graph
    draw(controls, down=(pygame.K_TAB,))
    assert not curves(window)


def test_keys_are_explained_on_the_screen(screen: Screen, draw: Draw) -> None:
    """A player who presses a key by accident reads what it did."""
    controls = Controls()
    press(controls, pygame.K_F4, pygame.K_F4)
    controls.conditions(PERFECT)
    draw(controls)
    assert screen.notes.shown and screen.notes.shown.title == "Latency 100 ms"
    press(controls, pygame.K_F7)
    draw(controls)
    assert screen.notes.shown and screen.notes.shown.title == "Prediction off"
    draw(controls, dt=5.0)
    assert screen.notes.shown is None


def test_a_lost_connection_freezes_the_picture(window: Window, screen: Screen, draw: Draw) -> None:
    """The game is dimmed and stands still, the seconds and the dots go on."""
    controls, world = Controls(), window.surface.subsurface(BELOW)
    before = draw(controls, dt=0.3)
    moment = pygame.image.tobytes(world, "RGB")
    assert draw(controls, dt=0.3) != before and pygame.image.tobytes(world, "RGB") != moment
    screen.lost("The server does not answer.", attempt=1)
    lost = draw(controls, dt=0.3)
    frozen = pygame.image.tobytes(world, "RGB")
    assert sum(lost) < 0.8 * sum(before)
    assert draw(controls, dt=0.3) != lost and pygame.image.tobytes(world, "RGB") == frozen


def test_the_time_counts_from_the_first_loss(screen: Screen, draw: Draw) -> None:
    """Further tries change number and reason, not when it began."""
    screen.lost("cut", attempt=1)
    for attempt in (2, 3):
        draw(Controls(), dt=2.0)
        screen.lost("no answer", attempt=attempt, wait=1.5)
    assert screen.reconnecting
    assert (screen.reconnecting.attempt, screen.reconnecting.reason) == (3, "no answer")
    assert screen.reconnecting.since == 0.0 and screen.reconnecting.next_try == 5.5


@pytest.mark.parametrize("resumed", [True, False])
def test_it_tells_how_one_is_back(screen: Screen, resumed: bool) -> None:
    """After a loss one reads whether place and score were kept; a first connection is not worth a word."""
    screen.back(resumed=resumed)
    assert screen.notes.shown is None
    screen.lost("cut")
    screen.back(resumed=resumed)
    assert screen.reconnecting is None
    assert screen.notes.shown == (RESUMED if resumed else ANEW)


def test_the_menu_is_not_hidden_by_the_loss(window: Window, screen: Screen, draw: Draw) -> None:
    """Esc opens the menu over the panel, which makes room."""
    controls = Controls()
    screen.lost("The server does not answer, whatever we try. " * 3, attempt=4)
    draw(controls)
    beside_menu = window.surface.get_at((360, 400))
    press(controls, pygame.K_ESCAPE)
    draw(controls)
    yellow = pygame.mask.from_threshold(window.surface, (255, 214, 90), (2, 2, 2, 255))
    assert yellow.overlap_area(pygame.Mask((280, 54), fill=True), (500, 313)) > 10_000
    assert window.surface.get_at((360, 400)).g > beside_menu.g, "the world, where the panel was"
    press(controls, pygame.K_DOWN, pygame.K_RETURN)
    assert controls.quit


def test_a_pause_is_told(screen: Screen, draw: Draw) -> None:
    """While the host has paused the game, a banner says who did."""
    running = draw(Controls(), dt=0.0)
    screen.paused = "Grace"
    paused = draw(Controls(), dt=0.0)
    screen.paused = None
    assert paused != running == draw(Controls(), dt=0.0)


def test_the_graph_tells_the_link_in_place_of_the_corner(draw: Draw) -> None:
    """What is simulated is not said twice: with the graph open the corner does not repeat it."""
    controls = Controls()
    assert draw(controls, dt=0.0, link="200 ms") != draw(controls, dt=0.0)
    controls.net_graph = True
    assert draw(controls, dt=0.0, link="200 ms") == draw(controls, dt=0.0)


def open_all(screen: Screen, controls: Controls) -> Iterator[str]:
    """Open one panel after the other, each over those before it; yield what there is to be seen."""
    yield "nothing"
    controls.net_graph = True
    yield "the net graph"
    screen.paused = "W" * 24
    yield "a pause"
    screen.chat.say("Ada", "y" * 200, (1, 2, 3))
    yield "talk"
    press(controls, pygame.K_F8)
    yield "a note"
    controls.chat.text = "x" * 200
    yield "what is typed"
    screen.lost("because " * 30, attempt=12, wait=3.0)
    yield "the loss"
    controls.help = True
    yield "the keys"
    controls.menu = 0
    yield "the menu"
    controls.key_page = KeyPage(controls.keyboard)
    yield "the page of the player's keys"
    controls.key_page.press(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_DELETE))
    yield "what is wrong with them"
    controls.key_page = None
    screen.notice = ("The connection has ended", "because " * 30)
    yield "the end"


@pytest.mark.parametrize("size", SIZES)
def test_every_panel_is_seen_over_the_others(window: Window, screen: Screen, draw: Draw, size: Size) -> None:
    """In any window each panel that opens changes the picture, however long its words are."""
    resize(window, size)
    controls = Controls()
    before = b""
    for what in open_all(screen, controls):
        picture = draw(controls, dt=0.0)
        assert picture != before or (what == "the net graph" and size == SMALLEST), what
        before = picture


@pytest.mark.parametrize("size", SIZES)
def test_every_phase_and_the_list_of_players_are_seen(window: Window, draw: Draw, size: Size) -> None:
    """In any window each phase has a picture of its own, and so has the list, with 32 odd names."""
    resize(window, size)
    crowd = [Player("W" * 20 if i % 2 else "名前", i, *MAP.spawns[i], score=i) for i in range(32)]
    pictures = {draw(Controls(), dt=0.0, players=crowd, down=(pygame.K_TAB,))}
    for phase in ("waiting", "countdown", "playing", "over"):
        pictures.add(draw(Controls(), dt=0.0, players=crowd, phase=phase))
    assert len(pictures) == 5


def resize(window: Window, size: Size) -> None:
    """Give the window this size, as a person does."""
    pygame.display.set_mode(size, pygame.RESIZABLE)
    window.events()


@pytest.mark.parametrize("size", [(320, 200), (640, 400), (1280, 720)])
@pytest.mark.parametrize("typed", [None, "hello"])
def test_words_at_the_bottom_have_a_line_of_their_own(window: Window, size: Size, typed: str | None) -> None:
    """What a step shows there is over nothing else: not chat, not the line that is typed, not the corner."""
    pygame.display.set_mode(size, pygame.RESIZABLE)
    window.events()

    def changed(first: dict[str, str], second: dict[str, str]) -> pygame.Rect:
        """Where two pictures of these things differ."""
        masks = pygame.mask.from_threshold(picture(**first), (0, 0, 0), (1, 1, 1, 255), picture(**second))
        masks.invert()
        boxes = masks.get_bounding_rects()
        return boxes[0].unionall(boxes[1:])

    def picture(*, below: str = "", link: str = "", said: str = "") -> pygame.Surface:
        screen = Screen(MAP)
        screen.below = below
        for _ in range(3 if said else 0):
            screen.chat.say("Ada", said, (255, 0, 0))
        status = Status("Gem Rush", 0.1, 60.0, link)
        screen.draw(window.surface, window.text, SCENE, status, Panels(typed=typed), 0.0)
        return window.surface.copy()

    said, link = {"said": "hello " * 30}, {"link": "latency 200 ms"}
    for others in ({}, link):
        words = changed(others, {**others, "below": "W" * 90})
        chat = changed({**others, "below": "W" * 90}, {**others, **said, "below": "W" * 90})
        corner = changed({}, link)
        entry = entry_box(window.surface, window.text)
        assert typed is None or not words.colliderect(entry)
        assert not words.colliderect(chat) and words.width > 0.9 * size[0]
        assert not others or not words.colliderect(corner)
