"""The rules of the board: what is on it, and what a painter may do to it. No pygame, no network."""

import struct
from itertools import count
from typing import Annotated

from msgspec import Meta, structs

import netlib

SIZE = (2400, 1600)  # pixels of the board
COLOURS = ("#ffffff", "#ff5d5d", "#ff9f45", "#ffe066", "#7bd88f", "#5ab8ff", "#c79bff", "#000000")
POINTS = 128  # in one entity, about: a longer stroke is cut, so that a growing one costs little
MAX_PICTURE = 4 * 1024 * 1024  # bytes of its file; a picture is not larger than the board, either
# Bytes on one board, and those that a mark counts for by itself: so there are fewer than 100,000 marks.
MAX_BYTES, PER_MARK = 32 * 1024 * 1024, 350


class Mark(netlib.Entity):
    """A stroke, or a part of a long one; or a picture, whose top left corner is its first point.

    Its points are packed, since a full board has millions: see `pack`. Each painter numbers the strokes and
    pictures; the parts of a stroke have the same number, and each begins where the one before ended.
    """

    number: int
    colour: Annotated[int, Meta(ge=0, lt=len(COLOURS))]
    width: Annotated[int, Meta(ge=1, le=40)]
    points: Annotated[bytes, Meta(min_length=4, max_length=8 * POINTS)]
    png: bytes = b""
    painter: int = 0


class Hover(netlib.Message):
    """A painter's brush: the mark that it would make, if it came down here."""

    brush: Mark


class Draw(netlib.Message):
    """A painter adds a mark, or draws on the stroke that has its number."""

    mark: Mark


class Board:
    """All that is drawn, and the brushes over it. What has a higher id covers what has a lower one."""

    def __init__(self) -> None:
        self.marks, self.brushes, self.bytes, self._ids = dict[int, Mark](), dict[int, Mark](), 0, count(1)

    def draw(self, painter: int, mark: Mark) -> None:
        """Add a mark, or draw on. Not on a full board, nor what is no picture."""
        if self.bytes >= MAX_BYTES or (mark.png and not is_picture(mark.png)):
            return
        id, last = next((it for it in reversed(self.marks.items()) if it[1].painter == painter), (0, None))
        if not (last and last.number == mark.number and len(last.points) < 4 * POINTS):
            id, last = next(self._ids), structs.replace(mark, points=mark.points[:4], painter=painter)
            self.bytes += PER_MARK
        self.marks[id] = structs.replace(last, points=last.points + mark.points[4:])
        self.bytes += len(mark.points) + len(mark.png)

    def undo(self, by: int) -> None:
        """Take back that painter's newest stroke or picture."""
        last = max((one.number for one in self.marks.values() if one.painter == by), default=0)
        self.marks = {id: one for id, one in self.marks.items() if (one.painter, one.number) != (by, last)}
        self.bytes = sum(PER_MARK + len(one.points) + len(one.png) for one in self.marks.values())

    def clear(self) -> None:
        """Wipe the board."""
        self.marks, self.bytes = {}, 0

    def said(self) -> str:
        """What all painters should know, if there is anything."""
        return "The board is full." if self.bytes >= MAX_BYTES else ""


def pack(points: list[tuple[int, int]], origin: tuple[int, int] = (0, 0)) -> bytes:
    """Points as they travel: x and y in two bytes each. They count from the origin, which is on the board."""
    return b"".join(struct.pack("<hh", x + origin[0], y + origin[1]) for x, y in points)


def unpack(points: bytes) -> list[tuple[int, int]]:
    """The points of a mark; whoever sends half a point is not seen to do so."""
    return [(x, y) for x, y in struct.iter_unpack("<hh", points[: len(points) & ~3])]


def is_picture(png: bytes) -> bool:
    """Whether a file is a PNG that the board takes: a small file can unpack to very many pixels."""
    width, height = struct.unpack(">II", png[16:24].ljust(8, b"\xff"))
    return png.startswith(b"\x89PNG") and len(png) <= MAX_PICTURE and width <= SIZE[0] and height <= SIZE[1]
