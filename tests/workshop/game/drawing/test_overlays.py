"""Overlays: what they say, and that it fits."""

import pytest

from workshop.game.drawing.overlays import HELP, Reconnecting, tried
from workshop.game.drawing.text import Text, lines_of
from workshop.game.drawing.window import Window


def test_the_help_names_every_key() -> None:
    """A key that does something is in the help."""
    keys = {key for keys, _ in HELP for key in keys}
    assert keys >= {"F1", "F3", "F4", "F5", "F6", "F7", "F8", "Tab", "Enter", "Esc", "Space"}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (10.0, "lost for 0 s  ·  next try in 3 s"),
        (12.5, "lost for 2 s  ·  next try in 1 s"),
        (14, "lost for 4 s"),
    ],
)
def test_it_tells_how_long_and_when(now: float, expected: str) -> None:
    """The panel counts up since the loss, and down to the next try."""
    assert tried(Reconnecting("", attempt=2, since=10.0, next_try=13.0), now) == expected


def test_long_reasons_are_broken_into_lines(window: Window) -> None:
    """Each line fits, nothing is lost between words, and a word that is too long is cut."""
    text, words = Text(), "Nobody answers at this address: is the server still running?"
    lines = lines_of(words, 20, 200, text)
    assert len(lines) > 1 and " ".join(lines) == words
    assert all(text.width(line, 20) <= 200 for line in lines)
    (cut,) = lines_of("x" * 200, 20, 200, text)
    assert cut.endswith("…")
    assert lines_of("", 20, 200, text) == [""]
