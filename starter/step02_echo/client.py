"""A client that sends what you type, and prints what comes back.

Run it with ``python -m starter.step02_echo.client``; an empty line ends it.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


async def talk(connection: ClientConnection) -> None:
    """Send each line that is typed, and print the answer, until an empty line."""
    # TODO 02.3: keep what recv() returns, and print it: "the server says 1: HI". Then take the next
    # line, send it, and so on; an empty line ends it.
    line = await typed_line()
    await connection.send(line)
    await connection.recv()
    print("an answer came, nobody has read it, and that is all")


async def typed_line() -> str:
    """Wait for a line from the keyboard, in a thread, so that the event loop goes on meanwhile."""
    try:
        # TODO 02.4: input() waits for the keyboard, and the event loop stands still until then: no ping
        # is answered, so the server gives us up. Let a thread do it: asyncio.to_thread, and await that.
        return input()
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
