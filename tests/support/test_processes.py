"""The helpers for programs: they wait, they notice an early end, and they leave nothing behind."""

import sys
from pathlib import Path

import pytest

from tests.support.processes import group_members, python, running, wait_until, wait_until_async

PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("child", child.pid, flush=True)
time.sleep(600)
"""


def test_waits_for_a_line(tmp_path: Path) -> None:
    """A line is found as soon as the program has printed it, with what the pattern captured."""
    with running(python("-c", "print('port', 4321); input()"), tmp_path / "log") as program:
        assert program.wait_for(r"^port (\d+)$").group(1) == "4321"


def test_early_end_is_noticed(tmp_path: Path) -> None:
    """A program that ends before the line fails the test at once, with what it said."""
    with (
        running(python("-c", "import sys; sys.exit('no display')"), tmp_path / "log") as program,
        pytest.raises(AssertionError, match=r"ended with 1.*\n.*no display"),
    ):
        program.wait_for("ready")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_grandchildren_are_ended_too(tmp_path: Path) -> None:
    """After the block neither the program nor a child of it runs, even when both ignore everything."""
    with running(python("-c", PARENT), tmp_path / "log") as program:
        child = int(program.wait_for(r"child (\d+)").group(1))
        assert child in program.left_behind()
    wait_until(lambda: not group_members(program.pid), "the group is empty")


def test_exit_code(tmp_path: Path) -> None:
    """The exit code of a program that ends by itself is returned."""
    with running(python("-c", "raise SystemExit(3)"), tmp_path / "log") as program:
        assert program.wait() == 3


async def test_deadlines_name_what_was_missing() -> None:
    """A condition that never holds fails with what was waited for, in both forms."""
    with pytest.raises(AssertionError, match=r"not within 0\.05 s: the moon"):
        wait_until(lambda: False, "the moon", timeout=0.05)
    with pytest.raises(AssertionError, match=r"not within 0\.05 s: the moon"):
        await wait_until_async(lambda: False, "the moon", timeout=0.05)
