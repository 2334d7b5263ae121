"""The lab's controls: a slider, a toggle, a button; each for the mouse and for the keyboard."""

from bisect import bisect_left
from collections.abc import Sequence

import pygame

from workshop.game.drawing.palette import ACCENT, FADED, GOOD, INK, PAPER, Colour, mixed
from workshop.game.drawing.text import Text
from workshop.lab.explanation import Explanation

SIZE = 18  # of text; this and all lengths below are pixels of a window of 1280×720
EDGE, KNOB, TRACK = 8, 7, 6  # between border and words; radius of a slider's knob; height of its track
CORNER = 8  # radius
GROUND: Colour = mixed(INK, PAPER, 0.10)
GROUND_ON: Colour = mixed(INK, GOOD, 0.32)
HELD: Colour = mixed(INK, PAPER, 0.28)


class Control:
    """What can be pointed at, and reached with Tab.

    Args:
        explanation: what this does, in one plain sentence; empty when it explains itself.
        key: what is written on the key that does the same, such as "P" or "Space"; empty for none.

    Attributes:
        box: where it was drawn last.
        focused: whether Left, Right and Space go to it.
        held: whether the mouse holds it down.
    """

    def __init__(self, label: str, explanation: str = "", *, key: str = "") -> None:
        self.label, self.key = label, key
        self.explanation = Explanation(label, explanation) if explanation else None
        self.box = pygame.Rect(0, 0, 0, 0)
        self.focused = self.held = False

    def drag(self, x: float) -> bool:
        """The mouse holds it, at ``x``. Returns whether that has changed it."""
        return False

    def step(self, way: int) -> bool:
        """Right (``way`` is 1) or Left (-1) was pressed. Returns whether that has changed it."""
        return False

    def fire(self) -> bool:
        """It was clicked, or its key or Space was pressed. Returns whether that has changed it."""
        return False

    def draw(self, surface: pygame.Surface, text: Text) -> None:
        """Draw it in its box."""

    def _size(self, text: Text, share: float) -> int:
        """The size of letters that take a ``share`` of the box's height."""
        return max(1, min(SIZE, round(share * self.box.height / text.scale)))

    def _draw_ground(self, surface: pygame.Surface, text: Text, colour: Colour) -> None:
        pygame.draw.rect(surface, HELD if self.held else colour, self.box, border_radius=text.px(CORNER))
        if self.focused:
            thick = max(2, text.px(3))
            pygame.draw.rect(surface, ACCENT, self.box, thick, border_radius=text.px(CORNER))

    def _draw_key(self, surface: pygame.Surface, text: Text, size: int) -> int:
        """Draw what is written on its key, at the left. Returns where the rest may begin."""
        left = self.box.left + text.px(EDGE)
        if not self.key:
            return left
        cap = pygame.Rect(left, 0, text.width(self.key, size) + text.px(12), round(0.62 * self.box.height))
        cap.centery = self.box.centery
        pygame.draw.rect(surface, PAPER, cap, border_radius=text.px(4))
        text.write(surface, self.key, size, INK, center=cap.center)
        return cap.right + text.px(EDGE)


class Slider(Control):
    """A number that is one of some steps.

    Args:
        unit: of the steps and of the value, as it is shown.
        steps: where the knob may stand, the smallest first; as far from each other as they are many.

    Attributes:
        value: any number; it need not be a step.
    """

    def __init__(
        self, label: str, unit: str, steps: Sequence[float], value: float, explanation: str = ""
    ) -> None:
        super().__init__(label, explanation)
        self.unit, self.steps, self.value = unit, tuple(steps), value

    @property
    def words(self) -> str:
        """The value with its unit."""
        return f"{self.value:.4g} {self.unit}".strip()

    @property
    def share(self) -> float:
        """How far to the right the knob stands, from 0 to 1."""
        above = bisect_left(self.steps, self.value)
        if not 0 < above < len(self.steps):
            return float(above > 0)
        low, high = self.steps[above - 1], self.steps[above]
        return (above - 1 + (self.value - low) / (high - low)) / (len(self.steps) - 1)

    def drag(self, x: float) -> bool:
        track, last = self._track(self.box.height // 4), len(self.steps) - 1
        share = (x - track.left) / max(1, track.width)
        return self._set(self.steps[round(min(1.0, max(0.0, share)) * last)] if self.steps else self.value)

    def step(self, way: int) -> bool:
        further = (step for step in self.steps[::way] if (step - self.value) * way > 0)
        return self._set(next(further, self.value))

    def _set(self, value: float) -> bool:
        changed, self.value = value != self.value, value
        return changed

    def _track(self, inside: int) -> pygame.Rect:
        track = pygame.Rect(0, 0, max(0, self.box.width - 2 * inside), 0)
        track.center = (self.box.centerx, self.box.top + round(0.78 * self.box.height))
        return track

    def draw(self, surface: pygame.Surface, text: Text) -> None:
        self._draw_ground(surface, text, GROUND)
        size, edge = self._size(text, 0.42), text.px(EDGE)
        inside, y = self.box.inflate(-2 * edge, 0), self.box.top + round(0.32 * self.box.height)
        value = text.write(surface, self.words, size, ACCENT, width=inside.width, midright=(inside.right, y))
        room = value.left - edge - inside.left
        text.write(surface, self.label, size, width=room, midleft=(inside.left, y))
        self._draw_track(surface, text)

    def _draw_track(self, surface: pygame.Surface, text: Text) -> None:
        track, thick = self._track(self.box.height // 4), max(1, text.px(TRACK))
        line = track.inflate(thick, thick)
        knob = (track.left + round(self.share * track.width), track.centery)
        pygame.draw.rect(surface, FADED, line, border_radius=thick // 2)
        line.width = knob[0] - line.left
        pygame.draw.rect(surface, ACCENT, line, border_radius=thick // 2)
        pygame.draw.circle(surface, INK, knob, text.px(KNOB) + 2)
        pygame.draw.circle(surface, ACCENT if self.focused or self.held else PAPER, knob, text.px(KNOB))


class Button(Control):
    """Something that is done once, each time it is pressed."""

    def __init__(self, label: str, key: str = "", explanation: str = "") -> None:
        super().__init__(label, explanation, key=key)

    def fire(self) -> bool:
        return True

    def draw(self, surface: pygame.Surface, text: Text) -> None:
        self._draw_ground(surface, text, GROUND)
        self._draw_words(surface, text, self.box.right - text.px(EDGE))

    def _draw_words(self, surface: pygame.Surface, text: Text, right: int, colour: Colour = PAPER) -> None:
        size = self._size(text, 0.46)
        left = self._draw_key(surface, text, size)
        text.write(surface, self.label, size, colour, width=right - left, midleft=(left, self.box.centery))


class Toggle(Button):
    """Something that is on or off.

    Attributes:
        on: which of them.
    """

    def __init__(self, label: str, key: str = "", on: bool = True, explanation: str = "") -> None:
        super().__init__(label, key, explanation)
        self.on = on

    def fire(self) -> bool:
        self.on = not self.on
        return True

    def draw(self, surface: pygame.Surface, text: Text) -> None:
        self._draw_ground(surface, text, GROUND_ON if self.on else GROUND)
        words, colour = ("on", GOOD) if self.on else ("off", FADED)
        end = (self.box.right - text.px(EDGE), self.box.centery)
        state = text.write(surface, words, self._size(text, 0.46), colour, midright=end)
        self._draw_words(surface, text, state.left - text.px(EDGE), PAPER if self.on else FADED)
