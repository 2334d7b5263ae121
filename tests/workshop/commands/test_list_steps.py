"""`workshop list`: every step with its state, minutes and tracks."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime

import pytest

from tests.support.course import ALPHA, OMEGA, READY, kept
from workshop import cli, steps

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def history(course_root: object) -> None:
    """Somebody who passed the first step, left the last, and is at the middle one."""
    with kept().changing() as progress:
        progress.checked(READY, passed=True, began=NOON, ended=NOON)
        progress.start(OMEGA, NOON)
        progress.start(ALPHA, NOON)


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> list[list[str]]:
    """The words of each line."""
    assert cli.run(["list", *words]) == 0
    return [line.split() for line in capsys.readouterr().out.splitlines()]


def test_all(capsys: pytest.CaptureFixture[str]) -> None:
    """Each step's state is a sign and a word, and the courses have their minutes."""
    lines = listed(capsys)
    assert ["✓", "passed", "00", "Ready", "10", "90-minutes,", "full-day"] in lines
    assert ["→", "begun,", "here", "01", "Alpha", "20", "90-minutes,", "full-day"] in lines
    assert ["→", "begun", "02", "Omega", "30", "full-day"] in lines
    sums = [line[:4] for line in lines if line and line[0] in steps.tracks() and "-" in line[1]]
    assert ["90-minutes", "00-01", "30", "min"] in sums
    assert ["full-day", "00-02", "60", "min"] in sums


def test_one_track(capsys: pytest.CaptureFixture[str]) -> None:
    """--track leaves out what the course does not have."""
    lines = listed(capsys, "--track", "90-minutes")
    assert [line[-4] for line in lines if line and line[0] in "✓→•"] == ["Ready", "Alpha"]
    assert [line[0] for line in lines if line and line[0] in steps.tracks()] == ["90-minutes"]


def test_sixty_columns_in_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    """A narrow terminal has each step in one line; which course has it, the sums say."""
    monkeypatch.setenv("COLUMNS", "60")
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    monkeypatch.setattr(sys, "stdout", terminal)
    assert cli.run(["list"]) == 0
    terminal.seek(0)
    lines = terminal.read().splitlines()
    assert max(map(len, lines)) <= 60
    assert ["+", "passed", "00", "Ready", "10"] in [line.split() for line in lines]
    assert ["->", "begun", "02", "Omega", "30"] in [line.split() for line in lines]


def test_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """--json has the same."""
    assert cli.run(["list", "--json", "--track", "full-day"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["minutes"] == 60
    assert told["tracks"]["90-minutes"] == 30
    assert [(step["id"], step["state"], step["current"]) for step in told["steps"]] == [
        ("step00_ready", "passed", False),
        ("step01_alpha", "begun", True),
        ("step02_omega", "begun", False),
    ]
    assert told["steps"][1]["minutes"] == 20


def test_a_mistyped_track(capsys: pytest.CaptureFixture[str]) -> None:
    """Another track gets the nearest, and the names of those that there are."""
    assert cli.run(["list", "--track", "fullday"]) == 2
    said = "There is no track 'fullday'. Did you mean full-day? They are 90-minutes, full-day."
    assert said in capsys.readouterr().err
    assert cli.run(["list", "--track", "xyz"]) == 2
    assert "'xyz'. They are" in capsys.readouterr().err
