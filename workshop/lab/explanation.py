"""What something in the lab means, in plain words, and the box in which that is read."""

import msgspec
import pygame

from workshop.game.drawing.hud import panel
from workshop.game.drawing.palette import ACCENT, FADED, PAPER
from workshop.game.drawing.text import Text, lines_of

WIDTH, EDGE, LINE = 460, 14, 24  # pixels of a window of 1280×720
SIZE = 18  # of text


class Explanation(msgspec.Struct, frozen=True):
    """What it is, and what it means."""

    title: str
    text: str


def draw_explanation(surface: pygame.Surface, text: Text, told: Explanation, about: pygame.Rect) -> None:
    """Draw the box above ``about``, or below it where there is more room."""
    edge, wide = text.px(EDGE), min(text.px(WIDTH), surface.width)
    lines = [told.title, *lines_of(told.text, SIZE, wide - 2 * edge, text)]
    box = pygame.Rect(0, 0, wide, 2 * edge + text.px(LINE) * len(lines))
    box.midbottom = (about.centerx, about.top - edge // 2)
    if box.top < 0 and surface.height - about.bottom > about.top:
        box.top = about.bottom + edge // 2
    box.clamp_ip(surface.get_rect())
    panel(surface, box, text, 255)
    pygame.draw.rect(surface, FADED, box, 1, border_radius=text.px(12))
    for number, words in enumerate(lines):
        place = (box.left + edge, box.top + edge + text.px(LINE) * number)
        text.write(surface, words, SIZE, PAPER if number else ACCENT, width=wide - 2 * edge, topleft=place)
