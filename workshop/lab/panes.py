"""The three views side by side, with ghosts of the truth, trails, and the figures of each."""

import copy

import pygame

from workshop.game.drawing.camera import world_to_screen
from workshop.game.drawing.effects import Effects
from workshop.game.drawing.hud import panel
from workshop.game.drawing.palette import ACCENT, FADED, GOOD, INK, PAPER, WARNING, Colour, player_colour
from workshop.game.drawing.sprites import PLAYER_RADIUS
from workshop.game.drawing.text import Text
from workshop.game.drawing.view import View
from workshop.game.rules.maps import Map
from workshop.lab.engine.history import Record

TITLES = ("What the server knows", "Raw snapshots", "Prediction + interpolation")
TITLE, FIGURES, LABEL, VALUE = 30, 46, 16, 20  # pixels of a window of 1280×720: heights, and sizes of letters
AT_ONCE = 1 / 60  # seconds: in the frame in which it was pressed


class Panes:
    """Draws the views of a record."""

    def __init__(self, map: Map) -> None:
        whole = View(map)
        self._views = [whole, copy.copy(whole), copy.copy(whole)]  # the ground is painted once
        for view in self._views:
            view.effects = Effects()

    def draw(self, picture: pygame.Surface, number: int, trail: list[Record], text: Text, dt: float) -> None:
        """Draw a view of the last of these records, ``dt`` seconds later, with dots of those before."""
        self._views[number].draw(picture, trail[-1].views[number], text, dt)
        self._draw_trail(picture, number, trail)
        if number:
            self._draw_ghosts(picture, number, trail[-1])
        else:
            self._draw_shots(picture, trail[-1], text)
        band = pygame.Rect(0, 0, picture.width, text.px(TITLE))
        panel(picture, band, text, 200)
        text.write(picture, TITLES[number], 22, ACCENT, center=band.center)

    def _draw_trail(self, picture: pygame.Surface, number: int, trail: list[Record]) -> None:
        """A dot for each frame: even where somebody moves evenly."""
        for record in trail:
            for player in record.views[number].players.values():
                place = world_to_screen((player.x, player.y), self._views[number].offset)
                pygame.draw.circle(picture, INK, place, 3)
                pygame.draw.circle(picture, player_colour(player.colour), place, 2)

    def _draw_ghosts(self, picture: pygame.Surface, number: int, record: Record) -> None:
        """Rings where the server has the players now, and a line to each from where it is drawn."""
        offset, drawn, truth = self._views[number].offset, record.views[number].players, record.views[0]
        for id, player in truth.players.items():
            colour, it = ACCENT if id == truth.my_id else PAPER, drawn.get(id, player)
            ghost = world_to_screen((player.x, player.y), offset)
            pygame.draw.aaline(picture, colour, world_to_screen((it.x, it.y), offset), ghost, 2)
            pygame.draw.circle(picture, INK, ghost, PLAYER_RADIUS + 3, 4)
            pygame.draw.circle(picture, colour, ghost, PLAYER_RADIUS + 2, 2)

    def _draw_shots(self, picture: pygame.Surface, record: Record, text: Text) -> None:
        """Where the driven player has aimed, and what the server said."""
        for shot in record.shots:
            colour, word = (GOOD, "hit") if shot.hit else (WARNING, "miss")
            place = world_to_screen(shot.at, self._views[0].offset)
            text.write(picture, f"+ {word}", 20, colour, outlined=True, midleft=(place[0] - 6, place[1]))


def draw_figures(surface: pygame.Surface, row: pygame.Rect, record: Record, number: int, text: Text) -> None:
    """Draw the figures of a view in a row of the height `FIGURES`."""
    pygame.draw.rect(surface, INK, row)
    figures = figures_of(record, number)
    for at, (label, value, colour) in enumerate(figures):
        wide = row.width // len(figures)
        x = row.left + at * wide + wide // 2
        text.write(surface, label, LABEL, FADED, width=wide, midtop=(x, row.top + text.px(3)))
        text.write(surface, value, VALUE, colour, width=wide, midtop=(x, row.top + text.px(22)))


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
