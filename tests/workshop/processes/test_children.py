"""Programs that run beside ours: waiting for what they say, and ending them whatever they do."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import click
import pytest

from tests.support.processes import group_members, is_alive, python, wait_until
from tests.support.processes import running as running_program
from workshop.processes import children
from workshop.processes.children import LINES_KEPT, Child, running

STUBBORN = """
import os, signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", os.getpid(), flush=True)
while True:
    time.sleep(60)
"""
FRIENDLY = """
import os, pathlib, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job starts without
try:
    print("ready", os.getpid())
    time.sleep(60)
except KeyboardInterrupt:
    pathlib.Path(sys.argv[1]).write_text("goodbye")
"""
Start = Callable[..., Child]
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Give a function that runs some source as a child; all of them end with the test."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with ExitStack() as stack:

        def start(source: str, *arguments: str) -> Child:
            (tmp_path / "program.py").write_text(source, encoding="utf-8")
            return stack.enter_context(running("program", *arguments))

        yield start


def test_a_line_is_waited_for(start: Start) -> None:
    """A line that fits is found, in order, and the rest is still there for the next wait."""
    source = "import sys; print('one'); print('open on port', 7); print(); print(sys.argv[1])"
    child = start(source, "two words")
    assert child.wait_for(r"port (\d+)")[1] == "7"
    assert child.wait_for(r"two (\w+)")[1] == "words"


def test_an_early_end_is_told_with_the_last_lines(start: Start) -> None:
    """A program that ends without saying it is told at once, with its last lines, standard error too."""
    talk = "for number in range(50): print('line', number)"
    child = start(f"import sys\n{talk}\nprint()\nsys.exit('the disk is full')")
    for _ in range(2):  # asking again gets the same answer, and at once
        with pytest.raises(click.ClickException) as told:
            child.wait_for("never said")
        first, *lines = told.value.message.splitlines()
        assert first == "program did not start. It said:"
        assert lines == [*(f"line {number}" for number in range(40, 50)), "", "the disk is full"]
        assert len(lines) == LINES_KEPT


def test_no_last_words(start: Start) -> None:
    """A program that ends without a word is told as that."""
    with pytest.raises(click.ClickException, match=r"did not start\. It said:\n\(it said nothing\)"):
        start("").wait_for("ready")


def test_no_such_module(start: Start) -> None:
    """A module that is not there says so itself."""
    with running("no_such_module") as child, pytest.raises(click.ClickException, match="no_such_module"):
        child.wait_for("ready")


@pytest.mark.parametrize("talk", ["pass", "print('not yet', flush=True)"])
def test_patience_ends(start: Start, monkeypatch: pytest.MonkeyPatch, talk: str) -> None:
    """A program that goes on without saying it is given up after a time, however much else it says."""
    monkeypatch.setattr(children, "START_SECONDS", 0.5)
    child = start(f"import time\nwhile True:\n    {talk}\n    time.sleep(0.05)")
    with pytest.raises(click.ClickException, match="did not start"):
        child.wait_for("ready")


def test_odd_output(start: Start) -> None:
    """Bytes of any encoding, letters of any alphabet and a line without an end are no trouble."""
    child = start(
        "import sys\n"
        "sys.stdout.buffer.write(b'caf\\xe9 \\xff\\xfe\\x00\\r\\n'); sys.stdout.flush()\n"
        "print('\\u0410\\u0434\\u0430 \\U0001f600 \\udcff')\n"
        "sys.stdout.write('the end')"
    )
    assert child.wait_for("caf")[0] == "caf"
    assert child.wait_for("Ада .*").group() == "Ада 😀 ?"
    child.wait_for("^the end$")


def test_output_that_nobody_waits_for(start: Start) -> None:
    """A child that says more than a pipe holds is not held up."""
    start("for number in range(20_000): print('x' * 100)\nprint('done')").wait_for("done")


@posix
def test_a_friendly_end(start: Start, tmp_path: Path) -> None:
    """At the end the child gets what Ctrl-C is, and may tidy up; a second stop does nothing."""
    child = start(FRIENDLY, str(tmp_path / "farewell"))
    pid = int(child.wait_for(r"ready (\d+)")[1])
    child.stop()
    assert (tmp_path / "farewell").read_text() == "goodbye"
    assert not is_alive(pid)
    taken = os.open(tmp_path / "farewell", os.O_RDONLY)  # gets a number that has become free
    child.stop()
    os.close(taken)


@posix
def test_a_stubborn_child_is_killed(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that wants to stay is killed after a short time."""
    monkeypatch.setattr(children, "END_SECONDS", 0.2)
    child = start(STUBBORN)
    pid = int(child.wait_for(r"ready (\d+)")[1])
    child.stop()
    assert not is_alive(pid)


def test_an_error_ends_the_child(start: Start) -> None:
    """When the block that needs the child fails, the child ends all the same."""
    with pytest.raises(ZeroDivisionError), running("http.server", "0", "--bind", "127.0.0.1") as child:
        child.wait_for("Serving HTTP")
        raise ZeroDivisionError
    with pytest.raises(click.ClickException):
        child.wait_for("still here")


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_killed_parent_leaves_nothing(tmp_path: Path) -> None:
    """A parent that is killed cannot end its children: they notice, even a stubborn one."""
    (tmp_path / "program.py").write_text(STUBBORN, encoding="utf-8")
    source = (
        "import time; from workshop.processes.children import Child; child = Child('program');"
        "print(child.wait_for('ready.*').group(), flush=True); time.sleep(60)"
    )
    environ = {"PYTHONPATH": str(tmp_path)}
    with running_program(python("-c", source), tmp_path / "log", environ=environ) as parent:
        pid = int(parent.wait_for(r"ready (\d+)")[1])
        assert pid in group_members(parent.pid)
        parent.process.kill()
        parent.process.wait()
        wait_until(lambda: pid not in group_members(parent.pid), "the child ends", timeout=8)


def test_what_a_child_is_told(start: Start) -> None:
    """A child runs as a program of its own: its arguments, its name, and no lifeline for its own children."""
    source = "import os, sys; print(__name__, sys.argv[1:], 'WORKSHOP_LIFELINE' in os.environ)"
    child = start(source, "-x", "a b")
    assert re.fullmatch(r"__main__ \['-x', 'a b'\] False", child.wait_for("__main__.*").group())
