"""Backups: whatever is replaced was kept before."""

from datetime import datetime
from pathlib import Path

import pytest

from workshop.course import backups, stage_files

NOW = datetime(2026, 11, 21, 15, 4, 5)
MINE = {"client.py": b"mine", "maps/one.txt": b"1"}
NEW = {"client.py": b"new"}


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    """Give a stage that somebody has worked on."""
    stage_files.write(tmp_path / "step02_echo", MINE)
    return tmp_path / "step02_echo"


def test_a_backup_is_named_by_the_time(stage: Path, tmp_path: Path) -> None:
    """All files are kept in a folder with the step's name and the time."""
    backup = backups.replace(stage, NEW, backups=tmp_path / "kept", now=NOW)
    assert backup == tmp_path / "kept" / "step02_echo" / "2026-11-21_15-04-05"
    assert stage_files.read(backup) == MINE
    assert stage_files.read(stage) == MINE | NEW


def test_no_backup_is_ever_overwritten(stage: Path, tmp_path: Path) -> None:
    """Three in one second are three backups."""
    kept = [backups.keep(stage, tmp_path / "kept", NOW) for _ in range(3)]
    names = [NOW.strftime(backups.TIME_FORMAT) + end for end in ("", "-2", "-3")]
    assert [path.name for path in kept if path] == names


def test_nothing_to_keep(tmp_path: Path) -> None:
    """A stage that is gone is made anew, without an empty backup."""
    stage = tmp_path / "starter" / "step02_echo"
    assert backups.replace(stage, NEW, backups=tmp_path / "kept", now=NOW) is None
    assert stage_files.read(stage) == NEW
    assert not (tmp_path / "kept").exists()


def test_without_a_backup_nothing_is_replaced(stage: Path, tmp_path: Path) -> None:
    """Where no backup can be made, the files stay as they are, and the message says so."""
    (tmp_path / "kept").write_text("a file where the folder should be")
    with pytest.raises(backups.NotReplaced, match="Nothing was changed"):
        backups.replace(stage, NEW, backups=tmp_path / "kept", now=NOW)
    assert stage_files.read(stage) == MINE


def test_a_stage_that_cannot_be_written(tmp_path: Path) -> None:
    """Where the stage cannot be written, not even a backup is made, and the message names the place."""
    (tmp_path / "starter").write_text("a file where the folder should be")
    with pytest.raises(backups.NotReplaced, match=r"starter.* cannot be written"):
        backups.replace(tmp_path / "starter" / "step02_echo", NEW, backups=tmp_path / "kept", now=NOW)
    assert not (tmp_path / "kept").exists()


def test_half_a_replacement_names_the_backup(stage: Path, tmp_path: Path) -> None:
    """When writing fails midway, the message says where the files are as they were."""
    with pytest.raises(backups.NotReplaced, match="Your files as they were") as told:
        backups.replace(stage, {"maps": b"a file now"}, backups=tmp_path / "kept", now=NOW)
    assert str(tmp_path / "kept" / "step02_echo") in str(told.value)
    assert stage_files.read(stage) == MINE


def test_the_folder_for_what_we_remember(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups go where the progress is, in a folder `.workshop`."""
    for progress in ("mine.json", ".workshop/progress.json"):
        monkeypatch.setenv("WORKSHOP_PROGRESS", str(tmp_path / progress))
        assert backups.state_folder() == tmp_path / ".workshop"
