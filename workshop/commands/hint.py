"""`workshop hint`: three hints for each TODO, the last nearly the line."""

from __future__ import annotations

import click

from workshop import console
from workshop.course import guide
from workshop.course.progress_file import ProgressFile
from workshop.course.todos import find_todo, next_todo
from workshop.steps import Step


@click.command()
@click.argument("number", required=False, metavar="[N]")
@click.option("--todo", metavar="NN.k", help="The TODO to have a hint for; else the first still open.")
def command(*, number: str | None, todo: str | None) -> None:
    """Show a hint for the first TODO that is still in your files; each time one that says more."""
    kept = ProgressFile()
    step = kept.step(number)
    if not step.hints:
        console.say(f"Step {step.number} has no hints. Its check says what to try:")
        console.say(f"  {console.command('check', step.short)}")
        return
    chosen = next_todo(step, step.starter) if todo is None else find_todo(step, todo)
    show(step, chosen, kept)


def show(step: Step, todo: str, kept: ProgressFile) -> None:
    """Show the next hint for a TODO, or all of them when all were shown."""
    hints = step.hints[todo]
    with kept.changing() as progress:
        shown = progress.of(step).hints.get(todo, 0)
        level = min(shown + 1, len(hints))
        progress.hint_shown(step, todo, level)
    for number in range(1 if shown >= len(hints) else level, level + 1):
        console.say(f"TODO {todo}, hint {number} of {len(hints)}")
        guide.show_hint(hints[number - 1])
    console.say()
    say_rest(step, len(hints) - level)


def say_rest(step: Step, left: int) -> None:
    """Say how many hints are left, and how to see more."""
    if left:
        console.say("1 hint is left:" if left == 1 else f"{left} hints are left:")
        console.say(f"  {console.command('hint', step.short)}")
    else:
        console.say("That was the last. The whole answer:")
        console.say(f"  {console.command('solution', step.short)}")
