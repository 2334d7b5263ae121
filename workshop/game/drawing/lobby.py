"""The lobby: the rooms to choose from, and a line for an address. It does not search for rooms itself."""

from collections import deque
from collections.abc import Sequence
from math import cos, pi, sin

import pygame

from netlib.discovery.beacon import Room
from workshop.game.drawing.hud import panel
from workshop.game.drawing.input_method import InputMethod
from workshop.game.drawing.palette import ACCENT, FADED, INK, NIGHT, PAPER, WARNING, Colour, mixed
from workshop.game.drawing.window import Window

LEFT, TOP, ROW = 140, 190, 46  # pixels of a window of 1280×720, as are all lengths here
COLUMNS = (0, 480, 680)
HEADINGS = ("Room", "Players", "Address")
MOST_ROWS = 8
LONGEST = 100  # characters of an address
DOTS, TURNS_PER_SECOND = 10, 0.6  # of the wheel that turns during the search
FPS_SECONDS = 2.0  # over which frames are counted
HELP = "Up, Down and Enter: join a room.   No room? Type its address, then Enter."


class Lobby:
    """The player's choice and typing.

    Attributes:
        typed: the address so far; if there is one, Enter goes there, and not to the chosen room.
        problem: why the last try failed; "" for none.
        answer: the address to go to; "" if the window was closed, None while nothing is decided.
    """

    def __init__(self, typed: str = "") -> None:
        self.typed, self.problem = typed, ""
        self.answer: str | None = None
        self._chosen = ""
        self._method = InputMethod()
        self._frames: deque[float] = deque()

    def take(self, window: Window, rooms: Sequence[Room]) -> None:
        """Take what the player did since the last call; ``rooms`` are those to choose from."""
        window.set_typing(True)
        for event in window.events():
            if event.type == pygame.QUIT:
                self.answer = ""
            elif self._method.owns(event):
                continue
            elif event.type == pygame.TEXTINPUT:
                self.typed = (self.typed + event.text)[:LONGEST]
            elif event.type == pygame.KEYDOWN:
                self._press(event.key, rooms)

    def draw(self, window: Window, rooms: Sequence[Room], now: float) -> None:
        """Draw and show a frame at ``now``, in seconds of any steady clock."""
        self._count(now)
        window.surface.fill(NIGHT)
        _write(window, "Gem Rush", (LEFT, 60), 54, ACCENT)
        for words, x in zip(HEADINGS, COLUMNS, strict=True):
            _write(window, words, (LEFT + x, TOP - ROW), 20, FADED)
        for line, room in enumerate(rooms[:MOST_ROWS]):
            self._draw_room(window, room, TOP + ROW * line, chosen=line == self._place(rooms))
        if not rooms:
            _write(window, "no room yet", (LEFT, TOP), 26, FADED)
        self._draw_search(window)
        self._draw_entry(window)
        pygame.display.flip()

    def _press(self, key: int, rooms: Sequence[Room]) -> None:
        if key in (pygame.K_RETURN, pygame.K_KP_ENTER):
            self._decide(rooms)
        elif key in (pygame.K_UP, pygame.K_DOWN) and rooms:
            way = 1 if key == pygame.K_DOWN else -1
            self._chosen = rooms[(self._place(rooms) + way) % len(rooms)].id
        elif key == pygame.K_BACKSPACE:
            self.typed = self.typed[:-1]
        elif key == pygame.K_ESCAPE:
            self.typed = ""

    def _decide(self, rooms: Sequence[Room]) -> None:
        if typed := self.typed.strip():
            self.answer = typed
        elif rooms:
            self.answer = rooms[self._place(rooms)].url

    def _place(self, rooms: Sequence[Room]) -> int:
        """The line of the chosen room; found by its id, since others come and go above it."""
        return next((line for line, room in enumerate(rooms) if room.id == self._chosen), 0)

    def _count(self, now: float) -> None:
        self._frames.append(now)
        while self._frames[0] < now - FPS_SECONDS:
            self._frames.popleft()

    @property
    def _fps(self) -> float:
        passed = self._frames[-1] - self._frames[0]
        return (len(self._frames) - 1) / passed if passed else 0.0

    def _draw_room(self, window: Window, room: Room, y: int, *, chosen: bool) -> None:
        if chosen:
            px = window.text.px
            box = pygame.Rect(px(LEFT - 20), px(y - 11), px(1280 - 2 * LEFT + 40), px(ROW - 4))
            pygame.draw.rect(window.surface, FADED if self.typed else ACCENT, box, 2, border_radius=px(10))
        name = window.text.fitted(room.name, 26, window.text.px(COLUMNS[1] - 30))
        words = (name, f"{room.players} of {room.max_players}", room.address)
        for word, x in zip(words, COLUMNS, strict=True):
            _write(window, word, (LEFT + x, y), 26)

    def _draw_search(self, window: Window) -> None:
        """A wheel of dots that turns while frames are drawn, and the frame rate."""
        px = window.text.px
        for dot in range(DOTS):
            angle = 2 * pi * dot / DOTS
            shade = mixed(PAPER, NIGHT, (self._frames[-1] * TURNS_PER_SECOND - dot / DOTS) % 1.0)
            at = (px(LEFT + 832) + px(16) * cos(angle), px(88) + px(16) * sin(angle))
            pygame.draw.circle(window.surface, shade, at, 3.4 * window.text.scale)
        _write(window, f"searching   {self._fps:.0f} fps", (LEFT + 864, 78), 20, FADED)

    def _draw_entry(self, window: Window) -> None:
        px = window.text.px
        box = pygame.Rect(px(LEFT - 20), px(592), px(1280 - 2 * LEFT + 40), px(54))
        panel(window.surface, box, window.text)
        pygame.draw.rect(window.surface, ACCENT if self.typed else INK, box, 2, border_radius=px(12))
        _write(window, f"Address: {self.typed}{self._method.composing}|", (LEFT, 608), 26)
        said = f"Going to {self.answer} …" if self.answer else self.problem
        _write(window, said or HELP, (LEFT, 664), 20, WARNING if said else FADED)


def _write(window: Window, words: str, place: tuple[int, int], size: int, colour: Colour = PAPER) -> None:
    px = window.text.px
    fitting = window.text.fitted(words, size, window.surface.width - px(place[0]))
    window.surface.blit(window.text.render(fitting, size, colour), (px(place[0]), px(place[1])))
