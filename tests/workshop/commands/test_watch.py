"""`workshop watch`: a check at each save, until the step is passed or somebody has enough."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import course
from tests.support.course import ALPHA, kept
from tests.support.processes import ROOT, python, running
from workshop import cli
from workshop.commands import watch
from workshop.commands.watch import POLL_SECONDS, changed, stamps
from workshop.errors import WorkshopError

A = Path("a.py")


def looks(*stamps: int) -> tuple[Callable[[], watch.Stamps], list[float]]:
    """A look at a file that has these stamps one after the other, and the list of what was slept."""
    waiting: Iterator[int] = iter(stamps)
    return (lambda: {A: (next(waiting), 0)}), []


@pytest.mark.parametrize(
    ("later", "polls"),
    [
        ((2, 2), 2),
        ((1, 1, 2, 2), 4),
        ((2, 3, 4, 4), 4),
        ((2, 1, 1, 3, 3), 5),
    ],
)
def test_waiting_for_a_save(later: tuple[int, ...], polls: int) -> None:
    """A save is seen when the file stays as it is from one look to the next, and is not as it was before."""
    look, slept = looks(*later)
    assert changed({A: (1, 0)}, look, slept.append) == {A: (later[-1], 0)}
    assert slept == [POLL_SECONDS] * polls


def test_what_is_looked_at(tmp_path: Path) -> None:
    """Programs that come, go, grow or are touched make a difference; other files do not."""
    seen = [stamps(tmp_path)]
    (tmp_path / "notes.txt").touch()
    assert stamps(tmp_path) == seen[0]
    program = tmp_path / "a.py"
    for write in (
        program.touch,
        lambda: program.write_text("x"),
        lambda: os.utime(program, (1, 1)),
        program.unlink,
    ):
        write()
        assert stamps(tmp_path) != seen[-1]
        seen.append(stamps(tmp_path))
    assert seen[-1] == seen[0]
    for text in ("x", "xy"):
        program.write_text(text)
        os.utime(program, (1, 1))
        seen.append(stamps(tmp_path))
    assert seen[-1] != seen[-2], "a clock that is too coarse for two saves"
    assert stamps(tmp_path / "deleted") == {}


class Saves:
    """In the place of `sleep`: somebody saves while we wait."""

    def __init__(self, file: Path, times: int) -> None:
        self.file, self.left = file, times

    def __call__(self, seconds: float) -> None:
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        if self.left % 2:
            self.file.write_text(f"x = {'1' * self.left}\n")


@pytest.fixture
def saves(course_root: Path, monkeypatch: pytest.MonkeyPatch) -> Saves:
    """Give somebody who saves twice and then presses Ctrl-C."""
    saves = Saves(course_root / "starter" / ALPHA.id / "a.py", 4)
    monkeypatch.setattr(watch, "sleep", saves)
    return saves


def test_until_it_is_passed(
    saves: Saves, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It checks at once and after each save; when the step is passed it says `next`, and ends with 0."""
    checked = course.pretend_check(monkeypatch, False, False, True)
    assert cli.run(["watch", "1"]) == 0
    out = capsys.readouterr().out
    assert checked == [ALPHA.id] * 3
    assert out.count("Checking step 01: Alpha ...") == 3
    assert out.count("Ctrl-C ends this.") == 2
    assert out.endswith("Next  py -m workshop next\n")
    assert "\x1b" not in out, "nothing is cleared where there is no terminal"
    assert kept().read().of(ALPHA).checks == 3


def test_ctrl_c(saves: Saves, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is the normal end, and what was checked is remembered."""
    checked = course.pretend_check(monkeypatch, False)
    assert cli.run(["watch", "1"]) == 0
    assert len(checked) == 3
    assert kept().read().of(ALPHA).checks == 3


def test_what_cannot_be_checked_now(
    saves: Saves, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A problem that somebody can mend is told, and we go on watching."""
    calls: list[int] = []

    def broken(*_: object, **__: object) -> None:
        calls.append(1)
        raise WorkshopError("a.py has gone")

    monkeypatch.setattr("workshop.checking.run.check_step", broken)
    assert cli.run(["watch", "1"]) == 0
    assert len(calls) == 3
    assert capsys.readouterr().err.count("a.py has gone") == 3


def test_a_terminal_is_cleared(
    saves: Saves, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a terminal each check has the screen to itself; the first leaves what stood there before."""
    course.pretend_check(monkeypatch, False, True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert cli.run(["watch", "1"]) == 0
    out = capsys.readouterr().out
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
