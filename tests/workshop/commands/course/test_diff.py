"""`diff`: one's own files against the solution, which is not given away unasked."""

import sys
from pathlib import Path

import pytest

from tests.support import course
from tests.support.commands import Shell
from tests.support.typing_in import nobody, types
from workshop.course import lessons, stage_files

SECRET = "answer = 42"


@pytest.fixture
def root(course_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the small workshop with two solutions, and nobody at the terminal."""
    solved = course.STARTER.replace("# TODO 01.1: the first\nx = 1", SECRET).encode()
    stage_files.write(course_root / "solutions" / "step01_alpha", {"a.py": solved})
    omega = {"a.py": solved, "o.py": b"import solutions.step02_omega\n"}
    stage_files.write(course_root / "solutions" / "step02_omega", omega)
    nobody(monkeypatch)
    return course_root


def diff(shell: Shell, *words: str) -> str:
    """What is printed of step 1, unasked."""
    return shell("diff", "1", "--yes", *words).out


def test_the_solution_is_not_given_away(root: Path, shell: Shell) -> None:
    """Without a terminal nothing is shown, and the message has the command that does not ask."""
    out, err = shell("diff", "1", code=2)
    assert SECRET not in out + err
    assert "py -m workshop diff 1 --yes" in err


@pytest.mark.parametrize(("answer", "shown"), [("\n", False), ("n\n", False), ("y\n", True)])
def test_it_asks(root: Path, answer: str, shown: bool, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """An attendee who has not passed is asked, and no is the default."""
    types(monkeypatch, answer)
    out, err = shell("diff", "1")
    assert "Show the solution's lines? [y/N]" in err
    assert (SECRET in out) == shown


def test_once_passed_no_question(root: Path, shell: Shell) -> None:
    """An attendee who has passed sees it at once."""
    course.keep(course.ALPHA)
    assert SECRET in shell("diff", "1").out


def test_what_is_shown(root: Path, shell: Shell) -> None:
    """The lines that differ, with marks and numbers; no TODO, and nothing that is far from them."""
    out = diff(shell)
    assert "a.py  (- yours, + the solution)" in out and "-    2  x = 1\n+    1  answer = 42\n" in out
    assert "the first" not in out and "z = 3" not in out


def test_all(root: Path, shell: Shell) -> None:
    """With --all the whole file is shown, TODOs too."""
    out = diff(shell, "--all")
    assert "-    1  # TODO 01.1: the first" in out and "z = 3" in out


def test_no_difference(root: Path, shell: Shell) -> None:
    """With the same lines, the command says so and does not ask; other files do not matter."""
    mine = course.STARTER.replace("x = 1", SECRET)
    (root / "starter" / "step01_alpha" / "a.py").write_text(mine)
    (root / "starter" / "step01_alpha" / "mine.py").write_text("x")
    assert "do not differ in what matters" in shell("diff", "1").out


def test_a_file_that_somebody_deleted(root: Path, shell: Shell) -> None:
    """A file that is only in the solution is shown as that."""
    (root / "starter" / "step01_alpha" / "a.py").unlink()
    assert "a.py  (only in the solution)" in diff(shell)


def test_from_another_step(root: Path, shell: Shell) -> None:
    """--from shows what changed between two solutions: new files are marked, equal ones left out."""
    assert "py -m workshop diff 2 --from 1 --yes" in shell("diff", "2", "--from", "1", code=2).err
    out = shell("diff", "2", "--from", "1", "--yes").out
    assert "o.py  (only in solution 02)" in out and "a.py" not in out


def test_files_that_are_no_text(root: Path, shell: Shell) -> None:
    """Bytes that are no UTF-8, and brackets that look like markup, are shown and harm nothing."""
    (root / "starter" / "step01_alpha" / "a.py").write_bytes(b"\xff\xfe[bold]x[/]\x00\n")
    assert "[bold]x[/]?" in diff(shell)


@pytest.mark.parametrize(
    ("columns", "flags", "beside"), [(140, [], True), (139, [], False), (140, ["--unified"], False)]
)
def test_beside_each_other_where_there_is_room(
    root: Path, columns: int, flags: list[str], beside: bool, monkeypatch: pytest.MonkeyPatch, shell: Shell
) -> None:
    """In a terminal of 140 columns both sides stand beside each other, unless somebody wants it otherwise."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    (row,) = (row for row in diff(shell, *flags).splitlines() if SECRET in row)
    assert ("x = 1" in row) == beside
    assert "\x1b[3" not in row, "no colour with NO_COLOR"


def test_a_new_beginning_is_told(root: Path, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """What is shown against an earlier step says when the later one is told anew."""
    monkeypatch.setitem(lessons.BEGINNINGS, "02", "the end")
    assert "Step 02 is a new beginning (the end)" in shell("diff", "2", "--from", "1", "--yes").out
    assert "new beginning" not in diff(shell)
