"""The three views side by side, with ghosts of the truth, trails, and the figures of each."""

import copy
from itertools import chain
from math import hypot

import pygame
from msgspec.structs import replace

from workshop.game.drawing.camera import world_to_screen
from workshop.game.drawing.effects import Effects
from workshop.game.drawing.hud import panel
from workshop.game.drawing.palette import ACCENT, FADED, GOOD, INK, PAPER, WARNING, Colour, player_colour
from workshop.game.drawing.sprites import PLAYER_RADIUS
from workshop.game.drawing.text import Text
from workshop.game.drawing.view import View
from workshop.game.rules.maps import Map
from workshop.game.rules.units import UNIT
from workshop.lab.engine.history import Record, Shown
from workshop.lab.widgets import Control

VIEWS = {
    "What the server knows": "The truth. No player sees it: it is old before it gets there.",
    "Raw snapshots": "What a client draws that only shows the newest snapshot. Rings: the truth now.",
    "Repaired": "The same client and the same snapshots, with the repairs that are on below.",
}
MEANINGS = {
    "Tick": "How many times the server has moved the world.",
    "Shots hit": "You shoot twice a second, at whom you see nearest. So many of the last 20 shots hit.",
    "You": "How far you are from where the server has you now, the yellow ring: ahead of it, or behind.",
    "Others off": "How far the others are from their rings, on average. Interpolation adds to it.",
    "Jerk": "How unevenly you / the others move, in pixels per second: little in a glide, much in a leap.",
    "Input": "How long it takes until an input shows in this view: the delay that you feel.",
    "Mistake": "How wrong the worst prediction of the last two seconds was. Nobody can foresee a push.",
}
BOTH, OFF = ("Jerk", "Input"), ("You", "Others off")
ROWS = ("Tick", "Shots hit", *BOTH), (*OFF, *BOTH), (*OFF, *BOTH, "Mistake")  # below each view
TITLE, FIGURES, LABEL, VALUE = 30, 46, 16, 20  # pixels of a window of 1280×720: heights, and sizes of letters
AT_ONCE = 1 / 60  # seconds: in the frame in which it was pressed


class Panes:
    """Draws the views of a record."""

    def __init__(self, map: Map) -> None:
        whole = View(map)
        self._views = [whole, copy.copy(whole), copy.copy(whole)]  # the ground is painted once
        for view in self._views:
            view.effects = Effects()
        self._titles = [Control(title, "", about) for title, about in VIEWS.items()]
        self._figures = [[Control(it, "", MEANINGS[it]) for it in row] for row in ROWS]
        self.told = [*self._titles, *chain(*self._figures)]  # what the panel explains

    def draw(self, picture: pygame.Surface, number: int, trail: list[Record], text: Text, dt: float) -> None:
        """Draw a view of the last of these records, ``dt`` seconds later, with dots of those before."""
        self._views[number].draw(picture, quiet(trail[-1].views[number]), text, dt)
        self._draw_trail(picture, number, trail)
        if number:
            self._draw_ghosts(picture, number, trail[-1])
        else:
            self._draw_shots(picture, trail[-1], text)
        band = pygame.Rect(0, 0, picture.width, text.px(TITLE))
        panel(picture, band, text, 200)
        text.write(picture, title_of(trail[-1], number), 22, ACCENT, center=band.center)
        self._titles[number].box = band.move(picture.get_abs_offset())
        self._titles[number].frame(picture.get_abs_parent(), text)

    def _draw_trail(self, picture: pygame.Surface, number: int, trail: list[Record]) -> None:
        """A dot for each frame: even where somebody moves evenly. None lies over the one who moves."""
        last, offset = trail[-1].views[number].players, self._views[number].offset
        seen = (item for record in trail for item in record.views[number].players.items())
        for id, x, y, colour in dict.fromkeys((id, it.x, it.y, it.colour) for id, it in seen):
            if id in last and hypot(x - last[id].x, y - last[id].y) > PLAYER_RADIUS * UNIT:
                place = world_to_screen((x, y), offset)
                pygame.draw.circle(picture, INK, place, 3)
                pygame.draw.circle(picture, player_colour(colour), place, 2)

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

    def draw_figures(
        self, surface: pygame.Surface, row: pygame.Rect, record: Record, number: int, text: Text
    ) -> None:
        """Draw the figures of a view in a row of the height `FIGURES`."""
        pygame.draw.rect(surface, INK, row)
        controls, wide = self._figures[number], row.width // len(self._figures[number])
        for control, (label, value, colour) in zip(controls, figures_of(record, number), strict=True):
            control.box = pygame.Rect(row.left + wide * controls.index(control), row.top, wide, row.height)
            x = control.box.centerx
            text.write(surface, label, LABEL, FADED, width=wide, midtop=(x, row.top + text.px(3)))
            text.write(surface, value, VALUE, colour, width=wide, midtop=(x, row.top + text.px(22)))
            control.frame(surface, text)


def quiet(scene: Shown) -> Shown:
    """Of the others neither names nor points: in a narrow view they would lie over each other."""
    players = {
        id: it if id == scene.my_id else replace(it, name="", score=0) for id, it in scene.players.items()
    }
    return replace(scene, players=players)


def title_of(record: Record, number: int) -> str:
    """What a view is; the repaired one is called after what is on."""
    it = record.settings
    prediction = ["prediction" if it.reconciliation else "blind prediction"] * it.prediction
    repairs = " + ".join(prediction + ["interpolation"] * it.interpolation).capitalize()
    return (*VIEWS,)[number] if number < 2 else repairs or "No repairs: raw snapshots again"


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
    wrong = f"{it.wrong:.0f} px" if record.settings.prediction else "-"
    return [*errors, *both, ("mistake", wrong, WARNING if it.wrong else GOOD)][: len(ROWS[number])]
