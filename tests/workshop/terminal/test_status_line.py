"""The line at the bottom of a terminal that rewrites itself, and the keys that are pressed there."""

import os
import re
import sys

import pytest

from tests.support.processes import TIMEOUT, wait_until
from workshop.terminal import printer
from workshop.terminal.keyboard import keyboard
from workshop.terminal.status_line import StatusPrinter, fitting

KEYS = """
import select, sys, termios
from workshop.terminal.keyboard import keyboard
with keyboard() as pressed:
    print("ready", flush=True)
    select.select([0], [], [])
    print("read", repr(pressed()), flush=True)
    while not (keys := pressed()):
        pass
print(f"<{keys} {bool(termios.tcgetattr(0)[3] & termios.ICANON)}>", flush=True)
"""

# A shell, as far as it matters here: it lets a program run in the background, and gives it back the terminal.
SHELL = """
import os, select, signal, subprocess, sys, termios, time
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
signal.alarm(30)
before = termios.tcgetattr(0)
run = [sys.executable, "-c", sys.argv[1]]
job = subprocess.Popen(run, process_group=0, stdout=subprocess.PIPE, text=True)
def give(group):
    os.tcsetpgrp(0, group)
    termios.tcsetattr(0, termios.TCSANOW, before)
def next_look(mode, after):
    while True:
        how, at = job.stdout.readline().split()
        if how == mode and float(at) > after:
            return float(at)
give(job.pid)
next_look("cbreak", 0)
give(os.getpgrp())
print("behind", flush=True)
select.select([0], [], [])
next_look("ours", next_look("ours", time.monotonic()))
sys.stdin.readline()
give(job.pid)
next_look("cbreak", time.monotonic())
print("in front", flush=True)
while "key" not in (line := job.stdout.readline()):
    pass
print(line, flush=True)
"""
JOB = """
import os, signal, termios, time
from workshop.terminal.keyboard import keyboard
signal.signal(signal.SIGTTOU, signal.SIG_DFL)
while os.tcgetpgrp(0) != os.getpgrp():
    time.sleep(0.01)
with keyboard() as pressed:
    while not (keys := pressed()):
        print("ours" if termios.tcgetattr(0)[3] & termios.ICANON else "cbreak", time.monotonic(), flush=True)
        time.sleep(0.02)
print("key", keys, flush=True)
"""


def screen(written: str) -> list[str]:
    """What a terminal shows that knows line ends and carriage returns."""
    rows = []
    for line in written.split("\n"):
        row = ""
        for part in line.split("\r"):
            row = part + row[len(part) :]
        rows.append(row.rstrip())
    return rows


def test_it_rewrites_itself(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Lines stand above it, a shorter status leaves nothing of a longer one, and no status wraps."""
    monkeypatch.setattr(printer, "FAREWELL_SECONDS", TIMEOUT)
    monkeypatch.setenv("COLUMNS", "30")
    terminal = StatusPrinter()
    terminal.say("The room is open.")
    terminal.show("0 players; " + "all is well " * 5)
    terminal.say("Ada asks.")
    terminal.show("1 player")
    assert terminal.finish()
    written = capsys.readouterr().out
    assert screen(written) == ["The room is open.", "Ada asks.", "1 player"]
    assert max(map(len, re.split("[\r\n]", written))) < 30


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        (40, "5 players; class: 30; a: how to join"),
        (36, "5 players; class: 30; a: how to join"),
        (35, "5 players; class: 30"),
        (15, "5 players"),
        (3, "5 p"),
        (0, ""),
    ],
)
def test_a_narrow_terminal(room: int, shown: str) -> None:
    """What does not fit is left out as a whole: half a word tells nothing."""
    assert fitting("5 players; class: 30; a: how to join", room) == shown


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_keys() -> None:
    """A key counts without Enter; the terminal is as it was afterwards."""
    import pty

    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-c", KEYS])
    told = b""
    while b"ready" not in told:
        told += os.read(terminal, 100)
    os.write(terminal, b"\x1b[A")  # an arrow is no A
    while b"read ''" not in told:
        told += os.read(terminal, 100)
    os.write(terminal, b"a")
    while b">" not in told:
        told += os.read(terminal, 100)
    wait_until(lambda: os.waitpid(child, os.WNOHANG)[0] == child, "the program ends")
    os.close(terminal)
    assert b"<a True>" in told


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no background for programs")
def test_in_the_background() -> None:
    """What is typed into the shell meanwhile stops nothing; back in the foreground, a key counts again."""
    import pty

    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-c", SHELL, JOB])
    told = b""
    for word, typed in ((b"behind", b"words for the shell\n"), (b"in front", b"a"), (b"key a", b"")):
        while word not in told:
            told += os.read(terminal, 1000)
        os.write(terminal, typed)
    wait_until(lambda: os.waitpid(child, os.WNOHANG)[0] == child, "the shell ends")
    os.close(terminal)


def test_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody can press a key, that is known."""
    monkeypatch.setattr(sys, "stdin", None)
    with keyboard() as pressed:
        assert pressed is None
