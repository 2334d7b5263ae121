"""A window with wandering dots that goes on at 60 frames a second, whatever the network does.

Run it with ``python -m starter.step04_render_loop.client``; Esc ends it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator

import pygame
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from starter.step04_render_loop.picture import Picture

FPS = 60  # frames a second
MAX_DT = 0.1  # seconds; a frame that took longer (somebody dragged the window) counts as this
GONE = "The server has gone. Esc closes the window."


class World:
    """What is to be drawn.

    Attributes:
        dots: where they are, in pixels: the newest that the server has told.
        notice: what the window says to the player; empty for nothing.
    """

    def __init__(self) -> None:
        self.dots: list[tuple[float, float]] = []
        self.notice = ""


async def receive(connection: ClientConnection, world: World) -> None:
    """Keep what the server tells: the newest alone. At its end, say so in the window."""
    # TODO 04.1: take one message after the other, for as long as the connection lasts, and let each one
    # replace what the world had. A server that goes raises ConnectionClosed, or just ends the loop: either
    # way, put GONE into the notice in the end.
    world.dots = json.loads(await connection.recv())["dots"]


async def frames(fps: float) -> AsyncIterator[float]:
    """Yield ``fps`` times a second the seconds since the last time; in between the network has its turn."""
    # TODO 04.2: wait for the time of the next frame with asyncio.sleep: while it waits, the network has
    # its turn. pygame's clock.tick waits, too, but with the network standing still.
    # Each deadline is the one before plus 1 / fps seconds, so that small delays do not add up. After a long
    # pause do not catch up: begin anew from now. Yield the seconds that have really passed, at most MAX_DT.
    while True:
        yield 1 / fps


def wants_to_quit() -> bool:
    """Take all that the player did since the last call. True when the window was closed, or Esc pressed."""
    # TODO 04.3: look at each event of pygame.event.get(): pygame.QUIT is the window's close button, Esc is
    # a pygame.KEYDOWN whose key is pygame.K_ESCAPE. Nobody asks for events yet, so the system soon says
    # that this window does not respond. Until it is done, Ctrl-C in the terminal ends the program.
    return False


async def play(connection: ClientConnection, world: World, picture: Picture) -> None:
    """Receive and draw, both at once, until the player has had enough."""
    # TODO 04.4: this loop waits for a message before each frame. Let a task receive beside it
    # (asyncio.create_task), begun before the first frame and cancelled behind the last.
    async for dt in frames(FPS):
        await receive(connection, world)
        if wants_to_quit():
            break
        picture.draw(world.dots, world.notice, dt)


async def main(host: str, port: int) -> None:
    """Connect, open the window, and play."""
    try:
        async with connect(f"ws://{host}:{port}", proxy=None) as connection:
            await play(connection, World(), Picture())
    except (OSError, WebSocketException) as error:
        print(f"no connection to {host}, port {port}: {error}; is the server running?")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="localhost", help="where the server is")
    parser.add_argument("--port", type=int, default=8765)
    options = parser.parse_args()
    try:
        asyncio.run(main(options.host, options.port))
    except KeyboardInterrupt:
        print("bye")
