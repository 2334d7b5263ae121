"""The figures as a picture: bars for each row, drawn on a pygame surface that no screen shows."""

from pathlib import Path
from typing import Final, NamedTuple

import pygame

from workshop.files import set_aside
from workshop.game.drawing.palette import mixed
from workshop.game.drawing.text import Text
from workshop.maintenance.bench.compare.figures import Spread, Summary
from workshop.maintenance.bench.compare.report import workload
from workshop.maintenance.bench.compare.rows import REFERENCE
from workshop.maintenance.bench.compare.runner import Plan
from workshop.maintenance.bench.compare.targets import Summaries, ratio

SIZE: Final = (1280, 720)  # pixels; so is all that follows
MARGIN = 32
TOP, BOTTOM = 150, 52  # above the first row, and below the last
NAMES = 262  # width of the rows' names
GAP = 30  # between two panels
MOST_ROW = 76  # height of a row, when there are few
AFTER_BAR = 112  # free space after the longest bar, for its number

PAPER, INK, FAINT = (250, 250, 247), (34, 38, 46), (112, 118, 130)
LINE, WRONG = (212, 214, 218), (178, 52, 40)
OURS, THEIRS = (28, 124, 118), (140, 148, 162)
PALE = 0.45  # how much of its colour the worse end of a range keeps


class Panel(NamedTuple):
    """One group of bars."""

    title: str  # what it shows
    note: str
    figure: str  # of `Figures`; the bar
    tail: str  # a second figure to which the bar continues, paler; empty for none
    unit: float  # how much of the figure is one unit of the numbers
    compared: bool  # whether to show the number also as a multiple of the reference row's


PANELS: Final = (
    Panel("Server CPU", "% of a core", "cpu", "", 0.01, True),
    Panel("Latency", "ms from input to its snapshot, p50 and p99", "p50", "p99", 0.001, False),
    Panel("Snapshots", "kB per second, each client", "snapshot_bytes", "", 1000.0, True),
)


def save(path: Path, plan: Plan, rows: Summaries) -> None:
    """Draw everything into a PNG file; an existing file of that name is renamed."""
    set_aside(path)
    pygame.image.save(Picture(plan, rows).drawn(), path)


class Picture:
    """One picture of what was measured."""

    def __init__(self, plan: Plan, rows: Summaries) -> None:
        pygame.font.init()
        self._writing = Text()
        self._plan = plan
        self._rows = rows
        self._surface = pygame.Surface(SIZE)
        self._step = min(MOST_ROW, (SIZE[1] - TOP - BOTTOM) // max(1, len(rows)))

    def drawn(self) -> pygame.Surface:
        """The whole picture."""
        self._surface.fill(PAPER)
        self._text("netlib beside the alternatives", (MARGIN, 22), 32)
        self._text(workload(self._plan), (MARGIN, 62), 17, FAINT)
        self._names()
        width = (SIZE[0] - 2 * MARGIN - NAMES - GAP * len(PANELS)) // len(PANELS)
        for number, panel in enumerate(PANELS):
            left = MARGIN + NAMES + GAP + number * (width + GAP)
            self._panel(panel, pygame.Rect(left, TOP, width, self._step * len(self._rows)))
        legend = f"Bar: median; thin line: lowest to highest round. ×: multiple of row {REFERENCE}, dotted."
        self._text(legend, (MARGIN, SIZE[1] - BOTTOM + 18), 15, FAINT)
        return self._surface

    def _names(self) -> None:
        for number, (key, row) in enumerate(self._rows.items()):
            middle = TOP + number * self._step + self._step // 2
            self._text(key, (MARGIN, middle), 18, FAINT, middle=True)
            self._text(row.title, (MARGIN + 28, middle), 18, colour_of(row), middle=True)

    def _panel(self, panel: Panel, area: pygame.Rect) -> None:
        self._text(panel.title, (area.left, TOP - 54), 22)
        self._text(panel.note, (area.left, TOP - 26), 14, FAINT)
        figure = panel.tail or panel.figure
        most = max((row.figures[figure].high for row in self._rows.values() if row.figures), default=1.0)
        scale = (area.width - AFTER_BAR) / (most or 1.0)
        pygame.draw.line(self._surface, LINE, area.topleft, area.bottomleft, 2)
        self._reference(panel, area, scale)
        for number, (key, row) in enumerate(self._rows.items()):
            place = pygame.Rect(area.left, area.top + number * self._step, area.width, self._step)
            if row.figures:
                self._bar(panel, key, row, place, scale)
            else:
                self._text(problem(row), (place.left + 10, place.centery), 15, WRONG, middle=True)

    def _reference(self, panel: Panel, area: pygame.Rect, scale: float) -> None:
        """A dotted line at the reference row's figure."""
        base = self._rows[REFERENCE].middle(panel.figure) if REFERENCE in self._rows else None
        if panel.compared and base is not None:
            x = area.left + round(base * scale)
            for y in range(area.top, area.bottom, 6):
                pygame.draw.line(self._surface, FAINT, (x, y), (x, y + 1))

    def _bar(self, panel: Panel, key: str, row: Summary, place: pygame.Rect, scale: float) -> None:
        colour = colour_of(row)
        found, end = row.figures[panel.figure], row.figures[panel.tail or panel.figure]
        bar = place.inflate(0, -place.height // 2)
        pale = mixed(PAPER, colour, PALE)
        for spread, shade in ((end, pale if panel.tail else colour), (found, colour)):
            bar.width = max(2, round(spread.middle * scale))
            pygame.draw.rect(
                self._surface, shade, bar, border_top_right_radius=4, border_bottom_right_radius=4
            )
        self._whisker(end, place, scale)
        words = number_of(found, panel.unit)
        if panel.tail:
            words += f" / {number_of(end, panel.unit)}"
        right = place.left + round(end.high * scale) + 10
        self._text(words, (right, place.centery), 16, middle=True)
        times = ratio(self._rows, key, panel.figure) if panel.compared and key != REFERENCE else None
        if times is not None:
            after = right + self._writing.width(words, 16) + 8
            self._text(f"×{times:.2f}", (after, place.centery), 16, FAINT, middle=True)

    def _whisker(self, spread: Spread, place: pygame.Rect, scale: float) -> None:
        left, right = (place.left + round(value * scale) for value in (spread.low, spread.high))
        pygame.draw.line(self._surface, INK, (left, place.centery), (max(left + 1, right), place.centery), 2)

    def _text(
        self,
        words: str,
        at: tuple[int, int],
        size: int,
        colour: tuple[int, int, int] = INK,
        *,
        middle: bool = False,
    ) -> None:
        written = self._writing.render(words, size, colour)
        place = written.get_rect(topleft=(at[0], at[1] - (written.get_height() // 2 if middle else 0)))
        self._surface.fill(PAPER, place)  # the dotted line does not go through a number
        self._surface.blit(written, place)


def colour_of(row: Summary) -> tuple[int, int, int]:
    """netlib's own rows stand out."""
    return OURS if row.title.startswith("netlib") else THEIRS


def number_of(spread: Spread, unit: float) -> str:
    """The median, short: two or three digits."""
    value = spread.middle / unit
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


def problem(row: Summary) -> str:
    """Why a row has no bar."""
    return f"{row.missing} is not installed" if row.missing else "error"
