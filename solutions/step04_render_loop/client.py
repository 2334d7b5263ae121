"""A window with wandering dots that goes on at 60 frames a second, whatever the network does.

Run it with ``python -m solutions.step04_render_loop.client``; Esc ends it.
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

from solutions.step04_render_loop.picture import Picture

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
    with contextlib.suppress(ConnectionClosed):
        async for message in connection:
            world.dots = json.loads(message)["dots"]
    world.notice = GONE


async def frames(fps: float) -> AsyncIterator[float]:
    """Yield ``fps`` times a second the seconds since the last time; in between the network has its turn."""
    last = deadline = time.perf_counter()
    while True:
        deadline = max(deadline + 1 / fps, last)
        await asyncio.sleep(deadline - time.perf_counter())
        now = time.perf_counter()
        yield min(now - last, MAX_DT)
        last = now


def wants_to_quit() -> bool:
    """Take all that the player did since the last call. True when the window was closed, or Esc pressed."""
    for event in pygame.event.get():
        escape = event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE
        if event.type == pygame.QUIT or escape:
            return True
    return False


async def play(connection: ClientConnection, world: World, picture: Picture) -> None:
    """Receive and draw, both at once, until the player has had enough."""
    receiving = asyncio.create_task(receive(connection, world))
    async for dt in frames(FPS):
        if wants_to_quit():
            break
        picture.draw(world.dots, world.notice, dt)
    receiving.cancel()


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
