"""A deck's text becomes slides, and what is wrong with it is named with file and line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.slides.deck import Deck, DeckError, Slide, parse

FRONT = "---\ntitle: Echo\nminutes: 3\n---\n"
ONE = "# One\ntext\nNote:\n3 min. say"


def deck(body: str) -> Deck:
    """Parse a body behind a front that is right."""
    return parse(FRONT + body, "slides/step02_echo.md")


def test_a_deck() -> None:
    """Title, minutes, and slides with heading, text and notes come out of it."""
    assert deck("# One\n\ntext\n\nNote:\n2 min. say\n\nthat\n\n---\n## Two `x`\nNote: 1 min. go\n") == Deck(
        "slides/step02_echo.md",
        "Echo",
        3,
        (Slide("One", 1, "text", "2 min. say\n\nthat", 5), Slide("Two `x`", 2, "", "1 min. go", 15)),
    )


def test_code_keeps_what_looks_like_form() -> None:
    """Three dashes and Note: within a block of code belong to the code."""
    code = "```text\n---\nNote: x\n# no heading\n```"
    (slide,) = deck(f"# One\n{code}\n\nNote:\n1 min.").slides
    assert (slide.text, slide.notes) == (code, "1 min.")


@pytest.mark.parametrize(
    ("notes", "minutes"), [("2 min. x", 2), ("0.5 min. x", 0.5), ("2 minutes", None), ("", None)]
)
def test_minutes_of_a_slide(notes: str, minutes: float | None) -> None:
    """A slide's minutes are what its notes begin with."""
    assert Slide("a", 1, "", notes, 1).minutes == minutes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "d.md:1: a deck begins with ---"),
        ("# One\n", "d.md:1: a deck begins with ---"),
        ("---\ntitle: Echo\n", "d.md:1: a deck begins with ---"),
        ("---\ntitle: Echo\n---\n# One", "d.md:1: the deck's minutes are missing"),
        ("---\n---\n# One", "d.md:1: the deck's minutes and title are missing"),
        ("---\ntitle: a\ntitle: b\n---\n", "d.md:3: a deck has a title:"),
        ("---\ntitle:\n---\n", "d.md:2: a deck has a title:"),
        ("---\nauthor: a\n---\n", "d.md:2: a deck has a title:"),
        ("---\ntitle: a\nminutes: many\n---\n", "d.md:1: the deck's minutes are a whole number, not 'many'"),
        ("---\ntitle: a\nminutes: 0\n---\n", "d.md:1: the deck's minutes are a whole number"),
        (FRONT, "d.md:1: this slide is empty"),
        (FRONT + "# One\n---\n\n---\n## Three", "d.md:7: this slide is empty"),
        (FRONT + "# One\n---", "d.md:1: this slide is empty"),
        (FRONT + "\ntext\n# One", "d.md:6: a slide begins with its heading (## …), not with 'text'"),
        (FRONT + "#One", "d.md:5: a slide begins with its heading"),
        (FRONT + "# One\n```\ncode", "d.md:6: this block of code has no end"),
    ],
)
def test_what_is_wrong(text: str, said: str) -> None:
    """Each thing that no deck may be is told with file and line."""
    with pytest.raises(DeckError) as caught:
        parse(text, "d.md")
    assert str(caught.value).startswith(said)


words = st.text("abcd `*#-", min_size=1).map(str.strip).filter(lambda text: text and text != "---")
plain = st.text("abcdé <>&", min_size=1).map(str.strip).filter(bool)
fences = st.builds(lambda inside: f"```text\n{inside}\n```", st.sampled_from(["---", "Note: x", "a\n\nb"]))
texts = st.lists(plain | fences, max_size=4).map("\n\n".join)
slides = st.builds(
    lambda heading, text, notes: (heading, text, notes),
    plain,
    texts,
    st.lists(plain, max_size=3).map("\n".join),
)


@given(st.lists(slides, min_size=1, max_size=6))
def test_written_and_read(written: list[tuple[str, str, str]]) -> None:
    """What is written into a deck is read out of it, slide by slide."""
    body = "\n---\n".join(f"## {heading}\n{text}\n\nNote:\n{notes}\n" for heading, text, notes in written)
    assert [(s.heading, s.text, s.notes) for s in deck(body).slides] == written


@given(st.text() | st.text("-#`\nNote: ab").map(lambda text: FRONT + text))
def test_any_text(text: str) -> None:
    """Any text is a deck, or is refused with file and line; each of its slides begins at its heading."""
    try:
        found = parse(text, "d.md")
    except DeckError as error:
        assert str(error).startswith("d.md:")
        return
    lines = text.splitlines()
    assert all(slide.heading in lines[slide.line - 1] for slide in found.slides)
