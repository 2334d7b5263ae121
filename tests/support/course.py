"""A small workshop of three steps in a folder of its own, instead of the real one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from workshop import steps
from workshop.checking.verdict import Failure, Likely, PartResult, Result
from workshop.course import progress_file
from workshop.course.progress import Progress
from workshop.errors import WorkshopError
from workshop.steps import Step

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HINTS = {f"01.{k}": [f"where to look for {k}", f"think of {k}", f"type {k}"] for k in (1, 2, 10)}
STARTER = "# TODO 01.1: the first\nx = 1\n\n# TODO 01.2: the second\ny = 2\n\n# TODO 01.10: the last\nz = 3\n"
GUIDE = "# Step 01: Alpha\n\n> You build an alpha.\n\nType `workshop run 1`.\n"
COURSE = [
    Step("step00_ready", "Ready", "your machine is ready", 10, ["90-minutes", "full-day"], [], ["client"]),
    Step("step01_alpha", "Alpha", "the first letter", 20, ["90-minutes", "full-day"], ["a.py"], ["a"], HINTS),
    Step("step02_omega", "Omega", "the last letter", 30, ["full-day"], ["o.py", "p.py"], ["o"]),
]
READY, ALPHA, OMEGA = COURSE


def install(monkeypatch: pytest.MonkeyPatch, root: Path) -> Path:
    """Put the small workshop into the folder, and in the real one's place; return the folder."""
    (root / "pyproject.toml").touch()
    for step in COURSE:
        (root / "starter" / step.id).mkdir(parents=True)
        for file in step.files:
            (root / "starter" / step.id / file).write_text(STARTER, encoding="utf-8")
    (root / "workshop" / "guides").mkdir(parents=True)
    (root / "workshop" / "guides" / "step01_alpha.md").write_text(GUIDE, encoding="utf-8")
    monkeypatch.setattr(steps, "ROOT", root)
    monkeypatch.setattr(steps, "GUIDES", root / "workshop" / "guides")
    monkeypatch.setattr(steps, "all_steps", lambda: list(COURSE))
    monkeypatch.setattr(steps, "tracks", lambda: {"90-minutes": "A short course", "full-day": "All of it"})
    monkeypatch.chdir(root)
    return root


def pretend_check(
    monkeypatch: pytest.MonkeyPatch, *outcomes: bool, todo: str = "", place: str = ""
) -> list[str]:
    """Have the next checks pass or fail as told, the last one for ever; return what is checked."""
    checked: list[str] = []

    def check_step(
        step: Step,
        tell: Callable[[PartResult], object] = lambda part: None,
        look: Callable[[str], bool] = lambda title: False,
        say: Callable[[str], object] = lambda sentence: None,
        first_only: bool = False,
    ) -> Result:
        passed = outcomes[min(len(checked), len(outcomes) - 1)]
        checked.append(step.id)
        looked = not passed and look("it works")
        if looked:
            say("Looking where …")
        part = PartResult("it works", "passed") if passed else not_yet((looked and place) or todo)
        tell(part)
        return Result(step.id, (part,), 0.5)

    monkeypatch.setattr("workshop.checking.run.check_step", check_step)
    return checked


def not_yet(todo: str = "") -> PartResult:
    """A part that failed; the check says of which TODO it is."""
    causes = (Likely("it does not", "mend it"),)
    return PartResult("it works", "failed", Failure("that it works", "[nothing] é", causes=causes, todo=todo))


def kept() -> progress_file.ProgressFile:
    """The file that the commands use in this test."""
    return progress_file.ProgressFile()


def having(*passed: Step, at: Step | None = None, progress: Progress | None = None) -> Progress:
    """Somebody who has passed these steps, each in a minute, and then turned to another."""
    progress = Progress() if progress is None else progress
    for step in passed:
        progress.checked(step, passed=True, began=NOON, ended=NOON + timedelta(minutes=1))
    if at:
        progress.start(at, NOON)
    return progress


def keep(*passed: Step, at: Step | None = None) -> None:
    """Have the commands find such a progress."""
    with kept().changing() as progress:
        having(*passed, at=at, progress=progress)


def break_check(monkeypatch: pytest.MonkeyPatch, why: str) -> list[str]:
    """Have every check break for this reason, which somebody can mend; return what is to be checked."""
    tried: list[str] = []

    def check_step(step: Step, **_: object) -> None:
        tried.append(step.id)
        raise WorkshopError(why)

    monkeypatch.setattr("workshop.checking.run.check_step", check_step)
    return tried


def forbid_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the disk refuse every file that we write whole."""

    def refuse(path: Path, data: bytes) -> None:
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr("workshop.files.write_whole", refuse)
