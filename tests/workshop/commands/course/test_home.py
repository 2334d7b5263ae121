"""`workshop` alone: where am I, and the one command to type."""

import io
import sys
from datetime import timedelta

import pytest

from tests.support.commands import Shell
from tests.support.course import ALPHA, COURSE, NOON, OMEGA, READY, having, keep, kept
from workshop import cli
from workshop.commands.course import home
from workshop.course import progress_file

pytestmark = pytest.mark.usefixtures("course_root")


def test_at_the_beginning(shell: Shell) -> None:
    """A newcomer sees the first step, the command that begins it, and how to play."""
    captured = shell()
    lines = captured.out.splitlines()
    assert "You are at step 00: Ready (10 minutes)." in captured.out.replace("\n", " ")
    assert "[▶··]  0 of 3 steps, 0 of 60 minutes" in [line.rstrip() for line in lines]
    assert all(f"  py -m workshop {words}" in captured.out for words in ("start 0", "play", "join"))
    assert sum("py -m workshop" in line for line in lines) == 4, "start, play, join, --help"
    assert captured.err == ""
    assert not kept().path.exists(), "looking changes nothing"


def test_in_the_middle(capsys: pytest.CaptureFixture[str]) -> None:
    """The bar has a cell for each step, and minutes are of those that are passed."""
    home.show_place(having(READY, at=ALPHA), NOON + timedelta(minutes=12))
    out = capsys.readouterr().out
    assert "step 01: Alpha (20 minutes, 12 minutes so far)" in " ".join(out.split())
    assert "[■▶·]  1 of 3 steps, 10 of 60 minutes" in out and "  py -m workshop check 1\n" in out


def test_at_the_end(shell: Shell) -> None:
    """An attendee who has passed everything has a full bar, and play is advised once."""
    keep(*COURSE)
    out = shell().out
    assert "[■■■]  3 of 3 steps, 60 of 60 minutes" in out and "All steps are passed." in out
    assert out.count("py -m workshop play") == 1


def test_a_step_that_was_left() -> None:
    """Begun, passed, here and to do look different, without colour, too."""
    progress = having(at=ALPHA, progress=having(at=READY))
    assert home.bar(progress).plain.startswith("[○▶·]")


def test_without_unicode(monkeypatch: pytest.MonkeyPatch) -> None:
    """In ASCII and 60 columns every cell still has its own sign, and commands stay whole."""
    keep(READY, at=OMEGA)
    keep(at=ALPHA)
    monkeypatch.setenv("COLUMNS", "60")
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    monkeypatch.setattr(sys, "stdout", terminal)
    assert cli.run([]) == 0
    terminal.seek(0)
    text = terminal.read()
    assert "[#>o]  1 of 3 steps" in text and "  py -m workshop check 1\n" in text and "?" not in text


def test_an_installed_copy(monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """Where there are no steps, only the game is spoken of, and the other commands say why."""
    monkeypatch.setattr(progress_file, "in_checkout", lambda root=None: False)
    monkeypatch.setattr(home, "in_checkout", lambda root=None: False)
    out = shell().out
    assert "py -m workshop play" in out and "step" not in out
    for words in (["list"], ["start"], ["check", "1"], ["watch"], ["hint"], ["next"], ["export"]):
        assert "only a checkout" in shell(*words, code=2).err


def test_a_damaged_file(shell: Shell) -> None:
    """It is told and set aside, and everything goes on."""
    kept().path.write_text("{ half")
    captured = shell()
    assert "progress.1.json" in captured.err and "step 00: Ready" in captured.out
