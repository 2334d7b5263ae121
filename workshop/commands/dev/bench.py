"""`workshop dev bench`: netlib's server, measured beside the alternatives."""

import sys
from pathlib import Path

import click
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from workshop.commands.course.saving import FILE
from workshop.commands.options import savable
from workshop.maintenance.bench.compare.report import as_json, fitting, legend, table, target_table, warnings
from workshop.maintenance.bench.compare.rows import ROWS
from workshop.maintenance.bench.compare.runner import Plan, compare
from workshop.maintenance.bench.compare.targets import Summaries
from workshop.terminal import console

WHICH = "; ".join(f"{key} {row.title}" for key, row in ROWS.items())
SECONDS = click.FloatRange(0.2, 600)


def chosen_rows(_: click.Context, __: click.Parameter, words: str) -> list[str]:
    """The rows that ``a,d,e`` names; row by row, each once."""
    keys = list(dict.fromkeys(word.strip().lower() for word in words.split(",") if word.strip()))
    if unknown := [key for key in keys if key not in ROWS]:
        known = ", ".join(f"{key} ({row.title})" for key, row in ROWS.items())
        raise click.UsageError(f"there is no row {unknown[0]!r}; choose some of {known}")
    if not keys:
        raise click.UsageError("no row is left to measure; choose some, such as --rows a,d")
    return keys


@click.command()
@click.option("--players", default=200, type=click.IntRange(1, 10_000), metavar="N", help="Clients of each.")
@click.option("--seconds", default=5.0, type=SECONDS, metavar="S", help="How long one measurement takes.")
@click.option("--rounds", default=3, type=click.IntRange(1, 100), metavar="N", help="Measurements of each.")
@click.option(
    "--rows", default=",".join(ROWS), callback=chosen_rows, metavar="a,b,…", help=f"Which of {WHICH}."
)
@click.option("--moving", default=1.0, type=click.FloatRange(0, 1), metavar="SHARE", help="Of the players.")
@click.option("--find-largest", is_flag=True, help="Look for the most players of each, too; takes minutes.")
@click.option("--json", "machine", is_flag=True, help="Print JSON, for programs.")
@click.option("--plot", type=FILE, callback=savable, metavar="FILE.png", help="Save a picture of it, too.")
def command(*, machine: bool, plot: Path | None, **options: object) -> int:
    """Measure netlib's server beside the alternatives: CPU, latency, bytes, memory.

    All do the same work, in turn. The machine should do nothing else meanwhile.
    """
    plan = Plan(**options)  # type: ignore[arg-type]
    rows = measured(plan, quiet=machine)
    if plot is not None:
        from workshop.maintenance.bench.compare.plot import save

        save(plot, plan, rows)
    if machine:
        console.say(as_json(plan, rows))
    else:
        tell(plan, rows)
    return 1 if any(row.errors for row in rows.values()) else 0


def measured(plan: Plan, *, quiet: bool) -> Summaries:
    """Measure, and show meanwhile on a terminal what is being done."""
    if quiet or not sys.stderr.isatty():
        return compare(plan)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console.errors(), transient=True) as progress:
        task = progress.add_task("")
        return compare(plan, lambda what: progress.update(task, description=what))


def tell(plan: Plan, rows: Summaries) -> None:
    """Print what was measured."""
    out = console.output()
    layout = fitting(plan, rows, out)
    out.print(table(plan, rows, layout))
    out.print(legend(rows, layout))
    out.print()
    out.print(target_table(plan, rows))
    for doubt in warnings(rows):
        console.warn(doubt)
