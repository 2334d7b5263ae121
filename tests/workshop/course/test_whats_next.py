"""At every place in the workshop there is one command to type next."""

from collections.abc import Callable

import pytest

from tests.support.course import ALPHA, COURSE, OMEGA, READY, having
from workshop.course.progress import Progress
from workshop.course.whats_next import advice, duration_in_words

pytestmark = pytest.mark.usefixtures("course_root")


@pytest.mark.parametrize(
    ("progress", "sentence", "words"),
    [
        (Progress, "Begin", ("start", "0")),
        (lambda: having(at=READY), "machine", ("check", "0")),
        (lambda: having(at=ALPHA), "TODOs", ("check", "1")),
        (lambda: having(READY), "passed", ("next",)),
        (lambda: having(READY, at=ALPHA), "TODOs", ("check", "1")),
        (lambda: having(READY, OMEGA), "Still open: step 01: Alpha", ("start", "1")),
        (lambda: having(*COURSE), "All steps", ("new", "my_game")),
        (lambda: having(*COURSE, at=READY), "passed", ("next",)),
    ],
)
def test_the_one_command(progress: Callable[[], Progress], sentence: str, words: tuple[str, ...]) -> None:
    """It follows from what is begun and passed."""
    told = advice(progress())
    assert sentence in told.sentence and told.words == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a minute"),
        (59, "less than a minute"),
        (60, "1 minute"),
        (100, "2 minutes"),
        (7199, "120 minutes"),
        (7200, "2 hours"),
        (172_799, "48 hours"),
        (900_000, "10 days"),
    ],
)
def test_how_long(seconds: float, words: str) -> None:
    """Minutes, and after two hours hours, and after two days days."""
    assert duration_in_words(seconds) == words
