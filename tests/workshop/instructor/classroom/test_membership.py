"""What a laptop remembers of being in a class."""

import json
from pathlib import Path

import pytest

from tests.support.classes import Warnings
from workshop.course import progress_file
from workshop.instructor.classroom.membership import NAME, UNTOLD_KEPT, Enrolment, MembershipFile
from workshop.instructor.classroom.news import MAX_WORDS

ADA = Enrolment("Ada", "t" * 20, "ws://10.0.0.7:8765", room="Monday")


@pytest.fixture
def file(tmp_path: Path, warnings: Warnings) -> MembershipFile:
    """Give a file that is not there yet; its clock stands at 1000."""
    return MembershipFile(tmp_path / "state" / "class.json", warn=warnings.append, clock=lambda: 1000.0)


def known(file: MembershipFile) -> Enrolment:
    """What is in the file; the test fails where there is nothing."""
    membership = file.read()
    assert membership
    return membership


def test_it_is_kept(file: MembershipFile, warnings: Warnings) -> None:
    """What is written is read again, as JSON that people can read; it can be forgotten, and that twice."""
    assert file.read() is None
    file.write(ADA)
    assert known(file) == ADA
    assert json.loads(file.path.read_text(encoding="utf-8"))["nickname"] == "Ada"
    file.forget()
    file.forget()
    assert file.read() is None
    assert warnings == []


def test_news_wait_until_they_are_heard(file: MembershipFile) -> None:
    """Each has the next number, and says how long ago it was when it is told."""
    file.write(ADA)
    file.note("start", step="one")
    file.note("check", step="one", passed=True, seconds=61.0)
    first, second = known(file).news(1030.0)
    assert (first.number, first.what, first.ago) == (1, "start", 30.0)
    assert (second.number, second.passed, second.seconds) == (2, True, 61.0)
    file.heard(1, "Ada")
    assert [each.number for each in known(file).news(1000.0)] == [2]
    file.heard(2, "Zoe")
    assert known(file).nickname == "Zoe", "as the host calls us now"
    file.note("unstuck")
    assert [each.number for each in known(file).news(900.0)] == [3]
    assert known(file).news(900.0)[0].ago == 0.0, "a clock that was set back"


def test_in_no_class_nothing_is_kept(file: MembershipFile) -> None:
    """Without a class there is no file."""
    file.note("start", step="one")
    file.heard(3, "Ada")
    assert not file.path.parent.exists()


def test_a_host_who_is_gone_for_long(file: MembershipFile) -> None:
    """Only the newest news wait; words that are too long are cut, so that the host takes them."""
    file.write(ADA)
    for _ in range(UNTOLD_KEPT + 5):
        file.note("stuck", words="x" * 1000)
    waiting = known(file).news(1000.0)
    assert [waiting[0].number, waiting[-1].number] == [6, UNTOLD_KEPT + 5]
    assert waiting[-1].words == "x" * MAX_WORDS


NO_NAME = b'{"nickname": "", "token": "tttttttttttttttttttt", "address": "x"}'
NO_SECRET = b'{"nickname": "Ada", "token": "t", "address": "x"}'
DEEP = b'{"x": ' + b"[" * 100_000


@pytest.mark.parametrize(
    "data", [b"", b"{ half", b"[1]", b"\xff", b'{"nickname": 3}', NO_NAME, NO_SECRET, DEEP]
)
def test_a_file_that_makes_no_sense(data: bytes, file: MembershipFile, warnings: Warnings) -> None:
    """It is set aside with a word about it, and one is in no class."""
    file.path.parent.mkdir()
    file.path.write_bytes(data)
    assert file.read() is None
    assert file.path.with_name("class.1.json").read_bytes() == data
    assert file.read() is None
    (warning,) = warnings
    assert "class.1.json" in warning


def test_where_no_file_can_be(tmp_path: Path, warnings: Warnings) -> None:
    """Something else in its place is told and left alone."""
    (tmp_path / "class.json").mkdir()
    assert MembershipFile(tmp_path / "class.json", warn=warnings.append).read() is None
    assert len(warnings) == 1
    assert (tmp_path / "class.json").is_dir()


@pytest.mark.parametrize(
    ("progress", "expected"), [("progress.json", "class.json"), ("ben.json", "ben.class.json")]
)
def test_where_it_lies(progress: str, expected: str, tmp_path: Path) -> None:
    """Beside the progress that it belongs to, also where several people share a folder."""
    assert progress_file.beside(tmp_path / progress, NAME) == tmp_path / expected


def test_it_goes_with_the_progress(own_progress: Path) -> None:
    """WORKSHOP_PROGRESS decides where it is."""
    assert MembershipFile().path == own_progress.with_name("class.json")
