"""`workshop start`: turn to a step, and read its guide."""

from __future__ import annotations

import click
from rich.text import Text

from workshop import console
from workshop.classroom.telling import telling
from workshop.course import guide
from workshop.course.progress_file import ProgressFile, now
from workshop.files import near
from workshop.steps import Step


@click.command()
@click.argument("number", required=False, metavar="[N]")
def command(*, number: str | None) -> None:
    """Turn to step N, by its number or name, and read its guide; without N the current step's."""
    kept = ProgressFile()
    begin(kept.step(number), kept)


def begin(step: Step, kept: ProgressFile) -> None:
    """Make it the current step, and print all that one needs for it."""
    with telling() as host:
        with kept.changing() as progress:
            progress.start(step, now())
        host.started(step)
        show(step)
    if host.problem:
        console.say(host.problem)


def show(step: Step) -> None:
    """Print the step's guide, which files to open, and what to type."""
    console.output().print(Text(f"Step {step.number}: {step.title}", style="bold"))
    guide.show_text(Text(f"{step.minutes} minutes. It teaches {step.teaches}."))
    show_guide(step)
    console.say()
    show_way(step)


def show_guide(step: Step) -> None:
    """Print the guide, or say that it has gone."""
    if step.guide.is_file():
        guide.show(step)
    else:
        console.warn(f"Its guide is missing: {near(step.guide)}. Fetch the project anew.")


def show_way(step: Step) -> None:
    """Print which files to open, and what to type."""
    for word, file in zip(["Open", *[""] * len(step.files)], step.files, strict=False):
        console.say(f"{word:<4}  {near(step.starter / file)}")
    if step.files:
        console.say(f"Next  {console.command('run', step.short)}")
    console.say(f"{'Then' if step.files else 'Next'}  {console.command('check', step.short)}")
