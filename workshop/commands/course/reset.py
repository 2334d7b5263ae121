"""`workshop reset`: puts a step's starter back; the attendee's files are kept."""

import click

from workshop.commands.course.solution import replace
from workshop.course import backups, stage_files
from workshop.course.pristine import pristine
from workshop.course.progress_file import ProgressFile
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
        return
    question = f"Bring {', '.join(files)} of step {found.number} back as they came (yours are kept)?"
    if agreed(question, yes=yes, again=("reset", found.short)):
        replace(found, contents, "as they came" if files[1:] else "as it came")
