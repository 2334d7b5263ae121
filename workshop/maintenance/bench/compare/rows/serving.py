"""What the servers without netlib share: reading a message, and the rhythm of their ticks.

They keep time like netlib, so that ticks mean the same in every row.
"""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeAlias

import msgspec

from workshop.game.play.ticks import ticks
from workshop.maintenance.bench.compare.workload import TICK_RATE, Hello, Move, World

HOST = "127.0.0.1"
Announce: TypeAlias = Callable[[int], None]  # gets the port as soon as clients may connect
Serve: TypeAlias = Callable[[Announce], Coroutine[Any, Any, None]]


class Table:
    """The world of a server without netlib, and its players."""

    def __init__(self) -> None:
        self.world = World()
        self._decoder = msgspec.json.Decoder(Hello | Move)

    def receive(self, id: int, data: bytes | str) -> None:
        """Take a client's message. One that does not fit raises, as in a server that checks nothing else."""
        message = self._decoder.decode(data)
        if isinstance(message, Hello):
            self.world.join(id, message.name)
        else:
            self.world.step(id, message.move)


async def every_tick() -> AsyncIterator[None]:
    """The ticks of a server."""
    async for _ in ticks(TICK_RATE):
        yield
