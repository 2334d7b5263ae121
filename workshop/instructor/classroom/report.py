"""How long each attendee took for each step, as CSV for a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from math import ceil
from pathlib import Path
from statistics import median
from typing import NamedTuple

from workshop.errors import WorkshopError
from workshop.files import set_aside
from workshop.instructor.classroom.book import FAILURES, reason
from workshop.instructor.classroom.database import read_places
from workshop.instructor.classroom.place import Place

FORMULA = ("=", "+", "-", "@")  # what a spreadsheet takes for the beginning of one
LONGEST = 4 * 3600  # seconds that anyone can work on a step
NO_REPORT = (ValueError, OverflowError, TypeError, KeyError, csv.Error)  # also for bytes that are no UTF-8
ENCODING = "utf-8-sig"  # by its first bytes Excel knows that it is UTF-8


class StepRow(NamedTuple):
    """One attendee in one step.

    Args:
        seconds: how long it took until it was first passed, or has taken so far.
        checks: how many there were.
    """

    nickname: str
    step: str
    seconds: int
    checks: int
    passed: bool


def rows(places: Iterable[Place]) -> list[StepRow]:
    """The rows of a class, by attendee and then by step."""
    return [
        StepRow(place.nickname, step, round(work.seconds), work.checks, work.passed)
        for place in places
        for step, work in sorted(place.work.items())
    ]


def write_csv(found: Iterable[StepRow], path: Path) -> Path | None:
    """Write the rows.

    Returns:
        The new name of an existing file of this name, if there was one.

    Raises:
        OSError: it cannot be written.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(StepRow._fields)
    writer.writerows(
        [harmless(row.nickname), harmless(row.step), row.seconds, row.checks, "yes" if row.passed else "no"]
        for row in found
    )
    aside = set_aside(path)
    path.write_text(text.getvalue(), encoding=ENCODING, newline="")
    return aside


def harmless(cell: str) -> str:
    """The text, safe from being run as a formula (owasp.org/www-community/attacks/CSV_Injection)."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULA) else cell


def read_csv(path: Path) -> list[StepRow]:
    """The rows of a report.

    Raises:
        WorkshopError: it cannot be read, or is not a report.
    """
    try:
        with path.open(encoding=ENCODING, newline="") as file:
            return [_row(line) for line in csv.DictReader(file)]
    except OSError as error:
        raise WorkshopError(f"{path} cannot be read: {error.strerror or error}.") from error
    except NO_REPORT as error:
        columns = ", ".join(StepRow._fields)
        raise WorkshopError(f"{path} is not a report: it needs the columns {columns}.") from error


def _row(line: dict[str, str]) -> StepRow:
    numbers = float(line["seconds"]), int(line["checks"])
    return StepRow(line["nickname"], line["step"], round(numbers[0]), numbers[1], line["passed"] == "yes")


def median_minutes(found: Iterable[StepRow]) -> dict[str, int]:
    """The median time of those who passed a step, by step, in minutes rounded up to 5.

    An attendee who took longer than `LONGEST` has left the laptop alone, and does not count.
    """
    times: dict[str, list[int]] = {}
    for row in found:
        if row.passed and 0 <= row.seconds <= LONGEST:
            times.setdefault(row.step, []).append(row.seconds)
    return {step: max(5, 5 * ceil(median(seconds) / 300)) for step, seconds in times.items()}


def export(class_file: Path, csv_file: Path) -> str:
    """Write the report of a class file, which may be in use. Returns a sentence about the result.

    Raises:
        WorkshopError: there is no such class, or the report cannot be written.
    """
    if not class_file.is_file():
        raise WorkshopError(f"There is no class file {class_file}. A host keeps one with --class FILE.")
    try:
        places = read_places(class_file)
    except FAILURES as error:
        raise WorkshopError(f"{class_file} cannot be read: {reason(error)}.") from error
    try:
        aside = write_csv(rows(places), csv_file)
    except OSError as error:
        raise WorkshopError(f"{csv_file} cannot be written: {error.strerror or error}.") from error
    before = f" What had that name before is now {aside}." if aside else ""
    number = f"{len(places)} attendee{'' if len(places) == 1 else 's'}"
    return f"The times of {number} are in {csv_file}.{before}"
