"""`workshop hint`: one level after the other, for the TODO where the check failed, or the first open one."""

from pathlib import Path

import pytest

from tests.support import course
from tests.support.commands import Shell
from tests.support.course import ALPHA, STARTER, kept


def hint(shell: Shell, *words: str) -> list[str]:
    """The lines of the next hint."""
    return [line.rstrip() for line in shell("hint", *words).out.splitlines()]


def test_one_after_the_other(course_root: Path, shell: Shell) -> None:
    """Each call says more, and how many are left; after the last one all are shown once more."""
    assert hint(shell, "1") == [
        "TODO 01.1, hint 1 of 3",
        "  where to look for 1",
        "",
        "2 hints are left:",
        "  py -m workshop hint 1",
    ]
    assert hint(shell, "1")[1:] == ["  think of 1", "", "1 hint is left:", "  py -m workshop hint 1"]
    assert hint(shell, "1") == [
        "TODO 01.1, hint 3 of 3",
        "  type 1",
        "",
        "That was the last. The whole answer:",
        "  py -m workshop solution 1",
    ]
    again = hint(shell, "1")
    assert again[1::2][:3] == ["  where to look for 1", "  think of 1", "  type 1"]
    assert kept().read().of(ALPHA).hints == {"01.1": 3}


def fail(monkeypatch: pytest.MonkeyPatch, shell: Shell, todo: str = "") -> None:
    """A check of step 1 fails, and locates this TODO."""
    course.pretend_check(monkeypatch, False, todo=todo)
    shell("check", "1", "--json", code=1)


def leave(root: Path, text: str) -> None:
    """Have this in the file of step 1, in place of the starter."""
    (root / "starter" / ALPHA.id / "a.py").write_text(text, encoding="utf-8")


def test_the_next_todo(course_root: Path, shell: Shell) -> None:
    """When a TODO's mark is gone from the file, hints are for the next one, from the first on."""
    hint(shell, "1")
    leave(course_root, "# TODO 01.2: the second\n")
    assert hint(shell, "1")[0] == "TODO 01.2, hint 1 of 3"


@pytest.mark.parametrize("text", [STARTER, "x = 1  # no TODO is left\n"])
def test_where_the_check_failed(
    text: str, course_root: Path, monkeypatch: pytest.MonkeyPatch, shell: Shell
) -> None:
    """Hints are for the TODO that the last check located, whether or not its comment still stands."""
    leave(course_root, text)
    fail(monkeypatch, shell, todo="01.2")
    lines = hint(shell, "1")
    assert lines[:2] == ["Your last check failed at TODO 01.2.", "TODO 01.2, hint 1 of 3"]
    assert hint(shell, "1")[1] == "TODO 01.2, hint 2 of 3"
    fail(monkeypatch, shell, todo="01.1")
    assert hint(shell, "1")[1] == "TODO 01.1, hint 1 of 3"


def test_a_check_that_located_nothing(
    course_root: Path, monkeypatch: pytest.MonkeyPatch, shell: Shell
) -> None:
    """Hints are for the first open TODO then, also when the TODO is one that the step no longer has."""
    fail(monkeypatch, shell, todo="01.2")
    for todo in ("", "01.77"):
        fail(monkeypatch, shell, todo=todo)
        assert any(line.startswith("TODO 01.1, hint") for line in hint(shell, "1"))


def test_the_place_is_looked_for(course_root: Path, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """When the last check located nothing, its TODO is looked for at once; that counts as no check."""
    fail(monkeypatch, shell)
    checked = course.pretend_check(monkeypatch, False, place="01.2")
    assert hint(shell, "1")[:4] == [
        "Your last check failed, and did not say at which TODO.",
        "Looking where …",
        "Your last check failed at TODO 01.2.",
        "TODO 01.2, hint 1 of 3",
    ]
    assert hint(shell, "1")[1] == "TODO 01.2, hint 2 of 3"
    assert checked == [ALPHA.id], "it is looked for once"
    assert kept().read().of(ALPHA).checks == 1


def test_nothing_is_open_and_nothing_located(
    course_root: Path, monkeypatch: pytest.MonkeyPatch, shell: Shell
) -> None:
    """Without a TODO to begin at, what failed is told, and how to go on; no TODO is guessed."""
    leave(course_root, "x = 1\n")
    assert hint(shell, "1") == [
        "No TODO of step 01 is left in your files. Check them:",
        "  py -m workshop check 1",
        "A hint for a TODO of your choice, 01.1 to 01.10:",
        "  py -m workshop hint 1 --todo 01.1",
    ]
    fail(monkeypatch, shell)
    lines = hint(shell, "1")
    assert 'Your last check failed at "it works".' in " ".join(lines)
    assert "  py -m workshop check 1" in lines
    assert kept().read().of(ALPHA).hints == {}


def test_a_chosen_todo(course_root: Path, shell: Shell) -> None:
    """--todo picks another; a number that there is not is told."""
    assert hint(shell, "1", "--todo", "2")[0] == "TODO 01.2, hint 1 of 3"
    lines = hint(shell, "1", "--todo", "01.2")
    assert lines[0] == "TODO 01.2, hint 2 of 3"
    assert lines[-1] == "  py -m workshop hint 1 --todo 01.2", "the next hint is for the same TODO"
    assert "has no TODO '7'. It has 01.1, 01.2, 01.10." in shell("hint", "1", "--todo", "7", code=2).err


def test_a_step_without_hints(course_root: Path, shell: Shell) -> None:
    """The check helps there; without a number the current step is meant."""
    lines = hint(shell)
    assert "Step 00 has no hints" in lines[0]
    assert lines[1] == "  py -m workshop check 0"
