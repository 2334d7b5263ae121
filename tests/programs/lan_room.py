"""Open a room that does nothing, until it is ended: lan_room.py PORT [HOST]. Prints `ready`."""

import sys

import netlib


async def main() -> None:
    host = sys.argv[2] if len(sys.argv) > 2 else None
    server = netlib.Server("Gem Rush", host=host, port=int(sys.argv[1]))
    async with server:
        print("ready", flush=True)
        await server.wait_stopped()


netlib.run(main())
