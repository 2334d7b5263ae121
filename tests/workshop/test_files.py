"""Nothing that somebody made is overwritten."""

from pathlib import Path

import pytest

from workshop.files import set_aside


def test_a_file_is_kept_under_a_free_name(tmp_path: Path) -> None:
    """What was there stays, numbered; what was set aside before stays too."""
    shot = tmp_path / "shot.png"
    for content in ("first", "second"):
        shot.write_text(content)
        set_aside(shot)
    assert not shot.exists()
    assert (tmp_path / "shot.1.png").read_text() == "first"
    assert (tmp_path / "shot.2.png").read_text() == "second"


def test_nothing_is_set_aside_where_nothing_is(tmp_path: Path) -> None:
    """A free name is left alone."""
    assert set_aside(tmp_path / "shot.png") is None
    assert not list(tmp_path.iterdir())


def test_a_folder_is_never_set_aside(tmp_path: Path) -> None:
    """An empty name is the folder that one works in: it keeps its name."""
    (tmp_path / "work").mkdir()
    with pytest.raises(IsADirectoryError):
        set_aside(tmp_path / "work")
    assert [it.name for it in tmp_path.iterdir()] == ["work"]
