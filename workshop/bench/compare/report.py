"""What was measured, as a table for people or as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from workshop.bench.compare.figures import BUSY, Spread, Summary
from workshop.bench.compare.rows import REFERENCE
from workshop.bench.compare.runner import Plan
from workshop.bench.compare.targets import Summaries, Verdict, ratio, searched, verdicts

TIMES = f"× {REFERENCE}"  # the column before it, as a multiple of the reference row's


class Column(NamedTuple):
    """A figure in the table: in which unit, with how many digits behind the point, and whether compared."""

    title: str
    figure: str
    unit: float
    digits: int
    compared: bool = False


COLUMNS: Final = (
    Column("CPU %", "cpu", 0.01, 1, compared=True),
    Column("ticks %", "ticks_kept", 0.01, 0),
    Column("p50 ms", "p50", 0.001, 0),
    Column("p99 ms", "p99", 0.001, 0),
    Column("kB/s each", "snapshot_bytes", 1000.0, 1, compared=True),
    Column("KiB each", "memory", 1024.0, 0),
)
MARKS = {True: "[green]reached[/]", False: "[red]missed[/]", None: "not measured"}


def as_json(plan: Plan, rows: Summaries) -> str:
    """Everything, with seconds, bytes and shares as they were measured."""
    whole = {"plan": plan, "rows": rows, "targets": verdicts(rows, plan.moving)}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()


def table(plan: Plan, rows: Summaries) -> Table:
    """The rows; below each median stand the lowest and the highest."""
    made = Table(title=workload(plan), title_justify="left", box=SIMPLE_HEAD)
    made.add_column("")
    made.add_column("server")
    for column in COLUMNS:
        made.add_column(column.title, justify="right", no_wrap=True)
        if column.compared:
            made.add_column(TIMES, justify="right", no_wrap=True)
    if searched(rows):
        made.add_column("most players", justify="right")
    for key, row in rows.items():
        made.add_row(key, escape(row.title), *_cells(key, row, rows))
    return made


def workload(plan: Plan) -> str:
    """What was measured, in words."""
    moving = "all of them move" if plan.moving == 1 else f"{plan.moving:.0%} of them move"
    return f"{plan.players} players, {moving}; median of {plan.rounds} × {plan.seconds:g} s"


def _cells(key: str, row: Summary, rows: Summaries) -> Iterable[str]:
    for column in COLUMNS if row.figures else ():
        yield _cell(row.figures[column.figure], column)
        if column.compared:
            times = ratio(rows, key, column.figure)
            yield "" if times is None else f"{times:.2f}"
    if row.largest is not None:
        yield f"{'≥ ' if row.limited else ''}{row.largest}"


def _cell(spread: Spread, column: Column) -> str:
    middle, low, high = (
        f"{value / column.unit:.{column.digits}f}" for value in (spread.middle, spread.low, spread.high)
    )
    return middle if low == high else f"{middle}\n[dim]{low}-{high}[/]"


def target_table(plan: Plan, rows: Summaries) -> Table:
    """What is to be reached, and whether it is."""
    made = Table(title=f"Targets, as multiples of row {REFERENCE}", title_justify="left", box=SIMPLE_HEAD)
    for title in ("target", "bound", "measured", ""):
        made.add_column(title)
    for found in verdicts(rows, plan.moving):
        made.add_row(found.what, found.bound, _value(found), MARKS[found.passed])
    return made


def _value(found: Verdict) -> str:
    return "" if found.value is None else f"{found.value:.2f}"


def warnings(rows: Summaries) -> list[str]:
    """What could not be measured, and what makes the figures doubtful."""
    busy = [row.title for row in rows.values() if row.crowded]
    limited = [row.title for row in rows.values() if row.limited]
    found = [f"{row.title}: {error}" for row in rows.values() for error in row.errors]
    found += [f"{row.title}: {row.missing} is not installed" for row in rows.values() if row.missing]
    if busy:
        found.append(
            f"The clients took more than {BUSY:.0%} of a core, and may be the limit: {', '.join(busy)}."
        )
    if limited:
        found.append(f"The clients were the limit in the search for the most players: {', '.join(limited)}.")
    return found
