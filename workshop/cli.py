"""The command line: what `workshop` and `python -m workshop` run once everything is installed.

A command's module is imported only when it is used. Each has a click command named `command`, which may
return its exit code.
"""

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

import click
from click.exceptions import NoArgsIsHelpError

from workshop.bootstrap.shadows import clear_the_way
from workshop.commands.table import COMMANDS
from workshop.errors import WorkshopError
from workshop.paths import ROOT
from workshop.terminal import console
from workshop.terminal.lazy import LazyGroup
from workshop.terminal.printer import leave

# These run until Ctrl-C, so it ends them normally.
ENDED_BY_CTRL_C = {"play", "join", "host", "bots", "replay", "watch", "run"}
# Attendees edit the starter after these, so we keep a copy of it before.
BEFORE_EDITING = {"list", "start", "run", "check", "watch", "hint", "diff", "next", "doctor"}
FAULT, INTERRUPTED = 2, 130
FULL = (errno.ENOSPC, errno.EDQUOT)  # what writing says on a full disk, or beyond one's share of it
DISK_FULL = (
    "What this command writes could not be written ({}): the disk is full, or what the output goes to. "
    "Make room on the disk, or send the output elsewhere; then run it again."
)


@click.group(cls=LazyGroup, commands_by_name=COMMANDS, invoke_without_command=True)
@click.version_option(package_name="pygame-multiplayer-workshop", prog_name="workshop")
@click.pass_context
def group(ctx: click.Context) -> None:
    """A multiplayer game on your network in one command, and a workshop about how it works."""
    if ctx.invoked_subcommand in BEFORE_EDITING:
        keep_starter()
    if ctx.invoked_subcommand is None:
        welcome()


def keep_starter() -> None:
    """Keep a copy of the untouched starter, once."""
    from workshop.course.backups import state_folder  # late: help does not need it
    from workshop.course.pristine import keep_pristine

    keep_pristine(ROOT, state_folder())


def welcome() -> None:
    """Say where the attendee is in the workshop, and name the commands that matter."""
    from workshop.commands.course import home  # late: it needs more than help does

    home.show()


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code; a problem is one clear message, never a traceback."""
    console.prepare_streams()
    console.forget_odd_widths()
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    try:
        code = group.main(list(arguments), prog_name=console.typed_command(), standalone_mode=False)
        console.flush()
    except click.ClickException as error:
        return _report(error)
    except click.Abort:  # what click makes of Ctrl-C
        return 0 if ENDED_BY_CTRL_C & set(arguments[:1]) else INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and error.errno in FULL:
            console.drop_output()
            error = WorkshopError(DISK_FULL.format(error.strerror))
        if not is_ours(error):
            traceback.print_exc()
            error = WorkshopError(
                "That is a mistake in the workshop itself. Please report it, with the lines above."
            )
        console.fail(str(error))
        return FAULT
    return code if isinstance(code, int) else 0


def _report(error: click.ClickException) -> int:
    if isinstance(error, NoArgsIsHelpError):
        console.say(error.format_message())
        return FAULT
    console.fail(error.format_message())
    if isinstance(error, click.UsageError) and error.ctx is not None:
        console.errors().print(f"See {error.ctx.command_path} --help", markup=False)
    return FAULT


def is_ours(error: Exception) -> bool:
    """Return whether the error's text is meant for users: that of our errors and of netlib's is.

    netlib is looked up late: a command that uses no network does not import it.
    """
    netlib_errors = sys.modules.get("netlib.errors")
    from_netlib = netlib_errors is not None and isinstance(error, netlib_errors.NetlibError)
    return from_netlib or isinstance(error, WorkshopError)


def main() -> NoReturn:
    """Entry point of the script `workshop`."""
    clear_the_way()
    if str(ROOT) not in sys.path:  # installed from a wheel: our game goes before a user's own `solutions`
        sys.path.insert(0, str(ROOT))
    leave(run(sys.argv[1:]))
