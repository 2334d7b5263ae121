"""How well a window keeps time beside the network: frames, their rhythm, and the echo of a message.

Run it with ``python -m workshop.bench.client_loop [--bots 31] [--seconds 10]``, with
``SDL_VIDEODRIVER=dummy`` where there is no screen. The game is the finished one, drawn as it is played.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pygame

import netlib
from solutions.step14_public.client import FPS, Game
from workshop.bench.game_server import Echo
from workshop.bench.server_load import READY
from workshop.children import running
from workshop.game.bot_client import percentile
from workshop.game.entities import SCHEMA
from workshop.game.messages import MESSAGES
from workshop.game.window import Window

ECHOES_PER_SECOND = 37.0  # not a divisor of the frame rate, so that it does not fall in step with it
WARM_UP = 3.0  # seconds for the bots to join and the first frames to be drawn


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bots", type=int, default=31)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    with running("workshop.bench.game_server") as server:
        url = f"ws://127.0.0.1:{server.wait_for(READY)[1]}"
        with running("workshop", "bots", str(options.bots), url):
            frames, echoes, players = netlib.run(measure(url, options.seconds)) or ([], [], 0)
    intervals = [after - before for before, after in pairwise(frames)]
    errors = [abs(interval - 1 / FPS) for interval in intervals]
    late = percentile(errors, 99) * 1000
    print(f"{players} players, {frames[-1] - frames[0]:.1f} s, SDL's driver {pygame.display.get_driver()!r}")
    print(f"frames: {len(intervals) / sum(intervals):.2f} per second; interval error p99 {late:.2f} ms")
    p50, p99 = percentile(echoes, 50) * 1000, percentile(echoes, 99) * 1000
    print(f"echo beside them: p50 {p50:.2f} ms, p99 {p99:.2f} ms of {len(echoes)}")
    pygame.quit()


async def measure(url: str, seconds: float) -> tuple[list[float], list[float], int]:
    """Play; returns when frames were shown, how long echoes took (seconds), and how many played."""
    async with netlib.connect(url, name="Bench", messages=[*MESSAGES, Echo], schema=SCHEMA) as client:
        await client.wait_for(netlib.StateChanged, timeout=5)
        echoes: list[float] = []
        client.on(Echo, lambda echo: echoes.append(netlib.clock() - echo.sent))
        with flips() as frames:
            client.spawn(send_echoes(client))
            await Game(client, Window("bench")).play(WARM_UP + seconds)
        begin = frames[0] + WARM_UP
        counted = [shown for shown in frames if shown >= begin]
        return counted, echoes[int(WARM_UP * ECHOES_PER_SECOND) :], len(client.state["players"])


async def send_echoes(client: netlib.Client) -> None:
    """Send something to be echoed, at a steady rate."""
    while True:
        await asyncio.sleep(1 / ECHOES_PER_SECOND)
        client.send(Echo(netlib.clock()))


@contextmanager
def flips() -> Iterator[list[float]]:
    """The times at which frames are shown."""
    shown: list[float] = []
    flip = pygame.display.flip

    def noted() -> None:
        flip()
        shown.append(netlib.clock())

    pygame.display.flip = noted
    try:
        yield shown
    finally:
        pygame.display.flip = flip


if __name__ == "__main__":
    main()
