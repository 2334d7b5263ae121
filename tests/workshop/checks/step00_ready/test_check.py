"""The check of step 00: it passes on the doctor's word and a window that draws."""

import asyncio
from pathlib import Path

import pytest

from workshop import steps
from workshop.checking.check import Task
from workshop.checking.stage import Stage
from workshop.checking.verdict import Failure, Result
from workshop.checks.step00_ready import check as module
from workshop.course import stage_files
from workshop.doctor.finding import Finding, Level

READY = steps.find("0")


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the stage in a folder of its own, on a machine without a fault."""
    find(monkeypatch, "ok")
    folder = tmp_path / "starter" / READY.id
    stage_files.write(folder, stage_files.as_starter(stage_files.read(READY.solution)))
    (folder.parent / "__init__.py").touch()
    return folder


def find(monkeypatch: pytest.MonkeyPatch, *levels: Level) -> None:
    """Have the doctor find things of these levels."""

    async def examination() -> list[Finding]:
        return [Finding("pygame", level, "It is so.", "Mend it.") for level in levels]

    monkeypatch.setattr(module, "examination", examination)


def checked(stage: Path) -> Result:
    """What the check finds."""
    return asyncio.run(module.check.run(Task(Stage(stage))))


def failure(result: Result) -> Failure:
    """The diagnosis."""
    assert result.failed is not None
    assert result.failed.failure is not None
    return result.failed.failure


def test_a_good_machine(stage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the way but warnings, and a window that draws: passed."""
    find(monkeypatch, "ok", "warning")
    result = checked(stage)
    assert result.passed, result


def test_a_machine_with_faults(stage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first error is the diagnosis, in the doctor's words, and the others are counted."""
    find(monkeypatch, "warning", "error", "error")
    told = failure(checked(stage))
    assert told.expected == "pygame: in order"
    assert told.saw == "It is so.; and 1 more"
    assert told.causes[0].hint.startswith("Mend it.")


def test_a_window_that_ends(stage: Path) -> None:
    """A program that ends before it draws is told as that."""
    (stage / "client.py").write_text("raise SystemExit(3)\n")
    assert "exit code 3" in failure(checked(stage)).saw
