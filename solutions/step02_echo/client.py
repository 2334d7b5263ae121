"""A client that sends what you type, and prints what comes back.

Run it with ``python -m solutions.step02_echo.client``; an empty line ends it.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


async def talk(connection: ClientConnection) -> None:
    """Send each line that is typed, and print the answer, until an empty line."""
    while line := await typed_line():
        await connection.send(line)
        answer = await connection.recv()
        print("the server says", answer)


async def typed_line() -> str:
    """Wait for a line from the keyboard, in a thread, so that the event loop goes on meanwhile."""
    try:
        return await asyncio.to_thread(input)
    except EOFError:
        return ""


async def main(host: str, port: int) -> None:
    """Connect, talk, and leave politely."""
    try:
        async with connect(f"ws://{host}:{port}", proxy=None) as connection:  # a room nearby needs no proxy
            print("connected; type something, or nothing to end")
            await talk(connection)
    except ConnectionClosed:
        print("the server has closed the connection")
    except OSError as error:
        sys.exit(f"nobody answers at {host}, port {port}; does the server run? {error}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="localhost", help="where the server is")
    parser.add_argument("--port", type=int, default=8765)
    options = parser.parse_args()
    try:
        asyncio.run(main(options.host, options.port))
    except KeyboardInterrupt:
        print("bye")
