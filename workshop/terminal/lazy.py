"""A group of commands that imports only the command that is used."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from importlib import import_module
from typing import Any, TypeAlias

import click

from workshop.terminal import console

Table: TypeAlias = Mapping[str, tuple[str, str]]  # name: (module that has `command`, one line about it)


class LazyGroup(click.Group):
    """A group that knows its commands' names and one line about each, and imports the one that is used.

    Args:
        commands_by_name: the table, in the order in which `--help` shows it.
    """

    def __init__(self, *arguments: Any, commands_by_name: Table, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.table = commands_by_name

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of that name; None if there is none."""
        if cmd_name not in self.table:
            return None
        found = import_module(self.table[cmd_name][0]).command
        assert isinstance(found, click.Command), f"{self.table[cmd_name][0]}.command is no click command"
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; suggest the nearest one for a mistyped name."""
        if args and args[0] not in self.table and not args[0].startswith("-"):
            ctx.fail(self._unknown(ctx, args[0]))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self.table.items()])

    def _unknown(self, ctx: click.Context, typed: str) -> str:
        near = difflib.get_close_matches(typed, self.table, n=1)
        above = [ctx.info_name] if ctx.parent and ctx.info_name else []
        if near:
            return f"There is no command {typed!r}. Did you mean {console.command(*above, near[0])}?"
        return f"There is no command {typed!r}. See {console.command(*above, '--help')}."
