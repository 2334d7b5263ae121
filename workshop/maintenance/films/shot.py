"""A film: where each player was drawn in each frame, in lanes that are compared with each other."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

import msgspec

import netlib
from workshop.game.rules.maps import Map
from workshop.game.rules.units import to_pixels

RATE = 60  # frames a second, as a window draws them

Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels of the map


class Lane(msgspec.Struct):
    """One of the pictures that are compared."""

    label: str  # what it shows, in a few words
    # By looks ("player"): x and y in pixels, by turns, for each frame; -1 where nobody is seen.
    tracks: dict[str, list[int]] = {}
    # Resources: x, y, the frame in which it appears, and the one from which it is gone
    things: list[list[int]] = []


class Film(msgspec.Struct):
    """What `film.js` plays."""

    rate: int  # frames a second
    frames: int  # how many
    view: Box  # the part of the map that is seen
    walls: list[Box]  # what stands there
    captions: list[tuple[int, str]]  # words, each with the frame from which they are true
    lanes: list[Lane]  # the first one on top, or on the left


class Shot:
    """A film that is being made. ``labels`` are those of its lanes."""

    def __init__(self, *labels: str) -> None:
        self.frame = 0
        self._lanes = [Lane(label) for label in labels]
        self._captions: list[tuple[int, str]] = []

    async def frames(self, seconds: float) -> AsyncIterator[float]:
        """Yield the seconds since the first frame, in each frame."""
        start = netlib.clock()
        for self.frame in range(round(seconds * RATE)):
            await asyncio.sleep(max(0.0, start + self.frame / RATE - netlib.clock()))
            yield self.frame / RATE

    def say(self, words: str) -> None:
        """Change the caption."""
        if words != (self._captions[-1][1] if self._captions else ""):
            self._captions.append((self.frame, words))

    def see(self, lane: int, look: str, who: Any) -> None:
        """Note where somebody is drawn in this frame: a player, or anything with x and y in world units."""
        track = self._lanes[lane].tracks.setdefault(look, [])
        track += [-1, -1] * (self.frame - len(track) // 2)
        track += (to_pixels(who.x), to_pixels(who.y)) if who else (-1, -1)

    def see_things(self, lane: int, resources: Iterable[Any]) -> None:
        """Note which resources are drawn in this frame."""
        things = self._lanes[lane].things
        shown = {(x, y): thing for thing in things if thing[3] == self.frame for x, y in [thing[:2]]}
        for x, y in ((to_pixels(it.x), to_pixels(it.y)) for it in resources):
            if (x, y) not in shown:
                things.append(shown.setdefault((x, y), [x, y, self.frame, 0]))
            shown[x, y][3] = self.frame + 1

    def film(self, map: Map, view: Box | None = None) -> Film:
        """The film; with the whole map in view, or a part of it."""
        view = view or _box(0, 0, map.width, map.height)
        walls = [_box(it.left, it.top, it.right, it.bottom) for it in map.obstacles]
        seen = [
            it for it in walls if it[0] < view[2] and it[2] > view[0] and it[1] < view[3] and it[3] > view[1]
        ]
        return Film(RATE, self.frame + 1, view, seen, self._captions, self._lanes)

    def around(self, margin: int = 20) -> Box:
        """The part of the map in which everybody was, and ``margin`` pixels around it."""
        tracks = [track for lane in self._lanes for track in lane.tracks.values()]
        xs, ys = ([at for track in tracks for at in track[axis::2] if at >= 0] for axis in (0, 1))
        return min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin


def _box(left: int, top: int, right: int, bottom: int) -> Box:
    return to_pixels(left), to_pixels(top), to_pixels(right), to_pixels(bottom)
