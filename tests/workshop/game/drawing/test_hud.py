"""The heads-up display: what lies over the world is where one looks for it."""

import pygame
import pytest
from msgspec.structs import replace

from tests.support import pixels
from workshop.game.drawing import hud as module
from workshop.game.drawing.hud import GO_SECONDS, HURRY_SECONDS, MARGIN, MINIMAP_WIDTH, Hud, Status
from workshop.game.drawing.palette import ACCENT, RESOURCES, WARNING, Colour, player_colour
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window
from workshop.game.rules.entities import Phase, Player, Resource, Round
from workshop.game.rules.maps import make_map

MAP = make_map(1)
ROUND = Round(seed=1, number=1, phase="playing", ends_at=900, winner="Ada")
CROWD = {id: Player(f"p{id}", id, MAP.width * id // 10, MAP.height // 2, score=id) for id in range(1, 9)}
GEM = Resource("gem", MAP.width // 2, MAP.height // 4)
SCENE = Scene(CROWD, {1: GEM}, ROUND, my_id=1)
GREEN = (0, 255, 0)
CLOCK, MIDDLE = pygame.Rect(574, 12, 132, 70), pygame.Rect(400, 90, 480, 200)


def drawn(window: Window, scene: Scene = SCENE, hud: Hud | None = None) -> pygame.Surface:
    """Draw it over green; return the picture."""
    window.surface.fill(GREEN)
    (hud or Hud(MAP, pygame.Surface((MAP.width // 16, MAP.height // 16)))).draw(
        window.surface, scene, window.text, None
    )
    return window.surface


def letters(picture: pygame.Surface, colour: Colour, area: pygame.Rect) -> int:
    """How many pixels of text of that colour are there."""
    return pixels.count(picture, colour, area, near=20)


def test_the_best_and_oneself_stand_at_the_left(window: Window) -> None:
    """Each in its colour, most points first; whoever is not among the best has a line below them."""
    picture = drawn(window)
    for line, id in enumerate((8, 7, 6, 5, 4, 3, 1)):
        assert picture.get_at((58, 12 + 7 + 30 * line + 15))[:3] == player_colour(id)
    assert letters(picture, ACCENT, pygame.Rect(80, 200, 170, 28)), "one's own name"
    assert picture.get_at((58, 12 + 14 + 7 * 30 + 1))[:3] == GREEN, "and no other"
    for panel in ((250, 100), (CLOCK.left + 4, CLOCK.centery), (1064, 160)):  # of scores, clock and worth
        assert picture.get_at(panel)[:3] != GREEN, "what is written can be read on any ground"


def test_everybody_and_the_gems_are_on_the_minimap(window: Window) -> None:
    """At their places of the whole map, at the top right; oneself is marked."""
    picture, scale = drawn(window), MINIMAP_WIDTH / MAP.width
    left = 1280 - MARGIN - MINIMAP_WIDTH
    for thing, colour in ((CROWD[1], ACCENT), (CROWD[5], player_colour(5)), (GEM, RESOURCES["gem"])):
        place = round(left + thing.x * scale), round(MARGIN + thing.y * scale)
        assert picture.get_at(place)[:3] == colour
    worth = pygame.Rect(left, MARGIN + round(MAP.height * scale) + module.WORTH_GAP, MINIMAP_WIDTH, 34)
    assert letters(picture, RESOURCES["gem"], worth), "what a gem is worth stands below"


@pytest.mark.parametrize(("left", "hurry"), [(HURRY_SECONDS - 1, True), (HURRY_SECONDS + 1, False)])
def test_the_clock_warns(window: Window, left: int, hurry: bool) -> None:
    """When little time is left its numbers have another colour."""
    picture = drawn(window, replace(SCENE, tick=900 - left * SCENE.tick_rate))
    assert (letters(picture, WARNING, CLOCK) > 50) is hurry


@pytest.mark.parametrize(("phase", "told"), [("waiting", True), ("over", True), ("playing", False)])
def test_what_everybody_shall_read(window: Window, phase: Phase, told: bool) -> None:
    """A band across the window tells who won, or what is waited for; while one plays there is none."""
    picture = drawn(window, replace(SCENE, round=replace(ROUND, phase=phase)))
    assert (pixels.painted(picture, GREEN, MIDDLE) > MIDDLE.width * 100) is told
    assert (letters(picture, ACCENT, MIDDLE) > 100) is (phase == "over")


def test_the_start_is_told_once(window: Window) -> None:
    """ "GO!" stands in the middle when the countdown is over, and only then, for a moment."""
    hud, seen = Hud(MAP, pygame.Surface((100, 100))), []
    for phase, dt in (("playing", 0.0), ("countdown", 1.0), ("playing", 0.1), ("playing", GO_SECONDS)):
        scene = replace(SCENE, round=replace(ROUND, phase=phase))
        hud.watch(scene, dt)
        seen.append(letters(drawn(window, scene, hud), ACCENT, MIDDLE) > 500)
    assert seen == [False, False, True, False]


def test_the_corner(window: Window) -> None:
    """Bottom right are room, round trip and frames; above it, in another colour, what is simulated."""
    for link in ("", "200 ms"):
        window.surface.fill(GREEN)
        module.draw_corner(window.surface, SCENE, Status("Gem Rush", 0.1, 60.0, link), window.text)
        assert pixels.painted(window.surface, GREEN, pygame.Rect(900, 690, 370, 25)) > 4000
        assert bool(letters(window.surface, WARNING, pygame.Rect(1000, 640, 270, 48))) is bool(link)


@pytest.mark.parametrize("size", [(640, 400), (1280, 720)])
def test_winners_with_long_names_are_named_whole(
    window: Window, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """The letters become smaller where the names would be cut off, and what the winners did with them."""
    pygame.display.set_mode(size, pygame.RESIZABLE)
    window.events()
    winners = "Grace Murray Hopper and דוד בן גוריון"
    words = pixels.written(window.text, monkeypatch)
    drawn(window, replace(SCENE, round=replace(ROUND, phase="over", winner=winners)))
    assert any(winners in line and "share it" in line for line in words)
