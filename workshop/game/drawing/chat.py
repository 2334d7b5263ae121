"""Chat on the screen: the newest lines, and the line that the player types."""

from collections import deque
from collections.abc import Mapping

import pygame

from netlib.events import ServerError
from workshop.game.drawing.input_method import InputMethod
from workshop.game.drawing.palette import (
    ACCENT,
    FADED,
    INK,
    PAPER,
    WARNING,
    Colour,
    light_enough,
    player_colour,
)
from workshop.game.drawing.text import Text
from workshop.game.drawing.writing.scripts import JOINER, LTR
from workshop.game.rules.chat_rules import MAX_CHAT
from workshop.game.rules.entities import Player
from workshop.game.rules.messages import Chat, Notice

LINES = 7  # lines to show
HIGHEST = 0.62  # of the window's height; above are the scores
NAME_SHARE = 0.7  # of a line, at most
PROMPT = "Say something, Enter sends"
LINE_SECONDS, FADE_SECONDS = 12.0, 1.5  # how long a line stays; how long it takes to vanish


class ChatLog:
    """The newest lines and their ages in seconds."""

    def __init__(self) -> None:
        self._lines: deque[tuple[str, str, Colour, float]] = deque(maxlen=LINES)
        self._now = 0.0

    def say(self, name: str, text: str, colour: Colour) -> None:
        """Add a player's line."""
        self._lines.append((name, text, colour, self._now))

    def note(self, text: str, colour: Colour = FADED) -> None:
        """Add a line from the game itself."""
        self._lines.append(("", text, colour, self._now))

    def hear(self, event: object, players: Mapping[int, Player]) -> None:
        """Take an event from the network, if it is talk."""
        match event:
            case Chat(text=text, sender=sender):
                player = players.get(sender)
                colour = player_colour(player.colour) if player else FADED
                self.say(player.name if player else "(gone)", text, colour)
            case Notice(text=text):
                self.note(text)
            case ServerError(message=text):
                self.note(text, WARNING)

    def pass_time(self, dt: float) -> None:
        """Make the lines ``dt`` seconds older."""
        self._now += dt

    def draw(
        self, surface: pygame.Surface, text: Text, typed: str | None, composing: str = "", end: int = 0
    ) -> None:
        """Draw the lines at the bottom left, above row ``end`` of the window's pixels if it is not 0.

        All are shown while the player types or an input method is composing.
        """
        left, bottom = text.px(16), surface.height - text.px(14)
        if typed is not None:
            bottom = _draw_entry(surface, text, typed, composing)
        bottom = min(bottom, end or bottom)
        for name, words, colour, born in reversed(self._lines):
            if bottom < surface.height * HIGHEST:
                break
            rest = LINE_SECONDS - (self._now - born) if typed is None else LINE_SECONDS
            if rest > 0:
                strength = round(255 * min(1.0, rest / FADE_SECONDS))
                bottom = _draw_line(surface, text, (name, words, colour), (left, bottom), strength)


def _draw_line(
    surface: pygame.Surface, text: Text, line: tuple[str, str, Colour], place: tuple[int, int], strength: int
) -> int:
    """Draw a line above a place. Returns the bottom of the next one."""
    name, words, colour = line
    width = round(surface.width * 0.5)
    name = text.fitted(name, 22, round(width * NAME_SHARE))
    parts = [text.render(f"{LTR}{name}:", 22, light_enough(colour), outlined=True)] if name else []
    room = width - sum(part.width for part in parts)
    words = text.fitted(words if name else LTR + words, 22, room)
    parts.append(text.render(words, 22, PAPER if name else colour, outlined=True))
    x, bottom = place
    for part in parts:
        part.set_alpha(strength)
        surface.blit(part, part.get_rect(bottomleft=(x, bottom)))
        part.set_alpha(255)
        x += part.width + text.px(6)
    return bottom - max(part.height for part in parts) - text.px(1)


def entry_box(surface: pygame.Surface, text: Text) -> pygame.Rect:
    """Where the player types."""
    box = pygame.Rect(text.px(16), 0, min(text.px(620), round(surface.width * 0.5)), text.px(38))
    box.bottom = surface.height - text.px(14)
    return box


def _draw_entry(surface: pygame.Surface, text: Text, typed: str, composing: str) -> int:
    box = entry_box(surface, text)
    pygame.draw.rect(surface, INK, box, border_radius=text.px(8))
    pygame.draw.rect(surface, ACCENT, box, 2, border_radius=text.px(8))
    inside, shown = box.width - text.px(24), typed + composing
    words = text.ending(f"{shown}|", 22, inside) if shown else text.fitted(PROMPT, 22, inside)
    start = (box.left + text.px(12), box.centery)
    place = text.write(surface, words, 22, PAPER if shown else FADED, midleft=start)
    if composing:
        end = place.left + text.width(words[:-1], 22)
        begin = max(place.left, end - text.width(composing, 22))
        pygame.draw.line(surface, ACCENT, (begin, place.bottom), (end, place.bottom), 2)
    return box.top - text.px(8)


class ChatEntry:
    """The line that the player types; ``text`` is None while they do not."""

    def __init__(self) -> None:
        self.text: str | None = None
        self._method = InputMethod()

    @property
    def composing(self) -> str:
        """What the input method has not finished yet."""
        return self._method.composing

    def handle(self, event: pygame.event.Event) -> str | None:
        """Take a keyboard event. Returns the line once it is finished."""
        if self.text is None or self._method.owns(event):
            return None
        if event.type == pygame.TEXTINPUT:
            self.text = (self.text + event.text)[:MAX_CHAT]
        elif event.type == pygame.KEYDOWN and event.key == pygame.K_BACKSPACE:
            self.text = self.text[:-1].rstrip(JOINER)  # half of an emoji is seen whole
        elif event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE:
            self.text = None
        elif event.type == pygame.KEYDOWN and event.key in (pygame.K_RETURN, pygame.K_KP_ENTER):
            line, self.text = self.text.strip(), None
            return line or None
        return None
