"""All colours of the game, as (red, green, blue).

The players' colours differ for normal sight, and from those of the ground and the resources. The colour-blind
cannot tell thirty-two hues apart, so each player has an outline and dots as well (`silhouettes`).
"""

from typing import Final, TypeAlias

from workshop.game.rules.entities import Kind
from workshop.game.rules.maps import ObstacleKind

Colour: TypeAlias = tuple[int, int, int]

PLAYERS: Final[tuple[Colour, ...]] = (
    *((255, 159, 28), (76, 172, 255), (255, 232, 74), (255, 105, 180)),
    *((232, 62, 38), (245, 245, 245), (255, 202, 160), (72, 66, 200)),
    *((34, 34, 44), (192, 0, 66), (190, 244, 50), (24, 84, 240)),
    *((196, 92, 0), (122, 138, 176), (255, 188, 214), (255, 138, 116)),
    *((40, 214, 60), (120, 255, 190), (160, 82, 140), (28, 52, 140)),
    *((172, 206, 255), (130, 18, 44), (132, 128, 10), (150, 92, 255)),
    *((170, 64, 30), (206, 186, 255), (216, 30, 216), (0, 104, 116)),
    *((84, 24, 120), (204, 150, 20), (255, 246, 176), (0, 196, 160)),
)
RESOURCES: Final[dict[Kind, Colour]] = {
    "wood": (150, 96, 48),
    "stone": (176, 184, 196),
    "gem": (48, 226, 255),
}
OBSTACLES: Final[dict[ObstacleKind, Colour]] = {
    "tree": (38, 84, 58),
    "rock": (92, 92, 98),
    "pond": (52, 118, 148),
    "wall": (124, 112, 104),
}
GRASS: Final[Colour] = (82, 122, 84)
SAND: Final[Colour] = (178, 160, 124)
NIGHT: Final[Colour] = (22, 30, 34)  # beyond the map
INK: Final[Colour] = (16, 20, 28)  # outlines, shadows, panels
PAPER: Final[Colour] = (248, 248, 244)  # text
FADED: Final[Colour] = (170, 180, 188)  # less important text
ACCENT: Final[Colour] = (255, 214, 90)  # what matters now
WARNING: Final[Colour] = (255, 120, 96)
GOOD: Final[Colour] = (120, 255, 190)  # all is well


def player_colour(index: int) -> Colour:
    """The colour of a player; after the last, the colours begin again."""
    return PLAYERS[index % len(PLAYERS)]


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """``colour`` with a ``share`` (0 to 1) of ``other``."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float = 0.45) -> Colour:
    """The colour with a share of black."""
    return mixed(colour, (0, 0, 0), share)


def lighter(colour: Colour, share: float = 0.45) -> Colour:
    """The colour with a share of white."""
    return mixed(colour, (255, 255, 255), share)


def light_enough(colour: Colour) -> Colour:
    """The colour, light enough to be read as text on a dark ground."""
    return lighter(colour, max(0.0, 0.7 - sum(colour) / 550))
