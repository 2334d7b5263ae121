"""A panel with one message: what each part of it costs, and all of it as JSON."""

from collections.abc import Sequence

import msgspec
import pygame

from workshop.game.drawing.palette import ACCENT, INK, PAPER, mixed
from workshop.game.drawing.replay.bar import bar_box
from workshop.game.drawing.text import Text

LONG = 120  # characters that are shown of a long text
WIDTH, ROW, INSIDE, INDENT = 500, 21, 16, 7  # pixels of a window of 1280×720; the last for a space of JSON
MOST_PARTS = 9  # that are shown; the cheaper ones together
SHARE = mixed(INK, ACCENT, 0.35)


class MessagePage(msgspec.Struct, frozen=True):
    """What the panel shows: words above, the bytes of each part, dearest first, the lines of JSON."""

    title: str
    words: str = ""
    costs: Sequence[tuple[str, int]] = ()
    lines: Sequence[str] = ()


def panel_box(surface: pygame.Surface, text: Text) -> pygame.Rect:
    """Where the panel is: at the right, above the bar."""
    width = min(text.px(WIDTH), surface.width)
    return pygame.Rect(surface.width - width, 0, width, bar_box(surface, text).top)


def draw_message(surface: pygame.Surface, text: Text, page: MessagePage) -> None:
    """Draw the panel, on a dark ground: as many lines as fit."""
    box, inside, row = panel_box(surface, text), text.px(INSIDE), max(1, text.px(ROW))
    whole, room = sum(size for _, size in page.costs), max(0, box.height - inside) // row
    costs, rest = page.costs[:MOST_PARTS], page.costs[MOST_PARTS:]
    costs = [*costs, (f"{len(rest)} more parts", sum(size for _, size in rest))] if rest else costs
    parts = [(name, f"{size} B", size / whole) for name, size in costs]
    rows = [
        (page.title, "", 0.0),
        (page.words, "", 0.0),
        *parts,
        *((it, "", 0.0) for it in ("", *page.lines)),
    ]
    if len(rows) > room:
        rows[max(0, room - 1) :] = [(f"… {len(rows) - room + 1} more lines", "", 0.0)] * (room > 0)
    for number, (words, right, share) in enumerate(rows):
        line = pygame.Rect(box.left + inside, inside // 2 + number * row, box.width - 2 * inside, row)
        pygame.draw.rect(surface, SHARE, (*line.topleft, round(line.width * share), row - 2), border_radius=3)
        text.write(surface, right, 16, midright=line.midright)
        line.left += text.px(INDENT) * (len(words) - len(words.lstrip(" ")))
        width, colour = (
            max(0, box.right - line.left - text.px(90 if right else INSIDE)),
            PAPER if number else ACCENT,
        )
        text.write(surface, words.lstrip(" "), 16, colour, width=width, midleft=line.midleft)
