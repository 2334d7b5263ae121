"""The three views side by side, with ghosts of the truth and the figures of each."""

import copy

import pygame

from workshop.game.drawing.camera import world_to_screen
from workshop.game.drawing.effects import Effects
from workshop.game.drawing.hud import panel
from workshop.game.drawing.palette import ACCENT, FADED, GOOD, INK, PAPER, WARNING, Colour
from workshop.game.drawing.sprites import PLAYER_RADIUS
from workshop.game.drawing.text import Text
from workshop.game.drawing.view import View
from workshop.game.rules.maps import Map
from workshop.lab.engine.history import Record
from workshop.lab.engine.room import Shot

TITLES = ("What the server knows", "Raw snapshots", "Prediction + interpolation")
TITLE, FIGURES = 30, 46  # heights of the title and of the figures
LABEL, VALUE = 16, 20  # sizes of their letters
AT_ONCE = 1 / 60  # seconds: in the frame in which it was pressed
NEAR = 3  # pixels below which a ghost is where its player is


class Panes:
    """Draws the views of a record; all lengths are pixels of a window of 1280×720."""

    def __init__(self, map: Map) -> None:
        whole = View(map)
        self._views = [whole, copy.copy(whole), copy.copy(whole)]  # the ground is painted once
        for view in self._views:
            view.effects = Effects()

    def draw(
        self,
        surface: pygame.Surface,
        boxes: list[pygame.Rect],
        record: Record,
        told: Record,
        text: Text,
        dt: float,
    ) -> None:
        """Draw the views, ``dt`` seconds after the last time.

        Args:
            told: the record whose figures are shown; they must stand still for as long as one reads them.
        """
        for number, box in enumerate(boxes):
            picture = surface.subsurface((*box.topleft, box.width, box.height - text.px(FIGURES)))
            self._views[number].draw(picture, record.views[number], text, dt)
            if number:
                self._draw_ghosts(picture, number, record)
            else:
                self._draw_shots(picture, record.shots, text)
            band = pygame.Rect(0, 0, box.width, text.px(TITLE))
            panel(picture, band, text, 200)
            text.write(picture, TITLES[number], 22, ACCENT, center=band.center)
            self._draw_figures(
                surface, pygame.Rect(box.left, box.top + picture.height, *box.size), told, number, text
            )

    def _draw_figures(
        self, surface: pygame.Surface, box: pygame.Rect, told: Record, number: int, text: Text
    ) -> None:
        figures = figures_of(told, number)
        pygame.draw.rect(surface, INK, (*box.topleft, box.width, text.px(FIGURES)))
        for at, (label, value, colour) in enumerate(figures):
            wide = box.width // len(figures)
            x, y = box.left + at * wide + wide // 2, box.top
            text.write(surface, label, LABEL, FADED, width=wide, midtop=(x, y + text.px(3)))
            text.write(surface, value, VALUE, colour, width=wide, midtop=(x, y + text.px(22)))

    def _draw_ghosts(self, picture: pygame.Surface, number: int, record: Record) -> None:
        """Rings where the server has the players at this moment, and a line to each from where it is drawn."""
        offset, drawn = self._views[number].offset, record.views[number].players
        for id, player in record.views[0].players.items():
            ghost = world_to_screen((player.x, player.y), offset)
            colour = ACCENT if id == record.views[0].my_id else PAPER
            if id in drawn:
                place = world_to_screen((drawn[id].x, drawn[id].y), offset)
                if abs(place[0] - ghost[0]) + abs(place[1] - ghost[1]) > NEAR:
                    pygame.draw.aaline(picture, colour, place, ghost, 2)
            pygame.draw.circle(picture, INK, ghost, PLAYER_RADIUS + 3, 4)
            pygame.draw.circle(picture, colour, ghost, PLAYER_RADIUS + 2, 2)

    def _draw_shots(self, picture: pygame.Surface, shots: tuple[Shot, ...], text: Text) -> None:
        """Where the driven player has aimed, and what the server said."""
        for shot in shots:
            x, y = world_to_screen(shot.at, self._views[0].offset)
            colour, word = (GOOD, "hit") if shot.hit else (WARNING, "miss")
            for way in (-9, 9):
                pygame.draw.line(picture, INK, (x - 10, y - way), (x + 10, y + way), 5)
                pygame.draw.line(picture, colour, (x - 9, y - way), (x + 9, y + way), 3)
            text.write(picture, word, 18, colour, outlined=True, midtop=(x, y + 12))


def figures_of(record: Record, number: int) -> list[tuple[str, str, Colour]]:
    """The figures of a view: what each is about, how much it is, and its colour."""
    it = record.figures[number]
    late = "-" if it.delay is None else "at once" if it.delay < AT_ONCE else f"{it.delay * 1000:.0f} ms"
    both = [("jerk", f"{it.own_jerk:.0f} / {it.others_jerk:.0f}", PAPER), ("input", late, PAPER)]
    if not number:
        hits = "-" if record.hits is None else f"{record.hits:.0%}"
        return [("tick", f"{record.views[0].tick:.0f}", PAPER), ("shots hit", hits, PAPER), *both]
    way = "you ahead" if it.lead > 0 else "you behind"
    errors = [(way, f"{it.own:.0f} px", PAPER), ("others off", f"{it.others:.0f} px", PAPER)]
    wrong = [("guess off", f"{it.wrong:.0f} px", WARNING if it.wrong else GOOD)] if number == 2 else []
    return [*errors, *both, *wrong]
