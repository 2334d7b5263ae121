"""`workshop export`: progress and times as JSON."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from workshop import steps
from workshop.commands.as_json import say_json, text_of
from workshop.commands.course.saving import FILE, save
from workshop.course.progress import Progress
from workshop.course.progress_file import ProgressFile, need_checkout, now
from workshop.steps import Step


@click.command()
@click.argument("file", required=False, type=FILE)
def command(*, file: Path | None) -> None:
    """Print progress and times as JSON, or write them to FILE."""
    need_checkout()
    told = as_told(ProgressFile().read(), now())
    if file is None:
        say_json(told)
    else:
        save(file, text_of(told), "Your progress is in")


def as_told(progress: Progress, moment: datetime) -> dict[str, Any]:
    """All that we know of every step, in order. Times are in UTC."""
    return {
        "exported_at": moment.replace(microsecond=0),
        "current": progress.current.id,
        "steps": [row(progress, step, moment) for step in steps.all_steps()],
    }


def row(progress: Progress, step: Step, moment: datetime) -> dict[str, Any]:
    """One step; seconds are from its begin until it was passed, or until now."""
    entry = progress.of(step)
    return {
        "id": step.id,
        "title": step.title,
        "minutes": step.minutes,
        "state": entry.state,
        **msgspec.to_builtins(entry),
        "seconds": round(progress.seconds(step, moment)),
    }
