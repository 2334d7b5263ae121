"""Chooses what breaks next, and when."""

import asyncio
import random
from collections.abc import Callable
from typing import Final

from workshop.maintenance.bench.chaos.proxy import SIDES, Cut, Pipe, Proxy

FRAME_BYTES = 400  # within which a cut in a frame comes; about the size of a snapshot
HANDSHAKE_BYTES = 1200  # of HTTP, hello, welcome and the first frames, each way
LATE = (0.1, 3.0)  # seconds until the other side learns of a cut
SILENCE = (0.1, 3.0)  # seconds; a connection that is silent for 10 s would count as dead
SILENCES = 0.2  # for each cut
NOBODY = 0.02  # seconds until the next look, if no bot is connected


class Cutter:
    """Cuts connections at random; the seed makes that repeatable, as far as the network allows."""

    def __init__(self, proxy: Proxy, seed: int) -> None:
        self.silences = 0
        self._proxy = proxy
        self._random = random.Random(seed)
        self._faults: Final[tuple[Callable[[Pipe], None], ...]] = (
            self._reset,
            self._in_a_frame,
            self._one_side_first,
            self._in_the_handshake,
        )

    async def cut(self, goal: int, seconds: float) -> None:
        """Cut until there were ``goal`` cuts in all, within about ``seconds``."""
        pace = (goal - self._proxy.cuts.total()) / seconds
        while self._proxy.cuts.total() < goal:
            await asyncio.sleep(self._random.expovariate(pace))
            if pipes := self._proxy.pipes:
                self._break(self._random.choice(pipes))
            else:
                await asyncio.sleep(NOBODY)

    def trip(self, count: int) -> None:
        """Cut the next ``count`` new connections during their handshake."""
        for _ in range(count):
            after = self._random.randint(1, HANDSHAKE_BYTES)
            self._proxy.plan(Cut("in the handshake", self._random.choice(SIDES), after))

    def _break(self, pipe: Pipe) -> None:
        self._random.choice(self._faults)(pipe)
        if self._random.random() < SILENCES and (others := self._proxy.pipes):
            self.silences += 1
            self._random.choice(others).silence(self._random.uniform(*SILENCE))

    def _reset(self, pipe: Pipe) -> None:
        pipe.cut("both sides at once")

    def _in_a_frame(self, pipe: Pipe) -> None:
        side = self._random.choice(SIDES)
        pipe.plan(Cut("in a frame", side, self._random.randint(1, FRAME_BYTES)))

    def _one_side_first(self, pipe: Pipe) -> None:
        side = self._random.choice(SIDES)
        kind = "the bot's side first" if side == "bot" else "the server's side first"
        pipe.half_cut(kind, side, self._random.uniform(*LATE))

    def _in_the_handshake(self, pipe: Pipe) -> None:
        self.trip(1)
        pipe.cut("both sides at once")
