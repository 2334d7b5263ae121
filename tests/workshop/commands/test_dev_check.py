"""`dev check`: every program of every step against its check, as CI runs it."""

from __future__ import annotations

import subprocess

import pytest

from tests.support.processes import ROOT, python
from workshop.cli import run


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_step_holds() -> None:
    """Starters fail, solutions and right answers pass, and each mistake gets its own diagnosis."""
    command = [str(word) for word in python("-m", "workshop", "dev", "check")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_only(capsys: pytest.CaptureFixture[str]) -> None:
    """Without running anything, it looks at what is in the files."""
    assert run(["dev", "check", "2", "--files-only"]) == 0
    assert "1 step holds" in capsys.readouterr().out


def test_a_mistyped_step(capsys: pytest.CaptureFixture[str]) -> None:
    """A step that is mistyped is answered with the nearest."""
    assert run(["dev", "check", "ehco"]) == 2
    assert "Did you mean 2" in capsys.readouterr().err
