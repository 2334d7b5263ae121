"""Builds all decks into one HTML file that needs nothing else: no server, no network, no other file."""

import hashlib
import re
from functools import cache
from pathlib import Path
from string import Template

from workshop import steps
from workshop.errors import WorkshopError
from workshop.files import near, set_aside, write_whole
from workshop.paths import ROOT
from workshop.slides.deck import Deck, parse
from workshop.slides.html import deck_html
from workshop.slides.pictures import pictures_in
from workshop.slides.policy import policy, window_scripts

SLIDES = ROOT / "slides"
OURS = Path(__file__).parent
VENDORED = OURS / "vendor" / "reveal"
FIRST, LAST = "title", "closing"  # decks that belong to no step
TITLE = "Gem Rush: a multiplayer game, step by step"
SEAL = re.compile(r"<!-- workshop slides build ([0-9a-f]{64}) -->\n\Z")


class NotBuilt(WorkshopError):
    """The slides cannot be built or written; the text says why."""


def deck_names() -> list[str]:
    """Every deck in the order of the day, whether or not it is written yet."""
    return [FIRST, *(step.id for step in steps.all_steps()), LAST]


def read_deck(name: str, slides: Path = SLIDES) -> Deck | None:
    """The deck of that name; None if there is none.

    Raises:
        DeckError: it is not a valid deck.
    """
    file = slides / f"{name}.md"
    return parse(file.read_text(encoding="utf-8"), f"slides/{file.name}") if file.is_file() else None


def build(slides: Path = SLIDES) -> str:
    """The whole page.

    Args:
        slides: the folder with the decks, and with `diagrams`, `films` and `pictures`.

    Raises:
        DeckError: a deck is not valid, or shows a picture that does not exist.
        NotBuilt: there is no deck.
    """
    decks = [deck for name in deck_names() if (deck := read_deck(name, slides))]
    if not decks:
        raise NotBuilt(f"There are no decks in {near(slides)}. Only a checkout of the project has them.")
    pictures = pictures_in(slides)
    page = _page("".join(deck_html(deck, pictures) for deck in decks))
    return f"{page}<!-- workshop slides build {_digest(page)} -->\n"


def _page(slides: str) -> str:
    reveal, notes = _text(VENDORED / "reveal.js"), _text(VENDORED / "notes.js")
    film, start = _text(OURS / "film.js"), _text(OURS / "start.js")
    return Template(_text(OURS / "page.html")).substitute(
        policy=policy([reveal, notes, film, start, *window_scripts(notes)]),
        title=TITLE,
        licences=_text(VENDORED / "LICENSE") + _text(VENDORED / "LICENSE.marked"),
        reveal_css=_text(VENDORED / "reveal.css"),
        theme=_text(OURS / "theme.css"),
        slides=slides,
        reveal=reveal,
        notes=notes,
        film=film,
        start=start,
    )


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def is_ours(file: Path) -> bool:
    """Whether the file is a page that we built, unchanged since."""
    try:
        text = _text(file)
    except (OSError, UnicodeDecodeError):
        return False
    seal = SEAL.search(text)
    return seal is not None and seal[1] == _digest(text[: seal.start()])


def write(page: str, file: Path) -> Path | None:
    """Write a page. An existing file that is not ours is renamed.

    Returns:
        The new name of that file; None if nothing had to be renamed.

    Raises:
        NotBuilt: it cannot be written.
    """
    try:
        aside = None if is_ours(file) else set_aside(file)
        write_whole(file, page.encode())
    except OSError as error:
        raise NotBuilt(f"{near(file)} cannot be written: {error.strerror or error}.") from error
    return aside


@cache
def page() -> bytes:
    """The page of the checkout's slides, for a server; built once, in about a second.

    Raises:
        WorkshopError: it cannot be built.
    """
    return build().encode()
