"""A server that sends every message back, in capitals, with its number.

Run it with ``python -m starter.step02_echo.server``; Ctrl-C ends it.
"""

from __future__ import annotations

import argparse
import asyncio

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed


async def echo(connection: ServerConnection) -> None:
    """Talk to one client, from its first message to its last. Each client has a call of its own."""
    print("a client is here")
    count = 0
    # TODO 02.1: answer every message, not just the first one. `async for message in connection:`
    # gives one after the other, and lets other clients have their turn while it waits.
    # TODO 02.2: a client whose machine dies says no goodbye: then ConnectionClosed is raised.
    # Catch it, and say "a client was cut off". Whatever happens, say at the end how many
    # messages there were: "a client has left after 3 messages".
    message = await connection.recv()
    await connection.send("no answer yet")


async def main(host: str | None, port: int) -> None:
    """Serve until somebody presses Ctrl-C."""
    async with serve(echo, host, port) as server:
        print(f"listening on port {port}")
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", help="one address to listen on; all of them otherwise")
    parser.add_argument("--port", type=int, default=8765)
    options = parser.parse_args()
    try:
        asyncio.run(main(options.host, options.port))
    except KeyboardInterrupt:
        print("the server is closed")
