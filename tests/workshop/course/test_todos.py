"""Which TODOs a step has, and which are still in somebody's files."""

from pathlib import Path

import pytest

from tests.support.course import ALPHA, STARTER
from workshop.course.todos import NoTodo, find_todo, open_todos, todos


def files(folder: Path, **texts: str) -> Path:
    """Write programs into the folder."""
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


def test_in_their_order() -> None:
    """The tenth comes after the second."""
    assert todos(ALPHA) == ["01.1", "01.2", "01.10"]


def test_those_that_are_open(tmp_path: Path) -> None:
    """A TODO is open while its mark is in a file; 01.1 is not taken for 01.10."""
    assert open_todos(ALPHA, files(tmp_path, a=STARTER)) == ["01.1", "01.2", "01.10"]
    other = "    x = 1  #TODO  01.2 here\n# TODO 07.1: of another step\n"
    files(tmp_path, a="# TODO 01.10: the last\n", b=other)
    assert open_todos(ALPHA, tmp_path) == ["01.2", "01.10"]
    assert open_todos(ALPHA, tmp_path / "deleted") == open_todos(ALPHA, files(tmp_path, a="", b="")) == []


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A folder named like a program, or bytes that are no text, keep nobody from the rest."""
    (tmp_path / "a.py").mkdir()
    (tmp_path / "b.py").write_bytes(b"\xff\xfe # TODO 01.2: the second")
    assert open_todos(ALPHA, tmp_path) == ["01.2"]


@pytest.mark.parametrize("typed", ["01.2", "1.2", "2", " 01.2 "])
def test_the_one_that_is_meant(typed: str) -> None:
    """A TODO may be named in full or short."""
    assert find_todo(ALPHA, typed) == "01.2"


@pytest.mark.parametrize("typed", ["3", "02.1", "", "0", "x"])
def test_none_is_meant(typed: str) -> None:
    """Another name gets the list of those that there are."""
    with pytest.raises(NoTodo, match=r"has no TODO .* It has 01\.1, 01\.2, 01\.10\."):
        find_todo(ALPHA, typed)
