"""Sharp text in any script: fonts in sizes that fit the window, and a cache of rendered texts."""

import contextlib
from bisect import bisect_right
from functools import cache, lru_cache

import pygame

from workshop.game.drawing.palette import INK, PAPER, Colour
from workshop.game.drawing.writing.fonts import Fonts, Path
from workshop.game.drawing.writing.runs import Run, drawable, runs_of
from workshop.game.drawing.writing.scripts import clusters

KEPT_RENDERS = 600  # texts that are kept as surfaces
BROKEN = (pygame.error, OSError)  # what a font's file may raise at any time
KEPT_WIDTHS = 4000  # texts whose widths are kept

FINE = 3  # text is drawn this many times larger, so that letters need not stand on whole pixels
TYPE_SIZE = 1.18  # pygame's own font is smaller than its size says


class Text:
    """Renders text, and caches it. Sizes are in pixels of a window of 1280×720.

    Args:
        scale: the size of such a pixel in this window.
        fonts: those that other sizes of this window have found already.
    """

    def __init__(self, scale: float = 1.0, fonts: Fonts | None = None) -> None:
        self.scale = scale
        self.fonts = fonts or Fonts()
        self._font = cache(pygame.Font)
        self._picture = lru_cache(KEPT_RENDERS)(self._painted)
        self.width = lru_cache(KEPT_WIDTHS)(self._width)

    def px(self, length: float) -> int:
        """A length in a window of 1280×720, in pixels of this window."""
        return round(length * self.scale)

    def render(
        self, text: str, size: int, colour: Colour = PAPER, *, outlined: bool = False
    ) -> pygame.Surface:
        """The text as a shared surface; ``outlined`` in dark, it can be read on any ground."""
        return self._picture(text, size, colour, outlined)

    def _painted(self, text: str, size: int, colour: Colour, outlined: bool) -> pygame.Surface:
        plain = _shrunk(self._large(drawable(text), size, colour))
        return _outlined(plain, max(2, self.px(size) // 11)) if outlined else plain

    def write(
        self,
        surface: pygame.Surface,
        text: str,
        size: int,
        colour: Colour = PAPER,
        *,
        width: int | None = None,
        outlined: bool = False,
        **place: tuple[float, float],
    ) -> pygame.Rect:
        """Draw the text at a place such as ``midtop=(640, 12)``, cut to a ``width``. Returns where it is."""
        words = text if width is None else self.fitted(text, size, width)
        label = self.render(words, size, colour, outlined=outlined)
        box = label.get_rect(**place)
        surface.blit(label, box)
        return box

    def wrapped(self, text: str, size: int, width: int, colour: Colour = PAPER) -> pygame.Surface:
        """The text in as many lines as it needs, for a width in pixels of this window."""
        rows = [self.render(line, size, colour) for line in lines_of(text, size, width, self)]
        row = round(self._sized(size, None).get_linesize() / FINE)
        picture = pygame.Surface((max(it.width for it in rows), row * len(rows)), pygame.SRCALPHA)
        for line, label in enumerate(rows):
            picture.blit(label, label.get_rect(midtop=(picture.width // 2, row * line)))
        return picture

    def fitted(self, text: str, size: int, width: int) -> str:
        """The text, cut with "…" to a width in pixels of this window; empty if not even that fits."""
        if self.width(text, size) <= width:
            return text
        pieces = clusters(drawable(text))
        starts = ["".join(pieces[:end]) + "…" for end in range(len(pieces))]
        fits = bisect_right(starts, width, key=lambda start: self.width(start, size))
        return starts[fits - 1] if fits else ""

    def ending(self, text: str, size: int, width: int) -> str:
        """The last part of the text that fits a width in pixels of this window."""
        pieces = clusters(drawable(text))
        while pieces and self.width("".join(pieces), size) > width:
            del pieces[0]
        return "".join(pieces)

    def _width(self, text: str, size: int) -> int:
        """How wide a text is, in pixels of this window."""
        return sum(self._measured(run, size) for run in runs_of(drawable(text), self.fonts)) // FINE

    def _measured(self, run: Run, size: int) -> int:
        try:
            font = self._shaped(run, size)
            return round(font.size(run.words)[0] * self._zoom(run.path, font, size))
        except BROKEN:
            return sum(self._measured(other, size) for other in self._without_broken(run))

    def _large(self, text: str, size: int, colour: Colour) -> pygame.Surface:
        """The text, `FINE` times as large, in a line of the game's font, or higher if letters need it."""
        runs = runs_of(text, self.fonts)
        pieces = [piece for run in runs for piece in self._pieces(run, size, colour)]
        if len(pieces) == 1 and runs[0].path is None:
            return pieces[0][0]
        own = self._sized(size, None)
        base = max((ascent for _, ascent in pieces), default=0)
        below = max((picture.height - ascent for picture, ascent in pieces), default=0)
        whole = pygame.Surface((sum(picture.width for picture, _ in pieces), base + below), pygame.SRCALPHA)
        x = 0
        for picture, ascent in pieces:
            whole.blit(picture, (x, base - ascent))
            x += picture.width
        return _cropped(whole, pygame.Rect(0, base - own.get_ascent(), x, own.get_height()))

    def _pieces(self, run: Run, size: int, colour: Colour) -> list[tuple[pygame.Surface, int]]:
        """The run's picture, and its height above the line; several if its font turns out to be broken."""
        try:
            font = self._shaped(run, size)
            picture = font.render(run.words, True, colour)
        except BROKEN:
            return [piece for it in self._without_broken(run) for piece in self._pieces(it, size, colour)]
        if (zoom := self._zoom(run.path, font, size)) != 1.0 and picture.width:
            picture = pygame.transform.smoothscale_by(picture.convert_alpha(), zoom)
        return [(picture, round(font.get_ascent() * zoom))]

    def _without_broken(self, run: Run) -> list[Run]:
        """The run with other fonts, since its own cannot be drawn with."""
        if run.path is None:
            return []
        self.fonts.give_up(run.path)
        return runs_of(run.words, self.fonts)

    def _shaped(self, run: Run, size: int) -> pygame.Font:
        """The run's font, set to its direction and script where pygame was built with HarfBuzz."""
        font = self._sized(size, run.path)
        with contextlib.suppress(pygame.error):
            font.set_direction(pygame.DIRECTION_RTL if run.level % 2 else pygame.DIRECTION_LTR)
            if run.path is not None:
                font.set_script(run.script)
        return font

    def _sized(self, size: int, path: Path) -> pygame.Font:
        return self._font(path, max(1, round(size * self.scale * (1.0 if path else TYPE_SIZE))) * FINE)

    def _zoom(self, path: Path, font: pygame.Font, size: int) -> float:
        """By how much to enlarge a font that has only one size, to stand in a line of the game's own."""
        if path is None or self.fonts.is_scalable(path):
            return 1.0
        return self._sized(size, None).get_height() / font.get_height()


def lines_of(words: str, size: int, width: int, text: Text) -> list[str]:
    """The words in lines of at most ``width`` pixels of this window."""
    lines = [""]
    for word in drawable(words).split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text.width(longer, size) > width:
            lines.append("")
            longer = word
        lines[-1] = longer
    return [text.fitted(line, size, width) for line in lines]


def _cropped(whole: pygame.Surface, line: pygame.Rect) -> pygame.Surface:
    """The part with the line, and with what is painted above and below it, up to half a line."""
    ink = whole.get_bounding_rect().clip(line.inflate(0, line.height))
    ink.x, ink.width = line.x, line.width
    picture = pygame.Surface(line.union(ink).size, pygame.SRCALPHA)
    picture.blit(whole, (0, -min(line.top, ink.top)))
    return picture


def _outlined(inner: pygame.Surface, edge: int) -> pygame.Surface:
    outer = inner.copy()  # and all of it dark, emoji too
    outer.fill((0, 0, 0, 255), special_flags=pygame.BLEND_RGBA_MULT)
    outer.fill((*INK, 0), special_flags=pygame.BLEND_RGBA_ADD)
    whole = pygame.Surface((inner.width + 2 * edge, inner.height + 2 * edge), pygame.SRCALPHA)
    for x in range(2 * edge + 1):
        for y in range(2 * edge + 1):
            if (x - edge) ** 2 + (y - edge) ** 2 <= edge * edge + 1:
                whole.blit(outer, (x, y))
    whole.blit(inner, (edge, edge))
    return whole


def _shrunk(large: pygame.Surface) -> pygame.Surface:
    if not large.width:
        return pygame.Surface((1, 1), pygame.SRCALPHA)  # of no text; smoothscale would crash on it
    return pygame.transform.smoothscale(large, (max(1, large.width // FINE), max(1, large.height // FINE)))
