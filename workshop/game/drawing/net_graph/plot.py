"""A small graph of the last seconds: its scale, its lines with gaps, its title and newest value."""

from collections.abc import Callable, Iterable, Sequence
from math import floor, log10
from typing import TypeAlias

import msgspec
import pygame

from workshop.game.drawing.net_graph.readings import SPAN, Reading
from workshop.game.drawing.palette import FADED, INK, PAPER, Colour, mixed
from workshop.game.drawing.text import Text

GAP_SECONDS = 0.5  # samples further apart are not joined by a line
NICE = (1, 2, 3, 5, 10)  # where a scale may end, times a power of ten
NOTHING = 1e-6  # in any unit of the screen, too little to see
HEADROOM = 1.1  # by which a scale is larger than its values
SHRINK_BELOW = 0.7  # a scale shrinks only if its values fill less than this share of the smaller one
TITLE = 20  # height of the line above a graph, in pixels of a window of 1280×720
AXIS = 30  # width of the numbers at the right
AREA = 0.3  # how much of its colour the area behind a line has
PLOT = 225  # opacity of a graph's ground, 0 to 255
GROUND: Colour = mixed(INK, (0, 0, 0), 0.45)
GRID: Colour = mixed(GROUND, PAPER, 0.18)

Label: TypeAlias = tuple[tuple[str, Colour], ...]  # words beside each other, each with its colour
Point: TypeAlias = tuple[float, float, float, float]  # when, value, lower and upper edge of its area


class Curve(msgspec.Struct, frozen=True):
    """One line: its colour, and its value in a reading, in the unit of the screen.

    Args:
        area: the lower and upper edge of the coloured area behind the line; None for none. It is called only
            where ``value`` is known.
    """

    colour: Colour
    value: Callable[[Reading], float | None]
    area: Callable[[Reading], tuple[float, float]] | None = None


class Plot(msgspec.Struct, frozen=True):
    """What a graph shows.

    Args:
        least: the smallest top of its scale, so that tiny changes do not look large.
        label: the newest values in words, each with its colour.
    """

    title: str
    least: float
    curves: tuple[Curve, ...]
    label: Callable[[Reading], Label]


class Scale:
    """The top of an axis from 0: a round number that fits and does not flicker, at least ``least``."""

    def __init__(self, least: float) -> None:
        self.top = self._least = least

    def fit(self, peak: float) -> float:
        """The top for values up to ``peak``: it grows at once, and shrinks only if there is much room."""
        wanted = max(self._least, nice(peak * HEADROOM))
        if wanted > self.top or peak <= wanted * SHRINK_BELOW:
            self.top = wanted
        return self.top


def nice(value: float) -> float:
    """The smallest round number that is not below ``value``; 0 for less than `NOTHING`."""
    if value < NOTHING:
        return 0.0
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in NICE if step * power >= value * (1 - 1e-9))


def pieces(samples: Iterable[Reading], curve: Curve) -> list[list[Point]]:
    """The points of each line: it breaks where the value is unknown, or was not read for `GAP_SECONDS`."""
    found: list[list[Point]] = []
    joined_until = float("-inf")
    for sample in samples:
        value = curve.value(sample)
        if value is None:
            joined_until = float("-inf")
            continue
        if sample.now > joined_until:
            found.append([])
        found[-1].append((sample.now, value, *(curve.area(sample) if curve.area else (value, value))))
        joined_until = sample.now + GAP_SECONDS
    return found


class PlotPainter:
    """Draws a plot on a panel again and again, and remembers its scale."""

    def __init__(self, plot: Plot) -> None:
        self.plot = plot
        self._scale = Scale(plot.least)

    def draw(self, surface: pygame.Surface, text: Text, box: pygame.Rect, samples: Sequence[Reading]) -> None:
        """Draw title and graph into ``box``, or only the title if there is no room for more."""
        self._draw_title(surface, text, pygame.Rect(box.topleft, (box.width, text.px(TITLE))), samples[-1])
        field = pygame.Rect(box.left, box.top + text.px(TITLE), box.width - text.px(AXIS), 0)
        field.height = box.bottom - field.top
        if field.height > 0:
            lines = [(curve, piece) for curve in self.plot.curves for piece in pieces(samples, curve)]
            top = self._scale.fit(max((max(it[1], it[3]) for _, piece in lines for it in piece), default=0.0))
            _draw_field(surface, text, field, top)
            self._draw_lines(surface, field, lines, samples[-1].now)

    def _draw_lines(
        self, surface: pygame.Surface, field: pygame.Rect, lines: list[tuple[Curve, list[Point]]], now: float
    ) -> None:
        """``now`` is at the right edge of the field."""
        across, up = (field.width - 2) / SPAN, (field.height - 4) / self._scale.top
        right, bottom = field.right - 2 - now * across, field.bottom - 2
        for curve, piece in lines:
            if curve.area and len(piece) > 1:
                edge = [(right + when * across, bottom - high * up) for when, _, _, high in piece]
                edge += [(right + when * across, bottom - low * up) for when, _, low, _ in reversed(piece)]
                pygame.draw.polygon(surface, (*mixed(GROUND, curve.colour, AREA), PLOT), edge)
        for curve, piece in lines:
            line = [(right + when * across, round(bottom - value * up)) for when, value, _, _ in piece]
            _draw_line(surface, curve.colour, line)

    def _draw_title(self, surface: pygame.Surface, text: Text, line: pygame.Rect, newest: Reading) -> None:
        text.write(surface, self.plot.title, 16, FADED, midleft=line.midleft)
        right = line.right
        for words, colour in reversed(self.plot.label(newest)):
            right = text.write(surface, words, 17, colour, midright=(right, line.centery)).left - text.px(8)


def _draw_field(surface: pygame.Surface, text: Text, field: pygame.Rect, top: float) -> None:
    """Draw the ground, a line at the top and in the middle, and the numbers beside it."""
    pygame.draw.rect(surface, (*GROUND, PLOT), field, border_radius=text.px(4))
    for height in (field.top, field.centery):
        pygame.draw.line(surface, GRID, (field.left, height), (field.right - 1, height))
    beside = field.right + text.px(5)
    text.write(surface, f"{top:.4g}", 13, FADED, topleft=(beside, field.top - text.px(1)))
    text.write(surface, "0", 13, FADED, bottomleft=(beside, field.bottom + text.px(1)))


def _draw_line(surface: pygame.Surface, colour: Colour, line: list[tuple[float, int]]) -> None:
    """Draw a line two pixels thick, or a dot for a single point. On whole pixels, a flat line stays sharp."""
    if len(line) < 2:
        pygame.draw.circle(surface, colour, line[0], 1.5)
        return
    for down in (0, 1):
        pygame.draw.aalines(surface, colour, False, [(x, y + down) for x, y in line])
