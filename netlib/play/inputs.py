"""A player's input queue: which inputs a tick may use, and what counts as a speed hack.

A client sends one input a tick, but the network delivers them in clumps. The queue evens that
out: a tick uses one input, or two while the queue is longer than its target, and now and then two
when it has not been empty for a while. No player may use
more inputs than ticks have passed, plus a small burst, so a client that sends faster than the
game runs gains nothing. (Overwatch's and Rocket League's talks on networking describe the same
idea; there the client is also told to speed up or slow down.)
"""

from collections import deque
from typing import Generic, TypeVar

from netlib.protocol.messages import Input

TARGET = 2  # inputs that may wait before a tick uses two
WATCH = 8  # takes after which a queue that was never empty is made shorter by one
BURST = 8  # inputs that a player may be ahead of the ticks
STALL = 1.0  # seconds of inputs that are kept after a stall of the network
CLOCK_TOLERANCE = 1.01  # a client's clock may run this much faster than the server's

InputT = TypeVar("InputT", bound=Input)


class InputQueue(Generic[InputT]):
    """The inputs of one player that wait for their tick.

    Args:
        tick_rate: the server's ticks per second.

    Attributes:
        last_input_seq: the newest input that was taken, or dropped as too many.
        dropped: how many were refused: too many, or with a number that was already used.
    """

    def __init__(self, tick_rate: float) -> None:
        self._waiting: deque[InputT] = deque()
        self._capacity = max(TARGET + 1, round(tick_rate * STALL) + BURST)
        self._credit = float(BURST)
        self._newest = self._takes = 0
        self._fewest = self._capacity
        self.last_input_seq = self.dropped = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def push(self, input: InputT) -> bool:
        """Add an input that arrived. False when it is dropped and counted."""
        if input.seq <= self._newest:
            self.dropped += 1
            return False
        self._newest = input.seq
        self._waiting.append(input)
        if len(self._waiting) > self._capacity:
            self._drop_oldest()
            return False
        return True

    def restart(self) -> None:
        """The player is back over a new connection, on which it may count from 1 again."""
        self._waiting.clear()
        self._newest = 0

    def take(self, ticks: int = 1) -> list[InputT]:
        """The inputs to apply now, oldest first: none, one or two.

        Args:
            ticks: how many ticks have passed since the last call.
        """
        self._credit = min(self._credit + ticks * CLOCK_TOLERANCE, float(self._capacity))
        wanted = 2 if len(self._waiting) > TARGET or self._is_standing() else 1
        count = min(wanted, len(self._waiting), int(self._credit))
        self._credit -= count
        taken = [self._next() for _ in range(count)]
        self._fewest = min(self._fewest, len(self._waiting))
        return taken

    def _is_standing(self) -> bool:
        """Whether some inputs have waited all the time of late: a delay that no jitter asks for."""
        self._takes += 1
        if self._takes < WATCH:
            return False
        standing, self._takes, self._fewest = self._fewest > 0, 0, self._capacity
        return standing

    def _next(self) -> InputT:
        input = self._waiting.popleft()
        self.last_input_seq = input.seq
        return input

    def _drop_oldest(self) -> None:
        """Make room down to the target, so that a player that was too fast does not stay behind for ever."""
        while len(self._waiting) > TARGET:
            self._next()
            self.dropped += 1
