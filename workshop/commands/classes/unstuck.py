"""`workshop unstuck`: lower the hand again."""

import click

from workshop.commands.classes.class_group import need_member
from workshop.commands.classes.stuck import outcome
from workshop.course.progress_file import ProgressFile
from workshop.instructor.classroom.membership import MembershipFile
from workshop.instructor.classroom.telling import FOREGROUND_SECONDS, telling


@click.command()
def command() -> int:
    """Lower your hand: you can go on.

    Ends with 0 when your host has seen it, with 1 when not yet.
    """
    file = MembershipFile()
    need_member(file)
    with telling(FOREGROUND_SECONDS, file) as host:
        host.note("unstuck", ProgressFile().read().current)
    return outcome(host, "Your hand is down.")
