"""`workshop dev`: for those who work on this project."""

import click

from workshop.terminal.lazy import LazyGroup

COMMANDS = {  # name: (module that has it, one line about it)
    "check": ("workshop.commands.dev.check", "Prove that starters fail, solutions pass, mistakes get named."),
    "mutants": ("workshop.commands.dev.mutants", "See whether the checks notice small changes, and where."),
    "new": ("workshop.commands.dev.new", "Make a new step, in all its places."),
    "bench": ("workshop.commands.dev.bench", "Measure netlib's server beside the alternatives."),
    "films": ("workshop.commands.dev.films", "Play the films on the slides anew."),
    "fuzz": ("workshop.commands.dev.fuzz", "Attack a server, with honest players beside."),
}


@click.group(cls=LazyGroup, commands_by_name=COMMANDS)
def command() -> None:
    """For those who work on this project."""
