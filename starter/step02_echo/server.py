"""A server that sends every message back, in capitals, with its number.

Run it with ``python -m starter.step02_echo.server``; Ctrl-C ends it.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed


async def echo(connection: ServerConnection) -> None:
    """Talk to one client, from its first message to its last. Each client has a call of its own."""
    print("a client is here")
    count = 0
    # TODO 02.1: this answers one message, and when this function returns, the connection is closed.
    # Answer every message: `async for message in connection:` gives one after the other. The answer
    # is the message's number and its text in capitals, "1: HELLO"; str(message).upper() makes them.
    # TODO 02.2: a client whose machine dies says no goodbye. Then your loop raises ConnectionClosed:
    # catch it, and print "a client was cut off". In the end, whatever has happened, print how many
    # messages there were: "a client has left after 3 messages".
    message = await connection.recv()
    await connection.send("no answer yet")


async def main(host: str | None, port: int) -> None:
    """Serve until somebody presses Ctrl-C."""
    server = await serve(echo, host, port)
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
    except OSError as error:
        sys.exit(f"port {options.port} cannot be had; does another server run? {error}")
