"""The matrix: what is said about programs that fail or pass where they should not."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from workshop import steps
from workshop.checking.check import FILES
from workshop.checking.verdict import Failure, PartResult, Place, Result, Spot, Trouble, Where
from workshop.maintenance.upkeep.matrix import Case, Kind, Outcome, doubtful, problems

STEP = steps.find("2")
ECHO = Spot("server.py", "echo", 1, 2)
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


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (failed(saw="nothing\ncame", where=Where((ECHO, Spot("client.py", "talk", 1, 2)))), None),
        (PASSED, "passes"),
        (failed("it starts"), "not at 'it answers'"),
        (failed(saw="else"), "does not say"),
        (failed(saw="nothing came at all"), "says ['at ALL']"),
        (failed(saw="nothing came", where=Where((ECHO,))), "is not talk"),
        (failed(saw="nothing came"), "is not talk"),
    ],
)
def test_a_wrong_answer(tmp_path: Path, result: Result, said: str | None) -> None:
    """It fails at its part, with its words and place; capitals and line breaks do not count."""
    path = answer(tmp_path, "one", "Nothing  came", 'never = ["at ALL"]', 'place = "talk"')
    found = list(problems([outcome("wrong", result, path)]))
    assert len(found) == (said is not None)
    assert (said or "") in " ".join(found)


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
