"""The panel: lays controls out in rows, and gives mouse and keys to the right one."""

from collections.abc import Sequence

import pygame

from workshop.game.drawing.text import Text
from workshop.lab.explanation import draw_explanation
from workshop.lab.widgets import Control

ROW, GAP = 46, 6  # height of a row at most, and between controls, in pixels of a window of 1280×720
NARROWEST = 150  # of such pixels: what a control needs; a row with less goes on in the next line


class Panel:
    """Controls in rows.

    While one of them is `focused`, the panel takes Left, Right, Space, Enter and Esc; otherwise those keys
    are yours. A click moves no focus, so that arrow keys go on driving.

    Args:
        rows: the controls, as they are to be laid out.
        also: more that Tab reaches after them, drawn by the caller, such as the time line.
    """

    def __init__(self, rows: Sequence[Sequence[Control]], *, also: Sequence[Control] = ()) -> None:
        self._rows = rows
        self._ring = [control for row in (*rows, also) for control in row]
        self._pointed: Control | None = None

    @property
    def focused(self) -> Control | None:
        """What the keys go to; None for nothing."""
        return next((control for control in self._ring if control.focused), None)

    def handle(self, event: pygame.event.Event, key: int | None = None) -> Control | None:
        """Take one event. Returns the control that it has changed, or pressed.

        Args:
            key: what the pressed key means, if you know better than the event does (`Keyboard.take`).
        """
        if event.type == pygame.KEYDOWN:
            return self._press(event.key if key is None else key, event.dict.get("mod", 0))
        if event.type == pygame.MOUSEMOTION:
            return self._move(event.pos, event.buttons)
        if event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP) and event.button == 1:
            take = self._hold if event.type == pygame.MOUSEBUTTONDOWN else self._release
            return take(event.pos)
        if event.type == pygame.WINDOWLEAVE:
            self._pointed = None
        return None

    def draw(self, surface: pygame.Surface, rect: pygame.Rect, text: Text) -> None:
        """Lay the controls out in ``rect``, and draw them; what does not fit is cut off."""
        lines = list(self._lines(rect.width, text))
        high = min(text.px(ROW), rect.height // max(1, len(lines)))
        before = surface.get_clip()
        surface.set_clip(rect.clip(before))
        for number, line in enumerate(lines):
            for place, control in enumerate(line):
                left, right = (rect.width * it // len(line) for it in (place, place + 1))
                cell = pygame.Rect(rect.left + left, rect.top + number * high, right - left, high)
                control.box = cell.inflate(-text.px(GAP), -text.px(GAP))
                if min(control.box.size) > 0:
                    control.draw(surface, text)
        surface.set_clip(before)

    def draw_explanation(self, surface: pygame.Surface, text: Text) -> None:
        """Draw what the control does that is pointed at or focused; after all else, since it lies over it."""
        about = self._pointed or self.focused
        if about and about.explanation:
            draw_explanation(surface, text, about.explanation, about.box)

    def _lines(self, width: int, text: Text) -> list[Sequence[Control]]:
        """The rows, each in as many lines as it needs."""
        most = max(1, width // max(1, text.px(NARROWEST)))
        lines: list[Sequence[Control]] = []
        for row in self._rows:
            count = -(-len(row) // most)
            each = -(-len(row) // max(1, count))
            lines += [row[start : start + each] for start in range(0, len(row), max(1, each))]
        return lines

    def _at(self, place: tuple[int, int]) -> Control | None:
        return next((it for it in self._ring if it.box.collidepoint(place)), None)

    def _hold(self, place: tuple[int, int]) -> Control | None:
        self._focus(None)
        if (control := self._at(place)) is None:
            return None
        control.held = True
        return control if control.drag(place[0]) else None

    def _move(self, place: tuple[int, int], buttons: Sequence[int]) -> Control | None:
        self._pointed = self._at(place)
        held = next((control for control in self._ring if control.held), None)
        if held and not buttons[0]:  # it was let go where no window could see it
            held.held = False
        return held if held and held.held and held.drag(place[0]) else None

    def _release(self, place: tuple[int, int]) -> Control | None:
        """A click counts where the mouse is let go, so that one may think again."""
        held = next((control for control in self._ring if control.held), None)
        if held is None:
            return None
        held.held = False
        return held if held.box.collidepoint(place) and held.fire() else None

    def _press(self, key: int, mod: int) -> Control | None:
        focused = self.focused
        if key == pygame.K_TAB:
            self._walk(-1 if mod & pygame.KMOD_SHIFT else 1)
        elif focused and key == pygame.K_ESCAPE:
            self._focus(None)
        elif focused and key in (pygame.K_LEFT, pygame.K_RIGHT):
            return focused if focused.step(1 if key == pygame.K_RIGHT else -1) else None
        elif focused and key in (pygame.K_SPACE, pygame.K_RETURN, pygame.K_KP_ENTER):
            return focused if focused.fire() else None
        elif not mod & (pygame.KMOD_CTRL | pygame.KMOD_ALT | pygame.KMOD_META):
            named = (it for it in self._ring if it.key and pygame.key.key_code(it.key) == key)
            return next((control for control in named if control.fire()), None)
        return None

    def _walk(self, way: int) -> None:
        """Move the focus on: after the last control there is none, so that keys may drive again."""
        stops = [None, *self._ring]
        self._focus(stops[(stops.index(self.focused) + way) % len(stops)])
        self._pointed = None

    def _focus(self, control: Control | None) -> None:
        for other in self._ring:
            other.focused = other is control
