"""`workshop unstuck`: lower the hand again."""

import click

from workshop.commands.classes.stuck import tell


@click.command()
def command() -> int:
    """Lower your hand: you can go on.

    Ends with 0 when your host has seen it, with 1 when not yet.
    """
    return tell(lambda host, step: host.note("unstuck", step), "Your hand is down.")
