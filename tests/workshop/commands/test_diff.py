"""`diff`: one's own files against the solution, which is not given away unasked."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support import course
from tests.support.typing_in import nobody, types
from workshop import cli
from workshop.commands.diff import headline
from workshop.course import stage_files
from workshop.course.differences import differences
from workshop.course.progress_file import ProgressFile

SECRET = "answer = 42"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a small workshop in the place of the real one."""
    monkeypatch.setenv("WORKSHOP_PROGRESS", str(tmp_path / ".workshop" / "progress.json"))
    monkeypatch.setenv("WORKSHOP_TYPED", "py -m workshop")
    course.install(monkeypatch, tmp_path)
    solved = course.STARTER.replace("# TODO 01.1: the first\nx = 1", SECRET).encode()
    stage_files.write(tmp_path / "solutions" / "step01_alpha", {"a.py": solved})
    stage_files.write(
        tmp_path / "solutions" / "step02_omega", {"a.py": solved, "o.py": b"import solutions.step02_omega\n"}
    )
    nobody(monkeypatch)
    return tmp_path


def lines(capsys: pytest.CaptureFixture[str]) -> str:
    """What was printed."""
    return capsys.readouterr().out


def test_the_solution_is_not_given_away(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal nothing is shown, and the message has the command that does not ask."""
    assert cli.run(["diff", "1"]) == 2
    out, err = capsys.readouterr()
    assert SECRET not in out + err
    assert "py -m workshop diff 1 --yes" in err


@pytest.mark.parametrize(("answer", "shown"), [("\n", False), ("n\n", False), ("y\n", True)])
def test_it_asks(
    root: Path, answer: str, shown: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who has not passed is asked, and no is the default."""
    types(monkeypatch, answer)
    assert cli.run(["diff", "1"]) == 0
    out, err = capsys.readouterr()
    assert "Show the solution's lines? [y/N]" in err
    assert (SECRET in out) == shown


def test_once_passed_no_question(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who has passed sees it at once."""
    now = datetime.now(UTC)
    with ProgressFile().changing() as progress:
        progress.checked(course.ALPHA, passed=True, began=now, ended=now)
    assert cli.run(["diff", "1"]) == 0
    assert SECRET in lines(capsys)


def test_what_is_shown(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The lines that differ, with marks and numbers; no TODO, and nothing that is far from them."""
    assert cli.run(["diff", "1", "--yes"]) == 0
    out = lines(capsys)
    assert "a.py  (- yours, + the solution)" in out
    assert "-    2  x = 1\n+    1  answer = 42\n" in out
    assert "the first" not in out
    assert "z = 3" not in out


def test_all(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --all the whole file is shown, TODOs too."""
    cli.run(["diff", "1", "--yes", "--all"])
    out = lines(capsys)
    assert "-    1  # TODO 01.1: the first" in out
    assert "z = 3" in out


def test_no_difference(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who has the same lines is told so, and not asked; other files of theirs do not matter."""
    mine = course.STARTER.replace("x = 1", SECRET)
    (root / "starter" / "step01_alpha" / "a.py").write_text(mine)
    (root / "starter" / "step01_alpha" / "mine.py").write_text("x")
    assert cli.run(["diff", "1"]) == 0
    assert "do not differ in what matters" in lines(capsys)


def test_a_file_that_somebody_deleted(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is only in the solution is shown as that."""
    (root / "starter" / "step01_alpha" / "a.py").unlink()
    assert cli.run(["diff", "1", "--yes"]) == 0
    assert "a.py  (only in the solution)" in lines(capsys)


def test_from_another_step(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--from shows what changed between two solutions: new files are marked, equal ones left out."""
    assert cli.run(["diff", "2", "--from", "1"]) == 2
    assert "py -m workshop diff 2 --from 1 --yes" in capsys.readouterr().err
    assert cli.run(["diff", "2", "--from", "1", "--yes"]) == 0
    out = lines(capsys)
    assert "o.py  (only in solution 02)" in out
    assert "a.py" not in out


def test_files_that_are_no_text(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bytes that are no UTF-8, and brackets that look like markup, are shown and harm nothing."""
    (root / "starter" / "step01_alpha" / "a.py").write_bytes(b"\xff\xfe[bold]x[/]\x00\n")
    assert cli.run(["diff", "1", "--yes"]) == 0
    assert "[bold]x[/]?" in lines(capsys)


@pytest.mark.parametrize(
    ("columns", "flags", "beside"), [(140, [], True), (139, [], False), (140, ["--unified"], False)]
)
def test_beside_each_other_where_there_is_room(
    root: Path,
    columns: int,
    flags: list[str],
    beside: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In a terminal of 140 columns both sides stand beside each other, unless somebody wants it otherwise."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert cli.run(["diff", "1", "--yes", *flags]) == 0
    rows = [row for row in lines(capsys).splitlines() if SECRET in row]
    assert len(rows) == 1
    assert ("x = 1" in rows[0]) == beside
    assert "\x1b[3" not in rows[0], "no colour with NO_COLOR"


def test_a_step_that_is_none(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistyped step gets the nearest one named."""
    assert cli.run(["diff", "alpah"]) == 2
    assert "Did you mean 1 (step01_alpha)?" in capsys.readouterr().err


def test_titles_without_color_name_the_sides() -> None:
    """The headline says what the marks mean."""
    (found,) = differences({"x": "1"}, {"x": "2"})
    assert headline(found, ("yours", "the solution")) == "x  (- yours, + the solution)"
