"""`workshop replay`: shows a recording."""

import math
from pathlib import Path

import click

import netlib
from workshop.commands.options import screenshot_option


def _possible(_: click.Context, __: click.Parameter, speed: float) -> float:
    if math.isnan(speed) or speed <= 0:
        raise click.BadParameter("choose a number above 0, such as 0.5 or 4.")
    return speed


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--speed", type=float, default=1.0, show_default=True, callback=_possible, help="How fast.")
@click.option("--seconds", type=click.FloatRange(min=0), metavar="S", help="Stop after so many seconds.")
@screenshot_option
def command(*, file: Path, speed: float, seconds: float | None, screenshot: Path | None) -> int:
    """Watch a recording that --record FILE has made.

    Space pauses, Left and Right change the speed, Tab follows another player, WASD fly, Esc quits.
    """
    from workshop.game.play import replaying

    return netlib.run(replaying.run(file, speed=speed, seconds=seconds, screenshot=screenshot)) or 0
