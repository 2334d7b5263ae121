"""Sharp text: fonts in the sizes that fit the window, and renders that are kept."""

from __future__ import annotations

from collections import OrderedDict

import pygame

from workshop.game.palette import INK, PAPER, Colour

KEPT_RENDERS = 600  # texts that are kept as surfaces
# Fonts with the world's scripts on Windows, macOS and Linux, for names that the built-in one lacks.
WIDE_FONTS = (
    "microsoftyahei,segoeui,arialunicodems,pingfangsc,notosanscjksc,notosans,droidsansfallback,dejavusans"
)


class Text:
    """Renders text, and remembers it.

    Args:
        scale: of all sizes; 1.0 is made for a window of 1280×720.
    """

    def __init__(self, scale: float = 1.0) -> None:
        self.scale = scale
        self._fonts: dict[tuple[int, bool], pygame.Font] = {}
        self._renders: OrderedDict[tuple[str, int, Colour, bool], pygame.Surface] = OrderedDict()

    def px(self, length: float) -> int:
        """A length made for 1280×720, in pixels of this window."""
        return round(length * self.scale)

    def font(self, size: int, *, wide: bool = False) -> pygame.Font:
        """The font of a size in pixels (made for 1280×720)."""
        key = (max(9, self.px(size)), wide)
        if key not in self._fonts:
            self._fonts[key] = pygame.font.SysFont(WIDE_FONTS, key[0]) if wide else pygame.Font(None, key[0])
        return self._fonts[key]

    def render(
        self, text: str, size: int, colour: Colour = PAPER, *, outlined: bool = False
    ) -> pygame.Surface:
        """The text as a surface; ``outlined`` in dark, to be read on any ground."""
        key = (text, size, colour, outlined)
        if key not in self._renders:
            self._renders[key] = self._outlined(text, size, colour) if outlined else self._plain(*key[:3])
            if len(self._renders) > KEPT_RENDERS:
                self._renders.popitem(last=False)
        self._renders.move_to_end(key)
        return self._renders[key]

    def _plain(self, text: str, size: int, colour: Colour) -> pygame.Surface:
        font = self.font(size)
        if None in font.metrics(text):
            font = self.font(size, wide=True)
        return font.render(text, True, colour)

    def _outlined(self, text: str, size: int, colour: Colour) -> pygame.Surface:
        inner, outer = self._plain(text, size, colour), self._plain(text, size, INK)
        edge = max(1, self.px(size) // 11)
        whole = pygame.Surface((inner.width + 2 * edge, inner.height + 2 * edge), pygame.SRCALPHA)
        for x in range(2 * edge + 1):
            for y in range(2 * edge + 1):
                if (x - edge) ** 2 + (y - edge) ** 2 <= edge * edge + 1:
                    whole.blit(outer, (x, y))
        whole.blit(inner, (edge, edge))
        return whole


def fitted(text: str, font: pygame.Font, width: int) -> str:
    """The text, cut with "…" to a width in pixels."""
    if font.size(text)[0] <= width:
        return text
    while text and font.size(text + "…")[0] > width:
        text = text[:-1]
    return text + "…"
