"""Options that several commands share; what they mean is in `workshop.game.play.flags`."""

import functools
import getpass
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from netlib.client.dial import NOBODY
from netlib.recording import Recorder
from netlib.session.names import MAX_NAME, name_problem
from workshop.commands.course.saving import FILE
from workshop.files import set_aside
from workshop.game.play.flags import LINK_FLAGS, RUN_FLAGS, VERBOSE, link_conditions, start_logging
from workshop.terminal import console
from workshop.terminal.printer import Printer


def link_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--latency --jitter --loss --network``, which the command gets as one ``link``."""

    @functools.wraps(function)
    def with_link(**options: Any) -> Any:
        given = {name: options.pop(name) for name in ("latency", "jitter", "loss", "network")}
        try:
            link = link_conditions(**given)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        return function(link=link, **options)

    return _add(with_link, LINK_FLAGS)


def run_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--seconds --verbose --log``: start the log; the command gets only ``seconds``."""

    @functools.wraps(function)
    def with_log(*, verbose: bool, log: Path | None, **options: Any) -> Any:
        if options["seconds"] is not None and not options["seconds"] >= 0:
            raise click.UsageError(f"{options['seconds']:g} seconds are not possible; choose 0 or more")
        try:
            start_logging(verbose=verbose, log=log)
        except OSError as error:
            raise click.UsageError(f"cannot write {log}: {error.strerror or error}") from error
        return function(**options)

    verbosely = click.option("--verbose", is_flag=True, help=VERBOSE)
    return _add(verbosely(with_log), RUN_FLAGS)


def window_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--name`` and ``--screenshot`` for the commands that open a window to play in."""
    name = click.option("--name", default=login_name, metavar="NAME", help="How others see you.")
    return name(screenshot_option(function))


def screenshot_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--screenshot`` for the commands that open a window."""
    path, help = click.Path(dir_okay=False, writable=True, path_type=Path), "Save the last frame."
    option = click.option("--screenshot", type=path, metavar="FILE.png", callback=savable, help=help)
    return option(function)


def record_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--record``, which the command gets as a ``witness``: a recorder of each message, or NOBODY."""

    @functools.wraps(function)
    def with_recorder(*, record: Path | None, **options: Any) -> Any:
        if record is None:
            return function(witness=NOBODY, **options)
        with _recorder(record) as witness:
            code = function(witness=witness, **options)
        if record.exists():
            watch = console.command("replay", str(record))
            Printer(console.say).say(f"Recorded. To watch it: {watch}")
        return code

    help = "Record what crosses the wire; `replay FILE` shows it again."
    return click.option("--record", type=FILE, metavar="FILE", help=help)(with_recorder)


def _recorder(path: Path) -> Recorder:
    """A recorder for a file; an existing file of that name is renamed."""
    try:
        set_aside(path)
    except OSError as error:
        raise click.UsageError(f"cannot keep the existing {path}: {error.strerror or error}") from error
    return Recorder(path)


def savable(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    """Check at the start, not after the game, that the picture can be saved."""
    if path is None:
        return None
    folder = path.absolute().parent
    if path.is_dir():  # as "", which click takes for a file
        raise click.UsageError(f"cannot save the picture as {path.absolute()}: that is a folder")
    if not folder.is_dir():
        raise click.UsageError(f"there is no folder {folder} to save the picture in")
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise click.UsageError(f"cannot save the picture in {folder}: {error.strerror}") from error
    return path.absolute()


def _add(function: Callable[..., Any], flags: dict[str, dict[str, Any]]) -> Callable[..., Any]:
    for flag, details in reversed(flags.items()):
        function = click.option(flag, **details)(function)
    return function


def login_name() -> str:
    """The user's login name, if it can be a player's name."""
    try:
        name = getpass.getuser()[:MAX_NAME].title()
    except (OSError, KeyError, ImportError):  # no user name, as in some containers and Windows set-ups
        return "Player"
    return "Player" if name_problem(name) else name
