"""What must hold of a deck, each rule broken once."""

import pytest

from workshop.slides.check import problems
from workshop.slides.deck import parse

TEXT = """\
---
title: Echo
minutes: 3
---
# A server answers
![Who decides](diagrams/authority.svg)

Note:
1 min. Say it.

---
## One line
Four `words` in **all**.

- one
- two
- three
- four

```python server.py
async for message in connection:
    count += 1
```

See [the day](title.md), or [the web](https://example.org).

Note:
2 min. Read it.
"""
SOURCES = {"server.py": "def f():\n    async for message in connection:\n        count += 1\n"}


def found(text: str, most_minutes: int | None = 5) -> str:
    """What does not hold of a deck, as one text."""
    deck = parse(text, "slides/step02_echo.md")
    return "\n".join(
        problems(
            deck,
            most_minutes=most_minutes,
            pictures={"diagrams/authority.svg"},
            decks={"title"},
            source=SOURCES.get,
        )
    )


def test_a_deck_that_holds() -> None:
    """The text that the other tests break is right."""
    assert found(TEXT) == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("minutes: 3", "minutes: 6", ":1: one talks for 6 of the step's 5 minutes"),
        ("minutes: 3", "minutes: 4", ":1: the notes have 3 minutes in all, the deck 4"),
        ("2 min. Read", "1.5 min. Read", ":1: the notes have 2.5 minutes in all, the deck 3"),
        ("2 min. Read", "Read", ":12: its notes (Note: …) do not begin with their minutes"),
        ("# A server", "## A server", ":5: its heading has 2 #, not 1"),
        ("## One line", "# One line", ":12: its heading has 1 #, not 2"),
        ("- one", "### Again\n- one", ":12: it has a second heading"),
        ("Four", "a " * 20, "words; 30 are the most"),
        ("- four", "- four\n- five", ":12: it has 5 points; 4 are the most"),
        ("in **all**", "in <b>all</b>", ":12: it has HTML"),
        ("    count += 1\n", "    count += 1\n" * 10, "its code is larger than 10 lines of 80 columns"),
        ("    count += 1\n", f"    count += {'1' * 80}\n", "its code is larger than 10 lines of 80 columns"),
        ("count += 1", "count += 2", ":12: what it quotes from server.py is not there"),
        ("python server.py", "python", ":12: a block of Python does not say from which file"),
        ("python server.py", "python client.py", ":12: a block of Python does not say from which file"),
        ("authority.svg", "order.svg", ":5: there is no picture slides/diagrams/order.svg"),
        ("[Who decides]", "[]", ":5: it does not say in words what diagrams/authority.svg shows"),
        ("title.md", "nothing.md", ":12: it leads to nothing.md, which there is not"),
    ],
)
def test_a_rule_is_broken(old: str, new: str, said: str) -> None:
    """Each thing that a deck must have is missed when it is not there, with file and line."""
    assert old in TEXT
    broken = found(TEXT.replace(old, new, 1))
    assert broken.startswith("slides/step02_echo.md:")
    assert said in broken


def test_a_deck_of_no_step() -> None:
    """The decks around the steps may take the time they say."""
    assert found(TEXT, None) == ""


def test_what_is_not_read_aloud() -> None:
    """Code, and what a picture shows, are not counted as words to read."""
    many = TEXT.replace("Who decides", "many words " * 30).replace(
        "count += 1", "count += 1  # " + "a " * 30, 1
    )
    assert "words" not in found(many)
