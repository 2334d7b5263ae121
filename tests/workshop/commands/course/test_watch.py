"""`workshop watch`: a check at each save, until the step is passed or somebody has enough."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support import course
from tests.support.commands import Shell
from tests.support.course import ALPHA, kept
from tests.support.processes import ROOT, python, running
from workshop import cli
from workshop.commands.course import watch
from workshop.commands.course.watch import POLL_SECONDS, changed, stamps

A = Path("a.py")


@pytest.mark.parametrize(
    ("later", "polls"), [((2, 2), 2), ((1, 1, 2, 2), 4), ((2, 3, 4, 4), 4), ((2, 1, 1, 3, 3), 5)]
)
def test_waiting_for_a_save(later: tuple[int, ...], polls: int) -> None:
    """A save is seen when the file stays as it is from one look to the next, and is not as it was before."""
    stamps, slept = iter(later), list[float]()
    assert changed({A: (1, 0)}, lambda: {A: (next(stamps), 0)}, slept.append) == {A: (later[-1], 0)}
    assert slept == [POLL_SECONDS] * polls


def test_what_is_looked_at(tmp_path: Path) -> None:
    """Programs that come, go, grow or are touched make a difference; other files do not."""
    seen = [stamps(tmp_path)]
    (tmp_path / "notes.txt").touch()
    assert stamps(tmp_path) == seen[0]
    program = tmp_path / "a.py"
    grow, touch = (lambda: program.write_text("x")), (lambda: os.utime(program, (1, 1)))
    for change in (program.touch, grow, touch, program.unlink):
        change()
        assert stamps(tmp_path) != seen[-1]
        seen.append(stamps(tmp_path))
    assert seen[-1] == seen[0]
    for text in ("x", "xy"):
        program.write_text(text)
        os.utime(program, (1, 1))
        seen.append(stamps(tmp_path))
    assert seen[-1] != seen[-2], "a clock that is too coarse for two saves"
    assert stamps(tmp_path / "deleted") == {}


@pytest.fixture
def saves(course_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have somebody who saves twice while we sleep, and then presses Ctrl-C."""
    left = iter(range(3, -1, -1))

    def sleep(seconds: float) -> None:
        number = next(left, None)
        if number is None:
            raise KeyboardInterrupt
        if number % 2:
            (course_root / "starter" / ALPHA.id / "a.py").write_text(f"x = {'1' * number}\n")

    monkeypatch.setattr(watch, "sleep", sleep)


def test_until_it_is_passed(saves: None, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """It checks at once and after each save; when the step is passed it says `next`, and ends with 0."""
    checked = course.pretend_check(monkeypatch, False, False, True)
    out = shell("watch", "1").out
    assert checked == [ALPHA.id] * 3
    assert (out.count("Checking step 01: Alpha ..."), out.count("Ctrl-C ends this.")) == (3, 2)
    assert out.endswith("Next  py -m workshop next\n")
    assert "\x1b" not in out, "nothing is cleared where there is no terminal"
    assert kept().read().of(ALPHA).checks == 3


def test_ctrl_c(saves: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is the normal end, and what was checked is remembered."""
    checked = course.pretend_check(monkeypatch, False)
    assert cli.run(["watch", "1"]) == 0
    assert len(checked) == kept().read().of(ALPHA).checks == 3


def test_what_cannot_be_checked_now(saves: None, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """A problem that somebody can mend is told, and we go on watching."""
    tried = course.break_check(monkeypatch, "a.py has gone")
    assert shell("watch", "1").err.count("a.py has gone") == len(tried) == 3


def test_a_terminal_is_cleared(saves: None, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """In a terminal each check has the screen to itself; the first leaves what stood there before."""
    course.pretend_check(monkeypatch, False, True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    out = shell("watch", "1").out
    assert out.count("\x1b[2J") == 1
    assert out.index("Checking") < out.index("\x1b[2J")


@pytest.mark.skipif(sys.platform == "win32", reason="the test sends SIGINT to a group")
def test_a_real_one(tmp_path: Path) -> None:
    """A watched syntax error is named, a save is seen, and Ctrl-C ends it with 0 and nothing left behind."""
    folder = tmp_path / "checkout"
    source = (
        "import sys; from pathlib import Path; from workshop import steps, cli\n"
        f"steps.ROOT = Path({str(folder)!r})\n"
        "sys.exit(cli.run(['watch', '2']))\n"
    )
    program = folder / "starter" / "step02_echo"
    program.mkdir(parents=True)
    (folder / "pyproject.toml").touch()
    for file in ("__init__.py", "server.py", "client.py"):
        (program / file).write_text((ROOT / "starter" / "step02_echo" / file).read_text("utf-8"), "utf-8")
    good = (program / "server.py").read_text("utf-8")
    (program / "server.py").write_text("def broken(:\n", "utf-8")
    with running(python("-c", source), tmp_path / "log") as watching:
        watching.wait_for("Ctrl-C ends this")
        assert "server.py:1" in watching.text()
        (program / "server.py").write_text(good, "utf-8")
        watching.wait_for(r"(?s)Ctrl-C ends this.*Checking.*Ctrl-C ends this", timeout=60)
        os.killpg(watching.pid, signal.SIGINT)
        assert watching.wait() == 0
        assert watching.left_behind() == []
    assert "Traceback" not in watching.text()
