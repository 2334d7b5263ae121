"""A chat: what one client says, all the others hear.

Run it with ``python -m solutions.step03_broadcast.server``; Ctrl-C ends it.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed


class Room:
    """The clients that are here, and what they say to each other."""

    def __init__(self) -> None:
        self.clients: set[ServerConnection] = set()

    async def welcome(self, client: ServerConnection) -> None:
        """Talk to one client, whose first message is its name. Each client has a call of its own."""
        try:
            name = str(await client.recv())
            await self.chat(client, name)
        except ConnectionClosed:
            print("a client was cut off")

    async def chat(self, client: ServerConnection, name: str) -> None:
        """Let a client in, pass on what it says, and take it out in the end, whatever the end is."""
        self.enter(client, name)
        try:
            async for message in client:
                self.tell(f"{name}: {message!s}", but=client)
        finally:
            self.leave(client, name)

    def enter(self, client: ServerConnection, name: str) -> None:
        """Take a client into the room, and tell everybody how many are here now."""
        self.clients.add(client)
        self.tell(f"{name} has joined ({len(self.clients)} here)")

    def leave(self, client: ServerConnection, name: str) -> None:
        """Take a client out of the room, and tell the others how many are left."""
        self.clients.discard(client)
        self.tell(f"{name} has left ({len(self.clients)} here)")

    def tell(self, text: str, but: ServerConnection | None = None) -> None:
        """Send a text to everybody, or to all but one. It waits for nobody: somebody may be slow."""
        print(text)
        broadcast(self.clients - {but}, text)


async def main(host: str | None, port: int) -> None:
    """Serve until somebody presses Ctrl-C."""
    server = await serve(Room().welcome, host, port)
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
