"""The report: times per step as CSV, which no spreadsheet takes for formulas."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.errors import WorkshopError
from workshop.instructor.classroom.book import Book
from workshop.instructor.classroom.place import Place, Work
from workshop.instructor.classroom.report import (
    StepRow,
    export,
    harmless,
    median_minutes,
    read_csv,
    rows,
    write_csv,
)

ADA = Place("Ada", "proof", work={"two": Work(30.4, 1, False), "one": Work(600.0, 3, True)})
EVE = Place("=HYPERLINK(1)", "proof", work={"one": Work(5.0, 1, True)})
HERS = [StepRow("Ada", "one", 600, 3, True), StepRow("Ada", "two", 30, 1, False)]
ROWS = [*HERS, StepRow("=HYPERLINK(1)", "one", 5, 1, True)]


@pytest.fixture
def class_file(tmp_path: Path) -> Path:
    """Give a class file with Ada and Eve."""
    book = Book(tmp_path / "class.db", pytest.fail)
    book.open()
    book.write({"ada": ADA, "eve": EVE, "idle": Place("Idle", "proof", step="one")})
    book.close()
    return tmp_path / "class.db"


def test_rows() -> None:
    """One row for each attendee and step that was checked, in order."""
    assert rows([ADA, EVE]) == ROWS


def test_what_is_written(tmp_path: Path) -> None:
    """A header, then the rows; a nickname like a formula is text. Excel sees that it is UTF-8."""
    path = tmp_path / "report.csv"
    assert write_csv([*ROWS, StepRow('Zoë, "Z"', "one", 1, 1, False)], path) is None
    assert path.read_bytes().startswith(b"\xef\xbb\xbfnickname,step,seconds,checks,passed\r\n")
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[1:] == [
        ["Ada", "one", "600", "3", "yes"],
        ["Ada", "two", "30", "1", "no"],
        ["'=HYPERLINK(1)", "one", "5", "1", "yes"],
        ['Zoë, "Z"', "one", "1", "1", "no"],
    ]


@given(st.text())
def test_no_cell_is_a_formula(text: str) -> None:
    """No text begins as a formula does, and all of it is still there."""
    assert not harmless(text).lstrip().startswith(("=", "+", "-", "@"))
    assert harmless(text).removeprefix("'") == text.removeprefix("'") or harmless(text) == text


def test_it_can_be_read_again(tmp_path: Path) -> None:
    """What is written is read, whatever has a spreadsheet in between done to the line ends."""
    write_csv(HERS, tmp_path / "report.csv")
    assert read_csv(tmp_path / "report.csv") == HERS
    plain = (tmp_path / "report.csv").read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    (tmp_path / "plain.csv").write_text(plain, encoding="utf-8")
    assert read_csv(tmp_path / "plain.csv") == HERS


@pytest.mark.parametrize(
    ("seconds", "minutes"), [([60], 5), ([300], 5), ([301], 10), ([60, 600, 6000], 10), ([60, 5 * 3600], 5)]
)
def test_minutes(seconds: list[int], minutes: int) -> None:
    """The median, rounded up to five; those who took hours or have not passed do not count."""
    found = [StepRow("Ada", "one", each, 1, True) for each in seconds] + [
        StepRow("Ben", "one", 9000, 1, False)
    ]
    assert median_minutes(found) == {"one": minutes}


def test_export(class_file: Path, tmp_path: Path) -> None:
    """The report of a class file, said in a sentence."""
    path = tmp_path / "report.csv"
    assert export(class_file, path) == f"The times of 3 attendees are in {path}."
    assert read_csv(path)[0] == ROWS[0]
    assert "What had that name before is now" in export(class_file, path)


def test_export_of_what_is_no_class(class_file: Path, tmp_path: Path) -> None:
    """A clear sentence, and nothing is made or renamed."""
    report = tmp_path / "report.csv"
    with pytest.raises(WorkshopError, match="There is no class file"):
        export(tmp_path / "missing.db", report)
    (tmp_path / "text.db").write_text("no database, but long enough to be looked at")
    with pytest.raises(WorkshopError, match=r"text\.db cannot be read: file is not a database"):
        export(tmp_path / "text.db", report)
    with pytest.raises(WorkshopError, match="cannot be written: No such file"):
        export(class_file, tmp_path / "no" / "report.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["class.db", "text.db"]
