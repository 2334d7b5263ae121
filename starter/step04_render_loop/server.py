"""A server that tells everybody where a few wandering dots are.

Run it with ``python -m starter.step04_render_loop.server``; Ctrl-C ends it. ``--rate 200`` tells it 200
times a second, ``--rate 0`` only once.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import time
from functools import partial
from math import sin

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

DOTS = 6


def positions(now: float) -> list[tuple[float, float]]:
    """Where the dots are at a time in seconds, in pixels of a picture of 960×540."""
    return [place(dot, 0.5 * now) for dot in range(DOTS)]


def place(dot: int, angle: float) -> tuple[float, float]:
    """Each dot sways to and fro in both directions, at a pace of its own."""
    x = 480 + 380 * sin(angle * (1.0 + 0.17 * dot) + dot)
    y = 270 + 190 * sin(angle * (1.3 + 0.11 * dot) + 2.0 * dot)
    return round(x, 1), round(y, 1)


async def tell(connection: ServerConnection, rate: float) -> None:
    """Tell one client ``rate`` times a second where the dots are, until it leaves."""
    print("a client is here")
    period = 1 / rate if rate > 0 else None
    with contextlib.suppress(ConnectionClosed):
        while True:
            await connection.send(json.dumps({"dots": positions(time.perf_counter())}))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(connection.wait_closed(), period)
    print("a client has left")


async def main(host: str | None, port: int, rate: float) -> None:
    """Serve until somebody presses Ctrl-C."""
    async with serve(partial(tell, rate=rate), host, port) as server:
        print(f"listening on port {port}")
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", help="one address to listen on; all of them otherwise")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--rate", type=float, default=10, help="messages a second; 0 for a single one")
    options = parser.parse_args()
    try:
        asyncio.run(main(options.host, options.port, options.rate))
    except KeyboardInterrupt:
        print("the server is closed")
