"""The time line as geometry: where in a field each message, replay and correction is to be seen."""

from collections.abc import Iterator, Sequence
from math import ceil, hypot, isfinite, log2
from typing import Literal, TypeAlias

import msgspec
import pygame

from workshop.lab.marks import Mark, TimelineData

FAR = 30_000  # pixels; what is further away is drawn there
CLOSEST = 14  # pixels of a window of 1280×720 between messages; where they are closer, some are left out
HOP, HEIGHT = 7, 9  # such pixels for a replayed input: it looks like a tooth
UNDER_WAY = 0.85  # of the way: where a message is drawn at most that has not arrived yet

Point: TypeAlias = tuple[float, float]


class Piece(msgspec.Struct, frozen=True):
    """One thing that can be pointed at: lines through some points; of a window, first its four corners."""

    what: Literal["window", "message", "replay", "correction"]
    points: tuple[Point, ...]
    mark: Mark | None = None

    @property
    def name(self) -> tuple[str, str, int]:
        """What it stays known by while it moves to the left."""
        return self.what, self.mark.kind if self.mark else "", self.mark.number if self.mark else 0

    def distance(self, place: Point) -> float:
        """How far a place is from its lines, in pixels."""
        return min(_distance(place, *ends) for ends in zip(self.points, self.points[1:], strict=False))

    def surrounds(self, place: Point) -> bool:
        """Whether a place is within its four corners: two at the bottom, then two at the top."""
        (left, bottom), (right, _), (right_up, top), (left_up, _) = self.points[:4]
        up = (bottom - place[1]) / max(1.0, bottom - top)
        return 0 <= up <= 1 and left + up * (left_up - left) <= place[0] <= right + up * (right_up - right)


class Field:
    """The field of the diagram: the client's row at its top, the server's at its bottom, now at its right."""

    def __init__(self, box: pygame.Rect, data: TimelineData, scale: float) -> None:
        self.box, self.data, self.scale = box, data, scale  # as `Text.scale`
        self._across = box.width / max(data.seconds, 0.001)

    def x(self, time: float) -> float:
        """Where a time is, in pixels."""
        across = (time - self.data.now) * self._across
        return self.box.right + min(max(across, -FAR), FAR) if isfinite(across) else -FAR

    def pieces(self) -> list[Piece]:
        """All that is to be seen, in the order of time; of too many messages, every second, fourth, …"""
        data, found = self.data, list(self._window())
        for kind in ("snapshot", "input"):
            known = [it for it in data.marks if it.kind == kind and self._is_seen(it)]
            gap = (self.x(known[-1].sent) - self.x(known[0].sent)) / max(1, len(known) - 1) if known else 0.0
            usual = max(0.02, data.usual(kind))
            found += [self._message(mark, usual) for mark in _thinned(known, gap, CLOSEST * self.scale)]
            found += [piece for mark in known for piece in self._news(mark, gap)]
        return sorted(found, key=lambda piece: piece.points[-1][0])

    def _is_seen(self, mark: Mark) -> bool:
        return mark.sent <= self.data.now <= mark.sent + self.data.took(mark) + self.data.seconds

    def _message(self, mark: Mark, usual: float) -> Piece:
        start, far = (self.box.top, self.box.bottom)[:: 1 if mark.kind == "input" else -1]
        share = 1.0 if self.data.is_here(mark) else min(UNDER_WAY, self.data.took(mark) / usual)
        end = (self.x(mark.sent + self.data.took(mark)), start + share * (far - start))
        return Piece("message", ((self.x(mark.sent), start), end), mark)

    def _news(self, mark: Mark, gap: float) -> Iterator[Piece]:
        """What the client did when a snapshot arrived: replays, above its row, and a correction on it."""
        if self.data.is_here(mark):
            x, y = self.x(mark.sent + self.data.took(mark)), self.box.top
            if mark.replayed > 0:
                teeth = min(mark.replayed, max(2, round(gap / self.scale / HOP)))  # more would be a blur
                rows, wide = (y - 3 * self.scale, y - HEIGHT * self.scale), HOP / 2 * self.scale
                ends = ((x + wide * at, rows[at % 2]) for at in range(2 * teeth + 1))
                yield Piece("replay", tuple(ends), mark)
            if mark.error > 0:
                yield Piece("correction", ((x, y), (x, y)), mark)

    def _window(self) -> Iterator[Piece]:
        """The two snapshots that the others are drawn between; then from the shown moment to now."""
        span = self.data.span
        by_tick = {mark.number: mark for mark in self.data.marks if mark.kind == "snapshot"}
        blended = span and not span.earlier == span.later == span.shown  # else it is one snapshot as it came
        if span and blended and span.earlier in by_tick and span.later in by_tick:
            ends = [by_tick[span.earlier], by_tick[span.later]]
            low = [(self.x(end.sent), self.box.bottom) for end in ends]
            high = [(self.x(end.sent + self.data.took(end)), self.box.top) for end in ends]
            shown = (self.x(self.data.shown_at), self.box.bottom)
            yield Piece("window", (*low, *high[::-1], shown, (self.box.right, self.box.top)))


def _thinned(marks: Sequence[Mark], gap: float, closest: float) -> Sequence[Mark]:
    """So many of them that they are no closer; always the same ones while they move to the left."""
    if not 0 < gap < closest:
        return marks
    each = 2 ** ceil(log2(min(closest / gap, len(marks))))
    stride = max(1, (marks[-1].number - marks[0].number) // (len(marks) - 1))
    return [mark for mark in marks if mark.number % (each * stride) < stride]


def _distance(place: Point, start: Point, end: Point) -> float:
    """The distance from a place to a line between two points."""
    x, y, across, down = place[0] - start[0], place[1] - start[1], end[0] - start[0], end[1] - start[1]
    length = across * across + down * down
    share = min(1.0, max(0.0, (x * across + y * down) / length)) if length else 0.0
    return hypot(x - share * across, y - share * down)
