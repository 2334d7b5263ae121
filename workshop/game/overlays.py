"""What lies over everything when it is asked for: player list (Tab), help (F1), menu (Esc), notices."""

from __future__ import annotations

from typing import Final

import pygame

from workshop.game.hud import panel, ranking
from workshop.game.palette import ACCENT, FADED, INK, PAPER, player_colour
from workshop.game.text import Text
from workshop.game.view import Scene, draw_key

HELP: Final = (
    (("W", "A", "S", "D"), "or the arrow keys: run"),
    (("Space",), "collect what is in reach; hold it to grab while running"),
    (("Enter",), "chat"),
    (("Tab",), "everybody's points and ping"),
    (("Esc",), "menu"),
    (("F1",), "this help"),
)
MENU: Final = ("Resume", "Quit")
COLUMNS_AT = 16  # players from which the list has two columns


def draw_players(surface: pygame.Surface, scene: Scene, text: Text) -> None:
    """Everybody, with points and ping."""
    ranked = ranking(scene)
    columns = 2 if len(ranked) > COLUMNS_AT else 1
    rows = -(-len(ranked) // columns)
    row = min(text.px(32), (surface.height - text.px(120)) // max(1, rows))
    box = pygame.Rect(0, 0, columns * text.px(430) + text.px(24), rows * row + text.px(76))
    box.center = surface.get_rect().center
    panel(surface, box, text, 240)
    title = text.render(f"Players: {len(ranked)}", 26, ACCENT)
    surface.blit(title, (box.left + text.px(22), box.top + text.px(14)))
    for index, (id, player) in enumerate(ranked):
        x = box.left + text.px(14) + index // rows * text.px(430)
        y = box.top + text.px(58) + index % rows * row + row // 2
        words = (f"{index + 1}", player.name, f"{player.score}", f"{player.ping} ms" if player.ping else "–")
        _draw_row(surface, text, (x, y), words, id == scene.my_id)
        pygame.draw.circle(surface, PAPER, (x + text.px(58), y), text.px(9))
        pygame.draw.circle(surface, player_colour(player.colour), (x + text.px(58), y), text.px(8))


def _draw_row(
    surface: pygame.Surface, text: Text, start: tuple[int, int], words: tuple[str, ...], mine: bool
) -> None:
    (x, y), (place, name, score, ping) = start, words
    colour = ACCENT if mine else PAPER
    name = text.fitted(name, 22, text.px(190))
    for word, shade, right in ((place, FADED, 40), (score, colour, 328), (ping, FADED, 416)):
        label = text.render(word, 22, shade)
        surface.blit(label, label.get_rect(midright=(x + text.px(right), y)))
    label = text.render(name, 22, colour)
    surface.blit(label, label.get_rect(midleft=(x + text.px(76), y)))


def draw_help(surface: pygame.Surface, text: Text) -> None:
    """The keys."""
    box = pygame.Rect(0, 0, text.px(720), text.px(92 + 50 * len(HELP)))
    box.center = surface.get_rect().center
    panel(surface, box, text, 230)
    title = text.render("Collect more than everybody else", 30, ACCENT)
    surface.blit(title, title.get_rect(midtop=(box.centerx, box.top + text.px(22))))
    for line, (keys, words) in enumerate(HELP):
        y = box.top + text.px(98 + 50 * line)
        for index, key in enumerate(keys):
            draw_key(surface, text, key, (box.left + text.px(66 + 40 * index), y))
        label = text.render(words, 22)
        surface.blit(label, label.get_rect(midleft=(box.left + text.px(226), y)))


def menu_boxes(window_size: tuple[int, int], text: Text) -> list[pygame.Rect]:
    """Where the menu's entries are; a click is matched against them."""
    middle = pygame.Rect((0, 0), window_size).center
    boxes = []
    for line in range(len(MENU)):
        box = pygame.Rect(0, 0, text.px(280), text.px(54))
        box.center = (middle[0], middle[1] + text.px(66 * line - 20))
        boxes.append(box)
    return boxes


def draw_menu(surface: pygame.Surface, text: Text, chosen: int) -> None:
    """The menu; the game goes on behind it."""
    dim = pygame.Surface(surface.size, pygame.SRCALPHA)
    dim.fill((*INK, 120))
    surface.blit(dim, (0, 0))
    boxes = menu_boxes(surface.size, text)
    panel(surface, boxes[0].unionall(boxes[1:]).inflate(text.px(60), text.px(50)), text, 235)
    for line, (word, box) in enumerate(zip(MENU, boxes, strict=True)):
        colour = ACCENT if line == chosen else PAPER
        pygame.draw.rect(surface, colour, box, 0 if line == chosen else 2, border_radius=text.px(10))
        label = text.render(word, 28, INK if line == chosen else PAPER)
        surface.blit(label, label.get_rect(center=box.center))


def draw_notice(surface: pygame.Surface, text: Text, title: str, words: str) -> None:
    """One thing that matters more than the game, such as a lost connection."""
    wide = min(surface.width - 40, text.px(760))
    label = text.wrapped(words, 24, wide - text.px(60))
    head = text.render(title, 34, ACCENT)
    box = pygame.Rect(0, 0, wide, label.height + head.height + text.px(60))
    box.center = surface.get_rect().center
    panel(surface, box, text, 235)
    surface.blit(head, head.get_rect(midtop=(box.centerx, box.top + text.px(20))))
    surface.blit(label, label.get_rect(midtop=(box.centerx, box.top + head.height + text.px(36))))
