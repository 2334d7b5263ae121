"""What was drawn: how many pixels of a picture have a colour, and which words were written."""

from typing import Any

import pygame
import pytest

from workshop.game.drawing.text import Text


def count(
    surface: pygame.Surface, colour: tuple[int, int, int], area: pygame.Rect | None = None, near: int = 4
) -> int:
    """Return how many pixels have that colour, nearly: blending rounds, and letters are blended more."""
    part = surface if area is None else surface.subsurface(area)
    return pygame.mask.from_threshold(part, colour, (near, near, near, 255)).count()


def painted(surface: pygame.Surface, ground: tuple[int, int, int], area: pygame.Rect | None = None) -> int:
    """Return how many pixels do not have the colour that was there before."""
    part = surface if area is None else surface.subsurface(area)
    return part.width * part.height - count(part, ground)


def written(text: Text, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words that are drawn from now on, as they are drawn."""
    words: list[str] = []
    render = text.render

    def recorded(line: str, *args: Any, **options: Any) -> pygame.Surface:
        words.append(line)
        return render(line, *args, **options)

    monkeypatch.setattr(text, "render", recorded)
    return words
