"""A text as runs: pieces that one font draws in one direction, from left to right as they stand."""

import unicodedata
from itertools import groupby
from typing import Final

import msgspec

from workshop.game.drawing.writing.fonts import Fonts, Path
from workshop.game.drawing.writing.scripts import COMMON, LTR, Level, clusters, from_left, levels, script_of

LONGEST: Final = 400  # characters of a text that are drawn
_SHAPING: Final = "\u200c\u200d"  # joiners, and the letters of flags below, are for the fonts
_TAGS: Final = ("\U000e0020", "\U000e007f")


class Run(msgspec.Struct, frozen=True):
    """A piece of a text.

    Args:
        path: of its font.
        script: see `script_of`.
        level: odd if it runs to the left; its words stand in the order in which they are read.
    """

    words: str
    path: Path = None
    script: str = COMMON
    level: Level = 0


def drawable(text: str) -> str:
    """What a room says may be endless, with signs that nobody sees or that turn others around."""
    text = text[:LONGEST]
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def _shown(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Cf":
        return char if char in (*_SHAPING, LTR) or _TAGS[0] <= char <= _TAGS[1] else ""
    return {"Cc": "", "Cs": "\ufffd", "Zl": " ", "Zp": " "}.get(kind, char)


def runs_of(text: str, fonts: Fonts) -> list[Run]:
    """The runs of a drawable text."""
    if text.isascii():
        return [Run(text)]
    pieces = clusters(text)
    fonts.look_for(piece for piece in pieces if piece != LTR)
    keys = zip(map(fonts.path_for, pieces), map(script_of, pieces), levels(pieces), strict=True)
    drawn = [(key, fonts.shown(piece)) for key, piece in zip(keys, pieces, strict=True) if piece != LTR]
    runs = []
    for key, group in groupby(drawn, key=lambda item: item[0]):
        runs.append(Run("".join(piece for _, piece in group), *key))
    return [runs[at] for at in from_left([run.level for run in runs])]
