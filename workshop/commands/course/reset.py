"""`workshop reset`: a step as it was at the beginning; what one has made is kept."""

from datetime import datetime

import click

from workshop.commands.course.solution import say_replaced
from workshop.course import backups, stage_files
from workshop.course.pristine import pristine
from workshop.course.progress_file import ProgressFile
from workshop.files import near
from workshop.steps import Step
from workshop.terminal import console
from workshop.terminal.asking import agreed


@click.command()
@click.argument("step", required=False, metavar="[N]")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(*, step: str | None, yes: bool) -> None:
    """Bring the starter of step N back as it came. Your files are kept in a backup."""
    found = ProgressFile().step(step)
    contents = pristine(found.checkout, backups.state_folder(), found.id)
    files = stage_files.changed(found.starter, contents)
    if not files:
        console.ok(f"Your files of step {found.number} are as they came.")
    elif agreed(question(found, files), yes=yes, again=("reset", found.short)):
        bring_back(found, contents, files)


def question(step: Step, files: list[str]) -> str:
    """What to ask before."""
    return f"Bring {', '.join(files)} of step {step.number} back as they came (yours are kept)?"


def bring_back(step: Step, contents: stage_files.Contents, files: list[str]) -> None:
    """Do it, and say what was done.

    Raises:
        backups.NotReplaced: it cannot be done, or not wholly.
    """
    folder = backups.state_folder() / "backups"
    backup = backups.replace(step.starter, contents, backups=folder, now=datetime.now())
    say_replaced(step, files, near(backup) if backup else None, "as they came" if files[1:] else "as it came")
