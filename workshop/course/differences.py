"""What differs between two stages, in the parts that matter. Pure: texts in, values out.

Not of importance: whether a stage is named as starter or solution, the comments that say what is to do, and
spaces at the end of a line.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

import msgspec

CONTEXT = 2  # lines around each difference
STAGE_NAME = re.compile(r"\b(?:starter|solutions)[./\\](step\d\d_\w+)")
TODO = re.compile(r"\s*# TODO \d\d\.\d+\b")

Kind: TypeAlias = Literal["changed", "only left", "only right"]


class NumberedLine(msgspec.Struct, frozen=True):
    """A line and its number in its file, from 1."""

    number: int
    text: str


class Part(msgspec.Struct, frozen=True):
    """Some lines on either side: the same ones, or what one side has instead of the other's."""

    same: bool
    left: Sequence[NumberedLine]
    right: Sequence[NumberedLine]


Hunk: TypeAlias = Sequence[Part]  # parts that follow each other


class FileDifference(msgspec.Struct, frozen=True):
    """A file that differs.

    Args:
        path: in the stage.
        kind: whether only one of the stages has it.
        hunks: where it differs; the whole file when only one side has it.
    """

    path: str
    kind: Kind
    hunks: Sequence[Hunk]


def differences(
    left: Mapping[str, str],
    right: Mapping[str, str],
    *,
    everything: bool = False,
    as_one: Collection[str] = (),
) -> list[FileDifference]:
    """The files that differ, each with the places where it does.

    Args:
        left, right: texts by path.
        everything: whole files, and also what is of no importance.
        as_one: ids of steps between whose names there is no difference of importance.
    """
    found = []
    for path in sorted(left.keys() | right.keys()):
        texts = left.get(path, ""), right.get(path, "")
        hunks = compare_all(*texts) if everything else compare(*texts, as_one)
        if hunks or (path in left) != (path in right):
            found.append(FileDifference(path, _kind(path, left, right), hunks))
    return found


def _kind(path: str, left: Mapping[str, str], right: Mapping[str, str]) -> Kind:
    if path not in right:
        return "only left"
    return "changed" if path in left else "only right"


def compare(left: str, right: str, as_one: Collection[str] = ()) -> list[Hunk]:
    """The places where two texts differ in what matters, with a little around them."""
    ours, theirs = without_todos(_lines(left)), without_todos(_lines(right))
    left_essence, right_essence = ([essence(line.text, as_one) for line in lines] for lines in (ours, theirs))
    return _hunks(ours, theirs, SequenceMatcher(None, left_essence, right_essence, autojunk=False), CONTEXT)


def compare_all(left: str, right: str) -> list[Hunk]:
    """All lines of both texts, when they differ at all."""
    ours, theirs = _lines(left), _lines(right)
    matcher = SequenceMatcher(None, left.splitlines(), right.splitlines(), autojunk=False)
    return _hunks(ours, theirs, matcher, max(len(ours), len(theirs)))


def _hunks(
    ours: Sequence[NumberedLine], theirs: Sequence[NumberedLine], matcher: SequenceMatcher[str], context: int
) -> list[Hunk]:
    groups = matcher.get_grouped_opcodes(context)
    hunks = [[Part(tag == "equal", ours[a:b], theirs[c:d]) for tag, a, b, c, d in group] for group in groups]
    return [hunk for hunk in hunks if not all(part.same for part in hunk)]


def _lines(text: str) -> list[NumberedLine]:
    return [NumberedLine(number, line) for number, line in enumerate(text.splitlines(), 1)]


def without_todos(lines: Sequence[NumberedLine]) -> list[NumberedLine]:
    """The lines without the comments that say what is to do."""
    kept, in_todo = [], False
    for line in lines:
        in_todo = bool(TODO.match(line.text)) or (in_todo and line.text.lstrip().startswith("#"))
        if not in_todo:
            kept.append(line)
    return kept


def essence(line: str, as_one: Collection[str] = ()) -> str:
    """A line without what is of no importance: two lines of equal essence do not differ."""
    return STAGE_NAME.sub(lambda found: "the stage" if found[1] in as_one else found[1], line).rstrip()
