"""`workshop replay`: shows a recording, or saves pictures of it."""

import math
import os
from pathlib import Path
from typing import Any

import click

import netlib
from workshop.commands.options import link_options, savable, screenshot_option
from workshop.terminal import console

SECONDS, FILE = click.FloatRange(min=0), click.Path(dir_okay=False, path_type=Path)
EXPORT = "Save it from there, until --to, as a GIF or as a strip of pictures (PNG); no window opens."


def _possible(_: click.Context, __: click.Parameter, speed: float) -> float:
    if math.isnan(speed) or speed <= 0:
        raise click.BadParameter("choose a number above 0, such as 0.5 or 4.")
    return speed


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--speed", type=float, default=1.0, show_default=True, callback=_possible, help="How fast.")
@click.option("--from", "begin", type=SECONDS, default=0.0, metavar="S", help="Begin at that second.")
@click.option("--to", "end", type=SECONDS, default=math.inf, metavar="S", help="Where what is exported ends.")
@click.option("--export", type=FILE, callback=savable, metavar="FILE", help=EXPORT)
@click.option("--messages", is_flag=True, help="Show the newest message and what it costs, as M does.")
@click.option("--seconds", type=SECONDS, metavar="S", help="Stop after so many seconds.")
@screenshot_option
@link_options
def command(*, file: Path, **options: Any) -> int:
    """Watch a recording that --record FILE has made.

    Its window shows all keys. With --network, --latency, --jitter or --loss it comes as it would have over
    such a link.
    """
    if options["export"] is not None:
        os.environ["SDL_VIDEODRIVER"] = "dummy"  # nothing opens on the screen
    from workshop.game.play.replay import start

    code = netlib.run(start.run(file, **options)) or 0
    if options["export"] is not None:
        console.ok(f"Saved in {options['export']}.")
    return code
