"""At every place in the workshop there is one command to type next."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.support.course import ALPHA, COURSE, OMEGA, READY
from workshop.course.progress import Progress
from workshop.course.whats_next import advice, in_words
from workshop.steps import Step

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("course_root")


def having(*passed: Step, at: Step | None = None) -> Progress:
    """Somebody who has passed these steps, and then turned to another."""
    progress = Progress()
    for step in passed:
        progress.checked(step, passed=True, began=NOON, ended=NOON)
    if at:
        progress.start(at, NOON)
    return progress


@pytest.mark.parametrize(
    ("progress", "sentence", "words"),
    [
        (lambda: Progress(), "Begin", ("start", "0")),
        (lambda: having(at=READY), "machine", ("check", "0")),
        (lambda: having(at=ALPHA), "TODOs", ("check", "1")),
        (lambda: having(READY), "passed", ("next",)),
        (lambda: having(READY, at=ALPHA), "TODOs", ("check", "1")),
        (lambda: having(READY, OMEGA), "Open is step 01: Alpha", ("start", "1")),
        (lambda: having(*COURSE), "All steps", ("play",)),
        (lambda: having(*COURSE, at=READY), "passed", ("next",)),
    ],
)
def test_the_one_command(progress: object, sentence: str, words: tuple[str, ...]) -> None:
    """It follows from what is begun and passed."""
    assert callable(progress)
    told = advice(progress())
    assert sentence in told.sentence
    assert told.words == words


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
    assert in_words(seconds) == words
