"""Asking before something happens that somebody may not want."""

from __future__ import annotations

import sys

import click

from workshop.terminal import console


def agreed(question: str, *, yes: bool, again: tuple[str, ...]) -> bool:
    """Whether somebody wants it: they have typed --yes, or say so now.

    Args:
        question: it ends with a question mark; the answer that changes nothing is the default.
        yes: --yes was typed.
        again: the words of this command, for the advice.

    Raises:
        click.UsageError: nobody is there to be asked.
        click.Abort: Ctrl-C.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"{question} Nobody is here to be asked; to say yes: {console.command(*again, '--yes')}"
        )
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        console.errors().print()  # the shell's next line must not follow the question
        raise
