"""`workshop start`: begin a step, and read its guide."""

import click
from rich.text import Text

from workshop.course import guide
from workshop.course.markdown import GuideText
from workshop.course.progress_file import ProgressFile, now
from workshop.extras import NotInstalled, need
from workshop.files import near
from workshop.instructor.classroom.telling import telling
from workshop.steps import Step
from workshop.terminal import console


@click.command()
@click.argument("number", required=False, metavar="[N]")
def command(*, number: str | None) -> None:
    """Turn to step N, by its number or name, and read its guide; without N the current step's.

    On a terminal the background comes first, page by page; the tasks follow, and stay.
    """
    kept = ProgressFile()
    begin(kept.step(number), kept)


def begin(step: Step, kept: ProgressFile) -> None:
    """Make it the current step, and show all that the attendee needs for it."""
    with telling() as host:
        with kept.changing() as progress:
            progress.start(step, now())
        host.note("start", step)
        to_read = background(step) if guide.can_page() else ""
        if not to_read:
            show(step)
    if to_read:
        guide.page(to_read)
        show(step, at_work=True)
    if host.problem:
        console.say(host.problem)
    with_extra(step)


def with_extra(step: Step) -> None:
    """Install what only this step needs. The attendee can begin without it; `run` tries again."""
    try:
        need(step.extra)
    except NotInstalled as error:
        console.warn(str(error))


def background(step: Step) -> str:
    """The part of the guide to read first, ready for a pager; empty if the guide is missing."""
    if not step.guide.is_file():
        return ""
    _, rest = guide.split(guide.text_of(step))
    keys = Text("\nSpace shows the next page. q leads to your tasks.\n", style="bold green")
    return guide.rendered(heading(step), keys, GuideText(rest), keys)


def show(step: Step, *, at_work: bool = False) -> None:
    """Print the step's guide, which files to open, and what to type.

    Args:
        at_work: print only the part of the guide that is needed for the work.
    """
    console.output().print(heading(step))
    guide.show_text(Text(f"{step.minutes} minutes. It teaches {step.teaches}."))
    show_guide(step, at_work=at_work)
    console.say()
    show_way(step)


def heading(step: Step) -> Text:
    """The step's number and title."""
    return Text(f"Step {step.number}: {step.title}", style="bold")


def show_guide(step: Step, *, at_work: bool) -> None:
    """Print the guide, or say that it is missing."""
    if step.guide.is_file():
        text = guide.text_of(step)
        guide.show(guide.split(text)[0] if at_work else text)
    else:
        console.warn(f"Its guide is missing: {near(step.guide)}. Get the project again.")


def show_way(step: Step) -> None:
    """Print which files to open, and what to type."""
    for word, file in zip(["Open", *[""] * len(step.files)], step.files, strict=False):
        console.say(f"{word:<4}  {near(step.starter / file)}")
    if step.files:
        console.say(f"Next  {console.command('run', step.short)}")
    console.say(f"{'Then' if step.files else 'Next'}  {console.command('check', step.short)}")
