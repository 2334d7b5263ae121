"""The command line: what `workshop` and `python -m workshop` run once everything is installed.

A command's module is imported only when it is used. Each has a click command named `command`, which may
return its exit code.
"""

import difflib
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from workshop import console
from workshop.errors import WorkshopError
from workshop.printer import leave

COMMANDS = {  # name: (module that has it, one line about it)
    "play": ("workshop.commands.play", "Play now: a server, some bots and a window."),
    "join": ("workshop.commands.join", "Join the game in this room, or at an address."),
    "host": ("workshop.commands.host", "Host a game that others on this network can join."),
    "bots": ("workshop.commands.bots", "Send bots into a game."),
    "replay": ("workshop.commands.replay", "Watch a recording."),
    "test": ("workshop.commands.test", "Run the project's tests."),
    "dev": ("workshop.commands.dev", "For those who work on this project: dev bench."),
}
ENDED_BY_CTRL_C = {"play", "join", "host", "bots", "replay"}  # these run until Ctrl-C, so it is a normal end
FAULT, INTERRUPTED = 2, 130


class LazyGroup(click.Group):
    """A group that knows its commands' names and one line about each, and imports the one that is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of that name; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        found = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(found, click.Command), f"{COMMANDS[cmd_name][0]}.command is no click command"
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; for a mistyped one name the nearest."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(unknown_command(args[0]))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def unknown_command(typed: str) -> str:
    """Return what to say about a command that we do not have."""
    near = difflib.get_close_matches(typed, COMMANDS, n=1)
    hint = f"Did you mean {console.command(near[0])}?" if near else f"See {console.command('--help')}."
    return f"There is no command {typed!r}. {hint}"


@click.group(cls=LazyGroup, invoke_without_command=True)
@click.version_option(package_name="pygame-multiplayer-workshop", prog_name="workshop")
@click.pass_context
def group(ctx: click.Context) -> None:
    """A multiplayer game on your network in one command, and a workshop about how it works."""
    if ctx.invoked_subcommand is None:
        welcome()


def welcome() -> None:
    """Say the two commands that matter."""
    console.say("Gem Rush: a multiplayer game on your own network.")
    console.say()
    console.say(f"  {console.command('play')}   play now: a server, some bots and a window")
    console.say(f"  {console.command('join')}   join the game that somebody here is playing")
    console.say()
    console.say(f"All commands: {console.command('--help')}")


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code; problems are one clear message, never a traceback."""
    console.prepare_streams()
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    try:
        code = group.main(list(arguments), prog_name=console.typed_command(), standalone_mode=False)
    except click.ClickException as error:
        return _report(error)
    except click.Abort:  # what click makes of Ctrl-C
        return 0 if ENDED_BY_CTRL_C & set(arguments[:1]) else INTERRUPTED
    except Exception as error:
        if not is_ours(error):
            raise
        console.fail(str(error))
        return FAULT
    return code if isinstance(code, int) else 0


def _report(error: click.ClickException) -> int:
    console.fail(error.format_message())
    if isinstance(error, click.UsageError) and error.ctx is not None:
        console.errors().print(f"See {error.ctx.command_path} --help", markup=False)
    return FAULT


def is_ours(error: Exception) -> bool:
    """Return whether the error's text was written to be shown: our errors and netlib's are.

    Looked up late: a command that does not network does not import netlib.
    """
    netlib_errors = sys.modules.get("netlib.errors")
    from_netlib = netlib_errors is not None and isinstance(error, netlib_errors.NetlibError)
    return from_netlib or isinstance(error, WorkshopError)


def main() -> NoReturn:
    """Entry point of the script `workshop`."""
    leave(run(sys.argv[1:]))
