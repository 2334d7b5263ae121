"""A link conditioner: what latency, jitter and loss do to an ordered stream.

WebSocket runs over TCP, so nothing is ever lost or out of order for the program; a lost packet
is sent again, and everything after it waits ("head-of-line blocking"). So jitter here delays
and never reorders, and loss is a stall of one retransmission, and of another if lost again. By
RACK (RFC 8985) the sender notices a loss when a later message is acknowledged, so one interval
and one round trip pass, and a little more since that message may just have overtaken. When no
message follows soon, a timer notices (RFC 6298). A lost ack costs nothing: the next one tells more.

``python -m workshop.maintenance.bench.link_model`` compares this with real TCP.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from typing import Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta

from netlib.arguments import check_fields
from netlib.transport.loops import clock

REORDERING = 1 / 8  # round trips that TCP waits in case a missing message was only overtaken
MOST_REORDERING = 1 / 4  # round trips that it waits on top, at most, because of the link's jitter
MIN_TIMEOUT = 0.2  # seconds beyond a round trip: the least retransmission timeout of Linux
MOST_LOSSES = 6  # how often one message may be lost

T = TypeVar("T")
ToMinute = Annotated[float, Meta(ge=0, le=60, description="seconds, from 0 to 60; not milliseconds")]
Share = Annotated[float, Meta(ge=0, lt=1, description="a share, from 0 to below 1; not percent")]


class LinkConditions(msgspec.Struct, frozen=True):
    """What a link does to messages. All zero is a perfect link.

    Args:
        latency: added to the round trip, in seconds; half each way.
        jitter: each message's one-way delay varies by up to this many seconds, both ways up
            and down.
        loss: share that is lost of the messages and of their repeats, from 0 to below 1, in each
            direction.

    Raises:
        WrongArgument: one is out of its range.
    """

    latency: ToMinute = 0.0
    jitter: ToMinute = 0.0
    loss: Share = 0.0

    def __post_init__(self) -> None:
        check_fields(self)

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
        self._conditions = conditions
        self._random = random.Random(seed)
        self._queue: deque[tuple[float, T]] = deque()
        self._last_push = float("-inf")

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def conditions(self) -> LinkConditions:
        """What the link does. Changed while items wait, it takes effect on them too, in order: all
        arrive by the time at which the newest of them would, unlost, on the new link.
        """
        return self._conditions

    @conditions.setter
    def conditions(self, conditions: LinkConditions) -> None:
        if conditions == self._conditions:
            return
        self._conditions = conditions
        latest = self._last_push + conditions.latency / 2 + conditions.jitter
        self._queue = deque((min(due, latest), item) for due, item in self._queue)

    @property
    def idle(self) -> bool:
        """True when items may pass by this conditioner: nothing simulated, nothing waiting."""
        return not self._queue and self._conditions.perfect

    def push(self, now: float, item: T) -> None:
        """Take an item that is sent at ``now``, in seconds."""
        self._queue.append((now + self._delay(now), item))
        self._last_push = now

    def pop_due(self, now: float) -> list[T]:
        """The items that have arrived by ``now``, in the order in which they were sent.

        One that has not keeps back those after it, whatever their own delay.
        """
        due = []
        while self._queue and self._queue[0][0] <= now:
            due.append(self._queue.popleft()[1])
        return due

    def next_due(self) -> float | None:
        """When the next item arrives, in the seconds of ``now``; None when none waits."""
        return self._queue[0][0] if self._queue else None

    def _delay(self, now: float) -> float:
        link = self._conditions
        jitter = self._random.uniform(-1, 1) * link.jitter
        return max(0.0, link.latency / 2 + jitter) + self._losses() * self._repair(now)

    def _losses(self) -> int:
        """How often an item is lost before it comes through."""
        losses = 0
        while losses < MOST_LOSSES and self._random.random() < self._conditions.loss:
            losses += 1
        return losses

    def _repair(self, now: float) -> float:
        """How long a loss holds up an item that is sent at ``now``, in seconds.

        The next item is what reveals a loss. It is not known yet, so it is expected after the same
        interval as this one was. How long TCP takes it for merely overtaken is fitted to real TCP, from
        the reordering windows of Linux, 1/8 of a round trip, and of RFC 8985, 1/4.
        """
        link = self._conditions
        interval = now - self._last_push
        overtaken = REORDERING * link.latency + min(link.jitter, MOST_REORDERING * link.latency)
        return link.latency + min(interval + overtaken, MIN_TIMEOUT)


class DelayLine:
    """Delivers calls later, in order, as a conditioner decides; at once when it is idle.

    Attributes:
        idle: True when a call may be made directly.
    """

    def __init__(self, conditions: LinkConditions, *, seed: int | None) -> None:
        self._conditioner = Conditioner[Callable[[], None]](conditions, seed=seed)
        self._ready: deque[Callable[[], None]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self.idle = self._conditioner.idle

    def push(self, deliver: Callable[[], None]) -> None:
        """Make this call when the simulated link has carried it."""
        if self.idle:
            deliver()
            return
        self._conditioner.push(clock(), deliver)
        self._schedule()

    def set(self, conditions: LinkConditions) -> None:
        """Change the conditions now; a perfect link delivers at once what still waits."""
        self._conditioner.conditions = conditions
        self.idle = False
        self._release()

    def _release(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._ready.extend(self._conditioner.pop_due(clock()))
        while self._ready:  # a call may change the conditions, and so come back here
            self._ready.popleft()()
        self.idle = self._conditioner.idle
        self._schedule()

    def _schedule(self) -> None:
        due = self._conditioner.next_due()
        if due is not None and self._timer is None:
            delay = max(0.0, due - clock())
            self._timer = asyncio.get_running_loop().call_later(delay, self._release)
