"""`workshop lab`: what the server knows, beside what a player sees."""

from typing import Any

import click

import netlib
from netlib.protocol.frames import PORT
from workshop.commands.options import link_options, run_options, screenshot_option
from workshop.lab.stories import STORIES

NAMES = [story.name.split()[0].lower() for story in STORIES]


@click.command()
@click.option("--story", type=click.Choice(NAMES, case_sensitive=False), help="Begin with a story.")
@click.option("--drive", type=click.Choice(["bot", "keys"]), default="bot", help="Who drives at first.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, help="The next free one from here.")
@screenshot_option
@link_options
@run_options
def command(*, story: str | None, drive: str, link: netlib.LinkConditions, **options: Any) -> int:
    """See what netcode does: three views of one real game, over a network as bad as you like."""
    from workshop.lab import window
    from workshop.lab.engine.settings import Settings

    if story and not link.perfect:
        raise click.UsageError("a story has its own network: leave out --story, or --latency and the like")
    told = None if story is None else NAMES.index(story)
    lab = window.run(Settings(link), story=told, by_bot=drive == "bot", **options)
    return netlib.run(lab) or 0
