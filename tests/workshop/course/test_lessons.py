"""What is new in a step beside its lesson: little enough that the lesson is seen."""

import shutil
from pathlib import Path

import pytest

from workshop import steps
from workshop.course import lessons

STEP = steps.find("10")


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give starters and solutions that may be changed."""
    for step in (steps.find("9"), STEP):
        shutil.copytree(step.starter, tmp_path / "starter" / step.id)
        shutil.copytree(step.solution, tmp_path / "solutions" / step.id)
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    return tmp_path


def replace(old: str, new: str, *folders: Path) -> None:
    """Put something else in the place of a text that is there once, in the client of the stages."""
    for folder in folders:
        source = (folder / "client.py").read_text(encoding="utf-8")
        assert source.count(old) == 1
        (folder / "client.py").write_text(source.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("number", lessons.HELD)
def test_the_lesson_is_seen(number: str) -> None:
    """Beside its lesson a step adds and drops few lines."""
    assert not list(lessons.problems(steps.find(number)))


@pytest.mark.parametrize("number", lessons.BEGINNINGS)
def test_what_is_told_anew_can_be_counted(number: str) -> None:
    """Also a step that is a new beginning has a row, which nobody holds."""
    assert lessons.change(steps.find(number)) and not list(lessons.problems(steps.find(number)))


def test_many_new_lines_are_a_problem(copies: Path) -> None:
    """Lines that are new beside the lesson are counted, and named when they are too many."""
    before = len(lessons.change(STEP).added)
    more = "".join(f"x{number} = {number}\n" for number in range(lessons.MOST + 1))
    replace("class Game:\n", f"{more}class Game:\n", STEP.starter, STEP.solution)
    assert len(lessons.change(STEP).added) == before + lessons.MOST + 1
    (problem,) = lessons.problems(STEP)
    assert problem.startswith("step10_prediction: beside its lesson") and "15 are the most" in problem


def test_what_does_not_count(copies: Path) -> None:
    """Comments, docstrings, imports, empty lines, lines that have moved, and what a TODO asks for."""
    before = lessons.change(STEP)
    replace(
        "class Game:\n",
        'import sys\n\n# Why not?\nclass Game:\n    """More."""\n',
        STEP.starter,
        STEP.solution,
    )
    sent = "self.client.send(self.me.predict(wanted))\n"
    replace(sent, f"number = wanted.seq\n                {sent}", STEP.solution)
    ticks = "        self.ticks = netlib.Accumulator(1 / client.tick_rate)\n"
    replace(ticks, "", STEP.starter, STEP.solution)
    replace("        self.take_in(", f"{ticks}        self.take_in(", STEP.starter, STEP.solution)
    after = lessons.change(STEP)
    assert sorted(after.added) == sorted(before.added) and sorted(after.gone) == sorted(before.gone)


def test_a_new_beginning_is_told() -> None:
    """Between two steps the latest beginning counts; where there is none, nothing is said."""
    told = lessons.beginning(steps.find("10"), steps.find("13"))
    assert told.startswith("Step 13 is a new beginning (another game")
    assert lessons.beginning(steps.find("6"), steps.find("11")) == ""
