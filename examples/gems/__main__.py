"""Gem Rush: gather more than the others before the round ends."""

import os
import sys
from functools import partial
from typing import Any

import netlib
from examples.gems import bots
from examples.running import Options, run, title
from solutions.step14_public import client, public
from solutions.step14_public.server import make_server
from workshop.errors import WorkshopError

NAME = "examples.gems"
PASSWORD = os.environ.get(public.PASSWORD, "")  # of the room; without one, anybody may come


def open_room(**options: Any) -> netlib.Server:
    """A room, found by the game's name; who comes first commands it. ``options`` are `netlib.Server`'s."""
    guarded = public.guarded(password=PASSWORD, **options)
    return make_server(room=title(NAME), first_is_host=True, **guarded)


async def play(address: str, options: Options) -> None:
    """Play in a window until it is closed, or the room is."""
    await client.run(address, screenshot=options.screenshot, password=PASSWORD, **options.connection)


if __name__ == "__main__":
    try:
        run(NAME, __doc__, open_room, play, partial(bots.play, password=PASSWORD))
    except WorkshopError as error:  # there is no screen to play on
        sys.exit(str(error))
