"""The time line: messages between client and server, as lines from when they left to when they arrived."""

import pygame

from workshop.game.drawing.hud import panel
from workshop.game.drawing.palette import ACCENT, FADED, GOOD, INK, PAPER, RESOURCES, WARNING, Colour, mixed
from workshop.game.drawing.text import Text
from workshop.lab.diagram import Field, Piece, Point
from workshop.lab.explanation import Explanation, draw_explanation
from workshop.lab.marks import TimelineData
from workshop.lab.widgets import Control
from workshop.lab.wording import explain

LEFT, RIGHT, TOP, BOTTOM = 76, 30, 0.34, 0.80  # margins in pixels of a window of 1280×720; rows as shares
SIZE, REACH = 16, 7  # of text; such pixels around a line that still point at it
PARTS = 4  # between the times of the axis
COLOURS: dict[str, Colour] = {
    "input": ACCENT,
    "snapshot": RESOURCES["gem"],
    "late": WARNING,
    "replayed inputs": GOOD,
    "correction": (255, 105, 200),
    "interpolation": (160, 140, 255),
}
LATE, REPLAY, CORRECTION, WINDOW = list(COLOURS.values())[2:]
ORDER = ("window", "message", "replay", "correction")  # the last lie over the first


class Timeline(Control):
    """A space-time diagram. Pointed at, its pieces are explained; focused, Left and Right go through them."""

    def __init__(self) -> None:
        super().__init__("Time line")
        self._pieces: list[Piece] = []
        self._chosen: tuple[str, str, int] | None = None

    def step(self, way: int) -> bool:
        names = [piece.name for piece in self._pieces]
        at = names.index(self._chosen) + way if self._chosen in names else len(names) - 1
        self._chosen = names[min(max(at, 0), len(names) - 1)] if names else None
        return bool(names)

    def draw(
        self, surface: pygame.Surface, rect: pygame.Rect, text: Text, data: TimelineData, at: Point | None
    ) -> Explanation | None:
        """Draw it, and explain what the mouse points at, or the keys have chosen. Returns the explanation."""
        self.box, left = pygame.Rect(rect), rect.left + text.px(LEFT)
        top, bottom = (rect.top + round(share * rect.height) for share in (TOP, BOTTOM))
        wide = max(0, rect.right - text.px(RIGHT) - left)
        field = Field(pygame.Rect(left, top, wide, bottom - top), data, text.scale)
        self._pieces = field.pieces()
        about = self._about(at, text.px(REACH))
        before = surface.get_clip()
        surface.set_clip(rect.clip(before))
        self._draw_frame(surface, text, field)
        surface.set_clip(surface.get_clip().clip(left, rect.top, rect.width, rect.height))
        self._draw_pieces(surface, text, field, about)
        surface.set_clip(before)
        if about is None:
            return None
        words, x = explain(about, data), min(max(about.points[-1][0], rect.left), rect.right)
        draw_explanation(surface, text, words, pygame.Rect(round(x), rect.top, 1, rect.height))
        return words

    def _about(self, pointer: Point | None, reach: int) -> Piece | None:
        """What the mouse points at; elsewhere, what the keys have chosen."""
        if pointer is not None and self.box.collidepoint(pointer):
            near = [piece for piece in self._pieces if piece.distance(pointer) <= reach]
            near.sort(key=lambda piece: (piece.what != "correction", piece.distance(pointer)))
            near += [piece for piece in self._pieces if piece.what == "window" and piece.surrounds(pointer)]
            return next(iter(near), None)
        if self.focused and self._chosen not in [piece.name for piece in self._pieces]:
            self.step(1)
        return next((it for it in self._pieces if self.focused and it.name == self._chosen), None)

    def _draw_frame(self, surface: pygame.Surface, text: Text, field: Field) -> None:
        """The ground, the two rows with their names, times before now, and what each colour means."""
        panel(surface, self.box, text, 235)
        box, data = field.box, field.data
        for name, y in (("client", box.top), ("server", box.bottom)):
            pygame.draw.line(surface, FADED, (box.left, y), (box.right, y))
            text.write(surface, name, SIZE, midright=(box.left - text.px(10), y))
        for part in range(PARTS + 1):
            x = box.right - box.width * part // PARTS
            pygame.draw.line(surface, FADED, (x, box.bottom), (x, box.bottom + text.px(5)))
            words = f"−{1000 * data.seconds * part / PARTS:.4g} ms" if part else "now"
            text.write(surface, words, SIZE, FADED, midtop=(x, box.bottom + text.px(7)))
        x, y = box.left, self.box.top + text.px(16)
        for words, colour in COLOURS.items():
            pygame.draw.line(surface, colour, (x, y), (x + text.px(18), y), text.px(4))
            x = text.write(surface, words, SIZE, midleft=(x + text.px(24), y)).right + text.px(22)
        self.frame(surface, text)

    def _draw_pieces(self, surface: pygame.Surface, text: Text, field: Field, about: Piece | None) -> None:
        late = {kind: field.data.held_up(kind) for kind in ("input", "snapshot")}
        for piece in sorted(self._pieces, key=lambda piece: ORDER.index(piece.what)):
            mark, chosen = piece.mark, piece is about
            if mark is None:
                pygame.draw.polygon(surface, mixed(INK, WINDOW, 0.5 if chosen else 0.35), piece.points[:4])
                pygame.draw.line(surface, WINDOW, piece.points[-2], piece.points[-1], 4 if chosen else 2)
            elif piece.what == "message":
                colour = LATE if mark.number in late[mark.kind] else COLOURS[mark.kind]
                _draw_message(surface, text, piece, colour, chosen)
                if field.data.is_here(mark):
                    pygame.draw.circle(surface, colour, piece.points[1], text.px(6 if chosen else 4))
            elif piece.what == "replay":
                pygame.draw.lines(surface, PAPER if chosen else REPLAY, False, piece.points, 2)
            else:
                (x, y), size = piece.points[0], text.px(10 if chosen else 7)
                corners = [(x, y - size), (x + size, y), (x, y + size), (x - size, y)]
                pygame.draw.polygon(surface, CORRECTION, corners)


def _draw_message(surface: pygame.Surface, text: Text, piece: Piece, colour: Colour, chosen: bool) -> None:
    """Draw a line, with a small dot where it left; there will be a larger one where it arrives."""
    (x, y), end = piece.points
    shade = mixed(colour, PAPER, 0.6) if chosen else mixed(colour, INK, 0.25)
    for right in (-1, 0, 1, 2) if chosen else (0, 1):
        pygame.draw.aaline(surface, shade, (x + right, y), (end[0] + right, end[1]))
    pygame.draw.circle(surface, shade, (x, y), text.px(2))
