"""`workshop schedule`: a timetable for a class."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from workshop import steps
from workshop.commands.course.list_steps import a_track
from workshop.commands.course.saving import FILE, save
from workshop.course.timetable import Item, plan
from workshop.steps import Step
from workshop.terminal import console

DAY = 24 * 60  # minutes
TIME = re.compile(r"(\d{1,2})(?:[:.]?([0-5]\d))?")


class Part(NamedTuple):
    """What the class does for some minutes: a step, or the slides before the first and after the last one."""

    title: str
    minutes: int


def a_time(_: click.Context, __: click.Parameter, typed: str) -> int:
    """Minutes since midnight of a time such as "9:00" or "13.30"."""
    found = TIME.fullmatch(typed.strip())
    if not found or int(found[1]) > 23:
        raise click.UsageError(f"{typed!r} is not a time of day; try 9:00, or 13:30.")
    return int(found[1]) * 60 + int(found[2] or 0)


@click.command()
@click.option(
    "--start", default="9:00", show_default=True, callback=a_time, metavar="TIME", help="Its begin."
)
@click.option(
    "--track", default="half-day", show_default=True, callback=a_track, metavar="NAME", help="Which course."
)
@click.option(
    "--from",
    "report",
    type=FILE,
    metavar="FILE.csv",
    help="Take the minutes from the report of an earlier class (see host --export).",
)
@click.option("--markdown", is_flag=True, help="As a table in Markdown.")
@click.option("--out", type=FILE, metavar="FILE", help="Write it there.")
def command(*, start: int, track: str, report: Path | None, markdown: bool, out: Path | None) -> None:
    """Print a timetable from title to closing, with breaks between steps, and lunch on a full day."""
    chosen = [step for step in steps.all_steps() if track in step.tracks]
    measured = _measured(report) if report else {}
    parts = _parts(chosen, measured)
    items = plan([part.minutes for part in parts], start)
    if items[-1].end > DAY:
        raise click.UsageError("That would end after midnight; begin earlier.")
    title = f"{track}: {steps.tracks()[track]}"
    text = (as_markdown if markdown else as_text)(title, items, parts)
    if report:
        text += f"\n\n{_source(report, measured, chosen)}"
    if out is None:
        console.say(text)
    else:
        save(out, text, "The timetable is in")


def as_text(title: str, items: Sequence[Item], parts: Sequence[Part]) -> str:
    """The timetable as lines for a terminal."""
    lines = [f"{_clock(it.begin)}  {f'{it.end - it.begin} min':>7}  {_what(it, parts)}" for it in items]
    return "\n".join([title, "", *lines, f"{_clock(items[-1].end)}           End"])


def as_markdown(title: str, items: Sequence[Item], parts: Sequence[Part]) -> str:
    """The timetable as a table in Markdown."""
    cells = ((_clock(it.begin), _clock(it.end), str(it.end - it.begin), _what(it, parts)) for it in items)
    lines = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([f"# {title}", "", "| from | to | min | |", "| --- | --- | ---: | --- |", *lines])


def _parts(chosen: Sequence[Step], measured: dict[str, int]) -> list[Part]:
    """The steps, and around them the slides that belong to no step, if there are any."""
    from workshop.slides.build import FIRST, LAST, read_deck  # late: it takes a while

    first, last = (
        [Part(name.capitalize(), deck.minutes)] if (deck := read_deck(name)) else [] for name in (FIRST, LAST)
    )
    taught = [Part(f"{step.number} {step.title}", measured.get(step.id, step.minutes)) for step in chosen]
    return [*first, *taught, *last]


def _measured(report: Path) -> dict[str, int]:
    from workshop.instructor.classroom.report import median_minutes, read_csv  # late: only this needs SQLite

    if TIME.fullmatch(str(report)) and not report.exists():
        raise click.UsageError(
            f"{report} is a time, and --from takes the report that host --export has written. "
            f"To begin at that time: --start {report}"
        )
    return median_minutes(read_csv(report))


def _source(report: Path, measured: dict[str, int], chosen: Sequence[Step]) -> str:
    known = [step.number for step in chosen if step.id in measured]
    if not known:
        return f"{report.name} has no times of these steps, so all minutes are as planned."
    return f"Minutes of {', '.join(known)} are medians from {report.name}; the others are as planned."


def _what(item: Item, parts: Sequence[Part]) -> str:
    return parts[item.step].title if item.kind == "step" else item.kind.capitalize()


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
