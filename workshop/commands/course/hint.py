"""`workshop hint`: three hints for each TODO; the last is almost the solution's line."""

import click
from rich.text import Text

from workshop.course import guide
from workshop.course.progress import Progress
from workshop.course.progress_file import ProgressFile
from workshop.course.todos import find_todo, open_todos, todos
from workshop.steps import Step
from workshop.terminal import console


@click.command()
@click.argument("number", required=False, metavar="[N]")
@click.option("--todo", metavar="NN.k", help="The TODO to have a hint for.")
def command(*, number: str | None, todo: str | None) -> None:
    """Show a hint; each says more than the last.

    It is for the TODO at which your last check failed, which may have to be looked for. Without one, it is
    for the first TODO that is still in your files.
    """
    kept = ProgressFile()
    step = kept.step(number)
    if todo is not None:
        show(step, chosen := find_todo(step, todo), kept, more=("--todo", chosen))
    elif stuck_at := located(step, kept.read()) or look_for(step, kept):
        console.say(f"Your last check failed at TODO {stuck_at}.")
        show(step, stuck_at, kept)
    elif still_open := open_todos(step, step.starter):
        show(step, still_open[0], kept)
    else:
        say_other_ways(step, kept.read())


def located(step: Step, progress: Progress) -> str:
    """The TODO at which the last check failed; empty if it located none of the step's."""
    stuck_at = progress.of(step).stuck_at
    return stuck_at if stuck_at in step.hints else ""


def look_for(step: Step, kept: ProgressFile) -> str:
    """Look for the TODO at which the last check failed; empty if it passed, or if we do not find the TODO."""
    if not kept.read().of(step).failed_part:
        return ""
    console.say("Your last check failed, and did not say at which TODO.")
    # Imported late, because it takes a while, and the attendee waits for the first line.
    from workshop.checking.run import check_step

    result = check_step(step, first_only=True, look=lambda title: True, say=console.say)
    with kept.changing() as progress:
        progress.located(step, result.todo)
    return located(step, kept.read())


def show(step: Step, todo: str, kept: ProgressFile, *, more: tuple[str, ...] = ()) -> None:
    """Show the next hint for a TODO, or all of them if all were shown before.

    Args:
        more: the words after `hint N` that ask for the same TODO again.
    """
    hints = step.hints[todo]
    with kept.changing() as progress:
        shown = progress.of(step).hints.get(todo, 0)
        level = min(shown + 1, len(hints))
        progress.hint_shown(step, todo, level)
    for number in range(1 if shown >= len(hints) else level, level + 1):
        console.say(f"TODO {todo}, hint {number} of {len(hints)}")
        guide.show_hint(hints[number - 1])
    console.say()
    say_rest(step, len(hints) - level, more)


def say_rest(step: Step, left: int, more: tuple[str, ...]) -> None:
    """Say how many hints are left, and how to see more."""
    if left:
        console.say("1 hint is left:" if left == 1 else f"{left} hints are left:")
        console.say(f"  {console.command('hint', step.short, *more)}")
    else:
        console.say("That was the last. The whole answer:")
        console.say(f"  {console.command('solution', step.short)}")


def say_other_ways(step: Step, progress: Progress) -> None:
    """Say what else helps when we know no TODO to give a hint for."""
    failed_part = progress.of(step).failed_part
    if not step.hints:
        sentence = f"Step {step.number} has no hints. Its check says what to try:"
    elif failed_part:
        sentence = f'Your last check failed at "{failed_part}". What it saw may help more than a hint:'
    else:
        sentence = f"No TODO of step {step.number} is left in your files. Check them:"
    guide.show_text(Text(sentence))
    console.say(f"  {console.command('check', step.short)}")
    if step.hints:
        console.say(f"A hint for a TODO of your choice, {todos(step)[0]} to {todos(step)[-1]}:")
        console.say(f"  {console.command('hint', step.short, '--todo', todos(step)[0])}")
