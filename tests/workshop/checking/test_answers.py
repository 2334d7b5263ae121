"""Answers: solutions with something else instead of some lines, or of whole files."""

from pathlib import Path

import pytest

from workshop import steps
from workshop.checking import answers

STEP = steps.find("2")


def toml(folder: Path, old: str, new: str) -> Path:
    """An answer that changes the server."""
    path = folder / "tried.toml"
    path.write_text(f'[[change]]\nfile = "server.py"\nold = "{old}"\nnew = "{new}"\n', encoding="utf-8")
    return path


def test_a_change(tmp_path: Path) -> None:
    """What is named is replaced, the rest is the solution, and the solution itself stays."""
    before = (STEP.solution / "server.py").read_text("utf-8")
    folder = answers.build(toml(tmp_path, "count = 0", "count = 5"), STEP, tmp_path / "root")
    assert (folder / "server.py").read_text("utf-8") == before.replace("count = 0", "count = 5")
    assert (folder / "client.py").read_text("utf-8") == (STEP.solution / "client.py").read_text("utf-8")
    assert (STEP.solution / "server.py").read_text("utf-8") == before


@pytest.mark.parametrize("old", ["no such text", "count"])
def test_a_change_that_does_not_fit(tmp_path: Path, old: str) -> None:
    """What is replaced must be there exactly once, or the answer no longer means what it says."""
    with pytest.raises(answers.BadAnswer, match=rf"server\.py has '{old}'"):
        answers.build(toml(tmp_path, old, "x"), STEP, tmp_path / "root")


def test_a_whole_file(tmp_path: Path) -> None:
    """Where nothing is named that is replaced, the whole file is."""
    own = tmp_path / "own_server.toml"
    own.write_text('how = "otherwise"\n[[change]]\nfile = "server.py"\nnew = "print(1)"\n', encoding="utf-8")
    folder = answers.build(own, STEP, tmp_path / "root")
    assert (folder / "server.py").read_text("utf-8") == "print(1)"
    assert (folder / "client.py").exists()
    assert answers.read(own).how == "otherwise"


def test_found(tmp_path: Path) -> None:
    """Both kinds are found, and nothing else that lies there."""
    folder = tmp_path / STEP.id / "wrong"
    folder.mkdir(parents=True)
    for name in ("b.toml", "a.toml", "notes.txt"):
        (folder / name).touch()
    assert [path.name for path in answers.paths("wrong", STEP, tmp_path)] == ["a.toml", "b.toml"]
    assert list(answers.paths("right", STEP, tmp_path)) == []
