"""Asking the attendee before doing something that they may not want."""

from __future__ import annotations

import sys

import click

from workshop.terminal import console


def agreed(question: str, *, yes: bool, again: tuple[str, ...]) -> bool:
    """Whether the attendee agrees: they have typed --yes, or say yes now.

    Args:
        question: it ends with a question mark; the default is no, which changes nothing.
        yes: whether --yes was typed.
        again: the words of this command, for the advice.

    Raises:
        click.UsageError: this is no terminal, so nobody can answer.
        click.Abort: Ctrl-C.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"{question} This is no terminal to ask on; to say yes: {console.command(*again, '--yes')}"
        )
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        console.errors().print()  # the shell's next line must not follow the question
        raise
