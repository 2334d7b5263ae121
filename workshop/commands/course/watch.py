"""`workshop watch`: check a step again whenever one of its files is saved.

We look at the files twice a second: that also works on network drives and across WSL, where the system does
not report changes.
"""

import contextlib
from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import TypeAlias

import click
from rich.text import Text

from workshop.commands.course.check import check, looking
from workshop.course.guide import show_text
from workshop.course.progress_file import ProgressFile
from workshop.errors import WorkshopError
from workshop.files import near
from workshop.steps import Step
from workshop.terminal import console

POLL_SECONDS = 0.5
Stamps: TypeAlias = dict[Path, tuple[int, int]]


@click.command()
@click.argument("number", required=False, metavar="[N]")
def command(*, number: str | None) -> None:
    """Check step N, and again whenever you save one of its files, until it is passed. Ctrl-C ends it."""
    kept = ProgressFile()
    step = kept.step(number)
    seen = stamps(step.starter)
    while not passes(step, kept):
        where = near(step.starter)
        show_text(Text(f"Save a file in {where}, and it is checked again. Ctrl-C ends this."))
        seen = changed(seen, lambda: stamps(step.starter), sleep)
        console.output().clear()  # rich clears only a terminal, and not one with TERM=dumb


def passes(step: Step, kept: ProgressFile) -> bool:
    """Check the step. If it cannot be checked, say why: the attendee may fix that while we watch."""
    try:
        return check(step, kept, looking(step, kept)).passed
    except WorkshopError as error:
        console.fail(str(error))
        return False


def changed(seen: Stamps, look: Callable[[], Stamps], wait: Callable[[float], object]) -> Stamps:
    """Wait until the files have changed, and then stay the same from one look to the next.

    A file that is still being written differs at each look.
    """
    before = seen
    while True:
        wait(POLL_SECONDS)
        if (current := look()) == before != seen:
            return current
        before = current


def stamps(folder: Path) -> Stamps:
    """When each program in the folder was changed, in nanoseconds, and its size."""
    found: Stamps = {}
    for file in folder.glob("*.py"):
        with contextlib.suppress(OSError):  # just being replaced
            status = file.stat()
            found[file] = (status.st_mtime_ns, status.st_size)
    return found
