"""The matrix: what is said about programs that fail or pass where they should not."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from workshop import steps
from workshop.checking.check import FILES
from workshop.checking.verdict import Failure, PartResult, Place, Result, Spot, Trouble, Where
from workshop.upkeep.matrix import Case, Kind, Outcome, doubtful, problems

STEP = steps.find("2")
CRASH = Trouble("crashed", "KeyError", "x", Place("server.py", 1), (Place("server.py", 1),))


def outcome(kind: Kind, result: Result | None = None, path: Path = Path("x"), error: str = "") -> Outcome:
    """The outcome of one program of a step."""
    return Outcome(Case(STEP, kind, path), result, error)


def failed(
    title: str = "it answers",
    saw: str = "nothing",
    trouble: Trouble | None = None,
    where: Where | None = None,
    not_done: Spot | None = None,
) -> Result:
    """A result that failed at a part."""
    failure = Failure("an answer", saw, trouble=trouble, where=where, not_done=not_done)
    return Result(STEP.id, (PartResult(title, "failed", failure),), 1)


PASSED = Result(STEP.id, (PartResult("it answers", "passed"),), 1)


def answer(folder: Path, name: str, says: str, *more: str) -> Path:
    """A wrong answer on disk."""
    path = folder / f"{name}.toml"
    lines = ['mistake = "m"', 'part = "it answers"', f'says = ["{says}"]', *more]
    path.write_text("\n".join(lines), encoding="utf-8")
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
        (failed(saw="nothing at all"), "says ['at ALL']"),
        (failed(where=Where((Spot("server.py", "echo", 1, 2),))), "is not talk"),
        (failed(), "is not talk"),
    ],
)
def test_a_wrong_answer_without_it(tmp_path: Path, result: Result, said: str) -> None:
    """Another part, other words, untrue words, another place, or none at all are found out."""
    path = answer(tmp_path, "one", "nothing", 'never = ["at ALL"]', 'place = "talk"')
    assert said in " ".join(problems([outcome("wrong", result, path)]))


def test_the_place_of_an_answer(tmp_path: Path) -> None:
    """An answer that names its place is right when that is one of those that are found."""
    path = answer(tmp_path, "one", "nothing", 'place = "talk"')
    where = Where((Spot("server.py", "echo", 1, 2), Spot("client.py", "talk", 1, 2)))
    assert list(problems([outcome("wrong", failed(where=where), path)])) == []
    assert Case(STEP, "wrong", path).place == "talk"


@pytest.mark.parametrize(
    ("not_done", "passed", "said"),
    [
        (("02.3",), True, None),
        (("02.4",), True, "is not told that TODO 02.3"),
        (None, True, "02.3"),
        (("02.3",), False, "no part"),
    ],
)
def test_a_step_that_is_begun(not_done: tuple[str, ...] | None, passed: bool, said: str | None) -> None:
    """With the first TODOs done, the next is told to be not done yet, and at least one part passes."""
    result = failed(not_done=Spot("client.py", "talk", 1, 2, not_done) if not_done else None)
    parts = (*PASSED.parts, *result.parts) if passed else result.parts
    case = Case(STEP, "begun", STEP.starter, 2)
    found = list(problems([Outcome(case, replace(result, parts=parts))]))
    assert len(found) == (said is not None)
    assert (said or "") in " ".join(found)


def test_doubtful(tmp_path: Path) -> None:
    """Programs with which something is wrong are named once each, and no others."""
    good, bad = outcome("solution", PASSED), outcome("wrong", PASSED, answer(tmp_path, "one", "nothing"))
    assert [case.name for case in doubtful([good, bad])] == [bad.case.name]
