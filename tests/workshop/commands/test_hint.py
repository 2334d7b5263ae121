"""`workshop hint`: one level after the other, for the first TODO that is open."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.course import ALPHA, kept
from workshop import cli


def hint(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """The lines of the next hint."""
    assert cli.run(["hint", *words]) == 0
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def test_one_after_the_other(course_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each call says more, and how many are left; after the last one all are shown once more."""
    assert hint(capsys, "1") == [
        "TODO 01.1, hint 1 of 3",
        "  where to look for 1",
        "",
        "2 hints are left:",
        "  py -m workshop hint 1",
    ]
    assert hint(capsys, "1")[1:] == ["  think of 1", "", "1 hint is left:", "  py -m workshop hint 1"]
    assert hint(capsys, "1") == [
        "TODO 01.1, hint 3 of 3",
        "  type 1",
        "",
        "That was the last. The whole answer:",
        "  py -m workshop solution 1",
    ]
    again = hint(capsys, "1")
    assert again[1::2][:3] == ["  where to look for 1", "  think of 1", "  type 1"]
    assert kept().read().of(ALPHA).hints == {"01.1": 3}


def test_the_next_todo(course_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """When a TODO's mark is gone from the file, hints are for the next one, from the first on."""
    hint(capsys, "1")
    (course_root / "starter" / ALPHA.id / "a.py").write_text("# TODO 01.2: the second\n")
    assert hint(capsys, "1")[0] == "TODO 01.2, hint 1 of 3"
    (course_root / "starter" / ALPHA.id / "a.py").unlink()
    assert hint(capsys, "1")[0] == "TODO 01.10, hint 1 of 3"


def test_a_chosen_todo(course_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--todo picks another; a number that there is not is told."""
    assert hint(capsys, "1", "--todo", "2")[0] == "TODO 01.2, hint 1 of 3"
    assert hint(capsys, "1", "--todo", "01.2")[0] == "TODO 01.2, hint 2 of 3"
    assert cli.run(["hint", "1", "--todo", "7"]) == 2
    assert "has no TODO '7'. It has 01.1, 01.2, 01.10." in capsys.readouterr().err


def test_a_step_without_hints(course_root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The check helps there; without a number the current step is meant."""
    lines = hint(capsys)
    assert "Step 00 has no hints" in lines[0]
    assert lines[1] == "  py -m workshop check 0"
