"""The decks of the course, and what is said of one that is missing or makes no sense."""

from pathlib import Path

import pytest

from workshop import steps
from workshop.steps import Step
from workshop.upkeep import decks

FILE = "solutions/step02_echo/server.py"


@pytest.mark.parametrize("step", steps.all_steps(), ids=lambda step: step.id)
def test_every_step_has_its_deck(step: Step) -> None:
    """The slides of each step hold."""
    assert list(decks.problems(step)) == []


def test_the_decks_around_them() -> None:
    """The slides of no step, those that open and close the day, hold, too."""
    assert list(decks.others()) == []


def test_no_deck(tmp_path: Path) -> None:
    """A step without slides is found out."""
    assert list(decks.problems(steps.find("2"), tmp_path)) == ["there is no deck slides/step02_echo.md"]


def test_no_form(tmp_path: Path) -> None:
    """A deck that makes no sense is one problem, with file and line."""
    (tmp_path / "step02_echo.md").write_text("# Echo", encoding="utf-8")
    (problem,) = decks.problems(steps.find("2"), tmp_path)
    assert problem.startswith("slides/step02_echo.md:1: a deck begins with ---")


def test_code_that_is_gone(tmp_path: Path) -> None:
    """Code on a slide must stand in the checkout, as in a guide."""
    text = f"---\ntitle: Echo\nminutes: 1\n---\n# A\n```python {FILE}\nnot there\n```\nNote: 1 min."
    (tmp_path / "step02_echo.md").write_text(text, encoding="utf-8")
    (problem,) = decks.problems(steps.find("2"), tmp_path)
    assert f"what it quotes from {FILE} does not stand there" in problem
