"""`workshop solution`: the solution instead of one's own files, which are kept."""

from datetime import datetime

import click

from workshop.course import backups, stage_files
from workshop.course.progress_file import ProgressFile
from workshop.files import near
from workshop.steps import Step
from workshop.terminal import console
from workshop.terminal.asking import agreed


@click.command()
@click.argument("step", required=False, metavar="[N]")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(*, step: str | None, yes: bool) -> None:
    """Put the solution of step N into your starter files. Yours are kept in a backup."""
    kept = ProgressFile()
    found = kept.step(step)
    if kept.read().passed(found) or agreed(question(found), yes=yes, again=("solution", found.short)):
        put(found)


def question(step: Step) -> str:
    """What to ask who has not passed the step yet."""
    return f"You have not passed step {step.number} yet. Put its solution into your files (yours are kept)?"


def put(step: Step) -> None:
    """Do it, and say what was done.

    Raises:
        backups.NotReplaced: it cannot be done, or not wholly.
    """
    solution = stage_files.as_starter(stage_files.read(step.solution))
    files = stage_files.changed(step.starter, solution)
    if not files:
        console.ok(f"Your files of step {step.number} are the solution's already.")
        return
    say_replaced(step, files, _replace(step, solution), "now the solution's")
    console.say(f"To see it pass, and go on: {console.command('check', step.short)}")
    console.say(f"To begin the step afresh: {console.command('reset', step.short)}")


def _replace(step: Step, contents: stage_files.Contents) -> str | None:
    folder = backups.state_folder() / "backups"
    backup = backups.replace(step.starter, contents, backups=folder, now=datetime.now())
    return near(backup) if backup else None


def say_replaced(step: Step, files: list[str], backup: str | None, what: str) -> None:
    """Say which files were replaced, and where they are kept."""
    names = ", ".join(files)
    console.ok(f"{names} in {near(step.starter)} {'is' if len(files) == 1 else 'are'} {what}.")
    if backup:
        console.say(f"Your files as they were: {backup}")
