"""A deck: a Markdown file, cut into slides with notes for the speaker. Pure.

---
title: Echo
minutes: 5
---
# A server that answers
What the class sees.
Note:
2 min. What the instructor says.

---
## The next slide
"""

import re
from collections.abc import Iterator

import msgspec

from workshop.errors import WorkshopError

SEPARATOR = "---"
NOTE = re.compile(r"Note:[ \t]*")
HEADING = re.compile(r"(#{1,6})[ \t]+(.*\S)[ \t]*")
MINUTES = re.compile(r"(\d+(?:\.\d+)?) min\.")  # what the notes begin with
FENCE = "```"

Lines = list[tuple[int, str]]  # with their line numbers in the file, from 1


class DeckError(WorkshopError):
    """A deck is not valid; the text names file and line."""


class Slide(msgspec.Struct, frozen=True):
    """One slide."""

    heading: str  # its heading, as Markdown
    level: int  # how many # the heading has
    text: str  # the text below the heading, as Markdown
    notes: str  # for the speaker, as Markdown
    line: int  # where it begins in its file, from 1

    @property
    def minutes(self) -> float | None:
        """How long it takes, as its notes say; None if they do not."""
        found = MINUTES.match(self.notes)
        return float(found[1]) if found else None


class Deck(msgspec.Struct, frozen=True):
    """All slides of a step."""

    file: str  # its file, for messages: "slides/step02_echo.md"
    title: str  # a few words
    minutes: int  # how long the instructor talks
    slides: tuple[Slide, ...]  # in order; at least one

    @property
    def name(self) -> str:
        """The file's name without its ending: "step02_echo"."""
        return self.file.rpartition("/")[2].removesuffix(".md")


def parse(text: str, file: str) -> Deck:
    """Cut the text of a deck into its slides; messages name the file.

    Raises:
        DeckError: it is not a valid deck.
    """
    lines: Lines = list(enumerate(text.splitlines(), 1))
    end = next((n for n, line in lines[1:] if line.rstrip() == SEPARATOR), 0)
    if not lines or lines[0][1].rstrip() != SEPARATOR or not end:
        raise DeckError(f"{file}:1: a deck begins with ---, its title and minutes, and ---.")
    known = _front(lines[1 : end - 1], file)
    slides = tuple(_slide(part, file) for part in _parts(lines[end:], file))
    return Deck(file, known["title"], int(known["minutes"]), slides)


def _front(lines: Lines, file: str) -> dict[str, str]:
    known: dict[str, str] = {}
    for number, line in lines:
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or key not in ("title", "minutes") or key in known or not value:
            raise DeckError(f"{file}:{number}: a deck has a title: and minutes:, once each; not {line!r}.")
        known[key] = value
    if missing := {"title", "minutes"} - known.keys():
        raise DeckError(f"{file}:1: the deck's {' and '.join(sorted(missing))} are missing.")
    if not re.fullmatch(r"[1-9][0-9]{0,2}", known["minutes"]):
        raise DeckError(f"{file}:1: the deck's minutes are a whole number, not {known['minutes']!r}.")
    return known


def _parts(lines: Lines, file: str) -> Iterator[Lines]:
    """The lines of each slide; three dashes in a block of code are code."""
    part: Lines = []
    for number, line, in_code in _with_code(lines, file):
        if line.rstrip() == SEPARATOR and not in_code:
            yield part
            part = []
        else:
            part.append((number, line))
    yield part


def _with_code(lines: Lines, file: str) -> Iterator[tuple[int, str, bool]]:
    """Each line, and whether it belongs to a block of code."""
    opened = 0
    for number, line in lines:
        fence = line.startswith(FENCE)
        yield number, line, bool(opened) or fence
        if fence:
            opened = 0 if opened else number
    if opened:
        raise DeckError(f"{file}:{opened}: this block of code has no end.")


def _slide(lines: Lines, file: str) -> Slide:
    begin = next((place for place, (_, line) in enumerate(lines) if line.strip()), None)
    if begin is None:
        raise DeckError(f"{file}:{lines[0][0] if lines else 1}: this slide is empty.")
    number, first = lines[begin]
    heading = HEADING.fullmatch(first)
    if not heading:
        raise DeckError(f"{file}:{number}: a slide begins with its heading (## …), not with {first!r}.")
    text, notes = _notes(lines[begin + 1 :], file)
    return Slide(heading[2], len(heading[1]), text, notes, number)


def _notes(lines: Lines, file: str) -> tuple[str, str]:
    """The text for the class, and the notes for the speaker."""
    text, notes = list[str](), list[str]()
    into = text
    for _, line, in_code in _with_code(lines, file):
        if into is text and not in_code and (note := NOTE.match(line)):
            into, line = notes, line[note.end() :]
        into.append(line)
    return "\n".join(text).strip("\n"), "\n".join(notes).strip()
