"""`workshop list`: every step with its state, minutes and tracks."""

import io
import json
import sys

import pytest

from tests.support.commands import Shell
from tests.support.course import ALPHA, OMEGA, READY, keep
from workshop import cli, steps


@pytest.fixture(autouse=True)
def history(course_root: object) -> None:
    """Somebody who passed the first step, left the last, and is at the middle one."""
    keep(READY, at=OMEGA)
    keep(at=ALPHA)


def listed(shell: Shell, *words: str) -> list[list[str]]:
    """The words of each line."""
    return [line.split() for line in shell("list", *words).out.splitlines()]


def test_all(shell: Shell) -> None:
    """Each step's state is a sign and a word, and the courses have their minutes."""
    lines = listed(shell)
    assert ["✓", "passed", "00", "Ready", "10", "90-minutes,", "full-day"] in lines
    assert ["→", "begun,", "here", "01", "Alpha", "20", "90-minutes,", "full-day"] in lines
    assert ["→", "begun", "02", "Omega", "30", "full-day"] in lines
    sums = [line[:4] for line in lines if line and line[0] in steps.tracks() and "-" in line[1]]
    assert ["90-minutes", "00-01", "30", "min"] in sums and ["full-day", "00-02", "60", "min"] in sums


def test_one_track(shell: Shell) -> None:
    """--track leaves out what the course does not have."""
    lines = listed(shell, "--track", "90-minutes")
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
    rows = [line.split() for line in lines]
    assert ["+", "passed", "00", "Ready", "10"] in rows and ["->", "begun", "02", "Omega", "30"] in rows


def test_for_programs(shell: Shell) -> None:
    """--json has the same."""
    told = json.loads(shell("list", "--json", "--track", "full-day").out)
    assert (told["minutes"], told["tracks"]["90-minutes"], told["steps"][1]["minutes"]) == (60, 30, 20)
    assert [(step["id"], step["state"], step["current"]) for step in told["steps"]] == [
        ("step00_ready", "passed", False),
        ("step01_alpha", "begun", True),
        ("step02_omega", "begun", False),
    ]


def test_a_mistyped_track(shell: Shell) -> None:
    """Another track gets the nearest, and the names of those that there are."""
    said = "There is no track 'fullday'. Did you mean full-day? They are 90-minutes, full-day."
    assert said in shell("list", "--track", "fullday", code=2).err
    assert "'xyz'. They are" in shell("list", "--track", "xyz", code=2).err
