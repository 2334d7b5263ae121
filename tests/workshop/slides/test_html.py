"""Slides as markup: what is text stays text, and pictures, code and links are made ready for one file."""

import pytest

from workshop.slides.deck import DeckError, parse
from workshop.slides.html import as_html, deck_html

FRONT = "---\ntitle: A & B\nminutes: 3\n---\n"
PICTURES = {"pictures/a.jpg": lambda words: f"<img alt='{words}'>"}


def test_html_is_text() -> None:
    """Markup in a deck is shown as it is written, in text, headings, titles, notes and code."""
    evil = "<script>x</script>"
    deck = parse(
        f"{FRONT}# {evil}\n{evil} `{evil}`\n```python\n{evil}\n```\n```{evil}\n{evil}\n```\nNote: {evil}",
        "step02_echo.md",
    )
    markup = deck_html(deck, {})
    assert "<script" not in markup
    assert "A &amp; B" in markup


def test_ids() -> None:
    """The first slide of a deck has its name, the others numbers."""
    deck = parse(f"{FRONT}# One\nNote: 2 min.\n\n---\n## Two\nNote: 0.5 min.", "slides/step02_echo.md")
    markup = deck_html(deck, {})
    assert '<section id="step02_echo">' in markup
    assert '<section id="step02_echo-2">' in markup
    assert "Step 02: A &amp; B" in markup
    assert markup.count("kicker") == 1


def test_a_deck_of_no_step() -> None:
    """The decks around the steps have no number above their first heading."""
    assert "Step" not in deck_html(parse(f"{FRONT}# One", "slides/title.md"), {})


def test_pictures() -> None:
    """A picture that stands alone is a figure, with what it shows in words; one within text is not."""
    assert as_html("![Ben & Ada](pictures/a.jpg)", PICTURES) == "<figure><img alt='Ben & Ada'></figure>\n"
    assert as_html("See ![it](pictures/a.jpg)", PICTURES) == "<p>See <img alt='it'></p>\n"


def test_a_picture_that_there_is_not() -> None:
    """A picture that is missing is named, with file and line of its slide."""
    deck = parse(f"{FRONT}# One\n\n---\n## Two\n![x](pictures/b.jpg)", "slides/title.md")
    with pytest.raises(DeckError, match=r"slides/title.md:8: there is no picture slides/pictures/b.jpg."):
        deck_html(deck, PICTURES)


@pytest.mark.parametrize(
    ("link", "markup"),
    [
        ("[x](step02_echo.md)", '<a href="#/step02_echo">x</a>'),
        (
            "[x](https://a.b/c.md)",
            '<a href="https://a.b/c.md" target="_blank" rel="noopener noreferrer">x</a>',
        ),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
    ],
)
def test_links(link: str, markup: str) -> None:
    """A link to a deck leads to its first slide, one into the world to a window of its own."""
    assert as_html(link, {}) == f"<p>{markup}</p>\n"


def test_code_in_colours() -> None:
    """Code has its colours as classes, its file above it, and its size for the theme."""
    markup = as_html("```python starter/x.py\ndef f() -> int:\n\n    return 1\n```", {})
    assert '<span class="c-k">def</span>' in markup
    assert '<p class="file">starter/x.py</p>' in markup
    assert "--columns: 15; --lines: 3" in markup


def test_code_in_no_known_language() -> None:
    """Code in a language that nobody knows stays as it is."""
    assert "<code>a &lt; b</code>" in as_html("```nonsense\na < b\n```", {})
