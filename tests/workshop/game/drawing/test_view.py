"""The view: everything is where the wire says, in its colour."""

from collections.abc import Iterable
from pathlib import Path

import pygame
import pytest
from msgspec.structs import replace

from tests.support import pixels
from workshop.game.drawing.camera import camera, world_to_screen
from workshop.game.drawing.hud import ranking, seconds_left
from workshop.game.drawing.palette import PLAYERS, RESOURCES
from workshop.game.drawing.sprites import FACINGS, PLAYER_BOX, Sprites
from workshop.game.drawing.view import NAME_WIDTH, Scene, View, placed
from workshop.game.drawing.window import Window, missing_screen
from workshop.game.rules.entities import Player, Resource, Round
from workshop.game.rules.maps import Map, make_map
from workshop.game.rules.units import to_units

MAP: Map = make_map(1)
MIDDLE = (MAP.width // 2, MAP.height // 2)
ROUND = Round(seed=1, number=1, phase="playing", ends_at=900)


def scene(
    players: Iterable[Player] = (),
    resources: Iterable[Resource] = (),
    *,
    my_id: int = 0,
    round: Round = ROUND,
) -> Scene:
    return Scene(
        dict(enumerate(players, start=1)), dict(enumerate(resources)), round, my_id=my_id, focus=MIDDLE
    )


def test_a_name_hides_no_others(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty wide characters are shown whole; what is wider than those is cut."""
    crowd = [Player("名" * 20, 0, *MAP.spawns[0]), Player("W" * 60, 1, *MAP.spawns[1])]
    shown = pixels.written(window.text, monkeypatch)
    View(MAP).draw(window.surface, scene(crowd), window.text, 0.0)
    assert "名" * 20 in shown
    assert all(window.text.width(words, 21) <= window.text.px(NAME_WIDTH) for words in shown)


def test_every_player_is_found_by_its_colour(window: Window) -> None:
    """The pixel at each player's place has exactly its palette colour, whatever its shape."""
    crowd = [Player(f"p{i}", i, *MAP.spawns[i]) for i in range(32)]
    view = View(MAP)
    view.draw(window.surface, scene(crowd), window.text, 1 / 60)
    offset = camera(MIDDLE, window.surface.size, MAP)
    hidden = 0
    for player in crowd:
        pixel = window.surface.get_at(world_to_screen((player.x, player.y), offset))
        hidden += tuple(pixel[:3]) != PLAYERS[player.colour]
    assert hidden == 0


@pytest.mark.parametrize("facing", range(FACINGS))
def test_eyes_leave_the_middle_free(window: Window, facing: int) -> None:
    """Wherever a player looks, the middle of its body has its colour."""
    sprites = Sprites()
    for colour in (0, 8, 16, 24):
        picture = sprites.player(colour, facing * 6.2832 / FACINGS)
        assert tuple(picture.get_at((PLAYER_BOX // 2, PLAYER_BOX // 2))[:3]) == PLAYERS[colour]


@pytest.mark.parametrize("kind", ["wood", "stone", "gem"])
def test_every_resource_is_found_by_its_colour(window: Window, kind: str) -> None:
    """Near each resource's place there are pixels of exactly its palette colour, at any moment."""
    resource = Resource(kind, *MIDDLE)  # type: ignore[arg-type]
    view = View(MAP)
    place = world_to_screen(MIDDLE, camera(MIDDLE, window.surface.size, MAP))
    for _ in range(40):
        view.draw(window.surface, scene([], [resource]), window.text, 0.11)
        around = [(place[0] + x, place[1] + y) for x in range(-3, 4) for y in range(-3, 4)]
        assert RESOURCES[resource.kind] in {tuple(window.surface.get_at(at)[:3]) for at in around}


def test_oneself_is_on_top(window: Window) -> None:
    """When players stand on each other, everybody sees oneself."""
    both = [Player("Ada", 0, *MIDDLE), Player("Bob", 1, *MIDDLE)]
    for my_id in (1, 2):
        View(MAP).draw(window.surface, scene(both, my_id=my_id), window.text, 1 / 60)
        assert tuple(window.surface.get_at((640, 360))[:3]) == PLAYERS[my_id - 1]


def test_a_player_who_is_away_is_faint(window: Window) -> None:
    """A player who has lost the connection is drawn see-through; one who is back is as before."""
    view, ada = View(MAP), Player("Ada", 4, *MIDDLE)
    colours = []
    for away in (False, True, False):
        view.draw(window.surface, scene([replace(ada, away=away)]), window.text, 1 / 60)
        colours.append(tuple(window.surface.get_at((640, 360))[:3]))
    assert colours[0] == colours[2] == PLAYERS[4] != colours[1]


def test_others_are_placed_where_they_were() -> None:
    """All but the place is the newest; leavers are gone, newcomers not seen yet."""
    newest = {1: Player("Ada", 0, 500, 600, score=9), 3: Player("New", 2, 1, 1)}
    earlier = {1: Player("Ada", 0, 100, 200, score=4), 2: Player("Gone", 1, 0, 0)}
    assert placed(newest, earlier) == {1: Player("Ada", 0, 100, 200, score=9)}


def test_collecting_sparkles_and_tells_the_points(window: Window) -> None:
    """When a resource goes and somebody near has more points, sparks fly and "+5" rises, and both end."""
    view, ada = View(MAP), Player("Ada", 0, *MIDDLE)
    view.draw(window.surface, scene([ada], [Resource("gem", *MIDDLE)]), window.text, 1 / 60)
    richer = replace(ada, score=5)
    view.draw(window.surface, scene([richer]), window.text, 1 / 60)
    assert view.effects.sparks and [popup.text for popup in view.effects.popups] == ["+5"]
    for _ in range(90):
        view.draw(window.surface, scene([richer]), window.text, 1 / 60)
    assert not view.effects.sparks and not view.effects.popups


def test_the_clock_counts_down() -> None:
    """The clock shows the seconds until the phase ends, and never less than none."""
    assert seconds_left(replace(scene(), tick=600.0)) == 10.0
    assert seconds_left(replace(scene(), tick=2000.0)) == 0.0


def test_the_best_come_first() -> None:
    """The ranking goes by points, then by name."""
    ranked = ranking(scene([Player("Bob", 0, 0, 0, 3), Player("Ada", 1, 0, 0, 3), Player("Cy", 2, 0, 0, 9)]))
    assert [player.name for _, player in ranked] == ["Cy", "Ada", "Bob"]


def test_a_picture_can_be_saved(window: Window, tmp_path: Path) -> None:
    """The last frame becomes a file."""
    View(MAP).draw(window.surface, scene(), window.text, 1 / 60)
    window.save(tmp_path / "shot.png")
    assert pygame.image.load(tmp_path / "shot.png").get_size() == (1280, 720)


def test_a_wanted_dummy_screen_is_no_trouble(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who asked for the dummy driver hears nothing; one who expected a window gets one sentence."""
    assert missing_screen() is None
    monkeypatch.delenv("SDL_VIDEODRIVER")
    assert "DISPLAY" in (missing_screen() or "")


def test_things_out_of_sight_are_no_trouble(window: Window) -> None:
    """Players at the other end of the map are not drawn, and cost nothing but the look."""
    far = Player("far", 0, to_units(20), to_units(20))
    view = View(MAP)
    view.draw(window.surface, scene([far]), window.text, 1 / 60)
    assert view.effects.gaits.keys() == {1}
