"""`workshop` alone: where am I, and what next."""

from datetime import datetime

from rich.text import Text

from workshop import steps
from workshop.course.guide import show_text
from workshop.course.progress import Progress
from workshop.course.progress_file import ProgressFile, in_checkout, now
from workshop.course.whats_next import advice, called, duration_in_words
from workshop.terminal import console

CELLS = {"passed": ("■", "green"), "begun": ("○", "yellow"), "to do": ("·", "dim")}
HERE = ("▶", "bold yellow")


def show() -> None:
    """Print where the attendee is in the workshop, or without a checkout only how to play."""
    console.say("Gem Rush: a multiplayer game on your own network.")
    console.say()
    advised = show_place(ProgressFile().read(), now()) if in_checkout() else None
    if advised != ("play",):
        console.say(f"  {console.command('play')}   play now, with some bots")
    console.say(f"  {console.command('join')}   join the game in this room")
    console.say()
    console.say(f"All commands: {console.command('--help')}")


def show_place(progress: Progress, moment: datetime) -> tuple[str, ...]:
    """Print the current step, the progress, and the one command to type. Returns that command's words."""
    following = advice(progress)
    show_text(Text(f"The workshop builds it in {len(steps.all_steps())} steps. {_here(progress, moment)}"))
    show_text(bar(progress))
    console.say()
    show_text(Text(following.sentence))
    console.output().print(Text(f"  {console.command(*following.words)}", style="bold"))
    console.say()
    return following.words


def bar(progress: Progress) -> Text:
    """One cell for each step, and the share of all steps that is passed."""
    everything = steps.all_steps()
    passed = [step for step in everything if progress.passed(step)]
    cells = [_cell(progress, step) for step in everything]
    minutes = f"{sum(step.minutes for step in passed)} of {sum(step.minutes for step in everything)} minutes"
    return Text.assemble("[", *cells, f"]  {len(passed)} of {len(everything)} steps, {minutes}")


def _cell(progress: Progress, step: steps.Step) -> tuple[str, str]:
    if step == progress.current and not progress.passed(step):
        return HERE
    return CELLS[progress.of(step).state]


def _here(progress: Progress, moment: datetime) -> str:
    step = progress.current
    begun = progress.of(step).state == "begun"
    so_far = f", {duration_in_words(progress.seconds(step, moment))} so far" if begun else ""
    return f"You are at {called(step)} ({step.minutes} minutes{so_far})."
