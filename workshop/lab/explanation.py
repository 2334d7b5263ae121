"""What something in the lab means, in plain words, and the box in which that is read."""

import msgspec
import pygame

from workshop.game.drawing.hud import panel
from workshop.game.drawing.palette import ACCENT
from workshop.game.drawing.text import Text, lines_of

WIDTH = 440  # this and all lengths below are pixels of a window of 1280×720
EDGE, LINE = 14, 24  # around the words, and the height of a line
TITLE, WORDS = 20, 18  # sizes of text
OPAQUE = 242  # opacity of the box, 0 to 255


class Explanation(msgspec.Struct, frozen=True):
    """What it is, and what it means."""

    title: str
    text: str


def draw_explanation(
    surface: pygame.Surface, text: Text, explanation: Explanation, about: pygame.Rect
) -> pygame.Rect:
    """Draw the box above ``about``, or below it where there is more room. Returns where it is."""
    wide = min(text.px(WIDTH), surface.width)
    inside = wide - 2 * text.px(EDGE)
    lines = lines_of(explanation.text, WORDS, inside, text)
    box = pygame.Rect(0, 0, wide, 2 * text.px(EDGE) + text.px(LINE) * (1 + len(lines)))
    box.midbottom = (about.centerx, about.top - text.px(EDGE) // 2)
    if box.top < 0 and surface.height - about.bottom > about.top:
        box.top = about.bottom + text.px(EDGE) // 2
    box.clamp_ip(surface.get_rect())
    panel(surface, box, text, OPAQUE)
    rows = [(explanation.title, TITLE, ACCENT), *((line, WORDS, (255, 255, 255)) for line in lines)]
    for number, (words, size, colour) in enumerate(rows):
        place = (box.left + text.px(EDGE), box.top + text.px(EDGE) + text.px(LINE) * number)
        text.write(surface, words, size, colour, width=inside, topleft=place)
    return box
