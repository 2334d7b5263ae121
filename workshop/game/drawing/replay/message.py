"""A panel with one message: what each part of it costs, and all of it as JSON."""

from collections.abc import Sequence

import msgspec
import pygame

from workshop.game.drawing.palette import ACCENT, FADED, INK, mixed
from workshop.game.drawing.replay.bar import bar_box
from workshop.game.drawing.text import Text

LONG = 120  # characters that are shown of a long text
WIDTH, ROW, INSIDE = 500, 21, 16  # pixels of a window of 1280×720, as are all lengths here
MOST_PARTS = 9  # that are shown; the cheaper ones together
INDENT = 7  # for each space at the beginning of a line of JSON
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
    box, inside, row = panel_box(surface, text), text.px(INSIDE), text.px(ROW)
    line = pygame.Rect(box.left + inside, inside // 2, box.width - 2 * inside, row)
    room = (box.height - inside) // max(1, row) - 3
    costs, lines = [*page.costs[:MOST_PARTS]], [*page.lines]
    if rest := page.costs[MOST_PARTS:]:
        costs.append((f"{len(rest)} more parts", sum(size for _, size in rest)))
    if len(lines) > max(1, room - len(costs)):
        lines[max(0, room - len(costs) - 1) :] = [
            f"… {len(lines) - max(0, room - len(costs) - 1)} more lines"
        ]
    if room < len(costs) + len(lines):
        return
    text.write(surface, page.title, 20, ACCENT, width=line.width, midleft=line.midleft)
    text.write(surface, page.words, 16, FADED, width=line.width, midleft=line.move(0, row).midleft)
    for name, size in costs:
        _draw_part(surface, text, line.move(0, 2 * row), name, size / sum(it for _, it in costs), f"{size} B")
        line.y += row
    for words in lines:
        indent = (len(words) - len(words.lstrip(" "))) * text.px(INDENT)
        place = line.move(indent, 3 * row).midleft
        text.write(surface, words.lstrip(" "), 16, width=max(0, line.width - indent), midleft=place)
        line.y += row


def _draw_part(
    surface: pygame.Surface, text: Text, line: pygame.Rect, name: str, share: float, bytes: str
) -> None:
    """A part, its bytes, and behind them its share of the message."""
    done = pygame.Rect(line.left, line.top + 1, round(line.width * share), line.height - 2)
    pygame.draw.rect(surface, SHARE, done, border_radius=3)
    number = text.write(surface, bytes, 16, midright=(line.right, line.centery))
    room = max(0, number.left - line.left - text.px(16))
    text.write(surface, name, 16, width=room, midleft=(line.left + text.px(6), line.centery))
