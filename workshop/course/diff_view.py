"""Differences as lines for a terminal, one under the other or side by side; colour is never the only sign."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len, chop_cells
from rich.text import Text

from workshop.course.differences import FileDifference, Hunk, NumberedLine

SIDE_BY_SIDE_COLUMNS = 140  # of the terminal; with fewer, most lines of code would be folded
NUMBER_COLUMNS = 4
LEFT, RIGHT, FAINT = "red", "green", "dim"
TAB = 4  # columns


def unified(found: FileDifference) -> Iterator[Text]:
    """One line under the other: the left side's with -, the right side's with +."""
    for number, hunk in enumerate(found.hunks):
        if number:
            yield Text("  ...", FAINT)
        for part in hunk:
            if not part.same:
                yield from (_line("-", line, LEFT) for line in part.left)
            mark, style = (" ", FAINT) if part.same else ("+", RIGHT)
            yield from (_line(mark, line, style) for line in part.right)


def _line(mark: str, line: NumberedLine, style: str) -> Text:
    return Text(f"{mark} {line.number:>{NUMBER_COLUMNS}}  {_shown(line)}", style)


def side_by_side(found: FileDifference, *, columns: int, titles: tuple[str, str], bar: str) -> Iterator[Text]:
    """Both sides beside each other, long lines folded.

    Args:
        columns: of the terminal.
        titles: over the two sides.
        bar: what is between them, one column.
    """
    width = (columns - 3) // 2
    yield _row(Text(titles[0], "bold"), Text(titles[1], "bold"), width, bar)
    for number, hunk in enumerate(found.hunks):
        if number:
            yield _row(Text("  ...", FAINT), Text("  ...", FAINT), width, bar)
        yield from _rows(hunk, width, bar)


def _rows(hunk: Hunk, width: int, bar: str) -> Iterator[Text]:
    for part in hunk:
        left_style, right_style = (FAINT, FAINT) if part.same else (LEFT, RIGHT)
        left_mark, right_mark = (" ", " ") if part.same else ("-", "+")
        for left, right in zip_longest(part.left, part.right):
            lefts = _folded(left_mark, left, left_style, width)
            rights = _folded(right_mark, right, right_style, width)
            for one, other in zip_longest(lefts, rights):
                yield _row(one or Text(), other or Text(), width, bar)


def _folded(mark: str, line: NumberedLine | None, style: str, width: int) -> Sequence[Text]:
    """A line in as many pieces as it needs; the mark comes before each."""
    if line is None:
        return []
    gutter = NUMBER_COLUMNS + 4
    pieces = chop_cells(_shown(line), width - gutter) or [""]
    numbers = [str(line.number)] + [""] * (len(pieces) - 1)
    return [
        Text(f"{mark} {number:>{NUMBER_COLUMNS}}  {piece}", style)
        for number, piece in zip(numbers, pieces, strict=True)
    ]


def _row(left: Text, right: Text, width: int, bar: str) -> Text:
    padding = " " * max(0, width - cell_len(left.plain))
    return Text.assemble(left, padding, (f" {bar} ", FAINT), right)


def _shown(line: NumberedLine) -> str:
    """The line without what could move the cursor."""
    text = line.text.expandtabs(TAB)
    return "".join(character if character.isprintable() else "?" for character in text)
