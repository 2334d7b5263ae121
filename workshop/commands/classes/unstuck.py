"""`workshop unstuck`: lower the hand again."""

import click

from workshop.commands.classes.stuck import tell
from workshop.instructor.classroom.telling import Telling


@click.command()
def command() -> int:
    """Lower your hand: you can go on.

    Ends with 0 when your host has seen it, with 1 when not yet.
    """
    return tell(Telling.unstuck, "Your hand is down.")
