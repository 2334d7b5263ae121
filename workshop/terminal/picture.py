"""A picture in a terminal: each character is two pixels, one above the other."""

from pathlib import Path

import pygame
from rich.color import Color
from rich.style import Style
from rich.text import Text

from workshop.terminal import console

UPPER_HALF = "▀"


def show(path: Path, columns: int) -> bool:
    """Print the picture in a file, so many characters wide. Returns False where that cannot be shown."""
    output = console.output()
    if output.color_system is None or not console.can_show(UPPER_HALF, output.file):
        return False
    small = _scaled(pygame.image.load(path), columns)
    for y in range(0, small.height, 2):
        pairs = [(small.get_at((x, y)), small.get_at((x, y + 1))) for x in range(columns)]
        output.print(Text.assemble(*((UPPER_HALF, _style(upper, lower)) for upper, lower in pairs)))
    return True


def _scaled(picture: pygame.Surface, width: int) -> pygame.Surface:
    full = pygame.Surface(picture.size, depth=24)  # the file may have a palette, which cannot be scaled
    full.blit(picture, (0, 0))
    rows = max(1, round(width * picture.height / picture.width / 2))
    return pygame.transform.smoothscale(full, (width, 2 * rows))


def _style(upper: pygame.Color, lower: pygame.Color) -> Style:
    return Style(color=Color.from_rgb(*upper[:3]), bgcolor=Color.from_rgb(*lower[:3]))
