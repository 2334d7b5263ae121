"""`workshop solution`: puts the solution into the attendee's files, which are kept."""

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
    why = f"You have not passed step {found.number} yet."
    question = f"{why} Put its solution into your files (yours are kept)?"
    if kept.read().passed(found) or agreed(question, yes=yes, again=("solution", found.short)):
        put(found)


def put(step: Step) -> None:
    """Put the solution into the attendee's files, and say so.

    Raises:
        backups.NotReplaced: that is not possible, or only in part.
    """
    solution = stage_files.as_starter(stage_files.read(step.solution))
    if not stage_files.changed(step.starter, solution):
        console.ok(f"Your files of step {step.number} are the solution's already.")
        return
    replace(step, solution, "now the solution's")
    console.say(f"To see it pass, and go on: {console.command('check', step.short)}")
    console.say(f"To begin the step afresh: {console.command('reset', step.short)}")


def replace(step: Step, contents: stage_files.Contents, what: str) -> None:
    """Replace files of a step's starter, and say which they are, and where the attendee's are kept.

    Raises:
        backups.NotReplaced: that is not possible, or only in part.
    """
    files = stage_files.changed(step.starter, contents)
    folder = backups.state_folder() / "backups"
    backup = backups.replace(step.starter, contents, backups=folder, now=datetime.now())
    verb = "is" if len(files) == 1 else "are"
    console.ok(f"{', '.join(files)} in {near(step.starter)} {verb} {what}.")
    if backup:
        console.say(f"Your files as they were: {near(backup)}")
