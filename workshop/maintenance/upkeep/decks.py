"""What must hold for the slides, deck by deck."""

from collections.abc import Iterator
from pathlib import Path

from workshop.maintenance.upkeep.quotes import from_checkout
from workshop.slides import check
from workshop.slides.build import FIRST, LAST, SLIDES, deck_names, read_deck
from workshop.slides.deck import DeckError
from workshop.slides.pictures import pictures_in
from workshop.steps import Step


def problems(step: Step, slides: Path = SLIDES) -> Iterator[str]:
    """What is wrong with a step's deck, in one sentence each."""
    yield from _problems(step.id, step.minutes, slides)


def others(slides: Path = SLIDES) -> Iterator[str]:
    """What is wrong with the decks that belong to no step."""
    for name in (FIRST, LAST):
        yield from _problems(name, None, slides)


def _problems(name: str, most_minutes: int | None, slides: Path) -> Iterator[str]:
    try:
        deck = read_deck(name, slides)
    except DeckError as error:
        yield str(error)
        return
    if deck is None:
        yield f"there is no deck slides/{name}.md"
        return
    yield from check.problems(
        deck,
        most_minutes=most_minutes,
        pictures=pictures_in(slides).keys(),
        decks=deck_names(),
        source=from_checkout,
    )
