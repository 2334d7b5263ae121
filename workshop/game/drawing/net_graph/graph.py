"""F3: the network as graphs, with the simulated conditions and the keys that change them."""

from itertools import cycle
from typing import Final, TypeAlias

import pygame

from workshop.game.drawing.hud import panel
from workshop.game.drawing.net_graph.curves import PLOTS
from workshop.game.drawing.net_graph.link_keys import LINK_KEYS
from workshop.game.drawing.net_graph.plot import GRID, TITLE, Label, PlotPainter
from workshop.game.drawing.net_graph.readings import History, Reading
from workshop.game.drawing.palette import ACCENT, FADED, GOOD, INK, PAPER, WARNING, Colour
from workshop.game.drawing.sprites import PLAYER_RADIUS
from workshop.game.drawing.text import Text
from workshop.game.rules.maps import Point

WIDTH = 300  # this and all lengths below are pixels of a window of 1280×720
EDGE = 14  # between the panel's border and its content
FIELD, LOWEST_FIELD = 46, 16  # height of a graph if there is room; if there is less than the second, none
GAP = 6  # below a graph
ROW = 20  # a line of words below the graphs
GROUND = 225  # opacity of the panel, 0 to 255
SEE_THROUGH, FADING = 80, 900  # opacity of the panel over your own player; how fast it changes, per second

STALE_SECONDS = 0.25  # after which a picture is painted again as a whole

Row: TypeAlias = tuple[Label, ...]  # left and right; or left, middle and right
Words: TypeAlias = list[list[Row]]  # groups of rows, from top to bottom
VERDICTS: Final = {
    "matched": ("Prediction matched", GOOD),
    "jitter": ("Prediction jitters", ACCENT),
    "diverging": ("Prediction diverges", WARNING),
}


def layout_of(text: Text, column: pygame.Rect, rows: int) -> tuple[Point, int]:
    """The size of the panel for a free column of the window, and the height of a plot with its title.

    Args:
        rows: of words.
    """
    fixed = 2 * text.px(EDGE) + rows * text.px(ROW) + len(PLOTS) * (text.px(TITLE) + text.px(GAP))
    field = min((column.height - fixed) // len(PLOTS), text.px(FIELD))
    field = field if field >= text.px(LOWEST_FIELD) else 0
    size = (max(0, min(text.px(WIDTH), column.width)), fixed + len(PLOTS) * field)
    return size, text.px(TITLE) + field


class NetGraph:
    """Collects readings, and draws them.

    Painting everything takes about two milliseconds, so each frame paints one part: a plot, or the words.
    """

    def __init__(self) -> None:
        self._history = History()
        self._painters = [PlotPainter(plot) for plot in PLOTS]
        self._latest: Reading | None = None
        self._picture = pygame.Surface((0, 0))
        self._layout: tuple[Point, int] | None = None
        self._drawn = float("-inf")
        self._parts = cycle(range(len(PLOTS) + 1))
        self._opacity = 255.0

    def feed(self, reading: Reading) -> None:
        """Take the reading of a frame, whether the graph is shown or not."""
        self._latest = reading
        self._history.add(reading)

    def fits(self, text: Text, column: pygame.Rect) -> bool:
        """Whether there is room for the graph in a free column of the window."""
        rows = sum(map(len, words_of(self._latest))) if self._latest else 0
        return layout_of(text, column, rows)[0][1] <= column.height

    def draw(
        self, surface: pygame.Surface, text: Text, column: pygame.Rect, own: Point | None, dt: float
    ) -> None:
        """Draw the graph, ``dt`` seconds after the last frame.

        Args:
            column: the free space; the graph takes what it needs of it, from the top right.
            own: where your own player is on the surface; there the graph becomes translucent.
        """
        if self._latest is None:
            return
        self._renew(text, column, self._latest)
        box = self._picture.get_rect(topright=column.topright)
        self._fade(box, own, dt)
        self._picture.set_alpha(round(self._opacity))
        surface.blit(self._picture, box)

    def _fade(self, box: pygame.Rect, own: Point | None, dt: float) -> None:
        covers = own is not None and box.inflate(2 * PLAYER_RADIUS, 2 * PLAYER_RADIUS).collidepoint(own)
        self._opacity = min(max(self._opacity + (-FADING if covers else FADING) * dt, SEE_THROUGH), 255.0)

    def _renew(self, text: Text, column: pygame.Rect, reading: Reading) -> None:
        """Paint the next part, or all of them if the layout has changed."""
        words = words_of(reading)
        layout = size, plot = layout_of(text, column, sum(map(len, words)))
        parts = [next(self._parts)]
        if layout != self._layout or reading.now - self._drawn > STALE_SECONDS:
            self._layout, parts = layout, list(range(len(PLOTS) + 1))
            self._picture = pygame.Surface(size, pygame.SRCALPHA)
            panel(self._picture, self._picture.get_rect(), text, GROUND)
        self._drawn = reading.now
        for part in parts:
            self._paint(part, text, plot, words)

    def _paint(self, part: int, text: Text, plot: int, words: Words) -> None:
        edge, (width, height) = text.px(EDGE), self._picture.size
        top, is_plot = edge + part * (plot + text.px(GAP)), part < len(PLOTS)
        box = pygame.Rect(edge, top, width - 2 * edge, plot if is_plot else height - edge - top)
        self._picture.fill((*INK, GROUND), box)
        if is_plot:
            self._painters[part].draw(self._picture, text, box, self._history.samples)
        else:
            _draw_words(self._picture, text, box, words)


def words_of(reading: Reading) -> Words:
    """The words below the graphs: the verdict, the simulated conditions, and the switches."""
    keys, here = LINK_KEYS.values(), reading.conditions
    simulated: list[Row] = [
        ((("Simulated at this end", FADED),), (("Shift: less", FADED),)),
        tuple(((it.name, ACCENT), (it.field, FADED)) for it in keys),
        tuple(((it.words(here), WARNING if it.shown(here) > 0 else PAPER),) for it in keys),
    ]
    if reading.server_simulates:
        simulated.append(((("Server adds", WARNING),), ((str(reading.server_conditions), WARNING),)))
    prediction = (("F7", ACCENT), ("prediction", FADED), _switch(reading.prediction_on))
    interpolation = (("F8", ACCENT), ("interpolation", FADED), _switch(reading.interpolation_on))
    return [[_verdict(reading)], simulated, [(prediction, interpolation)]]


def _verdict(reading: Reading) -> Row:
    """How well the prediction matches the server, and the number of corrections."""
    if not reading.prediction_on or reading.verdict not in VERDICTS:
        return ((("Prediction is off" if not reading.prediction_on else "–", FADED),),)
    words, colour = VERDICTS[reading.verdict]
    where = f" in {reading.worst_field}" if reading.worst_field else ""
    count = f"{reading.corrections} correction{'s' if reading.corrections != 1 else ''}"
    return (((words + where, colour),), ((count, FADED),))


def _switch(on: bool) -> tuple[str, Colour]:
    return ("on", GOOD) if on else ("off", WARNING)


def _draw_words(surface: pygame.Surface, text: Text, box: pygame.Rect, words: Words) -> None:
    """Draw the rows, with a line between the groups."""
    line = pygame.Rect(box.topleft, (box.width, text.px(ROW)))
    for group in words:
        if group is not words[0]:
            pygame.draw.line(surface, GRID, line.topleft, (line.right - 1, line.top))
        for row in group:
            _draw_row(surface, text, line, row)
            line.top += line.height


def _draw_row(surface: pygame.Surface, text: Text, line: pygame.Rect, row: Row) -> None:
    """Draw three labels left, middle and right; two of them left and right."""
    for index, label in enumerate(row):
        width = sum(text.render(words, 15).width + text.px(5) for words, _ in label) - text.px(5)
        x = line.left + (line.width - width) * index // max(1, len(row) - 1)
        for words, colour in label:
            x = text.write(surface, words, 15, colour, midleft=(x, line.centery)).right + text.px(5)
