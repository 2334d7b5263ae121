"""What was drawn: how many pixels of a picture have a colour."""

import pygame


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
