"""What a process has started ends with it, also what has left its group."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import is_alive, python, wait_until
from workshop.processes.process_group import MARK, kill_group, kill_marked, new_mark, own_group
from workshop.processes.windows_job import Limits

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes by a job")
LEAVES = """
import os, subprocess, sys
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
left = subprocess.Popen(sleep, start_new_session=True)
if (middle := os.fork()) == 0:  # a daemon: its parent is gone, and so is its session
    os.setsid()
    daemon = subprocess.Popen(sleep)
    print(left.pid, daemon.pid, flush=True)
    os._exit(0)
os.waitpid(middle, 0)
print("started", flush=True)
"""


@pytest.fixture
def mark() -> Iterator[str]:
    """Give a mark; what has it is gone behind the test."""
    mark = new_mark()
    yield mark
    kill_marked(mark)


@posix
@pytest.mark.parametrize("ending", ["goes on", "has ended"])
def test_what_has_left_the_group(mark: str, ending: str) -> None:
    """A process with a session of its own, and a daemon, end with the program that has started them."""
    source = LEAVES + ("import time; time.sleep(600)" if ending == "goes on" else "")
    process = subprocess.Popen(
        python("-c", source), env=os.environ | {MARK: mark}, stdout=subprocess.PIPE, text=True, **own_group()
    )
    assert process.stdout is not None
    pids = [int(word) for word in process.stdout.readline().split()]
    assert process.stdout.readline() == "started\n"
    if ending == "has ended":
        process.wait(10)
    assert all(map(is_alive, pids))
    kill_group(process.pid, ended=ending == "has ended", mark=mark)
    process.wait(10)
    process.stdout.close()
    wait_until(lambda: not any(map(is_alive, pids)), "all of them have ended")


@posix
def test_others_live_on(mark: str) -> None:
    """A process with another mark, or with none, is left alone."""
    marked = os.environ | {MARK: mark}
    with subprocess.Popen(python("-c", "input()"), stdin=subprocess.PIPE, env=marked) as other:
        kill_marked(new_mark())
        kill_marked("")
        assert other.poll() is None
        kill_marked(mark)
        assert other.wait(10) < 0


@posix
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="ps is the only way, and tried above")
def test_by_ps(mark: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no /proc, what `ps` tells is read: a number, and words, the environment among them."""
    fake = tmp_path / "ps"
    with subprocess.Popen(python("-c", "input()"), stdin=subprocess.PIPE) as other:
        fake.write_text(f"#!/bin/sh\necho ' {other.pid} python -c x {MARK}={mark} HOME=/root'\n")
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setattr("workshop.processes.process_group.PROC", tmp_path)
        kill_marked(mark)
        assert other.wait(10) < 0


def test_windows_knows_what_we_hand_it() -> None:
    """The structure for a job's limits has the size that Windows expects of it."""
    assert ctypes.sizeof(Limits) == (144 if ctypes.sizeof(ctypes.c_void_p) == 8 else 112)
