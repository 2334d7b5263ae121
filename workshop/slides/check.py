"""What must hold for a deck, so that a class can follow it and a new instructor can present it. Pure."""

import re
from collections.abc import Collection, Iterator
from itertools import chain

from markdown_it.token import Token

from workshop.maintenance.upkeep import quotes
from workshop.maintenance.upkeep.quotes import Source
from workshop.slides.deck import Deck, Slide
from workshop.slides.html import MARKDOWN

MOST_WORDS = 30  # on a slide, beside its heading and code
MOST_POINTS = 4  # in a list
MOST_LINES, WIDEST = 10, 80  # lines and columns of code
MARKUP = re.compile(r"</?[a-zA-Z]")


def problems(
    deck: Deck, *, most_minutes: int | None, pictures: Collection[str], decks: Collection[str], source: Source
) -> Iterator[str]:
    """What is wrong with a deck, in one sentence each, with file and line.

    Args:
        most_minutes: the step's; None for a deck that belongs to no step.
        pictures: all that exist, such as "diagrams/authority.svg".
        decks: the names of all decks, to which a link may lead.
        source: gives the text of a file in the checkout, from which code is quoted.
    """
    if most_minutes is not None and deck.minutes > most_minutes:
        yield f"{deck.file}:1: one talks for {deck.minutes} of the step's {most_minutes} minutes"
    told = [slide.minutes or 0 for slide in deck.slides]
    if sum(told) != deck.minutes:
        yield f"{deck.file}:1: the notes have {sum(told):g} minutes in all, the deck {deck.minutes}"
    for place, slide in enumerate(deck.slides):
        tokens = list(_flat(MARKDOWN.parse(slide.text)))
        found = chain(
            _shape(slide, first=not place),
            _amount(tokens),
            _code(tokens, source),
            _references(tokens, pictures, decks),
        )
        yield from (f"{deck.file}:{slide.line}: {problem}" for problem in found)


def _flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or [])


def _shape(slide: Slide, *, first: bool) -> Iterator[str]:
    wanted = 1 if first else 2
    if slide.level != wanted:
        yield f"its heading has {slide.level} #, not {wanted}"
    if slide.minutes is None:
        yield 'its notes (Note: …) do not begin with their minutes, such as "2 min."'


def _amount(tokens: list[Token]) -> Iterator[str]:
    if any(token.type == "heading_open" for token in tokens):
        yield "it has a second heading; one idea a slide"
    if (count := words(tokens)) > MOST_WORDS:
        yield f"it has {count} words; {MOST_WORDS} are the most"
    if (points := sum(token.type == "list_item_open" for token in tokens)) > MOST_POINTS:
        yield f"it has {points} points; {MOST_POINTS} are the most"
    if any(token.type == "text" and MARKUP.search(token.content) for token in tokens):
        yield "it has HTML, which would be shown as it is"


def words(tokens: list[Token]) -> int:
    """How many words there are to read, beside code and pictures."""
    described = {id(child) for token in tokens if token.type == "image" for child in token.children or []}
    read = (t for t in tokens if t.type in ("text", "code_inline") and id(t) not in described)
    return sum(len(token.content.split()) for token in read)


def _code(tokens: list[Token], source: Source) -> Iterator[str]:
    for token in tokens:
        if token.type == "fence":
            lines = token.content.splitlines()
            if len(lines) > MOST_LINES or max(map(len, lines), default=0) > WIDEST:
                yield f"its code is larger than {MOST_LINES} lines of {WIDEST} columns"
            yield from quotes.problems(token.info, token.content, source)


def _references(tokens: list[Token], pictures: Collection[str], decks: Collection[str]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            path = str(token.attrs["src"])
            if path not in pictures:
                yield f"there is no picture slides/{path}"
            if not token.content.strip():
                yield f"it does not say in words what {path} shows"
        elif token.type == "link_open":
            target = str(token.attrs["href"])
            if "://" not in target and target.removesuffix(".md") not in decks:
                yield f"it leads to {target}, which there is not"
