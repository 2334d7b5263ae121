"""A server that sends every message back, in capitals, with its number.

Run it with ``python -m solutions.step02_echo.server``; Ctrl-C ends it.
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
    try:
        async for message in connection:
            count += 1
            await connection.send(f"{count}: {str(message).upper()}")
    except ConnectionClosed:
        print("a client was cut off")
    finally:
        print(f"a client has left after {count} messages")


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
