"""Panels over everything else: player list (Tab), help (F1), menu (Esc), notices, a lost connection."""

from collections.abc import Mapping
from math import ceil, cos, pi, sin
from typing import Final

import msgspec
import pygame

from workshop.game.drawing.hud import panel, ranking
from workshop.game.drawing.palette import ACCENT, FADED, INK, PAPER, Colour, mixed
from workshop.game.drawing.sprites import draw_badge
from workshop.game.drawing.text import Text, lines_of
from workshop.game.drawing.view import Scene, draw_key
from workshop.game.rules.maps import Point

HELP: Final = (
    (("W", "A", "S", "D"), "or the arrow keys: run"),
    (("Space",), "collect; hold it to grab while running"),
    (("Enter",), "chat; /pause, /kick NAME, /lag MS for the host"),
    (("Tab",), "everybody's points and ping"),
    (("Esc",), "menu"),
    (("F1",), "this help"),
    (("F2",), "choose your own keys"),
    (("F3",), "net graph: what the network does"),
    (("F4", "F5", "F6"), "more latency, jitter, loss; with Shift less"),
    (("F7", "F8"), "prediction, interpolation: on and off"),
)
HELP_ROW = 38  # pixels of a window of 1280×720
MENU: Final = ("Resume", "Quit")
COLUMNS_AT = 16  # players from which the list has two columns
DOTS, TURNS_PER_SECOND = 10, 0.7  # of the wheel that turns while the player waits


class Reconnecting(msgspec.Struct, frozen=True):
    """A lost connection, while the client reconnects. Times are in seconds of the screen's clock.

    Args:
        reason: why it was lost, or why the last try failed.
        attempt: the number of the current or next try; 0 if tries are not counted.
        since: when the connection was lost.
        next_try: when that try begins or began.
    """

    reason: str
    attempt: int
    since: float
    next_try: float


def draw_players(surface: pygame.Surface, scene: Scene, text: Text) -> None:
    """All players, with points and ping."""
    ranked = ranking(scene)
    columns = 2 if len(ranked) > COLUMNS_AT else 1
    rows = -(-len(ranked) // columns)
    row = min(text.px(32), (surface.height - text.px(120)) // max(1, rows))
    column = min(text.px(430), (surface.width - text.px(48)) // columns)
    box = pygame.Rect(0, 0, columns * column + text.px(24), rows * row + text.px(76))
    box.center = surface.get_rect().center
    panel(surface, box, text, 240)
    title = f"Players: {len(ranked)}"
    text.write(surface, title, 26, ACCENT, topleft=(box.left + text.px(22), box.top + text.px(14)))
    for index, (id, player) in enumerate(ranked):
        x = box.left + text.px(14) + index // rows * column
        line = pygame.Rect(x, box.top + text.px(58) + index % rows * row, column, row)
        ping = "away" if player.away else f"{player.ping} ms" if player.ping else "–"
        words = (f"{index + 1}", player.name, f"{player.score}", ping)
        _draw_row(surface, text, line, words, id == scene.my_id)
        draw_badge(surface, player.colour, (x + text.px(58), line.centery), min(text.px(9), row // 2))


def _draw_row(
    surface: pygame.Surface, text: Text, line: pygame.Rect, words: tuple[str, ...], mine: bool
) -> None:
    (place, name, score, ping), colour = words, ACCENT if mine else PAPER
    size = max(1, min(22, round(0.7 * line.height / text.scale)))  # lower rows have smaller letters
    ends = (line.left + text.px(40), line.right - text.px(102), line.right - text.px(14))
    for word, shade, right in zip((place, score, ping), (FADED, colour, FADED), ends, strict=True):
        text.write(surface, word, size, shade, midright=(right, line.centery))
    start, width = (line.left + text.px(76), line.centery), line.width - text.px(240)
    text.write(surface, name, size, colour, width=width, midleft=start)


def draw_help(surface: pygame.Surface, text: Text, labels: Mapping[str, str] | None = None) -> None:
    """The keys; ``labels`` has what is written on the player's own, by the label on a US keyboard."""
    row = min(text.px(HELP_ROW), (surface.height - text.px(90)) // len(HELP))
    box = pygame.Rect(0, 0, text.px(650), text.px(84) + row * len(HELP))
    box.center = surface.get_rect().center
    panel(surface, box, text, 230)
    title, place = "Collect more than everybody else", (box.centerx, box.top + text.px(18))
    text.write(surface, title, 30, ACCENT, midtop=place)
    for line, (keys, words) in enumerate(HELP):
        x, y = box.left + text.px(44), box.top + text.px(72) + row * line + row // 2
        for key in keys:
            key = (labels or {}).get(key, key)
            wide = max(text.px(36), text.width(key, 18) + 20)
            draw_key(surface, text, key, (x + wide // 2, y))
            x += wide + text.px(4)
        left = max(box.left + text.px(226), x + text.px(10))
        text.write(surface, words, 22, width=box.right - text.px(10) - left, midleft=(left, y))


def menu_boxes(window_size: tuple[int, int], text: Text) -> list[pygame.Rect]:
    """The places of the menu's entries, for drawing and for clicks."""
    width, height = text.px(280), text.px(54)
    left, top = (window_size[0] - width) // 2, (window_size[1] - height) // 2
    return [pygame.Rect(left, top + text.px(66 * line - 20), width, height) for line in range(len(MENU))]


def draw_menu(surface: pygame.Surface, text: Text, chosen: int) -> None:
    """The menu; the game goes on behind it."""
    _dim(surface)
    boxes = menu_boxes(surface.size, text)
    panel(surface, boxes[0].unionall(boxes[1:]).inflate(text.px(60), text.px(50)), text, 235)
    for line, (word, box) in enumerate(zip(MENU, boxes, strict=True)):
        colour = ACCENT if line == chosen else PAPER
        pygame.draw.rect(surface, colour, box, 0 if line == chosen else 2, border_radius=text.px(10))
        text.write(surface, word, 28, INK if line == chosen else PAPER, center=box.center)


def draw_wheel(surface: pygame.Surface, middle: Point, radius: int, now: float, ground: Colour) -> None:
    """A wheel of dots that turns while ``now``, in seconds, goes on: the program waits for something."""
    for dot in range(DOTS):
        angle = 2 * pi * dot / DOTS
        shade = mixed(PAPER, ground, (now * TURNS_PER_SECOND - dot / DOTS) % 1.0)
        place = (middle[0] + radius * cos(angle), middle[1] + radius * sin(angle))
        pygame.draw.circle(surface, shade, place, 0.22 * radius)


def _dim(surface: pygame.Surface) -> None:
    veil = pygame.Surface(surface.size, pygame.SRCALPHA)
    veil.fill((*INK, 120))
    surface.blit(veil, (0, 0))


def draw_notice(surface: pygame.Surface, text: Text, title: str, words: str) -> None:
    """A notice that matters more than the game, such as a lost connection."""
    wide = min(surface.width - text.px(40), text.px(760))
    label = text.wrapped(words, 24, wide - text.px(60))
    label = label.subsurface(0, 0, label.width, min(label.height, surface.height - text.px(120)))
    high = label.height + text.render(title, 34, ACCENT).height
    box = pygame.Rect(0, 0, wide, high + text.px(60))
    box.center = surface.get_rect().center
    panel(surface, box, text, 235)
    head = text.write(surface, title, 34, ACCENT, midtop=(box.centerx, box.top + text.px(20)))
    surface.blit(label, label.get_rect(midtop=(box.centerx, head.bottom + text.px(16))))


def draw_reconnecting(
    surface: pygame.Surface, text: Text, lost: Reconnecting, now: float, *, menu: bool
) -> None:
    """The panel over the frozen game: what is wrong, and that the client is reconnecting.

    Args:
        now: in seconds of the screen's clock.
        menu: the menu is open; the panel then makes room for it.
    """
    _dim(surface)
    wide = min(surface.width - text.px(40), text.px(600))
    bottom = menu_boxes(surface.size, text)[0].top - text.px(40) if menu else surface.height
    most = (bottom - text.px(160)) // text.px(24)
    if most < 0:
        return  # the menu has the only place
    reason = lines_of(lost.reason, 20, wide - text.px(60), text)[:most]
    box = pygame.Rect(0, 0, wide, text.px(160 + 24 * len(reason)))
    box.center = surface.get_rect().center
    box.bottom = bottom if menu else box.bottom
    panel(surface, box, text, 240)
    text.write(surface, "Connection lost", 34, ACCENT, midtop=(box.centerx, box.top + text.px(18)))
    for number, line in enumerate(reason):
        text.write(surface, line, 20, midtop=(box.centerx, box.top + text.px(62 + 24 * number)))
    _draw_attempt(surface, text, lost, now, (box.centerx, box.bottom - text.px(72)))
    below = f"{tried(lost, now)}  ·  Esc for the menu (Quit)"
    text.write(surface, below, 16, FADED, midbottom=(box.centerx, box.bottom - text.px(18)))


def tried(lost: Reconnecting, now: float) -> str:
    """How long the connection has been lost, and when the next try comes, in words."""
    wait = ceil(lost.next_try - now)
    coming = f"  ·  next try in {wait} s" if wait > 0 else ""
    return f"lost for {max(0.0, now - lost.since):.0f} s{coming}"


def _draw_attempt(surface: pygame.Surface, text: Text, lost: Reconnecting, now: float, centre: Point) -> None:
    """A turning wheel of dots, and the number of the try."""
    words = f"Reconnecting…{f' try {lost.attempt}' if lost.attempt else ''}"
    place = text.write(surface, words, 24, center=(centre[0] + text.px(20), centre[1]))
    draw_wheel(surface, (place.left - text.px(26), centre[1]), text.px(11), now, INK)
