"""Asking on the terminal: before doing something that nobody may want, and for what is not known yet."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

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
    with _own_line():
        return click.confirm(question, err=True)


def answer(question: str, **options: Any) -> Any:
    """What the attendee answers on the terminal; ``options`` are those of `click.prompt`.

    Raises:
        click.Abort: Ctrl-C.
    """
    with _own_line():
        return click.prompt(question, err=True, **options)


@contextlib.contextmanager
def _own_line() -> Iterator[None]:
    """After Ctrl-C, the shell's next line must not follow the question."""
    try:
        yield
    except click.Abort:
        console.errors().print()
        raise
