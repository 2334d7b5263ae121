"""The page of the player's keys (F2): what is written on the key of each action, and what is wrong."""

import msgspec
import pygame

from workshop.game.drawing.hud import panel
from workshop.game.drawing.palette import ACCENT, FADED, PAPER, WARNING
from workshop.game.drawing.text import Text
from workshop.game.drawing.view import draw_key

WIDTH, ROW, TOP, BELOW = 620, 40, 66, 84  # pixels of a window of 1280×720, as are all lengths here
KEY_AT = 220  # from a row's left side


class Page(msgspec.Struct, frozen=True):
    """The words of each row and what is written on its key, how to go on, and why these keys cannot be kept.

    The next key is the ``chosen`` row's if the player is ``waiting``.
    """

    rows: tuple[tuple[str, str], ...]
    chosen: int
    how: str
    problem: str = ""
    waiting: bool = False


def draw_key_page(surface: pygame.Surface, text: Text, page: Page) -> None:
    """Draw it in the middle; in a low window only the rows round the chosen one, and nothing without room."""
    room = (surface.height - text.px(TOP + BELOW)) // text.px(ROW)
    if room < 1:
        return
    first = max(0, min(page.chosen - room // 2, len(page.rows) - room))
    lines = range(first, min(first + room, len(page.rows)))
    box = pygame.Rect(0, 0, min(surface.width, text.px(WIDTH)), text.px(TOP + ROW * len(lines) + BELOW))
    box.center = surface.get_rect().center
    panel(surface, box, text, 240)
    text.write(surface, "Your keys", 30, ACCENT, midtop=(box.centerx, box.top + text.px(14)))
    for line in lines:
        row = pygame.Rect(box.left, box.top + text.px(TOP + ROW * (line - first)), box.width, text.px(ROW))
        _draw_row(surface, text, page, line, row.inflate(-text.px(40), -text.px(4)))
    for words, colour, above in ((page.problem, WARNING, 54), (page.how, FADED, 24)):
        place = (box.centerx, box.bottom - text.px(above))
        text.write(surface, words, 16, colour, width=box.width - text.px(16), center=place)


def _draw_row(surface: pygame.Surface, text: Text, page: Page, line: int, row: pygame.Rect) -> None:
    (words, written), chosen = page.rows[line], line == page.chosen
    if chosen:
        pygame.draw.rect(surface, ACCENT, row, max(1, text.px(2)), border_radius=text.px(8))
    start = (row.left + text.px(14), row.centery)
    text.write(surface, words, 22, ACCENT if chosen else PAPER, midleft=start)
    if written:
        waiting, centre = chosen and page.waiting, (row.left + text.px(KEY_AT), row.centery)
        draw_key(surface, text, "…" if waiting else written, centre, ACCENT if waiting else PAPER)
