"""The matrix: what is said about programs that fail or pass where they should not."""

from __future__ import annotations

from pathlib import Path

import pytest

from workshop import steps
from workshop.checking.check import FILES
from workshop.checking.verdict import Failure, PartResult, Place, Result, Trouble
from workshop.upkeep.matrix import Case, Kind, Outcome, doubtful, problems

STEP = steps.find("2")
CRASH = Trouble("crashed", "KeyError", "x", Place("server.py", 1), (Place("server.py", 1),))


def outcome(kind: Kind, result: Result | None = None, path: Path = Path("x"), error: str = "") -> Outcome:
    """The outcome of one program of a step."""
    return Outcome(Case(STEP, kind, path), result, error)


def failed(title: str = "it answers", saw: str = "nothing", trouble: Trouble | None = None) -> Result:
    """A result that failed at a part."""
    failure = Failure("an answer", saw, "why", "try", None, trouble)
    return Result(STEP.id, (PartResult(title, "failed", failure),), 1)


PASSED = Result(STEP.id, (PartResult("it answers", "passed"),), 1)


def answer(folder: Path, name: str, says: str, part: str = "it answers") -> Path:
    """A wrong answer on disk."""
    path = folder / f"{name}.toml"
    path.write_text(f'mistake = "m"\npart = "{part}"\nsays = ["{says}"]\n', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("kind", "result", "said"),
    [
        ("starter", failed(), None),
        ("starter", PASSED, "passes, and should not"),
        ("starter", failed(FILES), "cannot be run"),
        ("starter", failed(trouble=CRASH), "cannot be run"),
        ("solution", PASSED, None),
        ("solution", failed(), "fails at 'it answers'"),
        ("right", PASSED, None),
        ("right", failed(), "fails at"),
        ("right", None, "broke"),
    ],
)
def test_judged(kind: Kind, result: Result | None, said: str | None) -> None:
    """A starter must fail without crashing; a solution and a right answer must pass."""
    found = list(problems([outcome(kind, result, error="broke")]))
    assert len(found) == (said is not None)
    assert (said or "") in " ".join(found)


def test_a_wrong_answer_gets_its_diagnosis(tmp_path: Path) -> None:
    """It fails at its part, with its words; capitals and line breaks do not count."""
    path = answer(tmp_path, "one", "Nothing  came")
    assert list(problems([outcome("wrong", failed(saw="nothing\ncame"), path)])) == []


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (PASSED, "passes"),
        (failed("it starts"), "not at 'it answers'"),
        (failed(saw="else"), "does not say"),
    ],
)
def test_a_wrong_answer_without_it(tmp_path: Path, result: Result, said: str) -> None:
    """Another part, other words, or none at all are found out."""
    path = answer(tmp_path, "one", "nothing")
    assert said in " ".join(problems([outcome("wrong", result, path)]))


def test_a_diagnosis_of_anothers_mistake(tmp_path: Path) -> None:
    """A diagnosis that would do for another mistake, too, is none."""
    one, two = answer(tmp_path, "one", "nothing"), answer(tmp_path, "two", "came")
    outcomes = [
        outcome("wrong", failed(saw="nothing came"), one),
        outcome("wrong", failed(saw="too late, but came"), two),
    ]
    found = list(problems(outcomes))
    assert len(found) == 1
    assert "one: gets the diagnosis of two" in found[0]


def test_doubtful(tmp_path: Path) -> None:
    """Programs with which something is wrong are named once each, and no others."""
    good, bad = outcome("solution", PASSED), outcome("wrong", PASSED, answer(tmp_path, "one", "nothing"))
    assert [case.name for case in doubtful([good, bad])] == [bad.case.name]
