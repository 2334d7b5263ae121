"""`dev check`: every program of every step against its check, as CI runs it."""

import subprocess
from pathlib import Path

import pytest

from tests.support.commands import Shell
from tests.support.processes import ROOT, python
from workshop import steps
from workshop.checking.verdict import Failure, PartResult, Result
from workshop.commands.dev import check as module
from workshop.maintenance.upkeep.matrix import Case, Outcome


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_step_holds() -> None:
    """Starters fail, solutions and right answers pass, and each mistake gets its own diagnosis."""
    command = [str(word) for word in python("-m", "workshop", "dev", "check")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_only(shell: Shell) -> None:
    """Without running anything, it looks at what is in the files."""
    assert "1 step holds" in shell("dev", "check", "2", "--files-only").out


def test_a_mistyped_step(shell: Shell) -> None:
    """A step that is mistyped is answered with the nearest."""
    assert "Did you mean 2" in shell("dev", "check", "ehco", code=2).err


def test_what_is_wrong_is_run_once_more(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is right by itself is only warned of, since the machine was busy; what stays wrong is wrong."""
    step, failure = steps.find("2"), Failure("an answer", "none")
    good = Result(step.id, (PartResult("it answers", "passed"),), 1)
    bad = Result(step.id, (PartResult("it answers", "failed", failure),), 1)
    todo = [Case(step, "solution", step.solution), Case(step, "right", Path("other"))]
    results = iter([[bad, bad], [good, bad]])

    def checked(cases: list[Case], jobs: int) -> list[Outcome]:
        return [Outcome(case, result) for case, result in zip(cases, next(results), strict=True)]

    monkeypatch.setattr(module, "checked", checked)
    outcomes = module.checked_twice(todo, 4)
    assert [outcome.result for outcome in outcomes] == [good, bad]
    said = capsys.readouterr().err
    assert "step02_echo solution: right only when it ran by itself" in said and "right other" not in said
