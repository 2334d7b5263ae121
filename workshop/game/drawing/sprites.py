"""The pictures of players and resources, drawn large and then made small, for smooth edges.

The middle of each body has exactly its palette colour, so that tests can check a picture.
"""

from collections.abc import Sequence
from functools import cache
from math import cos, hypot, pi, sin

import pygame

from workshop.game.drawing.palette import (
    INK,
    PAPER,
    PLAYERS,
    RESOURCES,
    Colour,
    darker,
    lighter,
    player_colour,
)
from workshop.game.drawing.silhouettes import DOT, OUTLINES, Spot, dots, outline
from workshop.game.rules.entities import Kind

PLAYER_RADIUS = 21  # pixels
PLAYER_BOX = 58  # pixels; a square that a player fits into
RESOURCE_BOX = 56  # pixels
FACINGS = 16  # directions that a player can look in
GROUP = len(OUTLINES)  # players' colours that share their dots
BEND = 0.2  # the radius of round corners, as a share of a body's
FINE = 4  # pictures are drawn this many times larger


class Sprites:
    """Makes each picture once."""

    def __init__(self) -> None:
        self._players: dict[tuple[int, int], pygame.Surface] = {}
        self._resources: dict[Kind, pygame.Surface] = {}
        self.shadow = shadow(40, 18, 90)
        self.glow = _glow(38, RESOURCES["gem"])

    def player(self, colour: int, facing: float) -> pygame.Surface:
        """A body in the colour with that index, looking in a direction in radians."""
        key = (colour, round(facing / (2 * pi) * FACINGS) % FACINGS)
        if key not in self._players:
            self._players[key] = _player(colour, key[1] * 2 * pi / FACINGS)
        return self._players[key]

    def resource(self, kind: Kind) -> pygame.Surface:
        """A picture of a resource."""
        if kind not in self._resources:
            self._resources[kind] = _RESOURCES[kind](RESOURCES[kind])
        return self._resources[kind]


def canvas(width: int, height: int) -> pygame.Surface:
    """An empty picture, `FINE` times as large as it will be; finish it with `shrunk`."""
    return pygame.Surface((width * FINE, height * FINE), pygame.SRCALPHA)


def shrunk(picture: pygame.Surface) -> pygame.Surface:
    """A picture at its final size."""
    return pygame.transform.smoothscale(picture, (picture.width // FINE, picture.height // FINE))


def shadow(width: int, height: int, strength: int) -> pygame.Surface:
    """A soft ellipse of shade."""
    picture = canvas(width, height)
    box = picture.get_rect()
    for step in range(6):
        part = box.inflate(-box.width * step // 9, -box.height * step // 9)
        pygame.draw.ellipse(picture, (*INK, strength * (step + 1) // 6), part)
    return shrunk(picture)


def _glow(radius: int, colour: Colour) -> pygame.Surface:
    picture = canvas(2 * radius, 2 * radius)
    for step in range(12):
        share = 1 - step / 12
        pygame.draw.circle(
            picture, (*colour, 5 + 6 * step), (radius * FINE, radius * FINE), radius * FINE * share
        )
    return shrunk(picture)


def draw_badge(surface: pygame.Surface, colour: int, centre: tuple[int, int], radius: int) -> None:
    """A player's outline and colour, small, for lists."""
    if radius > 0:
        picture = _badge(colour % len(PLAYERS), radius)
        surface.blit(picture, picture.get_rect(center=centre))


@cache
def _badge(colour: int, radius: int) -> pygame.Surface:
    side = 3 * radius + 1  # odd, or even, as a centre needs it
    picture, middle = canvas(side, side), (side / 2, side / 2)
    _body(picture, middle, colour, (radius, 2.0), PAPER)
    _body(picture, middle, colour, (radius, 1.0), player_colour(colour))
    for x, y in dots(colour):
        spot = (middle[0] + x * radius, middle[1] + y * radius)
        _circle(picture, spot, 1.5 * DOT * radius, PAPER)
        _circle(picture, spot, DOT * radius, INK)
    return shrunk(picture)


def _player(colour: int, facing: float) -> pygame.Surface:
    picture, fill = canvas(PLAYER_BOX, PLAYER_BOX), player_colour(colour)
    middle = (PLAYER_BOX / 2, PLAYER_BOX / 2)
    for edge, shade in ((6.0, PAPER), (4.5, darker(fill, 0.62)), (2.0, darker(fill, 0.18)), (0.0, fill)):
        _body(picture, middle, colour, (PLAYER_RADIUS - 3.5, edge), shade)
    for x, y in dots(colour, facing):
        spot = (middle[0] + x * PLAYER_RADIUS, middle[1] + y * PLAYER_RADIUS)
        _circle(picture, spot, DOT * PLAYER_RADIUS, PAPER)
        _circle(picture, spot, DOT * PLAYER_RADIUS - 1, INK)
    _eyes(picture, middle, facing)
    return shrunk(picture)


def _body(
    picture: pygame.Surface, middle: Spot, colour: int, size: tuple[float, float], fill: Colour
) -> None:
    """The outline with round corners, so many pixels large, and so many larger on all sides."""
    (radius, edge), corners = size, outline(colour)
    bend = BEND * radius
    points = [(middle[0] + x * (radius - bend), middle[1] + y * (radius - bend)) for x, y in corners]
    if not points:
        _circle(picture, middle, radius + edge, fill)
        return
    polygon(picture, fill, points)
    for start, end in zip(points, points[1:] + points[:1], strict=True):
        _circle(picture, start, bend + edge, fill)
        _bar(picture, start, end, bend + edge, fill)


def _eyes(picture: pygame.Surface, middle: Spot, facing: float) -> None:
    ahead, side = (cos(facing), sin(facing)), (-sin(facing), cos(facing))
    for hand in (-1, 1):
        x = middle[0] + 9.0 * ahead[0] + 6.5 * hand * side[0]
        y = middle[1] + 9.0 * ahead[1] + 6.5 * hand * side[1]
        _circle(picture, (x, y), 5.6, INK)
        _circle(picture, (x, y), 4.8, PAPER)
        _circle(picture, (x + 1.7 * ahead[0], y + 1.7 * ahead[1]), 2.7, INK)


def _circle(picture: pygame.Surface, middle: Spot, radius: float, colour: Colour) -> None:
    pygame.draw.circle(picture, colour, (middle[0] * FINE, middle[1] * FINE), radius * FINE)


def _bar(picture: pygame.Surface, start: Spot, end: Spot, half: float, colour: Colour) -> None:
    length = hypot(end[0] - start[0], end[1] - start[1])
    x, y = half * (end[1] - start[1]) / length, half * (start[0] - end[0]) / length
    corners = [(start[0] + x, start[1] + y), (end[0] + x, end[1] + y)]
    polygon(picture, colour, [*corners, (end[0] - x, end[1] - y), (start[0] - x, start[1] - y)])


def polygon(picture: pygame.Surface, colour: Colour, points: Sequence[Spot]) -> None:
    """A filled polygon, in final pixels, on a `canvas`."""
    pygame.draw.polygon(picture, colour, [(x * FINE, y * FINE) for x, y in points])


def _wood(colour: Colour) -> pygame.Surface:
    """Three logs, seen from their ends."""
    picture = canvas(RESOURCE_BOX, RESOURCE_BOX)
    for x, y in ((18, 37), (38, 37), (28, 22)):
        _circle(picture, (x, y), 11.5, INK)
        _circle(picture, (x, y), 10.2, darker(colour, 0.4))
        _circle(picture, (x, y), 8.2, lighter(colour, 0.5))
        _circle(picture, (x, y), 5.4, colour)
        _circle(picture, (x, y), 3.6, lighter(colour, 0.5))
    _circle(picture, (28, 28), 4.5, colour)
    return shrunk(picture)


def _stone(colour: Colour) -> pygame.Surface:
    """A pile of pale stones."""
    picture = canvas(RESOURCE_BOX, RESOURCE_BOX)
    left = [(8, 40), (10, 30), (18, 26), (25, 31), (26, 41), (14, 44)]
    right = [(28, 42), (30, 29), (40, 26), (48, 33), (48, 42), (38, 45)]
    top = [(15, 30), (18, 17), (29, 11), (40, 18), (42, 31), (33, 37), (22, 37)]
    for points in (left, right, top):
        _outlined_polygon(picture, points, colour, 1.6)
    polygon(picture, lighter(colour, 0.6), [(19, 19), (29, 13), (36, 17), (27, 22)])
    polygon(picture, darker(colour, 0.25), [(41, 23), (41, 31), (33, 36), (35, 29)])
    return shrunk(picture)


def _gem(colour: Colour) -> pygame.Surface:
    """A cut crystal."""
    picture = canvas(RESOURCE_BOX, RESOURCE_BOX)
    _outlined_polygon(picture, [(17, 13), (39, 13), (48, 24), (28, 48), (8, 24)], colour, 2.0)
    polygon(picture, lighter(colour, 0.7), [(17, 13), (28, 13), (21, 23), (9, 24)])
    polygon(picture, lighter(colour, 0.4), [(28, 13), (39, 13), (35, 23), (21, 23)])
    polygon(picture, darker(colour, 0.22), [(39, 13), (47, 24), (35, 23)])
    polygon(picture, darker(colour, 0.4), [(47, 24), (28, 47), (35, 24)])
    polygon(picture, lighter(colour, 0.25), [(9, 24), (21, 24), (28, 47)])
    return shrunk(picture)


def _outlined_polygon(picture: pygame.Surface, points: Sequence[Spot], colour: Colour, edge: float) -> None:
    for start, end in zip(points, [*points[1:], points[0]], strict=True):
        _circle(picture, start, edge, INK)
        _bar(picture, start, end, edge, INK)
    polygon(picture, colour, points)


_RESOURCES = {"wood": _wood, "stone": _stone, "gem": _gem}
