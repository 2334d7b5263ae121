"""`workshop check`: run the check of a step, and remember the result."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

import click

from workshop import steps
from workshop.commands.as_json import say_json
from workshop.course.progress_file import ProgressFile, now
from workshop.course.whats_next import advice, called, duration_in_words
from workshop.extras import need
from workshop.instructor.classroom.telling import Telling, telling
from workshop.steps import Step
from workshop.terminal import console

if TYPE_CHECKING:
    from workshop.checking.verdict import Result

NOT_YET = 1
Look: TypeAlias = Callable[[str], bool]  # gets the title of a part that fails


@click.command()
@click.argument("number", required=False, metavar="[N]")
@click.option("--where", is_flag=True, help="Look for the place of a failure already the first time.")
@click.option("--quick", is_flag=True, help="Never look for the place.")
@click.option("--json", "machine", is_flag=True, help="Print JSON, for programs.")
def command(*, number: str | None, where: bool, quick: bool, machine: bool) -> int:
    """Check your program of step N: it runs as a process, and ours play the other side.

    Ends with 0 when it has passed, with 1 when it has not yet.
    """
    kept = ProgressFile()
    step = kept.step(number)
    look = looking(step, kept, where=where, quick=quick)
    result = check_silently(step, kept, look) if machine else check(step, kept, look)
    if machine:
        say_json(result)
    return 0 if result.passed else NOT_YET


def looking(step: Step, kept: ProgressFile, *, where: bool = False, quick: bool = False) -> Look:
    """Decides whether to look for the place at which a part fails: if it fails again, or if asked to."""
    before = kept.read()
    return lambda title: not quick and (where or before.failures_in_a_row(step, title) > 0)


def check(step: Step, kept: ProgressFile, look: Look) -> Result:
    """Check a step, print the result part by part, and remember it."""
    need(step.extra)
    console.say(f"Checking {called(step)} ...")
    # Imported late, because these take a while, and the attendee waits for the first line.
    from workshop.checking.report import Printout
    from workshop.checking.run import check_of, check_step

    with telling() as host:
        report, began = Printout(), now()
        result = check_step(step, tell=report.tell, look=look, say=console.say)
        report.end(result)
        remember(step, kept, host, result, began)
        if result.passed:
            congratulate(step, kept)
        elif is_puzzling(result) and check_of(step).exchanges:
            console.say(f"Check again, and the place is looked for: {console.command('check', step.short)}")
    if host.problem:
        console.say(host.problem)
    return result


def check_silently(step: Step, kept: ProgressFile, look: Look) -> Result:
    """Check a step, and remember the result."""
    from workshop.checking.run import check_step

    need(step.extra)
    with telling() as host:
        began = now()
        result = check_step(step, look=look)
        remember(step, kept, host, result, began)
    return result


def is_puzzling(result: Result) -> bool:
    """Whether we know no cause of a failure, and have not looked for its place."""
    failure = result.failed.failure if result.failed else None
    return failure is not None and not (failure.causes or failure.not_done or failure.where)


def remember(step: Step, kept: ProgressFile, host: Telling, result: Result, began: datetime) -> None:
    """Write down the result of a check that has just ended; in a class the host hears of it."""
    ended, passed = now(), result.passed
    part = result.failed.title if result.failed else ""
    with kept.changing() as progress:
        progress.checked(step, passed=passed, began=began, ended=ended, part=part, todo=result.todo)
    host.note("check", step, passed=passed, seconds=progress.seconds(step, ended))


def congratulate(step: Step, kept: ProgressFile) -> None:
    """Say that the step is passed, and what to type next."""
    progress = kept.read()
    took, checks = duration_in_words(progress.seconds(step, now())), progress.of(step).checks
    tries = "at the first check" if checks == 1 else f"with {checks} checks"
    console.ok(f"You have passed {called(step)}, in {took}, {tries}.")
    console.say(f"Next  {console.command(*_next(step, kept))}")


def _next(step: Step, kept: ProgressFile) -> tuple[str, ...]:
    """The words of the next command. If progress is not kept, `next` would not know of this check."""
    following = steps.following(step)
    if kept.keeps or following is None:
        return advice(kept.read()).words
    return "start", following.short
