"""A recording of somebody's own game, or of another version: its messages, and whatever has a place."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

import msgspec
import pygame

import netlib
from netlib.protocol.codecs import MALFORMED
from netlib.recording import Kind, Replay
from workshop.game.drawing.palette import FADED, NIGHT, PAPER, player_colour
from workshop.game.drawing.replay_panels import LONG, minutes
from workshop.game.drawing.text import Text
from workshop.game.play.replay.messages import UNREADABLE
from workshop.game.rules.entities import ROUND_ID, SCHEMA

ROW, LISTED = 22, 10  # pixels of a window of 1280×720; rows of messages below the world
FARTHEST = 1e100  # of all places; nothing beyond it, and no place that is no number, is drawn
ARROWS = {Kind.RECEIVED: "←", Kind.SENT: "→"}


def is_gem_rush(state: netlib.Collections[Any]) -> bool:
    """Whether a state, as it came, is one that the game's own window can draw."""
    with suppress(*MALFORMED):
        for name, kind in SCHEMA.items():
            msgspec.convert(state.get(name), dict[int, kind])  # type: ignore[valid-type]
        return ROUND_ID in state["round"]
    return False


class OtherGame:
    """Draws a replay without a schema: a disc for each entity with x and y, and the newest messages."""

    following = ""
    press = staticmethod(lambda *_: None)

    def __init__(self, replay: Replay[Any]) -> None:
        self._replay, self.seek = replay, replay.seek
        self._box = [0.0, 0.0, 1.0, 1.0]  # of all places: left, top, right, bottom
        replay.on(netlib.StateChanged, self._take_in)

    def draw(self, surface: pygame.Surface, text: Text, dt: float, played: float) -> None:
        """Draw a frame."""
        surface.fill(NIGHT)
        row, (left, top, right, bottom) = text.px(ROW), self._box
        area = surface.get_rect().inflate(-2 * row, -2 * row)
        for number, words in enumerate(islice(self._lines(), LISTED)):
            place, colour = (area.left, area.bottom - number * row), FADED if number else PAPER
            text.write(surface, words, 15, colour, width=max(0, area.width), bottomleft=place)
        area.height -= (LISTED + 2) * row
        scale = max(0.0, min(area.width / (right - left), area.height / (bottom - top)))
        for name, id, x, y in self._places():
            place = (area.left + round((x - left) * scale), area.top + round((y - top) * scale))
            colour = player_colour([*self._replay.state].index(name))
            pygame.draw.circle(surface, colour, place, max(3, text.px(7)))
            text.write(surface, f"{name} {id}", 15, FADED, midtop=(place[0], place[1] + text.px(8)))

    def _lines(self) -> Iterator[str]:
        """The messages until now, both ways, the newest first."""
        film = self._replay.film
        for number in range(film.until(self._replay.time) - 1, -1, -1):
            record = film.records[number]
            words = "cannot be read"
            with suppress(*UNREADABLE):
                words = msgspec.json.encode(film.codec.decoder(Any).decode(record.data)).decode()[:LONG]
            if arrow := ARROWS.get(record.kind):
                yield f"{minutes(record.time, 2)}  {arrow}  {len(record.data)} B  {words}"

    def _take_in(self, _: object) -> None:
        for _, _, x, y in self._places():
            left, top, right, bottom = self._box
            self._box = [min(left, x), min(top, y), max(right, x), max(bottom, y)]

    def _places(self) -> Iterator[tuple[str, int, float, float]]:
        """Each entity with numbers x and y: its collection, its id, and where it is."""
        for name, entities in self._replay.state.items():
            for id, one in entities.items() if isinstance(entities, dict) else ():
                match one:
                    case {"x": int() | float() as x, "y": int() | float() as y}:
                        if abs(x) < FARTHEST and abs(y) < FARTHEST:
                            yield name, id, x, y
