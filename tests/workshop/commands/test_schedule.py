"""`workshop schedule`: a timetable as text and as Markdown, from what is planned or what was measured."""

from pathlib import Path

import pytest

from tests.support.commands import Shell
from tests.support.course import ALPHA, OMEGA
from workshop.instructor.classroom.report import StepRow, write_csv

pytestmark = pytest.mark.usefixtures("course_root")

TEXT = """full-day: All of it

09:30    7 min  Title
09:37   10 min  00 Ready
09:47   20 min  01 Alpha
10:07   30 min  02 Omega
10:37    6 min  Closing
10:43           End
"""
MARKDOWN = """# 90-minutes: A short course

| from | to | min | |
| --- | --- | ---: | --- |
| 09:00 | 09:07 | 7 | Title |
| 09:07 | 09:17 | 10 | 00 Ready |
| 09:17 | 09:37 | 20 | 01 Alpha |
| 09:37 | 09:43 | 6 | Closing |
"""


def test_on_the_screen(shell: Shell) -> None:
    """Each line has its time, its length and the step; --markdown makes a table to paste."""
    assert shell("schedule", "--start", "9:30", "--track", "full-day").out == TEXT
    assert shell("schedule", "--track", "90-minutes", "--markdown").out == MARKDOWN


def test_to_a_file(course_root: Path, shell: Shell) -> None:
    """--out writes it; what has that name is kept under a number."""
    (course_root / "day.md").write_text("old")
    assert "day.1.md" in shell("schedule", "--track", "90-minutes", "--markdown", "--out", "day.md").out
    assert (course_root / "day.1.md").read_text() == "old"
    assert (course_root / "day.md").read_text(encoding="utf-8") == MARKDOWN


def test_from_a_report(course_root: Path, shell: Shell) -> None:
    """A passed step has its median time, rounded up to five minutes; other steps stay as planned."""
    passed = {"Ada": 16, "Ben": 31, "Cid": 90, "Dot": 20 * 60}  # minutes
    rows = [StepRow(name, ALPHA.id, minutes * 60, 3, True) for name, minutes in passed.items()]
    write_csv([*rows, StepRow("Eve", OMEGA.id, 60, 1, False)], course_root / "report.csv")
    out = shell("schedule", "--track", "full-day", "--from", "report.csv").out
    assert "35 min  01 Alpha" in out and "30 min  02 Omega" in out
    assert out.endswith("Minutes of 01 are medians from report.csv; the others are as planned.\n")


def test_from_an_empty_report(course_root: Path, shell: Shell) -> None:
    """A report without these steps changes nothing, and that is said."""
    write_csv([StepRow("Ada", "step99_new", 60, 1, True)], course_root / "report.csv")
    out = shell("schedule", "--track", "full-day", "--from", "report.csv").out
    assert "10 min  00 Ready" in out and "no times of these steps" in out


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--start", "25"], "'25' is not a time of day"),
        (["--start", "9:75"], "'9:75' is not a time of day"),
        (["--start", "23:59"], "after midnight"),
        (["--track", "fullday"], "Did you mean full-day?"),
        (["--from", "missing.csv"], "missing.csv cannot be read: No such file"),
        (["--from", "9:00"], "To begin at that time: --start 9:00"),
        (["--from", "starter"], "'starter' is a directory"),
        (["--from", "bytes.csv"], "bytes.csv is not a report: it needs the columns nickname, step"),
        (["--from", "words.csv"], "words.csv is not a report"),
        (["--out", "no/folder/day.md"], "cannot be written"),
    ],
)
def test_what_cannot_be(words: list[str], problem: str, course_root: Path, shell: Shell) -> None:
    """A clear message, and 2."""
    (course_root / "bytes.csv").write_bytes(b"\xff\xfe\x00\x01 nonsense")
    (course_root / "words.csv").write_text("nickname,step,seconds,checks,passed\nAda,one,inf,1,yes\n")
    assert problem in shell("schedule", "--track", "full-day", *words, code=2).err
