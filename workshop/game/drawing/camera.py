"""The camera: which part of the map the window shows. Pure functions."""

from workshop.game.rules.maps import Map, Point
from workshop.game.rules.units import UNIT, to_pixels

FLIGHT_SPEED = 900 * UNIT  # world units per second of a spectator's camera


def camera(position: Point, window_size: Point, map: Map) -> Point:
    """The map pixel at the window's top left corner.

    The window follows ``position`` and stops at the map's borders. A map that is smaller than the window is
    in its middle.

    Args:
        position: in world units.
        window_size: in pixels.
    """
    left = _along(to_pixels(position[0]), window_size[0], to_pixels(map.width))
    top = _along(to_pixels(position[1]), window_size[1], to_pixels(map.height))
    return left, top


def _along(place: int, window: int, whole: int) -> int:
    if window >= whole:
        return (whole - window) // 2
    return min(max(place - window // 2, 0), whole - window)


def flown(position: Point, direction: tuple[float, float], dt: float, map: Map) -> Point:
    """The place of a spectator's camera ``dt`` seconds later."""
    x = position[0] + round(direction[0] * FLIGHT_SPEED * dt)
    y = position[1] + round(direction[1] * FLIGHT_SPEED * dt)
    return min(max(x, 0), map.width), min(max(y, 0), map.height)


def world_to_screen(position: Point, offset: Point) -> Point:
    """The window pixel of a place in world units, for the ``offset`` from `camera`."""
    return to_pixels(position[0]) - offset[0], to_pixels(position[1]) - offset[1]
