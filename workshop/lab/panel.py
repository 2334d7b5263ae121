"""The panel: lays controls out in rows, and gives mouse and keys to the right one."""

from collections.abc import Sequence

import pygame

from workshop.game.drawing.text import Text
from workshop.lab.explanation import draw_explanation
from workshop.lab.widgets import Control

ROW, GAP = 46, 6  # height of a row at most, and between controls, in pixels of a window of 1280×720
NARROWEST = 116  # of such pixels: what a control needs; a row with less goes on in the next line
OTHERS = pygame.KMOD_CTRL | pygame.KMOD_ALT | pygame.KMOD_META  # with them a letter means something else


class Panel:
    """Controls in rows; ``also`` are more that Tab reaches after them, and the caller draws.

    While one of them is `focused`, the panel takes Left, Right, Space, Enter and Esc; otherwise those keys
    are yours. A click moves no focus, so that arrow keys go on driving.
    """

    def __init__(self, rows: Sequence[Sequence[Control]], *, also: Sequence[Control] = ()) -> None:
        self._rows = rows
        self._ring = [control for row in (*rows, also) for control in row]
        self.focused: Control | None = None  # what the keys go to
        self._about: Control | None = None  # what is explained: not what is just being changed
        self._held: Control | None = None

    def handle(self, event: pygame.event.Event, key: int | None = None) -> Control | None:
        """Take one event; ``key`` is what its key means here. Returns the control that it has changed."""
        match event.type:
            case pygame.KEYDOWN:
                return self._press(event.key if key is None else key, event.dict.get("mod", 0))
            case pygame.MOUSEMOTION:
                return self._move(event.pos, event.buttons)
            case pygame.MOUSEBUTTONDOWN if event.button == 1:
                return self._hold(event.pos)
            case pygame.MOUSEBUTTONUP if event.button == 1:
                return self._release(event.pos)
            case pygame.WINDOWLEAVE:
                self._about = None
        return None

    def draw(self, surface: pygame.Surface, rect: pygame.Rect, text: Text) -> None:
        """Lay the controls out in ``rect``, and draw them; what does not fit is cut off."""
        lines, before = self._lines(rect.width, text), surface.get_clip()
        high = min(text.px(ROW), rect.height // max(1, len(lines)))
        surface.set_clip(rect.clip(before))
        for number, line in enumerate(lines):
            for place, control in enumerate(line):
                left, right = (rect.width * it // len(line) for it in (place, place + 1))
                cell = pygame.Rect(rect.left + left, rect.top + number * high, right - left, high)
                control.box = cell.inflate(-text.px(GAP), -text.px(GAP))
                if min(control.box.size) > 0:
                    control.paint(surface, text)
        surface.set_clip(before)

    def draw_explanation(self, surface: pygame.Surface, text: Text) -> None:
        """Draw what the control does that is pointed at or focused; after all else, since it lies over it."""
        if self._about and self._about.explanation:
            draw_explanation(surface, text, self._about.explanation, self._about.box)

    def _lines(self, width: int, text: Text) -> list[Sequence[Control]]:
        """The rows, each in as many lines as it needs."""
        most = max(1, width // max(1, text.px(NARROWEST)))
        each = [-(-len(row) // max(1, -(-len(row) // most))) or 1 for row in self._rows]
        return [r[at : at + n] for r, n in zip(self._rows, each, strict=True) for at in range(0, len(r), n)]

    def _at(self, place: tuple[int, int]) -> Control | None:
        return next((it for it in self._ring if it.box.collidepoint(place)), None)

    def _hold(self, place: tuple[int, int]) -> Control | None:
        self._focus(None)
        self._held = self._at(place)
        return self._dragged(place)

    def _move(self, place: tuple[int, int], buttons: Sequence[int]) -> Control | None:
        if not buttons[0]:  # it may have been let go where no window could see it
            self._held = None
        self._about = None if self._held else self._at(place)
        return self._dragged(place)

    def _dragged(self, place: tuple[int, int]) -> Control | None:
        return self._held if self._held and self._held.drag(place[0]) else None

    def _release(self, place: tuple[int, int]) -> Control | None:
        """A click counts where the mouse is let go, so that one may think again."""
        held, self._held = self._held, None
        return held if held and held.box.collidepoint(place) and held.fire() else None

    def _press(self, key: int, mod: int) -> Control | None:
        focused, self._about = self.focused, None
        if key == pygame.K_TAB:
            way = -1 if mod & pygame.KMOD_SHIFT else 1
            stops = [None, *self._ring]  # after the last one keys may drive again
            self._focus(stops[(stops.index(focused) + way) % len(stops)])
        elif focused and key == pygame.K_ESCAPE:
            self._focus(None)
        elif focused and key in (pygame.K_LEFT, pygame.K_RIGHT):
            return focused if focused.step(1 if key == pygame.K_RIGHT else -1) else None
        elif focused and key in (pygame.K_SPACE, pygame.K_RETURN, pygame.K_KP_ENTER) and focused.fire():
            return focused
        elif not mod & OTHERS:
            named = (it for it in self._ring if it.key and pygame.key.key_code(it.key) == key)
            return next((control for control in named if control.fire()), None)
        return None

    def _focus(self, control: Control | None) -> None:
        self.focused = self._about = control
        for other in self._ring:
            other.focused = other is control
