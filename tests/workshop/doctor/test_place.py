"""What the doctor says about the files that attendees work on."""

import shutil
from pathlib import Path

import pytest

from workshop.course import stage_files
from workshop.doctor import place_probe
from workshop.doctor.finding import Finding
from workshop.doctor.place_judge import PlaceSeen, judge_place

FILES = {"__init__.py": b"", "server.py": b"1", "client.py": b"2", "maps/a.txt": b"3"}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a checkout with one step."""
    monkeypatch.setenv("WORKSHOP_TYPED", "py -m workshop")
    (tmp_path / "pyproject.toml").touch()
    for folder in ("starter", "solutions"):
        stage_files.write(tmp_path / folder / "step02_echo", FILES)
    return tmp_path


def said(root: Path) -> dict[str, Finding]:
    """What is said about a checkout."""
    return {finding.about: finding for finding in judge_place(place_probe.look_at_place(root))}


def test_all_is_there(root: Path) -> None:
    """Whole and writable: nothing to do, and nothing is left of the look."""
    before = sorted(root.rglob("*"))
    assert {about: finding.level for about, finding in said(root).items()} == {"files": "ok", "saving": "ok"}
    assert sorted(root.rglob("*")) == before


def test_what_tools_leave_is_not_missing(root: Path) -> None:
    """A cache in the solutions is no file that a starter lacks."""
    stage_files.write(root / "solutions" / "step02_echo" / "__pycache__", {"x.pyc": b""})
    assert said(root)["files"].level == "ok"


def test_missing_files(root: Path) -> None:
    """Files that are gone are named, with the command that brings them back."""
    (root / "starter" / "step02_echo" / "server.py").unlink()
    finding = said(root)["files"]
    assert finding.level == "error"
    assert "1 starter files are missing: step02_echo/server.py." in finding.text
    assert "py -m workshop reset 2" in finding.todo


def test_the_whole_starter_is_missing(root: Path) -> None:
    """Of many missing files only a few are named."""
    shutil.rmtree(root / "starter")
    findings = said(root)
    assert "4 starter files are missing" in findings["files"].text
    assert "and others" in findings["files"].text
    assert "saving" not in findings


def test_nothing_can_be_saved() -> None:
    """A starter that cannot be written to is an error, with the reason."""
    seen = PlaceSeen("/x/starter", True, True, not_writable="Read-only file system")
    finding = next(finding for finding in judge_place(seen) if finding.about == "saving")
    assert finding.level == "error"
    assert "Read-only file system" in finding.text


def test_why_nothing_can_be_saved(tmp_path: Path) -> None:
    """The reason is the system's own."""
    assert place_probe._why_not_writable(tmp_path) == ""
    assert "No such file" in place_probe._why_not_writable(tmp_path / "gone")


def test_an_installed_copy(tmp_path: Path) -> None:
    """Without a checkout there are no steps, and that is an error."""
    assert [finding.level for finding in said(tmp_path).values()] == ["error"]
