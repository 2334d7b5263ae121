"""How texts of any script are laid out: what stays together, and in which order it stands."""

import pytest

from workshop.game.drawing.writing.scripts import (
    LTR,
    clusters,
    from_left,
    is_picture,
    levels,
    script_of,
    seen,
)


def standing(text: str) -> str:
    """The clusters of a text as they stand, each as it is read."""
    pieces = clusters(text)
    return "".join(pieces[at] for at in from_left(levels(pieces)))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Ada", ["A", "d", "a"]),
        ("e\u0301a", ["e\u0301", "a"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("👩\u200d💻a", ["👩\u200d💻", "a"]),
        ("👨\u200d👩\u200d👧👍🏽", ["👨\u200d👩\u200d👧", "👍🏽"]),
        ("🇫🇷🇮🇱🇫", ["🇫🇷", "🇮🇱", "🇫"]),
        ("❤\ufe0f1\ufe0f\u20e3", ["❤\ufe0f", "1\ufe0f\u20e3"]),
        ("می\u200cآ", ["م", "ی\u200c", "آ"]),
        ("\u0301", ["\u0301"]),
        ("", []),
    ],
)
def test_what_a_font_draws_together_stays_together(text: str, pieces: list[str]) -> None:
    """Letters keep their marks, emoji what joins them, a flag both of its letters; nothing is lost."""
    assert clusters(text) == pieces


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Ada 12", "Ada 12"),
        ("אבג", "גבא"),
        ("Ada אב Ben", "Ada בא Ben"),
        ("אב Ada גד", "דג Ada בא"),
        ("אב 12:30 גד", "דג 12:30 בא"),
        ("אב Ada 12", "Ada 12 בא"),
        ("אב (Ada) 12", "12 (Ada) בא".replace("(", "<").replace(")", "(").replace("<", ")")),
        ("Ada (אב) 12", "Ada (בא) 12"),
        ("Ada אב!", "Ada בא!"),
        ("אב!", "!בא"),
        ("!", "!"),
        ("", ""),
    ],
)
def test_each_script_runs_its_own_way(text: str, stands: str) -> None:
    """The first letter decides for the whole; words of the other way, and numbers, keep theirs within it."""
    assert standing(text) == stands


def test_words_of_the_game_run_to_the_right_whatever_the_name() -> None:
    """After the mark, a sentence with a name keeps its order."""
    assert standing(f"{LTR}אב wins!").replace(LTR, "") == "בא wins!"
    assert standing(f"{LTR}אב   {LTR}12 players").replace(LTR, "") == "בא   12 players"


def test_it_knows_scripts_and_pictures() -> None:
    """Scripts whose letters change shape have a name; emoji are known, also those that need a mark."""
    assert [script_of(char) for char in "שمนनA名"] == ["Hebr", "Arab", "Thai", "Deva", "Zyyy", "Zyyy"]
    assert [is_picture(it) for it in ("👩\u200d💻", "❤\ufe0f", "❤", "1\ufe0f\u20e3", "1", "🇫🇷")] == [
        *(True, True, False),
        *(True, False, True),
    ]
    assert seen("👩\u200d💻\ufe0f") == "👩💻"
