"""A game server for measurements: it sends echoes, and prints each second what it cost.

Each line of its output is JSON: ``{"players": 32, "cpu": 0.09, "ticks": 30, "skipped": 0}``.
"""

import asyncio
import json
import sys
import time

import netlib
from solutions.step14_public.server import GemRush
from workshop.game.rules.messages import Move
from workshop.game.rules.world import World

HOST = "127.0.0.1"
SEATS = 500
SEED = 7  # of the map, so that every run measures the same one


class Echo(netlib.Message, frozen=True):
    """→ The server sends it back unchanged. ``sent`` is in seconds of the client's clock."""

    sent: float


def room(limits: netlib.Limits, *, port: int = 0, world: World | None = None) -> netlib.Server:
    """The finished game's room, which only this machine sees."""
    server = netlib.Server(
        "bench", host=HOST, port=port, input_type=Move, seed=SEED, discoverable=False, limits=limits
    )
    GemRush(server, world or World(seed=SEED))
    return server


async def main() -> None:
    """Serve until the parent is gone."""
    server = room(netlib.Limits(max_players=SEATS))
    server.on(Echo, lambda peer, message: peer.send(message))
    async with server:
        print(f"is open on port {server.port}", flush=True)
        while True:
            await report(server)


async def report(server: netlib.Server) -> None:
    """Measure for a second, and print it."""
    cpu, ticks, skipped, begun = _figures(server)
    await asyncio.sleep(1)
    cpu_now, ticks_now, skipped_now, now = _figures(server)
    second = {
        "players": len(server.players),
        "cpu": (cpu_now - cpu) / (now - begun),
        "ticks": (ticks_now - ticks) / (now - begun),
        "skipped": skipped_now - skipped,
    }
    print(json.dumps(second), flush=True)


def _figures(server: netlib.Server) -> tuple[float, int, int, float]:
    return time.process_time(), server.metrics.ticks, server.metrics.ticks_skipped, netlib.clock()


if __name__ == "__main__":
    sys.exit(netlib.run(main()))
