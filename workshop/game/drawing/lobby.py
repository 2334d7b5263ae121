"""The lobby: the rooms to choose from, and a line for an address. It does not search for rooms itself."""

from collections.abc import Sequence

import pygame

from netlib.discovery.beacon import Room
from netlib.play.metrics import Rate
from workshop.game.drawing.hud import panel
from workshop.game.drawing.input_method import InputMethod
from workshop.game.drawing.overlays import draw_wheel
from workshop.game.drawing.palette import ACCENT, FADED, INK, NIGHT, PAPER, WARNING, Colour
from workshop.game.drawing.window import Window, has_room
from workshop.game.rules.maps import Point

LEFT, TOP, ROW = 140, 190, 46  # pixels of a window of 1280×720, as are all lengths here
LEAST_TOP, INSIDE = 136, 1000  # in lower windows; the width between the edges
COLUMNS = (0, 480, 680)
HEADINGS = ("Room", "Players", "Address")
MOST_ROWS = 8
LONGEST = 100  # characters of an address
HELP = "Up, Down and Enter: join a room.   No room? Type its address, then Enter."


class Layout:
    """The places in the lobby for a window of any size that has room, in its pixels.

    Attributes:
        columns: their left edges.
        rows: how many rooms there is place for.
        box: of the line for an address.
    """

    def __init__(self, window: Window) -> None:
        px, (width, height) = window.text.px, window.surface.size
        self.left, self.top = min(px(LEFT), width // 9), min(px(TOP), max(px(LEAST_TOP), height - px(530)))
        inside = width - 2 * self.left
        self.columns = [self.left + min(px(x), x * inside // INSIDE) for x in COLUMNS]
        self.box = pygame.Rect(self.left - px(20), height - px(128), inside + 2 * px(20), px(54))
        self.rows = min(MOST_ROWS, (self.box.top - self.top) // px(ROW))


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
        self._frames = Rate()

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
        self._frames.total += 1
        window.surface.fill(NIGHT)
        if has_room(window.surface.size, window.text):
            self._draw_rooms(window, rooms)
            self._draw_search(window, now)
            self._draw_entry(window)
        pygame.display.flip()

    def _draw_rooms(self, window: Window, rooms: Sequence[Room]) -> None:
        """As many rooms as there is place for, with the chosen one."""
        layout, place = Layout(window), self._place(rooms)
        _write(window, "Gem Rush", (layout.left, layout.top - window.text.px(TOP - 60)), 54, ACCENT)
        for words, x in zip(HEADINGS, layout.columns, strict=True):
            _write(window, words, (x, layout.top - window.text.px(ROW)), 20, FADED)
        first = max(0, place - layout.rows + 1)
        for line, room in enumerate(rooms[first : first + layout.rows]):
            y = layout.top + window.text.px(ROW) * line
            self._draw_room(window, layout, room, y, chosen=first + line == place)
        if not rooms:
            _write(window, "no room yet", (layout.left, layout.top), 26, FADED)

    def _press(self, key: int, rooms: Sequence[Room]) -> None:
        if key in (pygame.K_RETURN, pygame.K_KP_ENTER):
            self.answer = self.typed.strip() or (rooms[self._place(rooms)].url if rooms else self.answer)
        elif key in (pygame.K_UP, pygame.K_DOWN) and rooms:
            way = 1 if key == pygame.K_DOWN else -1
            self._chosen = rooms[(self._place(rooms) + way) % len(rooms)].id
        elif key == pygame.K_BACKSPACE:
            self.typed = self.typed[:-1]
        elif key == pygame.K_ESCAPE:
            self.typed = ""

    def _place(self, rooms: Sequence[Room]) -> int:
        """The line of the chosen room; found by its id, since others come and go above it."""
        return next((line for line, room in enumerate(rooms) if room.id == self._chosen), 0)

    def _draw_room(self, window: Window, layout: Layout, room: Room, y: int, *, chosen: bool) -> None:
        px = window.text.px
        if chosen:
            box = pygame.Rect(layout.box.left, y - px(11), layout.box.width, px(ROW - 4))
            pygame.draw.rect(window.surface, FADED if self.typed else ACCENT, box, 2, border_radius=px(10))
        words = (room.name, f"{room.players} of {room.max_players}", room.address)
        ends = (*(x - px(30) for x in layout.columns[1:]), layout.box.right)
        for word, x, end in zip(words, layout.columns, ends, strict=True):
            _write(window, window.text.fitted(word, 26, end - x), (x, y), 26)

    def _draw_search(self, window: Window, now: float) -> None:
        """A wheel of dots that turns while frames are drawn, and the frame rate."""
        px, layout = window.text.px, Layout(window)
        x, y = layout.box.right - px(188), layout.top - px(TOP - 88)
        draw_wheel(window.surface, (x, y), px(16), now, NIGHT)
        said = f"searching   {self._frames.per_second(now):.0f} fps"
        _write(window, said, (x + px(32), y - px(10)), 20, FADED)

    def _draw_entry(self, window: Window) -> None:
        px, layout = window.text.px, Layout(window)
        box = layout.box
        panel(window.surface, box, window.text)
        pygame.draw.rect(window.surface, ACCENT if self.typed else INK, box, 2, border_radius=px(12))
        label = _write(window, "Address: ", (layout.left, box.top + px(16)), 26)
        typed, width = f"{self.typed}{self._method.composing}|", box.width - px(40) - label.width
        _write(window, window.text.ending(typed, 26, width), label.topright, 26)
        said = f"Going to {self.answer} …" if self.answer else self.problem
        _write(window, said or HELP, (layout.left, box.bottom + px(18)), 20, WARNING if said else FADED)


def _write(window: Window, words: str, place: Point, size: int, colour: Colour = PAPER) -> pygame.Rect:
    width = window.surface.width - place[0]
    return window.text.write(window.surface, words, size, colour, width=width, topleft=place)
