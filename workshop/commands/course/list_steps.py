"""`workshop list`: all steps, and the attendee's progress."""

import difflib
from collections.abc import Sequence
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from workshop import steps
from workshop.commands.as_json import say_json
from workshop.course.guide import show_text
from workshop.course.progress import Progress
from workshop.course.progress_file import ProgressFile, need_checkout
from workshop.steps import Step
from workshop.terminal import console

WITH_TRACKS = 80  # columns of a terminal that has room for them
SIGNS = {"passed": ("ok", "green"), "begun": ("arrow", "yellow"), "to do": ("dot", "dim")}


def a_track(_: click.Context, __: click.Parameter, typed: str | None) -> str | None:
    """The course of that name; for a mistyped one, suggest the nearest and list all."""
    names = list(steps.tracks())
    if typed is None or typed in names:
        return typed
    near = difflib.get_close_matches(typed, names, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise click.UsageError(f"There is no track {typed!r}.{hint} They are {', '.join(names)}.")


@click.command()
@click.option("--track", callback=a_track, metavar="NAME", help="Only the steps of this course.")
@click.option("--json", "machine", is_flag=True, help="Print JSON, for programs.")
def command(*, track: str | None, machine: bool) -> None:
    """List the steps: which are passed, how many minutes they take, and which courses have them."""
    need_checkout()
    progress = ProgressFile().read()
    chosen = [step for step in steps.all_steps() if track is None or track in step.tracks]
    if machine:
        say_json(as_told(progress, chosen))
    else:
        show_text(table(progress, chosen, with_tracks=console.output().width >= WITH_TRACKS))
        show_text(sums([track] if track else list(steps.tracks())))


def table(progress: Progress, chosen: Sequence[Step], *, with_tracks: bool) -> Table:
    """One row for each step. A narrow terminal shows no tracks; the sums below name them."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    shown.add_column("State", no_wrap=True)
    shown.add_column("Step", justify="right")
    shown.add_column("Title")
    shown.add_column("Min", justify="right")
    if with_tracks:
        shown.add_column("Tracks", style="dim")
    for step in chosen:
        here = "bold" if step == progress.current else ""
        courses = [", ".join(step.tracks)] if with_tracks else []
        cells = (step.number, step.title, str(step.minutes), *courses)
        shown.add_row(state_of(progress, step), *cells, style=here)
    return shown


def state_of(progress: Progress, step: Step) -> Text:
    """A symbol and a word; "here" marks the current step."""
    state = progress.of(step).state
    sign, colour = SIGNS[state]
    here = ", here" if step == progress.current else ""
    return Text(f"{console.symbol(sign)} {state}{here}", style=colour)


def sums(names: Sequence[str]) -> Table:
    """How long each course takes."""
    shown = Table.grid(padding=(0, 2))
    shown.add_row()
    for name in names:
        numbers = [step.number for step in steps.all_steps() if name in step.tracks]
        about = Text(steps.tracks()[name], style="dim")
        shown.add_row(Text(name), f"{numbers[0]}-{numbers[-1]}", f"{minutes(name)} min", about)
    return shown


def minutes(track: str) -> int:
    """The minutes of a course."""
    return sum(step.minutes for step in steps.all_steps() if track in step.tracks)


def as_told(progress: Progress, chosen: Sequence[Step]) -> dict[str, Any]:
    """The list for programs."""
    return {
        "steps": [row(progress, step) for step in chosen],
        "minutes": sum(step.minutes for step in chosen),
        "tracks": {name: minutes(name) for name in steps.tracks()},
    }


def row(progress: Progress, step: Step) -> dict[str, Any]:
    """One step for programs."""
    fields = ("id", "number", "title", "teaches", "minutes", "tracks")
    told: dict[str, Any] = {name: getattr(step, name) for name in fields}
    return {**told, "state": progress.of(step).state, "current": step == progress.current}
