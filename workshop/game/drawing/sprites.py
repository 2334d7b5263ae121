"""The pictures of players and resources, drawn large and then made small, for smooth edges.

The middle of each body has exactly its palette colour, so that tests can check a picture.
"""

from collections.abc import Sequence
from functools import cache
from math import cos, pi, sin
from typing import TypeAlias

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

At: TypeAlias = Spot | pygame.Vector2


class Sprites:
    """Makes each picture once."""

    def __init__(self) -> None:
        self._player, self._resource = cache(_player), cache(_resource)
        self.shadow = shadow(40, 18, 90)
        self.glow = _glow(38, RESOURCES["gem"])

    def player(self, colour: int, facing: float) -> pygame.Surface:
        """A body in the colour with that index, looking in a direction in radians."""
        return self._player(colour, round(facing / (2 * pi) * FACINGS) % FACINGS * 2 * pi / FACINGS)

    def resource(self, kind: Kind) -> pygame.Surface:
        """A picture of a resource."""
        return self._resource(kind)


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
        pygame.draw.circle(
            picture, (*colour, 5 + 6 * step), picture.get_rect().center, radius * FINE * (1 - step / 12)
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
        circle(picture, spot, 1.5 * DOT * radius, PAPER)
        circle(picture, spot, DOT * radius, INK)
    return shrunk(picture)


def _player(colour: int, facing: float) -> pygame.Surface:
    picture, fill = canvas(PLAYER_BOX, PLAYER_BOX), player_colour(colour)
    middle = (PLAYER_BOX / 2, PLAYER_BOX / 2)
    for edge, shade in ((6.0, PAPER), (4.5, darker(fill, 0.62)), (2.0, darker(fill, 0.18)), (0.0, fill)):
        _body(picture, middle, colour, (PLAYER_RADIUS - 3.5, edge), shade)
    for x, y in dots(colour, facing):
        spot = (middle[0] + x * PLAYER_RADIUS, middle[1] + y * PLAYER_RADIUS)
        circle(picture, spot, DOT * PLAYER_RADIUS, PAPER)
        circle(picture, spot, DOT * PLAYER_RADIUS - 1, INK)
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
        circle(picture, middle, radius + edge, fill)
        return
    polygon(picture, fill, points)
    for start, end in zip(points, points[1:] + points[:1], strict=True):
        circle(picture, start, bend + edge, fill)
        _bar(picture, start, end, bend + edge, fill)


def _eyes(picture: pygame.Surface, middle: Spot, facing: float) -> None:
    ahead = pygame.Vector2(cos(facing), sin(facing))
    for hand in (-1, 1):
        eye = middle + 9.0 * ahead + 6.5 * hand * ahead.rotate(90)
        circle(picture, eye, 5.6, INK)
        circle(picture, eye, 4.8, PAPER)
        circle(picture, eye + 1.7 * ahead, 2.7, INK)


def circle(picture: pygame.Surface, middle: At, radius: float, colour: Colour) -> None:
    """A filled circle, in final pixels, on a `canvas`."""
    pygame.draw.circle(picture, colour, (middle[0] * FINE, middle[1] * FINE), radius * FINE)


def _bar(picture: pygame.Surface, start: Spot, end: Spot, half: float, colour: Colour) -> None:
    aside = (pygame.Vector2(end) - start).rotate(90)
    aside.scale_to_length(half)
    polygon(picture, colour, [start + aside, end + aside, end - aside, start - aside])


def polygon(picture: pygame.Surface, colour: Colour, points: Sequence[At]) -> None:
    """A filled polygon, in final pixels, on a `canvas`."""
    pygame.draw.polygon(picture, colour, [(x * FINE, y * FINE) for x, y in points])


def _wood(colour: Colour) -> pygame.Surface:
    """Three logs, seen from their ends."""
    picture = canvas(RESOURCE_BOX, RESOURCE_BOX)
    bark, pale = darker(colour, 0.4), lighter(colour, 0.5)
    for middle in ((18, 37), (38, 37), (28, 22)):
        for radius, shade in ((11.5, INK), (10.2, bark), (8.2, pale), (5.4, colour), (3.6, pale)):
            circle(picture, middle, radius, shade)
    circle(picture, (28, 28), 4.5, colour)
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
        circle(picture, start, edge, INK)
        _bar(picture, start, end, edge, INK)
    polygon(picture, colour, points)


def _resource(kind: Kind) -> pygame.Surface:
    return {"wood": _wood, "stone": _stone, "gem": _gem}[kind](RESOURCES[kind])
