"""The game's measures. The WORLD UNIT is 1/16 pixel, so that all rules compute with integers."""

from typing import Final

UNIT: Final = 16  # world units per pixel
TICK_RATE: Final = 30  # ticks per second for which the speeds below are made
STEP_UNITS: Final = 8 * UNIT  # units that a player moves in one tick: 240 pixels per second
TOP_SPEED: Final = 3 * STEP_UNITS * TICK_RATE  # units a second; a player who is faster was put there
BODY: Final = 14 * UNIT  # units from a player's centre to each side of its square body
REACH: Final = 46 * UNIT  # units between the centres of a player and a resource within reach


def to_pixels(units: int) -> int:
    """World units as whole pixels."""
    return units // UNIT


def to_units(pixels: float) -> int:
    """Pixels as world units."""
    return round(pixels * UNIT)
