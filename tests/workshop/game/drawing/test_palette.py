"""Colours: different from each other, and from what lies about."""

from math import dist

from workshop.game.drawing.palette import (
    GRASS,
    OBSTACLES,
    PLAYERS,
    RESOURCES,
    SAND,
    light_enough,
    lighter,
    mixed,
    player_colour,
)
from workshop.game.drawing.sprites import GROUP


def test_everybody_has_a_colour_of_its_own() -> None:
    """Thirty-two colours, clearly apart from each other, the ground and the resources."""
    others = [GRASS, SAND, *RESOURCES.values(), *OBSTACLES.values()]
    assert len(PLAYERS) == 32
    for index, colour in enumerate(PLAYERS):
        assert all(dist(colour, other) > 25 for other in (*PLAYERS[:index], *others))


def test_within_a_shape_colours_are_far_apart() -> None:
    """Players with the same shape of body differ by more."""
    for start in range(0, len(PLAYERS), GROUP):
        group = PLAYERS[start : start + GROUP]
        assert all(dist(a, b) > 60 for i, a in enumerate(group) for b in group[:i])


def test_colours_can_be_mixed_and_read() -> None:
    """Mixing goes from one colour to the other; dark colours become light text."""
    assert mixed((0, 0, 0), (200, 100, 50), 0.5) == (100, 50, 25)
    assert lighter((0, 0, 0), 1.0) == (255, 255, 255)
    assert sum(light_enough((34, 34, 44))) > 330
    assert player_colour(32) == player_colour(0)
