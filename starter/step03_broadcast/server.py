"""A chat: what one client says, all the others hear.

Run it with ``python -m starter.step03_broadcast.server``; Ctrl-C ends it.
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
        # TODO 03.3: nobody calls self.leave(client, name) yet. It has to come when the loop is over, and
        # also when a client is cut off and the loop ends by ConnectionClosed.
        async for message in client:
            self.tell(f"{name}: {message!s}", but=client)

    def enter(self, client: ServerConnection, name: str) -> None:
        """Take a client into the room, and tell everybody how many are here now."""
        # TODO 03.1: add the client to the set self.clients. Then tell everybody, with self.tell(…), and
        # say how many are here: "Ada has joined (3 here)".
        print(f"{name} is at the door")

    def leave(self, client: ServerConnection, name: str) -> None:
        """Take a client out of the room, and tell the others how many are left."""
        # TODO 03.4: take the client out of the set. Then tell those who are still here, and say how
        # many they are: "Ada has left (2 here)".
        print(f"{name} is gone")

    def tell(self, text: str, but: ServerConnection | None = None) -> None:
        """Send a text to everybody, or to all but one. It waits for nobody: somebody may be slow."""
        print(text)
        # TODO 03.2: send the text to every client in self.clients, except to `but`. One of them may be
        # slow, or gone without our knowing yet. So send with broadcast(clients, text) of websockets: it
        # waits for nobody, and fails for nobody. There is no await in it.


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
