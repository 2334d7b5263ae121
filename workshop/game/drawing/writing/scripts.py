"""How texts of any script are laid out: which characters stay together, and which way they run.

The order is that of Unicode's bidirectional algorithm (UAX #9) without its embeddings, which names and chat
may not have. Pure functions.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import Final, TypeAlias

LTR: Final = "\u200e"  # what stands after it in a text runs to the right; names in it keep their own way
JOINER: Final = "\u200d"
COMMON: Final = "Zyyy"  # the script of signs that all scripts share, and here of all simple ones
_KEPT: Final = "[\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f]"  # seen only by what they do to others
_UNSEEN: Final = re.compile(_KEPT)
_SKIN: Final = re.compile("[\U0001f3fb-\U0001f3ff]")
_PICTURES: Final = re.compile("[\U0001f000-\U0001fbff]|.(?=\ufe0f)|\u20e3")
# The scripts whose letters change shape by rules of their own; the others need no name.
_SHAPED_SCRIPTS: Final = """
    ARABIC Arab  HEBREW Hebr  SYRIAC Syrc  THAANA Thaa  NKO Nkoo  MONGOLIAN Mong  HANGUL Hang  JAVANESE Java
    DEVANAGARI Deva  BENGALI Beng  GURMUKHI Guru  GUJARATI Gujr  ORIYA Orya  TAMIL Taml  TELUGU Telu
    KANNADA Knda  MALAYALAM Mlym  SINHALA Sinh  THAI Thai  LAO Laoo  TIBETAN Tibt  MYANMAR Mymr  KHMER Khmr
"""
_SHAPED: Final[dict[str, str]] = dict(re.findall(r"(\w+) (\w+)", _SHAPED_SCRIPTS))
BRACKETS: Final = {"(": ")", "[": "]", "{": "}"}
Level: TypeAlias = int  # even: from left to right; odd: from right to left


def seen(cluster: str) -> str:
    """What a font must have to draw it: all but the characters that only shape others."""
    return _UNSEEN.sub("", cluster)


def is_picture(cluster: str) -> bool:
    """Whether it is an emoji, which has colours of its own."""
    return bool(_PICTURES.match(cluster))


def script_of(cluster: str) -> str:
    """The four letters of ISO 15924 for the script, if its letters change shape; else `COMMON`."""
    return _SHAPED.get(unicodedata.name(cluster[0], "-").split()[0], COMMON)


def clusters(text: str) -> list[str]:
    """The text in pieces that a font draws together: letters with their marks, emoji with what joins them."""
    found: list[str] = []
    for char in text:
        if found and _belongs(char, found[-1]):
            found[-1] += char
        else:
            found.append(char)
    return found


def _belongs(char: str, before: str) -> bool:
    if unicodedata.category(char).startswith("M") or _UNSEEN.match(char) or _SKIN.match(char):
        return before != LTR
    if _is_flag_letter(char):  # two of them are a flag
        return len(before) == 1 and _is_flag_letter(before)
    return before[-1] == JOINER and is_picture(before) | (seen(before) in "♀♂⚕❤")


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def levels(pieces: Sequence[str]) -> list[Level]:
    """The way in which each of these clusters runs; numbers among Hebrew and Arabic run to the right."""
    kinds = [_direction(piece) for piece in pieces]
    if "R" not in kinds:
        return [0] * len(kinds)
    whole = next(kind for kind in kinds if kind in ("L", "R"))
    kinds = _with_brackets(_with_numbers(kinds, pieces, whole), pieces, whole)
    kinds = _without_neutrals(kinds, whole)
    base = int(whole == "R")
    return [{"L": 2 * base, "R": 1, "N": 2}[kind] for kind in kinds]


def _direction(piece: str) -> str:
    """L, R, a number, or "" for what takes the direction of its neighbours."""
    kind = unicodedata.bidirectional(piece[0])
    return {"L": "L", "R": "R", "AL": "R", "EN": "N", "AN": "N"}.get(kind, "")


def _with_numbers(kinds: Sequence[str], pieces: Sequence[str], whole: str) -> list[str]:
    """A number after a word that runs to the right belongs to it; so does what divides a number."""
    found, strong = list(kinds), whole
    for at, kind in enumerate(kinds):
        strong = kind if kind in ("L", "R") else strong
        divides = pieces[at] in ".,:/" and 0 < at < len(kinds) - 1 and kinds[at - 1] == kinds[at + 1] == "N"
        if kind == "N" or divides:
            found[at] = "L" if strong == "L" else "N"
    return found


def _with_brackets(kinds: Sequence[str], pieces: Sequence[str], whole: str) -> list[str]:
    """Both brackets of a pair take the same direction: that of the whole, if that is in or before them."""
    found, opened = list(kinds), list[int]()
    for at, piece in enumerate(pieces):
        if piece in BRACKETS:
            opened.append(at)
        elif opened and piece == BRACKETS.get(pieces[opened[-1]]):
            start = opened.pop()
            inside = {_side(kinds, place, "") for place in range(start, at)} - {""}
            before = next((it for it in reversed(kinds[:start]) if it in ("L", "R")), whole)
            if inside:
                found[start] = found[at] = whole if whole in inside else before
    return found


def _without_neutrals(kinds: Sequence[str], whole: str) -> list[str]:
    """What has no direction takes that of both its neighbours, or else that of the whole text."""
    found: list[str] = []
    for kind, group in groupby(enumerate(kinds), key=lambda item: item[1]):
        places = [place for place, _ in group]
        sides = {_side(kinds, places[0] - 1, whole), _side(kinds, places[-1] + 1, whole)}
        found += [kind or (sides.pop() if len(sides) == 1 else whole)] * len(places)
    return found


def _side(kinds: Sequence[str], at: int, whole: str) -> str:
    """The direction of a neighbour; beyond the ends, that of the whole. A number counts as running left."""
    kind = kinds[at] if 0 <= at < len(kinds) else whole
    return "R" if kind == "N" else kind


def from_left(levels: Sequence[Level]) -> list[int]:
    """The numbers of runs with these levels, in the order in which they stand from left to right."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        turned: list[int] = []
        for high, group in groupby(order, key=lambda at: levels[at] >= level):
            turned += list(group)[:: -1 if high else 1]
        order = turned
    return order
