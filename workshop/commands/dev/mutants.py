"""`workshop dev mutants`: whether the checks notice small changes, and find where they are."""

import asyncio
import os
from collections import Counter
from collections.abc import Sequence

import click
from rich.table import Table

from workshop import steps
from workshop.course.progress_file import need_checkout
from workshop.extras import need
from workshop.maintenance.upkeep import mutants
from workshop.maintenance.upkeep.checked import some_at_once
from workshop.maintenance.upkeep.mutants import Mutant, Outcome
from workshop.maintenance.upkeep.places import LESSONS_FROM
from workshop.steps import Step
from workshop.terminal import console
from workshop.terminal.bar import bar

JOBS = max(2, 2 * (os.cpu_count() or 1))  # checks mostly wait
CAUGHT, PLACED, MISPLACED = 0.97, 0.90, 0.02  # shares that must hold; the last is the most
FATES: tuple[mutants.Fate, ...] = ("survived", "placed", "not found", "misplaced", "broken")


@click.command()
@click.argument("step_names", nargs=-1, metavar="[STEP]…")
@click.option("--seed", default=1, show_default=True, help="For which of them --sample takes.")
@click.option("--sample", type=click.IntRange(1), metavar="N", help="Only so many of each step, by chance.")
@click.option("--jobs", default=JOBS, type=click.IntRange(1, 64), show_default=True, help="Checks at a time.")
@click.option("--solutions-only", is_flag=True, help="Change the solutions, and no right answers.")
def command(
    *, step_names: tuple[str, ...], seed: int, sample: int | None, jobs: int, solutions_only: bool
) -> int:
    """Change solutions and right answers in small ways, and see whether the checks notice, and where.

    A statement is dropped, a condition turned, a constant moved, an `await`, an argument or a `self.` taken
    out, operands or arguments swapped, `None` returned. Changes after which a program is as right as before
    are named in workshop/checks/equivalents.toml.
    """
    need_checkout()
    need("test")
    chosen = [steps.find(name) for name in step_names] or steps.all_steps()[LESSONS_FROM:]
    known, todo, left_out = mutants.equivalents(), list[Mutant](), Counter[str]()
    for step in chosen:
        found = [
            each for each in mutants.mutants(step) if not (solutions_only and each.base != mutants.SOLUTION)
        ]
        rest = [each for each in found if not any(one.covers(each) for one in known)]
        left_out[step.id] = len(found) - len(rest)
        todo += mutants.sampled(rest, sample, seed)
    outcomes = checked_twice(todo, jobs)
    console.output().print(table(chosen, outcomes, left_out))
    for outcome in outcomes:
        if outcome.fate in ("survived", "misplaced", "broken"):
            console.fail(f"{outcome.fate}: {outcome.mutant}. {' '.join(outcome.said.split())}")
    return 0 if holds(outcomes) else 1


def checked_twice(todo: Sequence[Mutant], jobs: int) -> list[Outcome]:
    """Run them; those that failed once more by themselves: many at a time are slow."""
    first = checked(todo, jobs)
    doubtful = [outcome.mutant for outcome in first if outcome.fate in ("misplaced", "broken")]
    again = {id(outcome.mutant): outcome for outcome in checked(doubtful, 1)} if doubtful else {}
    return [again.get(id(outcome.mutant), outcome) for outcome in first]


def checked(todo: Sequence[Mutant], jobs: int) -> list[Outcome]:
    """Run them, with a progress bar on a terminal."""
    with bar(len(todo)) as done:
        checks = some_at_once(
            todo, mutants.outcome_of, jobs=jobs, tell=lambda each: done(each.mutant.step.id)
        )
        return asyncio.run(checks)


def holds(outcomes: Sequence[Outcome]) -> bool:
    """Whether enough are caught, and enough of those are placed, or honestly not."""
    fates = Counter(outcome.fate for outcome in outcomes)
    caught = fates["placed"] + fates["not found"] + fates["misplaced"]
    return (
        caught >= CAUGHT * len(outcomes)
        and fates["placed"] + fates["not found"] >= PLACED * caught
        and fates["misplaced"] <= MISPLACED * caught
    )


def table(chosen: Sequence[Step], outcomes: Sequence[Outcome], left_out: Counter[str]) -> Table:
    """What became of the mutants of each step, and of all."""
    out = Table(box=None, pad_edge=False)
    for heading in ("step", "mutants", "equivalent", "caught", *FATES):
        out.add_column(heading, justify="left" if heading == "step" else "right")
    for step in chosen:
        own = [outcome for outcome in outcomes if outcome.mutant.step.id == step.id]
        out.add_row(step.number, *row(own, left_out[step.id]))
    out.add_row("all", *row(outcomes, left_out.total()))
    return out


def row(outcomes: Sequence[Outcome], equivalent: int) -> list[str]:
    """The figures of some mutants."""
    fates = Counter(outcome.fate for outcome in outcomes)
    caught = fates["placed"] + fates["not found"] + fates["misplaced"]
    return [str(number) for number in (len(outcomes), equivalent, caught, *(fates[fate] for fate in FATES))]
