"""The decks of the course, and what is said of one that is missing or makes no sense."""

from pathlib import Path

import pytest

from workshop import steps
from workshop.maintenance.upkeep import decks
from workshop.steps import Step

FILE = "solutions/step02_echo/server.py"


@pytest.mark.parametrize("step", steps.all_steps(), ids=lambda step: step.id)
def test_every_step_has_its_deck(step: Step) -> None:
    """The slides of each step hold."""
    assert list(decks.problems(step)) == []


def test_the_decks_around_them() -> None:
    """The slides of no step, those that open and close the day, hold, too."""
    assert list(decks.others()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no deck slides/step02_echo.md"),
        ("# Echo", "slides/step02_echo.md:1: a deck begins with ---"),
        (
            f"---\ntitle: Echo\nminutes: 1\n---\n# A\n```python {FILE}\nnot there\n```\nNote: 1 min.",
            f"what it quotes from {FILE} is not there",
        ),
    ],
)
def test_what_is_wrong(tmp_path: Path, text: str | None, said: str) -> None:
    """No slides, slides that make no sense, and code that does not stand in the checkout are one problem."""
    if text:
        (tmp_path / "step02_echo.md").write_text(text, encoding="utf-8")
    (problem,) = decks.problems(steps.find("2"), tmp_path)
    assert said in problem
