"""`workshop stuck`: raise a hand, so that the host sees that the attendee needs help."""

from collections.abc import Callable

import click

from workshop.course.progress_file import ProgressFile
from workshop.instructor.classroom.membership import MembershipFile
from workshop.instructor.classroom.news import MAX_WORDS
from workshop.instructor.classroom.telling import FOREGROUND_SECONDS, JOIN, Telling, telling
from workshop.steps import Step
from workshop.terminal import console

NOT_YET = 1


@click.command()
@click.argument("words", nargs=-1)
def command(*, words: tuple[str, ...]) -> int:
    """Raise your hand; WORDS say what you are stuck with, if you like.

    Ends with 0 when your host has seen it, with 1 when not yet.
    """
    text = " ".join(words)
    if len(text) > MAX_WORDS:
        raise click.UsageError(f"These are {len(text)} characters; at most {MAX_WORDS} are shown.")
    done = f"Your hand is up. To lower it: {console.command('unstuck')}"
    return tell(lambda host, step: host.note("stuck", step, words=text), done)


def tell(what: Callable[[Telling, Step], object], done: str) -> int:
    """Tell the host, print whether it has heard it, and return the exit code."""
    file = MembershipFile()
    if file.read() is None:
        raise click.ClickException(f"You are not in a class. To join it: {console.command(*JOIN)}")
    with telling(FOREGROUND_SECONDS, file) as host:
        what(host, ProgressFile().read().current)
    if host.problem:
        console.warn(host.problem)
        return NOT_YET
    console.ok(done)
    return 0
