"""From keys to intent: what is held becomes a `Move`, what is pressed opens panels or sets the network."""

from collections.abc import Iterator
from math import sqrt

import pygame

from netlib.transport.conditioner import LinkConditions
from workshop.game.drawing.chat import ChatEntry, entry_box
from workshop.game.drawing.net_graph.link_keys import LINK_KEYS, LinkKey
from workshop.game.drawing.notes import Note
from workshop.game.drawing.overlays import MENU, menu_boxes
from workshop.game.drawing.screen import Panels
from workshop.game.drawing.text import Text
from workshop.game.drawing.window import Window
from workshop.game.play.keys.keyboard import Held, Keyboard
from workshop.game.play.keys.page import KeyPage
from workshop.game.rules.messages import Move

LEFT, RIGHT = (pygame.K_LEFT, pygame.K_a), (pygame.K_RIGHT, pygame.K_d)
UP, DOWN = (pygame.K_UP, pygame.K_w), (pygame.K_DOWN, pygame.K_s)
EAGER_TICKS = 6  # a press of Space counts for so many ticks, so that one a moment too early is not lost

PREDICTION_WORDS = (
    "you see what the server has confirmed",
    "you move at once; the server confirms or corrects",
)
INTERPOLATION_WORDS = (
    "others are drawn where the last snapshot said",
    "others move smoothly, a little in the past",
)


class Controls:
    """What the player wants.

    Attributes:
        quit: True when the window is to be closed.
        keyboard: which key means what; as on everybody's, until it is replaced by the player's own.
        menu: the chosen entry of the menu, None while it is closed.
        key_page: where the player chooses keys, None while it is closed.
        net_graph: whether the net graph is shown.
        prediction, interpolation: whether the player wants them.
    """

    def __init__(self) -> None:
        self.keyboard = Keyboard()
        self.quit = self.help = self.net_graph = False
        self.prediction = self.interpolation = True
        self.menu: int | None = None
        self.key_page: KeyPage | None = None
        self.chat = ChatEntry()
        self._notes: list[Note] = []
        self._link_steps: list[tuple[LinkKey, int]] = []
        self._eager = 0

    def take(self, window: Window) -> Iterator[str]:
        """Take all that happened in the window since the last call. Yields finished lines of chat."""
        for event in window.events():
            if line := self.handle(event, window.surface.size, window.text):
                yield line
        window.set_typing(self.chat.text is not None, entry_box(window.surface, window.text))

    def handle(self, event: pygame.event.Event, window_size: tuple[int, int], text: Text) -> str | None:
        """Take one event. Returns a line of chat that is finished."""
        key = self.keyboard.take(event)
        if event.type == pygame.QUIT:
            self.quit = True
        elif self.chat.text is not None:
            return self.chat.handle(event)
        elif (page := self.key_page) and event.type == pygame.KEYDOWN:
            page.press(event)
            self.key_page = page if page.open else None
        elif self.menu is not None:
            self._handle_menu(event, key, menu_boxes(window_size, text))
        elif event.type == pygame.KEYDOWN:
            self._press(key)
            self._press_for_network(key, event.dict.get("mod", 0))
        return None

    def move(self, held: Held, *, in_reach: bool) -> Move:
        """The intent for one tick.

        Args:
            held: tells which keys are down, as `held_keys` does.
            in_reach: something can be collected here; a held Space then takes it.
        """
        if not self.playing:
            return Move()
        self._eager = max(0, self._eager - 1)
        fresh = self._eager == EAGER_TICKS - 1
        takes = in_reach and (self._eager > 0 or held(pygame.K_SPACE))
        if takes:
            self._eager = 0
        return Move(move=direction(held), collect=takes or fresh)

    def walk(self, held: Held) -> Move:
        """What the keys that are down ask for in this frame."""
        return Move(move=direction(held)) if self.playing else Move()

    @property
    def playing(self) -> bool:
        """True unless the keys are needed for something else."""
        return self.chat.text is None and self.menu is None and self.key_page is None

    def conditions(self, current: LinkConditions) -> LinkConditions:
        """What the link is to be like after the keys that were pressed since the last call.

        Args:
            current: what is simulated at this end now.
        """
        for key, way in self._link_steps:
            current = key.stepped(current, way)
            self._notes.append(Note(f"{key.field.capitalize()} {key.words(current)}", key.meaning))
        self._link_steps.clear()
        return current

    def panels(self, held: Held) -> Panels:
        """What the player wants to see; each note is told once."""
        notes, self._notes = tuple(self._notes), []
        tab = self.chat.text is None and held(pygame.K_TAB)
        page = self.key_page.shown() if self.key_page else None
        more = (self.chat.composing, page, self.keyboard.labels())
        return Panels(self.chat.text, tab, self.net_graph, self.help, self.menu, notes, *more)

    def _press(self, key: int) -> None:
        if key == pygame.K_SPACE:
            self._eager = EAGER_TICKS
        elif key in (pygame.K_RETURN, pygame.K_KP_ENTER):
            self.chat.text = ""
        elif key == pygame.K_F1:
            self.help = not self.help
        elif key == pygame.K_F2:
            self.key_page, self.help = KeyPage(self.keyboard), False
        elif key == pygame.K_ESCAPE and self.help:
            self.help = False
        elif key == pygame.K_ESCAPE:
            self.menu = 0

    def _press_for_network(self, key: int, modifiers: int) -> None:
        if key == pygame.K_F3:
            self.net_graph = not self.net_graph
        elif key in LINK_KEYS:
            self._link_steps.append((LINK_KEYS[key], -1 if modifiers & pygame.KMOD_SHIFT else 1))
        elif key == pygame.K_F7:
            self.prediction = not self.prediction
            self._tell("Prediction", self.prediction, PREDICTION_WORDS)
        elif key == pygame.K_F8:
            self.interpolation = not self.interpolation
            self._tell("Interpolation", self.interpolation, INTERPOLATION_WORDS)

    def _tell(self, what: str, on: bool, words: tuple[str, str]) -> None:
        self._notes.append(Note(f"{what} {'on' if on else 'off'}", words[on]))

    def _handle_menu(self, event: pygame.event.Event, key: int, boxes: list[pygame.Rect]) -> None:
        if event.type in (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN):
            under = [line for line, box in enumerate(boxes) if box.collidepoint(event.pos)]
            self.menu = under[0] if under else self.menu
            if under and event.type == pygame.MOUSEBUTTONDOWN:
                self._choose()
        elif self.menu is not None and key in (*UP, *DOWN):
            self.menu = (self.menu + (1 if key in DOWN else -1)) % len(MENU)
        elif key == pygame.K_ESCAPE:
            self.menu = None
        elif key in (pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE):
            self._choose()

    def _choose(self) -> None:
        self.quit = self.quit or self.menu == MENU.index("Quit")
        self.menu = None


def held_keys() -> Held:
    """Tells of a key whether it is down now: those that move by their place, with the keys as at first."""
    return Keyboard().held()


def direction(held: Held) -> tuple[float, float]:
    """The direction of the keys that are down; diagonals are not faster."""
    x = any(map(held, RIGHT)) - any(map(held, LEFT))
    y = any(map(held, DOWN)) - any(map(held, UP))
    return (x / sqrt(2), y / sqrt(2)) if x and y else (float(x), float(y))
