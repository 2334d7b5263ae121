"""Running the check of a step: by its id, in a process of its own, and when the check itself is wrong."""

import sys
import types
from pathlib import Path

import pytest

from tests.support.processes import ROOT, python, running
from workshop import steps
from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.run import CheckFailed, check_step


def test_a_solution_passes() -> None:
    """The model step's solution passes its check, and the parts are told one by one."""
    step, told = steps.find("2"), list[str]()
    result = check_step(step, step.solution, lambda part: told.append(part.title))
    assert result.passed
    assert told == [part.title for part in result.parts]


def test_it_prints_json(tmp_path: Path) -> None:
    """As a program it prints the result as JSON, and its exit code says whether all passed."""
    with running(
        python("-m", "workshop.checking.run", ROOT / "starter" / "step02_echo"), tmp_path / "log"
    ) as run:
        assert run.wait() == 1
        assert '"state":"failed"' in run.text()


def test_a_mistake_in_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in a check says that it is ours."""
    step, check = steps.find("2"), Check("step02_echo", files=[])

    @check.part("one")
    async def one(lab: Lab) -> None:
        raise ZeroDivisionError("oh")

    module = types.ModuleType("workshop.checks.step02_echo.check")
    module.check = check  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "workshop.checks.step02_echo.check", module)
    with pytest.raises(CheckFailed, match="our mistake"):
        check_step(step)
