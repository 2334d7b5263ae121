"""`workshop start` and `workshop next`: turning to a step."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import Shell
from tests.support.course import ALPHA, NOON, OMEGA, READY, keep, kept
from tests.support.processes import ROOT
from workshop import cli
from workshop.course import guide
from workshop.files import near

FILE = os.path.join("starter", "step01_alpha", "a.py")  # noqa: PTH118 (as it is printed here)

PARTS = {"Why it matters": "Because.", "Tasks": "Do it.", "See it work": "See that.", "Readings": "Read on."}
PARTED = "# Step 01: Alpha\n\n> You build an alpha.\n" + "".join(
    f"\n## {title}\n\n{text}\n" for title, text in PARTS.items()
)

pytestmark = pytest.mark.usefixtures("course_root")


def test_starting(shell: Shell) -> None:
    """What the step is, its guide, what to open and what to type; and it is the current one."""
    captured = shell("start", "1")
    lines = [line.rstrip() for line in captured.out.splitlines()]
    assert lines[:2] == ["Step 01: Alpha", "20 minutes. It teaches the first letter."]
    assert "Type py -m workshop run 1." in lines
    assert lines[-3:] == [f"Open  {FILE}", "Next  py -m workshop run 1", "Then  py -m workshop check 1"]
    assert captured.err == ""
    assert (kept().read().current, kept().read().of(ALPHA).state) == (ALPHA, "begun")


def test_page_by_page(
    course_root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a terminal the background goes to the pager first; the tasks are printed after it, and stay."""
    (course_root / "workshop" / "guides" / f"{ALPHA.id}.md").write_text(PARTED, encoding="utf-8")
    told: list[str] = []

    def pager(text: str) -> None:
        assert capsys.readouterr().out == "", "the tasks come behind it"
        told.append(text)

    monkeypatch.setattr(guide, "can_page", lambda: True)
    monkeypatch.setattr("click.echo_via_pager", pager)
    assert cli.run(["start", "1"]) == 0
    (paged,) = told
    out = capsys.readouterr().out
    for text, here, elsewhere in ((paged, "Because", "Do it"), (out, "Do it", "Because")):
        assert "Step 01: Alpha" in text and "You build an alpha" in text
        assert here in text and elsewhere not in text
    assert "q leads to your tasks" in paged
    assert out.index("See that") < out.index("Do it") < out.index("Next  py -m workshop run 1")


def test_no_pager_where_nobody_sits(course_root: Path, shell: Shell) -> None:
    """Into a file or a pipe goes the whole guide, in its own order."""
    (course_root / "workshop" / "guides" / f"{ALPHA.id}.md").write_text(PARTED, encoding="utf-8")
    out = shell("start", "1").out
    assert out.index("Because") < out.index("Do it") < out.index("See that") < out.index("Read on")


def test_a_pager_without_a_guide(monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """Where the guide has gone there is nothing to page, and the rest is printed."""
    monkeypatch.setattr(guide, "can_page", lambda: True)
    assert "Its guide is missing" in shell("start", "2").err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
def test_at_a_real_terminal(tmp_path: Path) -> None:
    """The pager that PAGER names gets the background, and q returns to the tasks; TERM=dumb has no pager."""
    pager = tmp_path / "pager.py"
    pager.write_text("import sys\nprint('PAGED', sys.stdin.readline())\nsys.stdin.read()\nprint('QUIT')\n")
    out = at_terminal(tmp_path, "start", "6", PAGER=f"{sys.executable} {pager}", TERM="xterm")
    assert out.index("PAGED") < out.index("QUIT") < out.index("TODO 06.1") and "Why it matters" not in out
    out = at_terminal(tmp_path, "start", "6", PAGER=f"{sys.executable} {pager}", TERM="dumb")
    assert "PAGED" not in out
    assert out.index("Why it matters") < out.index("TODO 06.1") < out.index("Key points")


def at_terminal(tmp_path: Path, *words: str, **environment: str) -> str:
    """What a command of ours prints at a pseudo terminal."""
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "workshop", *words]
    env = {**os.environ, "WORKSHOP_PROGRESS": str(tmp_path / "progress.json"), **environment}
    printed = b""
    with subprocess.Popen(command, cwd=ROOT, env=env, stdin=theirs, stdout=theirs, stderr=theirs):
        os.close(theirs)
        with contextlib.suppress(OSError):  # Linux' way to say that it is closed
            while part := os.read(ours, 65536):
                printed += part
    os.close(ours)
    return printed.decode()


def test_the_current_one(shell: Shell) -> None:
    """Without a number it is the current step; its guide once more does not set its time back."""
    keep(READY, at=ALPHA)
    assert shell("start").out.startswith("Step 01: Alpha\n")
    assert kept().read().of(ALPHA).started_at == NOON


def test_several_files_from_another_folder(
    course_root: Path, monkeypatch: pytest.MonkeyPatch, shell: Shell
) -> None:
    """All files are named, by paths that work where somebody is; a guide that has gone is told."""
    monkeypatch.chdir(course_root / "starter" / "step02_omega")
    out, err = shell("start", "omega")
    assert "Open  o.py\n      p.py\nNext  py -m workshop run 2\n" in out and "Its guide is missing" in err


def test_a_step_without_files(shell: Shell) -> None:
    """Where there is nothing to edit, the check is next."""
    assert shell("start", "0").out.endswith("Next  py -m workshop check 0\n")


def test_another_drive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On another of Windows' drives there is no relative path, so the whole one is printed."""

    def no_way(_: object) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(os.path, "relpath", no_way)
    assert near(tmp_path) == str(tmp_path)


@pytest.mark.parametrize("command", ["start", "check", "watch", "hint", "diff"])
def test_a_mistyped_step(command: str, shell: Shell) -> None:
    """Every command that takes a step says which one may be meant, and changes nothing."""
    assert "There is no step 'alhpa'. Did you mean 1 (step01_alpha)?" in shell(command, "alhpa", code=2).err
    assert "They go from 0 to 2." in shell(command, "77", code=2).err
    assert not kept().path.exists()


def test_next(shell: Shell) -> None:
    """After a step that is passed comes the following one, with its guide."""
    keep(READY)
    assert shell("next").out.startswith("Step 01: Alpha\n")
    assert kept().read().current == ALPHA


def test_not_yet(shell: Shell) -> None:
    """A step that is not passed keeps us, with 1 and two commands: to check it, and to go on all the same."""
    keep(READY, at=ALPHA)
    out = shell("next", code=1).out
    assert "not yet  You have not passed step 01: Alpha." in out and "py -m workshop check 1\n" in out
    assert "py -m workshop next --anyway\n" in out
    assert kept().read().current == ALPHA


def test_anyway(shell: Shell) -> None:
    """--anyway goes on, and the step that is left stays not passed."""
    keep(READY, at=ALPHA)
    shell("next", "--anyway")
    assert (kept().read().current, kept().read().of(ALPHA).state) == (OMEGA, "begun")


def test_after_the_last(shell: Shell) -> None:
    """Behind the last step is a game of one's own, or a step that was left out."""
    keep(READY, OMEGA)
    assert "  py -m workshop start 1\n" in shell("next").out
    keep(ALPHA, at=OMEGA)
    out = shell("next").out
    assert "All steps are passed" in out and "  py -m workshop new my_game\n" in out


def test_not_even_anyway(shell: Shell) -> None:
    """There is nothing to go on to behind a last step that is not passed."""
    keep(at=OMEGA)
    assert "There is no step after step 02: Omega." in shell("next", "--anyway", code=1).out
    assert kept().read().current == OMEGA
