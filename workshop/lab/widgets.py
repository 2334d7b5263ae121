"""The lab's controls: a slider, a toggle, a button; each for the mouse and for the keyboard."""

from collections.abc import Sequence

import pygame

from workshop.game.drawing.palette import ACCENT, FADED, GOOD, INK, PAPER, mixed
from workshop.game.drawing.text import Text
from workshop.lab.explanation import Explanation

SIZE, EDGE, CORNER = 18, 8, 8  # of text, beside it, of corners; in pixels of a window of 1280×720
KNOB, TRACK = 7, 6  # radius of a slider's knob, height of its track
GROUND, GROUND_ON = mixed(INK, PAPER, 0.10), mixed(INK, GOOD, 0.32)


class Control:
    """What the mouse can point at and Tab reaches. The ``explanation`` is one plain sentence, or nothing."""

    def __init__(self, label: str, key: str = "", explanation: str = "") -> None:
        self.label, self.key = label, key  # what is written on it, and on the key that does the same
        self.explanation = Explanation(label, explanation) if explanation else None
        self.box = pygame.Rect(0, 0, 0, 0)  # where it was drawn last
        self.focused = False  # whether Left, Right and Space go to it
        self.on, self.states = False, ("", "")  # the words for off and on, where there is such a thing

    def drag(self, x: float) -> bool:
        """The mouse holds it, at ``x``. Returns whether that has changed it."""
        return False

    def step(self, way: int) -> bool:
        """Right (``way`` is 1) or Left (-1) was pressed. Returns whether that has changed it."""
        return False

    def fire(self) -> bool:
        """It was clicked, or its key or Space was pressed. Returns whether that has changed it."""
        return False

    def paint(self, surface: pygame.Surface, text: Text) -> None:
        """Draw it in its box."""
        pygame.draw.rect(surface, GROUND_ON if self.on else GROUND, self.box, border_radius=text.px(CORNER))
        self.frame(surface, text)

    def frame(self, surface: pygame.Surface, text: Text) -> None:
        """Draw the frame that shows that Tab has reached it."""
        if self.focused:
            pygame.draw.rect(surface, ACCENT, self.box, max(2, text.px(3)), border_radius=text.px(CORNER))

    def _size(self, text: Text) -> int:
        """The size of letters that fit."""
        return max(1, min(SIZE, round(0.44 * self.box.height / text.scale)))


class Slider(Control):
    """A number that is one of some steps, the smallest first; the ``value`` at first may be another one."""

    def __init__(self, label: str, unit: str, steps: Sequence[float], value: float, explanation: str) -> None:
        super().__init__(label, "", explanation)
        self.unit, self.steps, self.value = unit, tuple(steps), value

    def drag(self, x: float) -> bool:
        share = (x - self._track.left) / max(1, self._track.width)
        return self._set(self.steps[round(min(1.0, max(0.0, share)) * (len(self.steps) - 1))])

    def step(self, way: int) -> bool:
        further = (step for step in self.steps[::way] if (step - self.value) * way > 0)
        return self._set(next(further, self.value))

    def _set(self, value: float) -> bool:
        changed, self.value = value != self.value, value
        return changed

    @property
    def _track(self) -> pygame.Rect:
        left, top, wide, high = self.box
        return pygame.Rect(left + high // 4, top + high * 3 // 4, wide - high // 2, 0)

    def paint(self, surface: pygame.Surface, text: Text) -> None:
        super().paint(surface, text)
        size, edge, y = self._size(text), text.px(EDGE), self.box.top + self.box.height // 3
        words, left, right = f"{self.value:.6g} {self.unit}", self.box.left + edge, self.box.right - edge
        value = text.write(surface, words, size, ACCENT, width=right - left, midright=(right, y))
        text.write(surface, self.label, size, width=value.left - edge - left, midleft=(left, y))
        track, nearest = self._track, min(self.steps, key=lambda step: abs(step - self.value))
        x = track.left + track.width * self.steps.index(nearest) // max(1, len(self.steps) - 1)
        for colour, end in ((FADED, track.right), (ACCENT, x)):
            pygame.draw.line(surface, colour, track.topleft, (end, track.top), max(1, text.px(TRACK)))
        radius = min(text.px(KNOB), self.box.height // 5)
        for colour, more in ((INK, 2), (ACCENT if self.focused else PAPER, 0)):
            pygame.draw.circle(surface, colour, (x, track.top), radius + more)


class Button(Control):
    """Something that is done once, each time it is pressed."""

    def fire(self) -> bool:
        return True

    def paint(self, surface: pygame.Surface, text: Text) -> None:
        super().paint(surface, text)
        size, edge, y = self._size(text), text.px(EDGE), self.box.centery
        left, right = self.box.left + edge, self.box.right - edge
        colour = FADED if self.states[0] and not self.on else PAPER
        if self.key:
            cap = pygame.Rect(left, 0, text.width(self.key, size) + text.px(12), self.box.height * 5 // 8)
            cap.centery, left = y, cap.right + edge
            pygame.draw.rect(surface, PAPER, cap, border_radius=text.px(4))
            text.write(surface, self.key, size, INK, center=cap.center)
        if self.states[self.on]:
            right = text.write(surface, self.states[self.on], size, colour, midright=(right, y)).left - edge
        text.write(surface, self.label, size, colour, width=right - left, midleft=(left, y))


class Toggle(Button):
    """Something that is on or off."""

    def __init__(self, label: str, key: str = "", on: bool = True, explanation: str = "") -> None:
        super().__init__(label, key, explanation)
        self.on, self.states = on, ("off", "on")

    def fire(self) -> bool:
        self.on = not self.on
        return True
