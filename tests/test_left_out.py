"""Which tests a run of pytest leaves out, and that it says so."""

import subprocess

import pytest

from tests.support.processes import ROOT, python

SAID = "python3 -m workshop test --all"


@pytest.mark.parametrize(
    ("words", "left_out"),
    [
        (["tests/support", "-k", "focused_window"], True),
        (["tests/support", "-k", "focused_window", "--all"], False),
        (["tests/support", "-m", "window"], False),
        (["tests/support/test_windows.py"], False),
        (["tests/support", "-k", "focused_window", "-p", "no:xdist"], True),
    ],
)
def test_what_is_left_out(words: list[str], left_out: bool) -> None:
    """A window is opened if all tests, their mark or their file are asked for; else it is told."""
    command = python("-m", "pytest", "--setup-plan", "-p", "no:cacheprovider", *words)
    done = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and "test_windows.py" in done.stdout, done.stdout + done.stderr
    assert (SAID in done.stdout) is left_out
