"""Mutants: whose they are, which are left out, and what is said about each."""

import asyncio
from functools import cache
from pathlib import Path

import pytest

from workshop import steps
from workshop.checking import answers
from workshop.checking.verdict import Failure, PartResult, Result, Spot, Where
from workshop.maintenance.upkeep import mutants
from workshop.maintenance.upkeep.checked import BrokenCheck, some_at_once
from workshop.maintenance.upkeep.mutants import Equivalent, Mutant, equivalents, sampled

STEP = steps.find("2")
HERE = Spot("server.py", "echo", 1, 2)
ELSEWHERE = Spot("client.py", "main", 1, 2)


@cache
def found() -> list[Mutant]:
    """All mutants of a step; the first is one of the solution's server."""
    return sorted(mutants.mutants(STEP), key=lambda each: (each.base != "solution", each.file != "server.py"))


def test_where_they_are() -> None:
    """Solutions and right answers are changed, in what a learner writes, one change in each mutant."""
    assert {each.base for each in found()} == {
        "solution",
        *(path.stem for path in answers.paths("right", STEP)),
    }
    assert {each.piece for each in found()} == {"echo", "talk", "typed_line"}
    line = str(next(each for each in found() if each.kind == "await taken out"))
    assert "step02_echo solution" in line
    assert "await taken out: `await " in line


def test_a_file_that_an_answer_does_without_is_not_changed() -> None:
    """netlib's own prediction takes the place of the file with the TODOs: nothing imports that any more."""
    by_base = {(each.base, each.file) for each in mutants.mutants(steps.find("10"))}
    assert ("with_netlib", "client.py") in by_base and ("solution", "prediction.py") in by_base
    assert ("with_netlib", "prediction.py") not in by_base


@pytest.mark.slow
def test_equivalents() -> None:
    """An equivalent covers the same change of the same piece in every program; each that is named exists."""
    first = found()[0]
    one = Equivalent(STEP.id, first.piece, first.before, first.after, "no difference")
    assert one.covers(first)
    assert not Equivalent(STEP.id, "main", first.before, first.after, "why").covers(first)
    for step_id in {each.step for each in equivalents()}:
        there = list(mutants.mutants(steps.find(step_id[4:6])))
        own = [each for each in equivalents() if each.step == step_id]
        assert [each for each in own if not any(each.covers(mutant) for mutant in there)] == []


def test_a_sample() -> None:
    """The same seed takes the same mutants, another one others."""
    assert sampled(found(), 5, 1) == sampled(found(), 5, 1) != sampled(found(), 5, 2)
    assert sampled(found(), None, 1) == sampled(found(), len(found()), 1) == found()


@pytest.mark.parametrize(
    ("failure", "fate"),
    [
        (None, "survived"),
        (Failure("a", "b"), "not found"),
        (Failure("a", "b", where=Where()), "not found"),
        (Failure("a", "b", where=Where((ELSEWHERE, HERE))), "placed"),
        (Failure("a", "b", where=Where((ELSEWHERE,))), "misplaced"),
        (Failure("a", "b", not_done=HERE), "placed"),
        (Failure("a", "b", not_done=ELSEWHERE, where=Where((HERE,))), "misplaced"),
        (BrokenCheck("it broke"), "broken"),
    ],
)
async def test_fates(
    monkeypatch: pytest.MonkeyPatch, failure: Failure | BrokenCheck | None, fate: mutants.Fate
) -> None:
    """A mutant is caught or not, and its place found, not found, or taken for another."""
    first, ran = found()[0], list[str]()

    async def checked(folder: Path, *flags: str) -> Result:
        await asyncio.sleep(0)
        ran.append((folder / first.file).read_text(encoding="utf-8"))
        assert flags == ("--first", "--where")
        if isinstance(failure, BrokenCheck):
            raise failure
        part = PartResult("it works", "failed" if failure else "passed", failure)
        return Result(STEP.id, (part,), 1)

    monkeypatch.setattr(mutants, "checked", checked)
    answer = next(each for each in found() if each.base != "solution" and each.file == first.file)
    told = list[Mutant]()
    both = [first, answer]
    outcomes = await some_at_once(both, mutants.outcome_of, jobs=2, tell=lambda it: told.append(it.mutant))
    assert outcomes[0].fate == fate
    assert sorted(ran) == sorted([first.source, answer.source])
    assert len(told) == 2
