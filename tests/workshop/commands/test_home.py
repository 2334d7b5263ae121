"""`workshop` alone: where am I, and the one command to type."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.course import ALPHA, COURSE, READY, kept
from workshop import cli
from workshop.commands import home
from workshop.course import progress_file
from workshop.course.progress import Progress

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("course_root")


def having(*, passed: int) -> Progress:
    """Somebody who has passed so many steps, each in a minute."""
    progress = Progress()
    for step in COURSE[:passed]:
        progress.checked(step, passed=True, began=NOON, ended=NOON + timedelta(minutes=1))
    return progress


def test_at_the_beginning(capsys: pytest.CaptureFixture[str]) -> None:
    """A newcomer sees the first step, the command that begins it, and how to play."""
    assert cli.run([]) == 0
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert "You are at step 00: Ready (10 minutes)." in captured.out.replace("\n", " ")
    assert "[▶··]  0 of 3 steps, 0 of 60 minutes" in [line.rstrip() for line in lines]
    assert "  py -m workshop start 0" in lines
    assert sum("py -m workshop" in line for line in lines) == 4, "start, play, join, --help"
    assert captured.err == ""
    assert not kept().path.exists(), "looking changes nothing"


def test_in_the_middle(capsys: pytest.CaptureFixture[str]) -> None:
    """The bar has a cell for each step, and minutes are of those that are passed."""
    progress = having(passed=1)
    progress.start(ALPHA, NOON)
    home.show_place(progress, NOON + timedelta(minutes=12))
    out = capsys.readouterr().out
    assert "step 01: Alpha (20 minutes, 12 minutes so far)" in " ".join(out.split())
    assert "[■▶·]  1 of 3 steps, 10 of 60 minutes" in out
    assert "  py -m workshop check 1\n" in out


def test_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    """Who has passed everything has a full bar."""
    home.show_place(having(passed=3), NOON)
    out = capsys.readouterr().out
    assert "[■■■]  3 of 3 steps, 60 of 60 minutes" in out
    assert "All steps are passed." in out


def test_play_is_advised_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the one command to type is play, it does not stand a second time among the others."""
    with kept().changing() as progress:
        for step in COURSE:
            progress.checked(step, passed=True, began=NOON, ended=NOON + timedelta(minutes=1))
    assert cli.run([]) == 0
    assert capsys.readouterr().out.count("py -m workshop play") == 1


def test_a_step_that_was_left() -> None:
    """Begun, passed, here and to do look different, without colour, too."""
    progress = Progress()
    progress.start(READY, NOON)
    progress.start(ALPHA, NOON)
    assert home.bar(progress).plain.startswith("[○▶·]")


def test_without_unicode(monkeypatch: pytest.MonkeyPatch) -> None:
    """In ASCII and 60 columns every cell still has its own sign, and commands stay whole."""
    with kept().changing() as progress:
        progress.checked(READY, passed=True, began=NOON, ended=NOON)
        progress.start(COURSE[2], NOON)
        progress.start(ALPHA, NOON)
    monkeypatch.setenv("COLUMNS", "60")
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    monkeypatch.setattr(sys, "stdout", terminal)
    assert cli.run([]) == 0
    terminal.seek(0)
    text = terminal.read()
    assert "[#>o]  1 of 3 steps" in text
    assert "  py -m workshop check 1\n" in text
    assert "?" not in text


def test_an_installed_copy(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where there are no steps, only the game is spoken of, and the other commands say why."""
    monkeypatch.setattr(progress_file, "in_checkout", lambda root=None: False)
    monkeypatch.setattr(home, "in_checkout", lambda root=None: False)
    assert cli.run([]) == 0
    out = capsys.readouterr().out
    assert "py -m workshop play" in out
    assert "step" not in out
    for words in (["list"], ["start"], ["check", "1"], ["watch"], ["hint"], ["next"], ["export"]):
        assert cli.run(words) == 2
        assert "only a checkout" in capsys.readouterr().err


def test_a_damaged_file(capsys: pytest.CaptureFixture[str]) -> None:
    """It is told and set aside, and everything goes on."""
    kept().path.write_text("{ half")
    assert cli.run([]) == 0
    captured = capsys.readouterr()
    assert "progress.1.json" in captured.err
    assert "step 00: Ready" in captured.out
