"""A link conditioner: what latency, jitter and loss do to an ordered stream.

WebSocket runs over TCP, so nothing is ever lost or out of order for the program; a lost packet
is sent again, and everything behind it waits ("head-of-line blocking"). So jitter here delays
and never reorders, and loss is a stall of about one retransmission: the tail-loss case of
RFC 6298/8985, one interval between messages plus 1.25 round trips, and again if lost again.
"""

from __future__ import annotations

import random
from collections import deque
from typing import Generic, TypeVar

import msgspec

RETRANSMIT_RTTS = 1.25  # round trips until a loss is repaired
MAX_STALL_REPEATS = 6  # how often one message may be lost again

T = TypeVar("T")


class LinkConditions(msgspec.Struct, frozen=True):
    """What a link does to messages. All zero is a perfect link.

    Args:
        latency: added to the round trip, in seconds; half each way.
        jitter: each message's one-way delay varies by up to this many seconds, both ways up
            and down.
        loss: share of the messages that are lost once, from 0 to 1, in each direction.
    """

    latency: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0

    def __post_init__(self) -> None:
        if not (0 <= self.latency <= 60 and 0 <= self.jitter <= 60 and 0 <= self.loss < 1):
            raise ValueError(
                f"latency {self.latency} and jitter {self.jitter} are seconds from 0 to 60, loss "
                f"{self.loss} is a share from 0 to below 1; did you mean milliseconds or percent?"
            )

    @property
    def perfect(self) -> bool:
        """True when nothing is simulated."""
        return self == PERFECT

    def __str__(self) -> str:
        if self.perfect:
            return "nothing simulated"
        return f"{self.latency * 1000:.0f} ms ± {self.jitter * 1000:.0f} ms, {self.loss:.1%} loss"


PERFECT = LinkConditions()
PRESETS: dict[str, LinkConditions] = {
    "lan": LinkConditions(0.001, 0.0005, 0.0),
    "wifi": LinkConditions(0.010, 0.004, 0.002),
    "hotel": LinkConditions(0.120, 0.060, 0.03),
    "4g": LinkConditions(0.060, 0.015, 0.005),
    "3g": LinkConditions(0.220, 0.050, 0.015),
    "satellite": LinkConditions(0.620, 0.030, 0.01),
}


class Conditioner(Generic[T]):
    """Delays the items of one direction of one link. It reads no clock: ``now`` is given.

    Args:
        seed: the same seed, items and times give the same delays.
    """

    def __init__(self, conditions: LinkConditions = PERFECT, *, seed: int | None = None) -> None:
        self.conditions = conditions
        self._random = random.Random(seed)
        self._queue: deque[tuple[float, T]] = deque()
        self._last_push = float("-inf")

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def idle(self) -> bool:
        """True when items may pass by this conditioner: nothing simulated, nothing waiting."""
        return not self._queue and self.conditions.perfect

    def push(self, now: float, item: T) -> None:
        """Take an item that is sent at ``now``, in seconds."""
        not_before = self._queue[-1][0] if self._queue else now
        self._queue.append((max(now + self._delay(now), not_before), item))
        self._last_push = now

    def pop_due(self, now: float) -> list[T]:
        """The items that have arrived by ``now``, in the order in which they were sent."""
        due = []
        while self._queue and (self._queue[0][0] <= now or self.conditions.perfect):
            due.append(self._queue.popleft()[1])
        return due

    def next_due(self) -> float | None:
        """When the next item arrives, in the seconds of ``now``; None when none waits."""
        return self._queue[0][0] if self._queue else None

    def _delay(self, now: float) -> float:
        one_way = self.conditions.latency / 2
        jitter = self._random.uniform(-1, 1) * self.conditions.jitter if self.conditions.jitter else 0.0
        return max(0.0, one_way + jitter) + self._stall(now)

    def _stall(self, now: float) -> float:
        loss = self.conditions.loss
        if not loss or self._random.random() >= loss:
            return 0.0
        repeats = 1
        while repeats < MAX_STALL_REPEATS and self._random.random() < loss:
            repeats += 1
        interval = min(now - self._last_push, 1.0) if self._last_push > float("-inf") else 0.0
        return interval + repeats * RETRANSMIT_RTTS * self.conditions.latency
