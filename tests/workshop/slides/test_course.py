"""The decks of the course: most slides show something, and what they say to type works as it stands."""

import re
import shlex
from html import unescape

import click
import pytest

from workshop.cli import group
from workshop.slides.build import SLIDES, deck_names, read_deck
from workshop.slides.deck import Deck
from workshop.slides.html import as_html, deck_html
from workshop.slides.pictures import pictures_in

SHOWS = re.compile(r"!\[|^```", re.MULTILINE)  # a picture, a film, a drawing, code: a table is text
ART = re.compile(r"-->|<--|\|--|──|\|=")
COMMAND = re.compile(r"<code>((?:python3|py) -m workshop[^<]*)</code>")


def decks() -> list[Deck]:
    """All decks of the course."""
    return [deck for name in deck_names() if (deck := read_deck(name))]


def told(deck: Deck) -> list[str]:
    """All commands on a deck's slides, as they are typed."""
    markup = deck_html(deck, pictures_in(SLIDES))
    return [unescape(found) for found in COMMAND.findall(markup)]


@pytest.mark.parametrize("deck", decks(), ids=lambda deck: deck.name)
def test_few_slides_are_text_alone(deck: Deck) -> None:
    """At most a third of a deck's slides show nothing but words."""
    alone = [slide.heading for slide in deck.slides if not SHOWS.search(slide.text)]
    assert len(alone) <= len(deck.slides) / 3, alone


@pytest.mark.parametrize("deck", decks(), ids=lambda deck: deck.name)
def test_diagrams_are_drawn(deck: Deck) -> None:
    """No diagram is made of characters."""
    assert not [slide.heading for slide in deck.slides if ART.search(slide.text)]


def test_both_systems_get_each_command() -> None:
    """A slide has each command once for macOS and Linux, and once for Windows; text is never split in two."""
    commands: list[str] = []
    markup = as_html("`workshop run 4 server -- --rate 0`, then `workshop.py`", {}, commands)
    assert "<code>python3 -m workshop run 4 server -- --rate 0</code>" in markup
    assert "<code>workshop.py</code>" in markup
    assert commands == ["workshop run 4 server -- --rate 0"]
    for deck in decks():
        typed = told(deck)
        twice = {it.removeprefix("python3 ") for it in typed if it.startswith("python3 ")}
        assert twice == {it.removeprefix("py ") for it in typed if it.startswith("py ")}


@pytest.mark.parametrize("deck", decks(), ids=lambda deck: deck.name)
def test_commands_are_right(deck: Deck) -> None:
    """Each command on a slide exists, and takes the words that follow it."""
    for typed in told(deck):
        understood(typed)


def understood(typed: str) -> None:
    """Let the command line take the words apart, without doing what they say."""
    words = shlex.split(typed.partition("-m workshop ")[2])
    command: click.Command = group
    context = click.Context(group)
    while isinstance(command, click.Group) and words:
        _, found, words = command.resolve_command(context, words)
        assert found is not None, typed
        command = found
        if not isinstance(command, click.Group):
            command.make_context(typed, words, parent=context, resilient_parsing=False)


@pytest.mark.parametrize("typed", ["py -m workshop strat 1", "py -m workshop play --latencies 250"])
def test_a_command_with_a_slip(typed: str) -> None:
    """A command that does not exist, or an option, is found."""
    with pytest.raises(click.UsageError):
        understood(typed)
