"""Whether `.venv` is whole is told by looking at files, and every half-made one is noticed."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from workshop.bootstrap.interpreter import has_interpreter, python_of
from workshop.bootstrap.venv import (
    STAMP,
    can_be_updated,
    expected_stamp,
    is_ready,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a checkout whose `.venv` is whole."""
    base = tmp_path / "base-python"
    base.touch()
    root = tmp_path / "checkout"
    site = root / ".venv" / "lib" / "python3.12" / "site-packages"
    for file in (
        python_of(root / ".venv", "linux"),
        site / "pygame_multiplayer_workshop-0.1.0.dist-info" / "RECORD",
    ):
        file.parent.mkdir(parents=True)
        file.touch()
    (root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    (root / ".venv" / "pyvenv.cfg").write_text(f"home = {tmp_path}\nexecutable = {base}\n", encoding="utf-8")
    (root / ".venv" / STAMP).write_text(expected_stamp(root), encoding="utf-8")
    return root


def test_a_whole_one_is_ready(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stamp, interpreter and settings are there: nothing is to do."""
    monkeypatch.setattr(sys, "platform", "linux")
    assert is_ready(root)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no .venv": lambda root: (root / ".venv").rename(root / "gone"),
    "interrupted": lambda root: (root / ".venv" / STAMP).unlink(),
    "project changed": lambda root: (root / "pyproject.toml").write_text("[project]\nname='x'\n"),
    "no interpreter": lambda root: (root / ".venv" / "bin" / "python").unlink(),
    "no settings": lambda root: (root / ".venv" / "pyvenv.cfg").unlink(),
    "system's Python upgraded": lambda root: (root.parent / "base-python").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_each_damage_is_noticed(root: Path, damage: Callable[[Path], object]) -> None:
    """What an interrupted run, an upgrade or an edit leaves is not taken for whole."""
    damage(root)
    assert not is_ready(root)


def test_a_moved_checkout_is_noticed(root: Path) -> None:
    """The editable installation names the old folder, so a renamed checkout is installed anew."""
    moved = root.rename(root.with_name("renamed"))
    assert not is_ready(moved)
    assert can_be_updated(moved / ".venv", "linux")


def test_only_a_complete_one_is_updated(root: Path) -> None:
    """Where installing never came to its end, the environment is made anew."""
    assert can_be_updated(root / ".venv", "linux")
    next(root.rglob("RECORD")).unlink()
    assert not can_be_updated(root / ".venv", "linux")


@pytest.mark.parametrize(
    ("platform", "expected"),
    [("win32", "Scripts/python.exe"), ("darwin", "bin/python"), ("linux", "bin/python")],
)
def test_where_the_interpreter_is(platform: str, expected: str) -> None:
    """Windows has its own names for the folders of an environment."""
    assert python_of(Path("venv"), platform) == Path("venv") / expected


def test_windows_folders(tmp_path: Path) -> None:
    """On Windows the packages are in Lib, not lib/pythonX.Y."""
    site = tmp_path / "Lib" / "site-packages"
    info = site / "pygame_multiplayer_workshop-0.1.0.dist-info"
    info.mkdir(parents=True)
    (info / "RECORD").touch()
    python_of(tmp_path).parent.mkdir()
    python_of(tmp_path).touch()
    (tmp_path / "pyvenv.cfg").write_text(f"home = {tmp_path}\n", encoding="utf-8")
    assert has_interpreter(tmp_path)
    assert can_be_updated(tmp_path, "win32")
