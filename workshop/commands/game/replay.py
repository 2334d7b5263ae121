"""`workshop replay`: shows a recording, or saves pictures of it."""

import math
import os
from pathlib import Path
from typing import Any

import click

import netlib
from workshop.commands.options import link_options, savable, screenshot_option
from workshop.terminal import console

FILE = click.Path(dir_okay=False, path_type=Path)
EXPORT = "Save it from there, until --to, as a GIF or as a strip of pictures (PNG); no window opens."


def _possible(_: click.Context, option: click.Parameter, number: float | None) -> float | None:
    is_speed = option.name == "speed"
    if number is not None and not (number > 0 if is_speed else number >= 0):  # NaN is neither
        which = "above 0, such as 0.5 or 4" if is_speed else "of 0 or more"
        raise click.BadParameter(f"choose a number {which}.")
    return number


TIME: dict[str, Any] = {"type": float, "callback": _possible, "metavar": "S"}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--speed", type=float, default=1.0, show_default=True, callback=_possible, help="How fast.")
@click.option("--from", "begin", default=0.0, help="Begin at that second.", **TIME)
@click.option("--to", "end", default=math.inf, help="Where what is exported ends.", **TIME)
@click.option("--export", type=FILE, callback=savable, metavar="FILE", help=EXPORT)
@click.option("--messages", is_flag=True, help="Show the newest message and what it costs, as M does.")
@click.option("--seconds", help="Stop after so many seconds.", **TIME)
@screenshot_option
@link_options
def command(*, file: Path, **options: Any) -> int:
    """Watch a recording that --record FILE has made.

    Its window shows all keys. With --network, --latency, --jitter or --loss it comes as it would have over
    such a link.
    """
    if options["export"] is None and options["end"] < math.inf:
        raise click.UsageError("--to says where what is exported ends; add --export FILE, too")
    if options["export"] is not None:
        os.environ["SDL_VIDEODRIVER"] = "dummy"  # nothing opens on the screen
    from workshop.game.play.replay import start

    code = netlib.run(start.run(file, **options)) or 0
    if options["export"] is not None:
        console.ok(f"Saved in {options['export']}.")
    return code
