"""How well a window keeps time beside the network: its frames, an echo, and what snapshots cost.

Run it with ``python -m workshop.maintenance.bench.client_loop [--bots 49] [--seconds 10]``, with
``SDL_VIDEODRIVER=dummy`` where there is no screen. The game is the finished one, drawn as it is played.
"""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pygame

import netlib
from netlib.client.dial import Line
from solutions.step14_public.client import Game
from workshop.game.drawing.window import Window
from workshop.game.play.bot_client import percentile
from workshop.game.play.player_window import FPS
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import MESSAGES
from workshop.maintenance.bench.game_server import Echo
from workshop.maintenance.bench.server_load import how_much
from workshop.processes.children import READY, running

ECHOES_PER_SECOND = 37.0  # not a divisor of the frame rate, so that it does not fall in step with it
WARM_UP = 3.0  # seconds for the first frames to be drawn
ALL_HERE = 60.0  # seconds that the bots may take to join, on a busy machine


class TimedClient(netlib.Client):
    """A client that measures what incoming messages cost.

    Attributes:
        busy: seconds spent decoding and applying messages, with their listeners.
    """

    busy = 0.0

    def received(self, line: Line, data: bytes) -> None:
        begun = netlib.clock()
        super().received(line, data)
        self.busy += netlib.clock() - begun


class TimedGame(Game):
    """The game, which notes when each frame began to move the player and how long it took, in seconds."""

    def __init__(self, client: netlib.Client, window: Window) -> None:
        super().__init__(client, window)
        self.begun: list[float] = []
        self.took: list[float] = []

    def move(self, dt: float) -> None:
        self.begun.append(netlib.clock())
        super().move(dt)

    def draw(self, dt: float) -> None:
        super().draw(dt)
        self.took.append(netlib.clock() - self.begun[-1])


def main() -> None:
    """Measure and print."""
    options = how_much(str(__doc__), bots=49)
    with running("workshop.maintenance.bench.game_server") as server:
        url = f"ws://127.0.0.1:{server.wait_for(READY)[1]}"
        with running("workshop", "bots", str(options.bots), url):
            netlib.run(measure(url, options.bots, options.seconds))


async def measure(url: str, bots: int, seconds: float) -> None:
    """Play beside echoes, then run an empty loop for comparison, and print."""
    async with TimedClient(url, name="Bench", messages=[*MESSAGES, Echo], schema=SCHEMA) as client:
        while len(client.state["players"]) <= bots:
            await client.wait_for(netlib.StateChanged, timeout=ALL_HERE)
        echoes: list[float] = []
        client.on(Echo, lambda echo: echoes.append(netlib.clock() - echo.sent))
        client.spawn(send_echoes(client))
        game = TimedGame(client, Window("bench"))
        await game.play(WARM_UP)
        warm = len(game.begun)
        client.busy, begun = 0.0, netlib.clock()
        await game.play(seconds)
        share = client.busy / (netlib.clock() - begun)
        print(f"{len(client.state['players'])} players, SDL's driver {pygame.display.get_driver()!r}")
        print(f"snapshots: {client.metrics.snapshots.per_second(netlib.clock()):.1f} per second")
        print(f"decoding and applying: {share:.2%} of a core")
    tell_rhythm("the game", game.begun[warm:])
    tell("its frames take", game.took[warm:])
    tell("an echo beside it takes", echoes[int(WARM_UP * ECHOES_PER_SECOND) :])
    pygame.quit()
    tell_rhythm("an empty loop", [netlib.clock() async for _ in limited(seconds)])


async def limited(seconds: float) -> AsyncIterator[float]:
    """Frames, for that many seconds."""
    end = netlib.clock() + seconds
    async for dt in netlib.frames(FPS):
        yield dt
        if netlib.clock() > end:
            return


async def send_echoes(client: netlib.Client) -> None:
    """Send messages to be echoed, at a steady rate."""
    while True:
        await asyncio.sleep(1 / ECHOES_PER_SECOND)
        client.send(Echo(netlib.clock()))


def tell_rhythm(what: str, times: list[float]) -> None:
    """Print how regular these times are."""
    intervals = [after - before for before, after in pairwise(times)]
    print(f"{what}: {len(intervals) / sum(intervals):.2f} frames per second")
    tell("  error of the interval between two", [abs(interval - 1 / FPS) for interval in intervals])


def tell(what: str, seconds: list[float]) -> None:
    """Print how long something took."""
    p50, p99 = percentile(seconds, 50) * 1000, percentile(seconds, 99) * 1000
    print(f"{what}: p50 {p50:.2f} ms, p99 {p99:.2f} ms")


if __name__ == "__main__":
    main()
