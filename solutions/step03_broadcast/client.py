"""A chat client: prints what others say while you type; an empty line ends it.

Run it with ``python -m solutions.step03_broadcast.client``; ``--name Ada`` says who you are.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

NAMES = ("Ada", "Ben", "Cleo", "Dora", "Emil", "Fay", "Gus", "Hal", "Ida", "Jan")


async def listen(connection: ClientConnection) -> None:
    """Print what comes, until the connection ends."""
    try:
        async for message in connection:
            print(message)
    except ConnectionClosed:
        print("the connection is cut")
    print("the chat is over; press Enter")


async def speak(connection: ClientConnection) -> None:
    """Send each line that is typed, until an empty one; without a keyboard, only listen."""
    try:
        while line := await asyncio.to_thread(input):
            await connection.send(line)
    except EOFError:
        await connection.wait_closed()


async def main(host: str, port: int, name: str) -> None:
    """Connect, say a name, and then listen and speak at the same time."""
    try:
        async with connect(f"ws://{host}:{port}", proxy=None) as connection:
            await connection.send(name)
            listening = asyncio.create_task(listen(connection))
            await speak(connection)
            listening.cancel()
    except ConnectionClosed:
        print("nobody hears you any more")
    except OSError as error:
        sys.exit(f"nobody answers at {host}, port {port}; does the server run? {error}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="localhost", help="where the server is")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--name", default=random.choice(NAMES), help="who you are")
    options = parser.parse_args()
    try:
        asyncio.run(main(options.host, options.port, options.name))
    except KeyboardInterrupt:
        print("bye")
