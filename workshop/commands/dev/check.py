"""`workshop dev check`: everything that must hold of the steps."""

import asyncio
import os
import random
from collections import Counter

import click
from rich.table import Table

from workshop import steps
from workshop.course import lessons
from workshop.course.progress_file import need_checkout
from workshop.extras import need
from workshop.maintenance.upkeep import decks, matrix, places, stages
from workshop.maintenance.upkeep.checked import some_at_once
from workshop.maintenance.upkeep.matrix import Case, Outcome
from workshop.steps import Step
from workshop.terminal import console
from workshop.terminal.bar import bar

JOBS = max(2, 3 * (os.cpu_count() or 1))  # checks mostly wait


@click.command()
@click.argument("step_names", nargs=-1, metavar="[STEP]…")
@click.option("--jobs", default=JOBS, type=click.IntRange(1, 64), show_default=True, help="Checks at a time.")
@click.option(
    "--sample", type=click.IntRange(0), metavar="N", help="Only so many wrong answers of each step."
)
@click.option("--files-only", is_flag=True, help="Only what is in the files; run nothing.")
def command(*, step_names: tuple[str, ...], jobs: int, sample: int | None, files_only: bool) -> int:
    """Prove that every starter fails where it should, and every solution passes.

    Right answers pass, too, each mistake gets its own diagnosis, and guides, hints and stages fit
    together. All steps, or those that are named.
    """
    need_checkout()
    chosen = [steps.find(name) for name in step_names] or steps.all_steps()
    problems = [problem for step in chosen for problem in (*places.problems(step), *lessons.problems(step))]
    if not step_names:
        problems += decks.others()
    console.output().print(lessons_table(chosen))
    if not files_only:
        need("test")
        outcomes = checked_twice([case for step in chosen for case in cases(step, sample)], jobs)
        problems += matrix.problems(outcomes)
        console.output().print(table(chosen, outcomes))
    for problem in problems:
        console.fail(problem)
    if not problems:
        programs = "" if files_only else f", {len(outcomes)} programs checked"
        held = "1 step holds" if len(chosen) == 1 else f"{len(chosen)} steps hold"
        console.ok(f"{held}{programs}")
    return 1 if problems else 0


def cases(step: Step, sample: int | None = None) -> list[Case]:
    """The programs of a step to be checked; the first step has no mistakes to be found.

    Args:
        sample: so many of the wrong answers alone, always the same ones; all when it is None.
    """
    found = list(matrix.cases(step)) if int(step.number) >= places.LESSONS_FROM else []
    wrong = [case for case in found if case.kind == "wrong"]
    kept = wrong if sample is None else random.Random(step.id).sample(wrong, min(sample, len(wrong)))
    return [case for case in found if case.kind != "wrong" or case in kept]


def checked_twice(todo: list[Case], jobs: int) -> list[Outcome]:
    """Run them; those that are wrong once more by themselves, since many at a time keep a machine busy."""
    first = checked(todo, jobs)
    if not (doubtful := matrix.doubtful(first)):
        return first
    again = {outcome.case.name: outcome for outcome in checked(doubtful, 1)}
    outcomes = [again.get(outcome.case.name, outcome) for outcome in first]
    still = {case.name for case in matrix.doubtful(outcomes)}
    for name in again.keys() - still:
        console.warn(f"{name}: right only when it ran by itself")
    return outcomes


def checked(todo: list[Case], jobs: int) -> list[Outcome]:
    """Run them, with a progress bar on a terminal."""
    with bar(len(todo)) as done:
        checks = some_at_once(todo, matrix.outcome_of, jobs=jobs, tell=lambda it: done(it.case.name))
        return asyncio.run(checks)


def lessons_table(chosen: list[Step]) -> Table:
    """How many lines of each step are new beside its lesson; see `workshop.course.lessons`."""
    out = Table(box=None, pad_edge=False)
    for heading in ("step", "added", "gone", ""):
        out.add_column(heading, justify="right" if heading in ("added", "gone") else "left")
    for step in chosen:
        if step.number in (*lessons.HELD, *lessons.BEGINNINGS):
            it = lessons.change(step)
            held = f"of at most {lessons.MOST}" if step.number in lessons.HELD else "a new beginning"
            out.add_row(step.id, str(len(it.added)), str(len(it.gone)), held)
    return out


def table(chosen: list[Step], outcomes: list[Outcome]) -> Table:
    """What there is of each step, and how long the solution's check took."""
    out = Table(box=None, pad_edge=False)
    for heading in ("step", "starter", "solution", "to write", "wrong", "right", "check"):
        out.add_column(heading, justify="left" if heading == "step" else "right")
    for step in chosen:
        mine = [outcome for outcome in outcomes if outcome.case.step.id == step.id]
        count = Counter(outcome.case.kind for outcome in mine)
        times = [o.result.seconds for o in mine if o.case.kind == "solution" and o.result]
        it = stages.size(step)
        took = f"{times[0]:.1f} s" if times else ""
        numbers = (it.starter, it.solution, it.to_write, count["wrong"], count["right"])
        out.add_row(step.id, *map(str, numbers), took)
    return out
