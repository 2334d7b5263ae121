"""Sharp text: fonts in sizes that fit the window, and a cache of rendered texts."""

from bisect import bisect_right
from collections import OrderedDict

import pygame

from workshop.game.drawing.palette import INK, PAPER, Colour

KEPT_RENDERS = 600  # texts that are kept as surfaces
LONGEST = 400  # characters of a text that are drawn
# Fonts with the world's scripts on Windows, macOS and Linux, for names that the built-in one lacks.
WIDE_FONTS = (
    "microsoftyahei,segoeui,arialunicodems,pingfangsc,notosanscjksc,notosans,droidsansfallback,dejavusans"
)


FINE = 3  # text is drawn this many times larger, so that letters need not stand on whole pixels
TYPE_SIZE = 1.18  # pygame's own font is smaller than its size says


class Text:
    """Renders text, and caches it. Sizes are in pixels of a window of 1280×720.

    Args:
        scale: the size of such a pixel in this window.
    """

    def __init__(self, scale: float = 1.0) -> None:
        self.scale = scale
        self._fonts: dict[tuple[int, bool], pygame.Font] = {}
        self._renders: OrderedDict[tuple[str, int, Colour, bool], pygame.Surface] = OrderedDict()

    def px(self, length: float) -> int:
        """A length in a window of 1280×720, in pixels of this window."""
        return round(length * self.scale)

    def render(
        self, text: str, size: int, colour: Colour = PAPER, *, outlined: bool = False
    ) -> pygame.Surface:
        """The text as a shared surface; ``outlined`` in dark, it can be read on any ground."""
        text = _drawable(text)
        key = (text, size, colour, outlined)
        if key not in self._renders:
            self._renders[key] = self._outlined(text, size, colour) if outlined else self._plain(*key[:3])
            if len(self._renders) > KEPT_RENDERS:
                self._renders.popitem(last=False)
        self._renders.move_to_end(key)
        return self._renders[key]

    def wrapped(self, text: str, size: int, width: int, colour: Colour = PAPER) -> pygame.Surface:
        """The text in as many lines as it needs, for a width in pixels of this window."""
        text = _drawable(text)
        return _shrunk(self._font(text, size).render(text, True, colour, None, width * FINE))

    def width(self, text: str, size: int) -> int:
        """How wide a text is, in pixels of this window."""
        text = _drawable(text)
        return self._font(text, size).size(text)[0] // FINE

    def fitted(self, text: str, size: int, width: int) -> str:
        """The text, cut with "…" to a width in pixels of this window."""
        text = _drawable(text)
        if self.width(text, size) <= width:
            return text
        fits = bisect_right(range(len(text)), width, key=lambda end: self.width(text[:end] + "…", size))
        return text[: max(0, fits - 1)] + "…"

    def _font(self, text: str, size: int) -> pygame.Font:
        """The font for a text: the built-in one, or one of the system's that has its letters."""
        font = self._sized(size, wide=False)
        return self._sized(size, wide=True) if None in font.metrics(text) else font

    def _sized(self, size: int, *, wide: bool) -> pygame.Font:
        key = (max(10, round(size * self.scale * (1.0 if wide else TYPE_SIZE))) * FINE, wide)
        if key not in self._fonts:
            self._fonts[key] = pygame.font.SysFont(WIDE_FONTS, key[0]) if wide else pygame.Font(None, key[0])
        return self._fonts[key]

    def _plain(self, text: str, size: int, colour: Colour) -> pygame.Surface:
        return _shrunk(self._font(text, size).render(text, True, colour))

    def _outlined(self, text: str, size: int, colour: Colour) -> pygame.Surface:
        inner, outer = self._plain(text, size, colour), self._plain(text, size, INK)
        edge = max(2, self.px(size) // 11)
        whole = pygame.Surface((inner.width + 2 * edge, inner.height + 2 * edge), pygame.SRCALPHA)
        for x in range(2 * edge + 1):
            for y in range(2 * edge + 1):
                if (x - edge) ** 2 + (y - edge) ** 2 <= edge * edge + 1:
                    whole.blit(outer, (x, y))
        whole.blit(inner, (edge, edge))
        return whole


def _drawable(text: str) -> str:
    """What a room says may be endless, or have the one character at which pygame gives up."""
    return text[:LONGEST].replace("\0", "")


def _shrunk(large: pygame.Surface) -> pygame.Surface:
    if not large.width:
        return pygame.Surface((1, 1), pygame.SRCALPHA)  # of no text; smoothscale would crash on it
    return pygame.transform.smoothscale(large, (max(1, large.width // FINE), max(1, large.height // FINE)))
