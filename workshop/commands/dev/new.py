"""`workshop dev new`: a new step, in all its places."""

import re

import click

from workshop import steps
from workshop.course.progress_file import need_checkout
from workshop.maintenance.upkeep.scaffold import New, make
from workshop.paths import ROOT
from workshop.terminal import console

PLAIN = r"[^\"\\$\n]+"  # what may be in a title


@click.command()
@click.argument("name")
@click.option("--title", required=True, help="A few words.")
@click.option("--minutes", default=25, show_default=True, type=click.IntRange(1, 240), help="To plan for it.")
@click.option("--track", "tracks", multiple=True, help="A course that has it; may be given several times.")
def command(*, name: str, title: str, minutes: int, tracks: tuple[str, ...]) -> None:
    """Make a step after the last one: starter, solution, guide, slides, check, answers, and its table.

    NAME is a word for folders and files, such as spectators.
    """
    need_checkout()
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise click.UsageError(f"{name!r} cannot be a folder: use small letters, digits and _")
    if not re.fullmatch(PLAIN, title):
        raise click.UsageError("the title must be some words without quotes, backslashes and dollars")
    if unknown := [track for track in tracks if track not in steps.tracks()]:
        raise click.UsageError(f"there is no track {unknown[0]!r}; there are {', '.join(steps.tracks())}")
    number = int(steps.all_steps()[-1].number) + 1
    new = New(number, name, title, minutes, tracks or tuple(list(steps.tracks())[-1:]))
    for path in make(new, ROOT):
        console.ok(str(path.relative_to(ROOT)))
    console.say(f"It runs. What is still missing: {console.command('dev', 'check', str(number))}")
