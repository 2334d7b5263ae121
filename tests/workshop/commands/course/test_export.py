"""`workshop export`: progress and times as JSON."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.commands import Shell
from tests.support.course import ALPHA, NOON, READY, kept


@pytest.fixture(autouse=True)
def history(course_root: Path) -> None:
    """Somebody who passed the first step in five minutes, and has had a hint for the second."""
    with kept().changing() as progress:
        progress.checked(READY, passed=True, began=NOON, ended=NOON + timedelta(minutes=5))
        progress.start(ALPHA, datetime.now(UTC) - timedelta(seconds=90))
        progress.hint_shown(ALPHA, "01.1", 2)


def test_to_the_screen(shell: Shell) -> None:
    """Standard output has JSON, and nothing else."""
    captured = shell("export")
    told = json.loads(captured.out)
    assert captured.err == ""
    assert told["current"] == "step01_alpha"
    assert datetime.fromisoformat(told["exported_at"]).tzinfo is not None
    ready, alpha, omega = told["steps"]
    which = {"id": "step00_ready", "title": "Ready", "minutes": 10, "state": "passed"}
    times = {"started_at": "2026-03-01T12:00:00Z", "passed_at": "2026-03-01T12:05:00Z", "seconds": 300}
    trouble = {"checks": 1, "hints": {}, "stuck_at": "", "failed_part": "", "failed_times": 0}
    assert ready == which | times | trouble
    assert (alpha["state"], alpha["hints"]) == ("begun", {"01.1": 2})
    assert 89 <= alpha["seconds"] <= 150
    assert (omega["state"], omega["seconds"], omega["started_at"]) == ("to do", 0, None)


def test_to_a_file(course_root: Path, shell: Shell) -> None:
    """A file that is there already is set aside."""
    (course_root / "mine.json").write_text("old")
    assert "mine.1.json" in shell("export", "mine.json").out
    assert (course_root / "mine.1.json").read_text() == "old"
    assert json.loads((course_root / "mine.json").read_text())["current"] == "step01_alpha"


@pytest.mark.parametrize("place", ["no/such/folder/mine.json", "starter"])
def test_where_no_file_can_be(place: str, shell: Shell) -> None:
    """A clear message, and 2."""
    assert "error" in shell("export", place, code=2).err
