"""The file of the progress: written whole, never lost, and not needed."""

import json
import os
import threading
from pathlib import Path

import pytest

from tests.support.course import ALPHA, NOON, OMEGA, READY, forbid_writing
from workshop.course import progress_file
from workshop.course.progress import Progress
from workshop.course.progress_file import NoCheckout, ProgressFile, in_checkout, place
from workshop.paths import ROOT
from workshop.steps import Step, UnknownStep

pytestmark = pytest.mark.usefixtures("course_root")


class Kept(ProgressFile):
    """A file in a test's folder; what it warns of is in `warnings`."""

    def __init__(self, path: Path) -> None:
        self.warnings: list[str] = []
        super().__init__(path, warn=self.warnings.append)

    def start(self, step: Step) -> None:
        """What a command does."""
        with self.changing() as progress:
            progress.start(step, NOON)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Give a file that is not there yet, in a folder that is not there yet."""
    return Kept(tmp_path / "state" / "progress.json")


def test_a_change_is_kept(kept: Kept) -> None:
    """What one command changes, the next one reads; nothing but the file is left beside it."""
    kept.start(ALPHA)
    assert Kept(kept.path).read().current == ALPHA
    assert list(kept.path.parent.iterdir()) == [kept.path]
    assert kept.keeps and kept.warnings == []


def test_reading_makes_nothing(kept: Kept) -> None:
    """Looking leaves no file and no folder."""
    assert kept.read().current == READY
    assert not kept.path.parent.exists()


def test_two_terminals(kept: Kept) -> None:
    """A change keeps what another command has changed meanwhile."""
    other = Kept(kept.path)
    assert kept.read().current == READY
    with other.changing() as progress:
        progress.hint_shown(ALPHA, "01.1", 2)
    kept.start(OMEGA)
    assert other.read().current == OMEGA and other.read().of(ALPHA).hints == {"01.1": 2}


def test_an_error_changes_nothing(kept: Kept) -> None:
    """When something goes wrong during a change, the file stays as it was."""
    with pytest.raises(ZeroDivisionError), kept.changing() as progress:
        progress.start(ALPHA, NOON)
        raise ZeroDivisionError
    assert not kept.path.exists()


@pytest.mark.parametrize("data", [b"", b"{ half", b"[1]", b"\xff\xfe", b'{"steps": {"step01_alpha": 3}}'])
def test_a_file_that_makes_no_sense(kept: Kept, data: bytes) -> None:
    """It is set aside with a word about it, and a new one is begun."""
    kept.path.parent.mkdir()
    kept.path.write_bytes(data)
    kept.start(ALPHA)
    (warning,) = kept.warnings
    aside = kept.path.with_name("progress.1.json")
    assert str(kept.path) in warning and str(aside) in warning
    assert aside.read_bytes() == data
    assert Kept(kept.path).read().current == ALPHA


def test_a_folder_that_cannot_be_written_to(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything goes on, and is remembered for as long as the command runs; said once, with a way out."""
    forbid_writing(monkeypatch)
    for step in (ALPHA, OMEGA):
        kept.start(step)
    assert kept.read().current == OMEGA and not kept.keeps
    (warning,) = kept.warnings
    assert "Read-only file system" in warning and "WORKSHOP_PROGRESS" in warning


def test_a_place_where_no_file_can_be(tmp_path: Path) -> None:
    """A file in the folder's place, or a folder in the file's, is no reason to stop, and stays what it is."""
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "progress.json", tmp_path / "folder"):
        kept = Kept(path)
        kept.start(ALPHA)
        assert kept.read().current == ALPHA
        assert len(kept.warnings) == 1 and not kept.keeps
    assert (tmp_path / "file").read_text() == "mine"
    assert list((tmp_path / "folder").iterdir()) == []


def test_a_file_that_makes_no_sense_and_cannot_be_moved(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not overwritten."""
    kept.path.parent.mkdir()
    kept.path.write_bytes(b"{ half")

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("workshop.files.set_aside", refuse)
    kept.start(ALPHA)
    assert kept.path.read_bytes() == b"{ half"
    assert len(kept.warnings) == 1


def test_a_full_disk(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was there stays, and no half-written file is left."""
    kept.start(ALPHA)
    before = kept.path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    kept.start(OMEGA)
    assert kept.path.read_bytes() == before
    assert list(kept.path.parent.iterdir()) == [kept.path]
    assert "No space left on device" in kept.warnings[0]


def test_readers_never_see_half_a_file(kept: Kept) -> None:
    """While one command writes again and again, another reads whole files only."""
    with kept.changing() as progress:
        progress.hint_shown(ALPHA, "01.1", 1)
    over = threading.Event()

    def write() -> None:
        for number in range(100):
            with kept.changing() as changed:
                changed.hint_shown(ALPHA, "01.1", number)
                changed.hint_shown(OMEGA, "02.1" * (number * 20), number)
        over.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not over.is_set():
        Progress.from_json(kept.path.read_bytes())
    writer.join()


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It lies in the checkout, unless a variable says otherwise."""
    monkeypatch.setenv("WORKSHOP_PROGRESS", str(tmp_path / "mine.json"))
    assert ProgressFile().path == tmp_path / "mine.json"
    for forget in (lambda name: monkeypatch.setenv(name, ""), monkeypatch.delenv):
        forget("WORKSHOP_PROGRESS")
        assert place() == ROOT / ".workshop" / "progress.json"


def test_git_leaves_it_alone() -> None:
    """The folder is never committed."""
    assert "/.workshop/" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_step_that_is_meant(kept: Kept) -> None:
    """A number or a name means that step, no word the current one; a mistyped one is told."""
    kept.start(OMEGA)
    assert [kept.step(word) for word in (None, "1", "ready")] == [OMEGA, ALPHA, READY]
    with pytest.raises(UnknownStep, match="Did you mean 1"):
        kept.step("alhpa")


def test_without_a_checkout(kept: Kept, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installed copy has no steps, and says so."""
    assert in_checkout(ROOT)
    assert not in_checkout(tmp_path / "site-packages")
    monkeypatch.setattr(progress_file, "in_checkout", lambda root=None: False)
    with pytest.raises(NoCheckout, match="only a checkout"):
        kept.step("1")


def test_the_file_is_plain(kept: Kept) -> None:
    """It is JSON that people can read, ends with a newline, and can be read back by anything."""
    kept.start(ALPHA)
    text = kept.path.read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert json.loads(text)["steps"]["step01_alpha"]["started_at"] == "2026-03-01T12:00:00Z"
