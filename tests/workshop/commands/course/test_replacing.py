"""`solution` and `reset`: asked before, kept, told; and nothing that somebody made is lost."""

import shutil
from pathlib import Path

import pytest

from tests.support import course
from tests.support.commands import Shell
from tests.support.typing_in import nobody, types
from workshop import cli
from workshop.course import stage_files
from workshop.course.pristine import keep_pristine

SOLUTION = {"__init__.py": b"", "a.py": b"import solutions.step01_alpha.b\n", "b.py": b"b = 1\n"}
MINE = {"a.py": b"mine = 1\n", "notes.txt": b"remember\n"}


@pytest.fixture
def root(course_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the small workshop with the starter kept and then worked on."""
    monkeypatch.setenv("WORKSHOP_PROGRESS", str(course_root / ".workshop" / "progress.json"))
    monkeypatch.setenv("COLUMNS", "200")
    stage_files.write(course_root / "solutions" / "step01_alpha", SOLUTION)
    assert keep_pristine(course_root, course_root / ".workshop")
    stage_files.write(course_root / "starter" / "step01_alpha", MINE)
    return course_root


def starter(root: Path) -> stage_files.Contents:
    """What is in the starter of step 1 now."""
    return stage_files.read(root / "starter" / "step01_alpha")


def backups(root: Path) -> list[stage_files.Contents]:
    """What is in each backup of step 1."""
    return [stage_files.read(folder) for folder in sorted(root.glob(".workshop/backups/step01_alpha/*"))]


@pytest.mark.parametrize("answer", ["\n", "n\n"])
@pytest.mark.parametrize("command", ["solution", "reset"])
def test_no_is_no(root: Path, command: str, answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No, or only Enter, keeps everything as it is."""
    types(monkeypatch, answer)
    assert cli.run([command, "1"]) == 0
    assert (starter(root), backups(root)) == (MINE, [])


@pytest.mark.parametrize("command", ["solution", "reset"])
def test_nobody_to_ask(root: Path, command: str, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """Without a terminal nothing happens, and the message has the whole command that does not ask."""
    nobody(monkeypatch)
    assert f"py -m workshop {command} 1 --yes" in shell(command, "alpha", code=2).err
    assert starter(root) == MINE


def test_the_solution(root: Path, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """After a yes the files are the solution's, renamed; own ones stay, and the backup is named."""
    types(monkeypatch, "y\n")
    out = shell("solution", "1").out
    assert starter(root) == MINE | SOLUTION | {"a.py": b"import starter.step01_alpha.b\n"}
    assert backups(root) == [MINE]
    (folder,) = root.glob(".workshop/backups/step01_alpha/*")
    assert str(folder.relative_to(root)) in out and "py -m workshop reset 1" in out


def test_once_passed_no_question(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An attendee who has passed is no longer asked, and still has a backup."""
    course.keep(course.ALPHA)
    nobody(monkeypatch)
    assert cli.run(["solution", "1"]) == 0
    assert starter(root)["b.py"] == b"b = 1\n"
    assert backups(root) == [MINE]


def test_a_second_time_changes_nothing(root: Path, shell: Shell) -> None:
    """Where the solution is already, there is no question and no backup."""
    cli.run(["solution", "1", "--yes"])
    assert "the solution's already" in shell("solution", "1", "--yes").out
    assert len(backups(root)) == 1


def test_reset(root: Path, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """After a yes the starter is as it came; own files beside it stay, and the backup has all."""
    types(monkeypatch, "y\n")
    assert "a.py in" in shell("reset", "1").out
    assert starter(root) == MINE | {"a.py": course.STARTER.encode()}
    assert backups(root) == [MINE]


def test_back_and_forth(root: Path) -> None:
    """Solution, reset, solution: each has a backup of its own, within one second too."""
    for command in ("solution", "reset", "solution"):
        assert cli.run([command, "1", "--yes"]) == 0
    assert len(backups(root)) == 3


@pytest.mark.parametrize("gone", ["starter/step01_alpha/a.py", "starter/step01_alpha", "starter"])
def test_what_was_deleted_comes_back(root: Path, gone: str) -> None:
    """A deleted file, stage or whole starter is brought back."""
    path = root / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert cli.run(["reset", "1", "--yes"]) == 0
    assert starter(root)["a.py"] == course.STARTER.encode()


def test_nothing_to_reset(root: Path, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """An untouched step needs no question and no backup."""
    nobody(monkeypatch)
    assert "as they came" in shell("reset", "2").out
    assert not list(root.glob(".workshop/backups/*"))


def test_what_cannot_be_written(root: Path, shell: Shell) -> None:
    """Where no backup can be made, one clear message says that nothing was changed."""
    (root / ".workshop" / "backups").write_text("a file where the folder should be")
    assert "Nothing was changed" in shell("reset", "1", "--yes", code=2).err
    assert starter(root) == MINE


def test_nobody_knows_the_starter(root: Path, shell: Shell) -> None:
    """Without git and without the copy, one clear message."""
    shutil.rmtree(root / ".workshop")
    assert "Get the project once more" in shell("reset", "1", "--yes", code=2).err
    assert starter(root) == MINE


def test_an_installed_copy(root: Path, shell: Shell) -> None:
    """Where there is no checkout, both say so."""
    (root / "pyproject.toml").unlink()
    assert "only a checkout" in shell("solution", "1", "--yes", code=2).err
