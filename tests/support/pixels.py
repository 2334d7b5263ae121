"""What was drawn: how many pixels of a picture have a colour."""

import pygame


def count(surface: pygame.Surface, colour: tuple[int, int, int], area: pygame.Rect | None = None) -> int:
    """Return how many pixels have that colour, nearly: blending rounds."""
    part = surface if area is None else surface.subsurface(area)
    return pygame.mask.from_threshold(part, colour, (4, 4, 4, 255)).count()


def painted(surface: pygame.Surface, ground: tuple[int, int, int], area: pygame.Rect | None = None) -> int:
    """Return how many pixels do not have the colour that was there before."""
    part = surface if area is None else surface.subsurface(area)
    return part.width * part.height - count(part, ground)
