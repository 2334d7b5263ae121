"""`workshop stuck`: raise a hand, so that the host sees that the attendee needs help."""

import click

from workshop.commands.classes.class_group import need_member
from workshop.course.progress_file import ProgressFile
from workshop.instructor.classroom.membership import MembershipFile
from workshop.instructor.classroom.news import MAX_WORDS
from workshop.instructor.classroom.telling import FOREGROUND_SECONDS, Telling, telling
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
    file = MembershipFile()
    need_member(file)
    with telling(FOREGROUND_SECONDS, file) as host:
        host.note("stuck", ProgressFile().read().current, words=text)
    return outcome(host, f"Your hand is up. To lower it: {console.command('unstuck')}")


def outcome(host: Telling, done: str) -> int:
    """Print whether the host has heard it, and return the exit code."""
    if host.problem:
        console.warn(host.problem)
        return NOT_YET
    console.ok(done)
    return 0
