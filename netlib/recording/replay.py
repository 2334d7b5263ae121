"""Playing a recording: what a client got then, it gets again, at any speed.

What the file holds goes through the code that handles it live: `Client.received`. So there are the same
events, messages and states in the same order, and the round trip is the one that was measured then,
since the clock is that of the recording.
"""

import asyncio
import logging
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from threading import get_ident
from typing import Any

from websockets.frames import CloseCode

from netlib.client.client import Client
from netlib.client.dial import Line
from netlib.client.reconnect import Reconnecting
from netlib.events import Interrupted
from netlib.protocol.frames import Welcome
from netlib.recording.file import Kind, Record, Tape
from netlib.session.sessions import is_final
from netlib.state.state import EntityT
from netlib.transport.listens import Key
from netlib.transport.loops import clock

AT_ONCE = 500  # records that are played before anybody else has a turn
LOOK_EVERY = 0.02  # seconds between two looks at the speed
CLOCK_STEP = 1e-6  # seconds; a recording has no finer times
END, BROKEN_END = "the recording ends here", "the recording breaks off here"

log = logging.getLogger("netlib")


class Pace:
    """Where a recording is being played, in seconds of its own. It reads no clock: ``now`` is given.

    Args:
        speed: its seconds that pass in a second.

    Attributes:
        speed: as given.
        paused: True while it stands still.
        position: where it has got to; behind, for as fast as possible.
    """

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self.paused = False
        self.position = 0.0
        self._seen = 0.0

    def begin(self, position: float, now: float) -> None:
        """Go on from a position at ``now``."""
        self.position, self._seen = position, now

    def pass_time(self, now: float) -> None:
        """Move on until ``now``."""
        passed, self._seen = now - self._seen, now
        if not self.paused and math.isfinite(self.speed):
            self.position += passed * self.speed

    @property
    def target(self) -> float:
        """Until where may be played now."""
        return self.position if self.paused or math.isfinite(self.speed) else math.inf

    def seconds_until(self, position: float) -> float:
        """How long it takes to get there, at this speed."""
        return math.inf if self.paused else max(0.0, position - self.position) / self.speed


class Replay(Client[EntityT]):
    """A client whose server is a recording: ``async with Replay("a.rec", schema=SCHEMA) as client``.

    It begins at the first welcome, and ends with a `netlib.Disconnected`. What is sent goes nowhere.

    Args:
        path: the file.
        messages, schema: as for `netlib.Client`.
        speed: its seconds that pass in a second; more than 0, and ``math.inf`` for as fast as possible.

    Attributes:
        started: when it was recorded, in UTC.
        duration: how long it is, in seconds.
        problem: why it is not whole, in words; empty when it is. It plays as far as it goes.

    Raises:
        RecordingError: there is no such file, or it is not a recording, or one that we cannot play.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        messages: Iterable[Key] = (),
        schema: Mapping[str, type[EntityT]] | None = None,
        speed: float = 1.0,
    ) -> None:
        tape = Tape(path)
        super().__init__(str(path), messages=messages, schema=schema, codec=tape.codec)
        self.started = tape.header.started
        self.duration = max((record.time for record in tape), default=0.0)
        self.problem = tape.problem
        self._tape = tape
        self._conversation.clock = self.clock
        self._records: Iterator[Record] = iter(())
        self._next: Record | None = None
        self._lost: Reconnecting | None = None
        self._pace = Pace(_possible(speed))
        self._time = 0.0

    # As for a client.

    async def open(self) -> None:
        """Begin at the first welcome; without one, at the end."""
        if self.problem:
            log.warning("%s is not whole: %s after %.1f s", self.url, self.problem, self.duration)
        self._records = iter(self._tape)
        self._next = next(self._records, None)
        if self._next is None:
            self._end()
        while self._next is not None and not self.connected:
            self._play(self._next)
        self._pace.begin(self._time, clock())
        self._open_in = get_ident()
        self.spawn(self._go_on())

    @property
    def connected(self) -> bool:
        """True while the recorded client was in the room."""
        line = self._presence.line
        return line is not None and line.joined and not self._presence.over

    @property
    def reconnecting(self) -> Reconnecting | None:
        """Since when the recorded client tried to come back, on the recording's `clock`."""
        return self._lost

    def poll(self) -> list[Any]:
        """Everything that happened since the last call, oldest first."""
        self.advance()
        return super().poll()

    def send(self, message: Any, /, **keywords: Any) -> None:
        """Nothing: a recording does not listen."""

    # How it is played.

    @property
    def finished(self) -> bool:
        """True when all of it has been played, and before `open`."""
        return self._next is None

    @property
    def time(self) -> float:
        """Where we are, in seconds from its beginning."""
        return self._time

    @property
    def speed(self) -> float:
        """Its seconds that pass in a second; it may be set at any time.

        Raises:
            ValueError: it is not more than 0.
        """
        return self._pace.speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._pace.speed = _possible(speed)
        self._pace.begin(self._time, clock())

    @property
    def paused(self) -> bool:
        """True while it stands still; it may be set at any time."""
        return self._pace.paused

    @paused.setter
    def paused(self, paused: bool) -> None:
        self._pace.paused = paused
        self._pace.begin(self._time, clock())

    def clock(self) -> float:
        """What `netlib.clock` said in the recorded program, in seconds."""
        return self._tape.header.clock + self._time

    def advance(self) -> None:
        """Play what is due; `poll` does so, and a task in the background."""
        self._pace.pass_time(clock())
        for _ in range(AT_ONCE):
            if self._next is None:
                return
            if self._next.time > self._pace.target + CLOCK_STEP:
                self._time = max(self._time, self._pace.position)
                return
            self._play(self._next)

    async def _go_on(self) -> None:
        while self._next is not None:
            self.advance()
            due = self._next.time if self._next else 0.0
            await asyncio.sleep(min(self._pace.seconds_until(due), LOOK_EVERY))

    def _play(self, record: Record) -> None:
        self._time, self._next = record.time, next(self._records, None)
        match record.kind:
            case Kind.OPENED:
                self._opened()
            case Kind.RECEIVED:
                self._received(record.data)
            case Kind.SENT:
                self.metrics.sent(len(record.data))
            case Kind.CLOSED:
                self._closed(*record.close)
        if self._next is None:
            self._end()

    def _opened(self) -> None:
        self._presence.line = Line(self.received, lambda *_: None, self._codec)
        self._presence.over = False

    def _welcomed(self, welcome: Welcome) -> None:
        super()._welcomed(welcome)
        self._membership.delivery.forgo()  # nothing is sent, so there is nothing to confirm

    def _received(self, data: bytes) -> None:
        self.metrics.received(len(data))
        if self._presence.line is not None:
            self.received(self._presence.line, data)
            self._lost = None if self.connected else self._lost

    def _closed(self, code: int, reason: str) -> None:
        was_connected, self._presence.line = self.connected, None
        if is_final(code):
            self._presence.end(code, reason)
        elif was_connected:
            self._lost = Reconnecting(self.clock(), 1, self.clock(), reason)
            self._tell(Interrupted(code, reason))

    def _end(self) -> None:
        """It is over: as the connection was, or in the middle of it."""
        self._presence.line = None
        if self.problem:
            self._presence.end(CloseCode.ABNORMAL_CLOSURE, BROKEN_END)
        else:
            self._presence.end(CloseCode.NORMAL_CLOSURE, self._lost.reason if self._lost else END)


def _possible(speed: float) -> float:
    if not speed > 0:
        raise ValueError(f"a speed of {speed:g} is not possible; choose more than 0, or pause")
    return speed
