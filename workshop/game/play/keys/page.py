"""The page on which the player chooses keys (F2). Nothing holds before all of it is right."""

import pygame

from workshop.game.drawing.key_page import Page
from workshop.game.play.keys.bindings import DEFAULT, NO_KEY, problem
from workshop.game.play.keys.keyboard import Keyboard

KEEP, RESET = "Keep these", "As at first"
ROWS = (*DEFAULT, KEEP, RESET)
CONFIRM, CLEAR = (pygame.K_RETURN, pygame.K_KP_ENTER), (pygame.K_DELETE, pygame.K_BACKSPACE)
HOW = "Enter: choose a key    Delete: no key    Esc: leave all as it was"
WAITING = "Press the new key. Esc: the one before"


class KeyPage:
    """The choice so far; ``open`` until the player has finished."""

    def __init__(self, keyboard: Keyboard) -> None:
        self.open, self._keyboard, self._draft = True, keyboard, keyboard.bindings
        self._row, self._waiting, self._words = 0, False, ""

    def press(self, event: pygame.event.Event) -> None:
        """Take a pressed key."""
        if self._waiting:
            self._waiting = False
            if event.key != pygame.K_ESCAPE:
                self._bind(event.dict.get("scancode", NO_KEY))
        elif event.key in (pygame.K_UP, pygame.K_DOWN):
            self._row = (self._row + (1 if event.key == pygame.K_DOWN else -1)) % len(ROWS)
        elif event.key in (pygame.K_ESCAPE, pygame.K_F2):
            self.open = False
        elif event.key in CLEAR and ROWS[self._row] in DEFAULT:
            self._bind(NO_KEY)
        elif event.key in CONFIRM:
            self._choose(ROWS[self._row])

    def shown(self) -> Page:
        """What the screen is to show."""
        keys = {action: self._keyboard.written(it) if it else "no key" for action, it in self._draft.items()}
        rows = tuple((row.capitalize(), keys.get(row, "")) for row in ROWS)
        return Page(rows, self._row, WAITING if self._waiting else HOW, self._words, waiting=self._waiting)

    def _bind(self, place: int) -> None:
        self._draft = {**self._draft, ROWS[self._row]: place}
        self._words = problem(self._draft, self._keyboard.written)

    def _choose(self, row: str) -> None:
        if row in DEFAULT:
            self._waiting = True
        elif row == RESET:
            self._draft, self._words = DEFAULT, ""
        else:
            wrong = problem(self._draft, self._keyboard.written)
            self._words = wrong or self._keyboard.keep(self._draft)
            self.open = bool(self._words)
