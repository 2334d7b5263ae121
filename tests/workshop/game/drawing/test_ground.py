"""The ground: everything that never moves is painted where the map has it."""

import pygame

from workshop.game.drawing.ground import paint
from workshop.game.drawing.palette import INK, OBSTACLES, SAND, Colour
from workshop.game.drawing.window import Window
from workshop.game.rules.maps import Map, Obstacle, make_map
from workshop.game.rules.units import to_pixels

MAP = make_map(7)


def far(picture: pygame.Surface, area: pygame.Rect, colour: Colour) -> int:
    """How far the mean colour of a part is from another one, in steps of red, green and blue."""
    mean = pygame.transform.average_color(picture, area)
    return sum(abs(mean[part] - colour[part]) for part in range(3))


def core(obstacle: Obstacle) -> pygame.Rect:
    """The middle of an obstacle on the picture."""
    left, top = to_pixels(obstacle.left), to_pixels(obstacle.top)
    area = pygame.Rect(left, top, to_pixels(obstacle.right) - left, to_pixels(obstacle.bottom) - top)
    return area.inflate(-area.width // 2, -area.height // 2)


def test_obstacles_stand_where_nobody_can_walk(window: Window) -> None:
    """Each covers its place with the colours of its kind; in the middle is sand, and around all a rim."""
    picture, bare = paint(MAP), paint(Map(MAP.width, MAP.height, seed=MAP.seed))
    assert {obstacle.kind for obstacle in MAP.obstacles} == OBSTACLES.keys()
    for obstacle in MAP.obstacles:
        area = core(obstacle)
        ground = pygame.transform.average_color(bare, area)
        assert far(picture, area, OBSTACLES[obstacle.kind]) < 110 and far(picture, area, ground[:3]) > 20
    assert far(picture, pygame.Rect(picture.get_rect().center, (60, 60)), SAND) < 40
    assert picture.get_at((2, 300))[:3] == INK


def test_a_map_looks_the_same_to_everybody(window: Window) -> None:
    """Tufts and flowers are those of the map's seed."""
    first, again, other = (pygame.image.tobytes(paint(map), "RGB") for map in (MAP, MAP, make_map(8)))
    assert first == again != other
