"""The figures as a table for people, or as JSON for programs."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from workshop.maintenance.bench.compare.figures import BUSY, Spread, Summary
from workshop.maintenance.bench.compare.rows import REFERENCE, ROWS
from workshop.maintenance.bench.compare.runner import Plan
from workshop.maintenance.bench.compare.targets import Summaries, ratio, searched, verdicts

TIMES = f"× {REFERENCE}"  # the column before it, as a multiple of the reference row's
ANY_WIDTH = 1000  # characters: more than any table has


class Column(NamedTuple):
    """A figure in the table: its unit, its digits after the point, and whether it is compared."""

    title: str
    figure: str
    unit: float
    digits: int
    about: str
    compared: bool = False


COLUMNS: Final = (
    Column("CPU\n%", "cpu", 0.01, 1, "of one core, taken by the server", compared=True),
    Column("ticks\n%", "ticks_kept", 0.01, 0, "of the snapshots that were due did come"),
    Column(
        "p50\nms", "p50", 0.001, 0, "half of the inputs are acknowledged, by a snapshot, within that time"
    ),
    Column("p99\nms", "p99", 0.001, 0, "99 of 100 inputs are acknowledged within that time"),
    Column("kB/s\neach", "snapshot_bytes", 1000.0, 1, "of snapshots that each client got", compared=True),
    Column("KiB\neach", "memory", 1024.0, 0, "by which the server grew for each client"),
)
DISPENSABLE: Final = ("memory", "p50", "ticks_kept", "p99", "snapshot_bytes")  # left out in this order


class Layout(NamedTuple):
    """The part of the table that fits the terminal."""

    columns: tuple[Column, ...] = COLUMNS
    spread: bool = True


def layouts() -> Iterable[Layout]:
    """From everything to the least that is of use; the rows' names are never left out."""
    yield Layout()
    for dropped in range(len(DISPENSABLE) + 1):
        gone = DISPENSABLE[:dropped]
        yield Layout(tuple(column for column in COLUMNS if column.figure not in gone), spread=False)


MARKS = {True: "[green]reached[/]", False: "[red]missed[/]", None: "not measured"}


def as_json(plan: Plan, rows: Summaries) -> str:
    """All figures, in seconds, bytes and shares."""
    whole = {"plan": plan, "rows": rows, "targets": verdicts(rows, plan.moving)}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()


def fitting(plan: Plan, rows: Summaries, console: Console) -> Layout:
    """The layout that shows as much as fits the terminal."""
    wide = console.options.update(max_width=ANY_WIDTH)
    for layout in layouts():
        if console.measure(table(plan, rows, layout), options=wide).maximum <= console.width:
            break
    return layout


def table(plan: Plan, rows: Summaries, layout: Layout) -> Table:
    """The rows; if there is room, each median has the lowest and the highest below it."""
    made = _ruled(workload(plan))
    made.add_column("")
    made.add_column("server", no_wrap=True)
    for column in layout.columns:
        made.add_column(column.title, justify="right", no_wrap=True)
        if column.compared:
            made.add_column(TIMES, justify="right", no_wrap=True)
    if searched(rows):
        made.add_column("most\nplayers", justify="right", no_wrap=True)
    for key, row in rows.items():
        made.add_row(key, escape(row.title), *_cells(key, row, rows, layout))
    return made


def legend(rows: Summaries, layout: Layout) -> Table:
    """What the rows and the columns mean, and which columns had no room."""
    made = Table(box=None, show_header=False, pad_edge=False)
    made.add_column(no_wrap=True)
    made.add_column()
    for key in rows:
        made.add_row(key, escape(ROWS[key].about))
    for column in layout.columns:
        made.add_row(_heading(column), column.about)
    made.add_row(TIMES, f"the figure before it, divided by that of row {REFERENCE}")
    if searched(rows):
        made.add_row("most players", "with p99 below two ticks, and 95 of 100 ticks kept")
    if not layout.spread:
        names = [_heading(column) for column in COLUMNS if column not in layout.columns]
        made.add_row("…", f"a wider window, or --json, has also: {', '.join(['the spread', *names])}")
    return made


def _ruled(title: str) -> Table:
    return Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))


def _heading(column: Column) -> str:
    return column.title.replace("\n", " ")


def workload(plan: Plan) -> str:
    """The workload, in words."""
    moving = "all of them move" if plan.moving == 1 else f"{plan.moving:.0%} of them move"
    return f"{plan.players} players, {moving}; median of {plan.rounds} × {plan.seconds:g} s"


def _cells(key: str, row: Summary, rows: Summaries, layout: Layout) -> Iterable[str]:
    for column in layout.columns:
        yield _cell(row.figures[column.figure], column, layout.spread) if row.figures else ""
        if column.compared:
            times = ratio(rows, key, column.figure)
            yield "" if times is None else f"{times:.2f}"
    if row.largest is not None:
        yield f"{'≥ ' if row.limited else ''}{row.largest}"


def _cell(found: Spread, column: Column, spread: bool) -> str:
    middle, low, high = (
        f"{value / column.unit:.{column.digits}f}" for value in (found.middle, found.low, found.high)
    )
    return middle if low == high or not spread else f"{middle}\n[dim]{low}-{high}[/]"


def target_table(plan: Plan, rows: Summaries) -> Table:
    """The targets, and whether they are reached."""
    made = _ruled(f"Targets, as multiples of row {REFERENCE}")
    for title in ("target", "bound", "measured", ""):
        made.add_column(title)
    for found in verdicts(rows, plan.moving):
        value = "" if found.value is None else f"{found.value:.2f}"
        made.add_row(found.what, found.bound, value, MARKS[found.passed])
    return made


def warnings(rows: Summaries) -> list[str]:
    """What could not be measured, and what makes the figures doubtful."""
    busy = [row.title for row in rows.values() if row.crowded]
    limited = [row.title for row in rows.values() if row.limited]
    found = [f"{row.title}: {error}" for row in rows.values() for error in row.errors]
    found += [f"{row.title}: {row.missing} is not installed" for row in rows.values() if row.missing]
    if busy:
        limit = f"The clients took more than {BUSY:.0%} of a core, and may be the limit"
        found.append(f"{limit}: {', '.join(busy)}.")
    if limited:
        found.append(f"The clients were the limit in the search for the most players: {', '.join(limited)}.")
    return found
