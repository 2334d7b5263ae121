"""Players are told apart without colours."""

from itertools import combinations

import pygame

from workshop.game.drawing.palette import PLAYERS
from workshop.game.drawing.silhouettes import MOST_DOTS, OUTLINES, dots, outline
from workshop.game.drawing.sprites import Sprites, draw_badge
from workshop.game.drawing.window import Window


def test_no_two_players_have_the_same_outline_and_dots() -> None:
    """Every colour has an outline, and dots that only others with another outline have."""
    looks = {(outline(colour), len(dots(colour))) for colour in range(len(PLAYERS))}
    assert len(looks) == len(PLAYERS) == len(OUTLINES) * (MOST_DOTS + 1)


def test_the_first_players_differ_by_outline(window: Window) -> None:
    """Of any two of the first eight, a good part of the bodies does not coincide."""
    sprites = Sprites()
    masks = [pygame.mask.from_surface(sprites.player(colour, 0.0), 200) for colour in range(len(OUTLINES))]
    for one, other in combinations(masks, 2):
        common = one.overlap_area(other, (0, 0))
        assert one.count() + other.count() - 2 * common > 0.05 * one.count()


def test_a_badge_has_the_colour_in_its_middle_and_the_outline(window: Window) -> None:
    """In lists as on the map; and one of no size is none."""
    pictures = set()
    for colour, fill in enumerate(PLAYERS):
        window.surface.fill((0, 255, 0))
        draw_badge(window.surface, colour, (40, 40), 9)
        assert window.surface.get_at((40, 40))[:3] == fill
        grey = pygame.transform.grayscale(window.surface.subsurface(20, 20, 40, 40))
        pictures.add(pygame.mask.from_threshold(grey, grey.get_at((0, 0)), (9, 9, 9, 255)).count())
        draw_badge(window.surface, colour, (400, 40), 0)
    assert len(pictures) > len(OUTLINES) // 2
