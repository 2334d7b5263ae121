"""Gem Rush: gather more than the others before the round ends."""

import sys

import netlib
from examples.gems import bots
from examples.running import Options, run, title
from solutions.step14_public import client
from solutions.step14_public.server import make_server
from workshop.errors import WorkshopError

NAME = "examples.gems"


def open_room(*, port: int, next_port: bool) -> netlib.Server:
    """A room, found by the game's name; whoever comes first commands it."""
    return make_server(room=title(NAME), port=port, next_port=next_port, first_is_host=True)


async def play(address: str, options: Options) -> None:
    """Play in a window until it is closed, or the room is."""
    await client.run(address, screenshot=options.screenshot, **options.connection)


if __name__ == "__main__":
    try:
        run(NAME, __doc__, open_room, play, bots.play)
    except WorkshopError as error:  # there is no screen to play on
        sys.exit(str(error))
