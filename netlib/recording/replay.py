"""Playing a recording: what a client got then, it gets again, at any speed.

What the file holds goes through the code that handles it live: `Client.received`. So there are the same
events, messages and states in the same order, and the round trip is the one that was measured then,
since the clock is that of the recording.
"""

import asyncio
import logging
import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from threading import get_ident
from typing import Any

from websockets.frames import CloseCode

from netlib.client.client import Client
from netlib.client.dial import Line
from netlib.client.reconnect import Reconnecting
from netlib.events import Interrupted
from netlib.protocol.frames import Welcome
from netlib.recording.file import Kind, Record
from netlib.recording.film import Film
from netlib.session.sessions import is_final
from netlib.state.state import EntityT
from netlib.transport.listens import Key
from netlib.transport.loops import clock

AT_ONCE = 500  # records that are played before anybody else has a turn
LOOK_EVERY = 0.02  # seconds between two looks at the speed
CLOCK_STEP = 1e-6  # seconds; a recording has no finer times
KEYFRAME_EVERY = 1.0  # seconds
WARM_UP = 3.0  # seconds before the time that is sought that are played again, so that buffers are full
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
        path: the file, or a `Film` of it.
        messages, schema: as for `netlib.Client`.
        speed: its seconds that pass in a second; more than 0, and ``math.inf`` for as fast as possible.

    Attributes:
        film: the recording, which other replays may share.
        started: when it was recorded, in UTC.
        duration: how long it is, in seconds.
        problem: why it is not whole, in words; empty when it is. It plays as far as it goes.

    Raises:
        RecordingError: there is no such file, or it is not a recording, or one that we cannot play.
    """

    def __init__(
        self,
        path: str | Path | Film,
        *,
        messages: Iterable[Key] = (),
        schema: Mapping[str, type[EntityT]] | None = None,
        speed: float = 1.0,
    ) -> None:
        self.film = film = path if isinstance(path, Film) else Film(path)
        super().__init__(str(film.path), messages=messages, schema=schema, codec=film.codec)
        self.started = film.header.started
        self.duration = film.duration
        self.problem = film.problem
        self._conversation.clock = self.clock
        self._at = len(film.records)
        self._keyframes: list[_Keyframe] = []
        self._lost: Reconnecting | None = None
        self._pace = Pace(_possible(speed))
        self._time = 0.0

    # As for a client.

    async def open(self) -> None:
        """Begin at the first welcome; without one, at the end."""
        if self.problem:
            log.warning("%s is not whole: %s after %.1f s", self.url, self.problem, self.duration)
        self._at = 0
        if self.finished:
            self._end()
        while not self.finished and not self.connected:
            self._play()
        self._keyframes = [_Keyframe(self)]
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
        return self._at >= len(self.film.records)

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
        return self.film.header.clock + self._time

    def advance(self) -> None:
        """Play what is due; `poll` does so, and a task in the background."""
        self._pace.pass_time(clock())
        for _ in range(AT_ONCE):
            if self.finished or self._pace.paused:
                return
            if self.film.records[self._at].time > self._pace.target + CLOCK_STEP:
                self._time = max(self._time, self._pace.position)
                return
            self._play()

    def step(self) -> Record | None:
        """Play the next record at once, and return it; None at the end."""
        record = None if self.finished else self._play()
        self._pace.begin(self._time, clock())
        return record

    def seek(self, time: float) -> None:
        """Go to a time, in seconds from the beginning, and stand there as if all before it had been played.

        Where it has played already, that costs a moment: it begins at a keyframe, at least `WARM_UP` before
        that time. Listeners hear what happens from there on; `poll` tells nothing of it.
        """
        before = bisect_right(self._keyframes, time - WARM_UP, key=lambda one: one.time)
        self._keyframes[max(0, before - 1)].restore(self)
        self.play_to(time)
        super().poll()

    def play_to(self, time: float) -> None:
        """Play at once what there is until a time, in seconds from the beginning."""
        while not self.finished and self.film.records[self._at].time <= time:
            self._play()
        self._time = max(self._time, min(time, self.duration))
        self._pace.begin(self._time, clock())

    async def _go_on(self) -> None:
        while True:
            self.advance()
            due = self._time + LOOK_EVERY if self.finished else self.film.records[self._at].time
            await asyncio.sleep(min(LOOK_EVERY, self._pace.seconds_until(due)))

    def _play(self) -> Record:
        record = self.film.records[self._at]
        self._time, self._at = record.time, self._at + 1
        match record.kind:
            case Kind.OPENED:
                self._opened()
            case Kind.RECEIVED:
                self._received(record.data)
            case Kind.SENT:
                self.metrics.sent(len(record.data))
            case Kind.CLOSED:
                self._closed(*record.close)
        if self.finished:
            self._end()
        elif self._keyframes and self.connected and self._time >= self._keyframes[-1].time + KEYFRAME_EVERY:
            self._keyframes.append(_Keyframe(self))
        return record

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


class _Keyframe:
    """How a replay is at one moment, to go back to."""

    OWN = ("player_id", "name", "room", "room_id", "room_code", "tick_rate", "_lost", "_at", "_time")

    def __init__(self, replay: Replay[Any]) -> None:
        self.time = replay.time
        self._room_state = replay.room_state
        self._own = {name: getattr(replay, name) for name in self.OWN}
        self._plain = [dict(vars(one)) for one in self._plain_of(replay)]
        self._copied = deepcopy([vars(one) for one in self._copied_of(replay)])

    def restore(self, replay: Replay[Any]) -> None:
        """Make the replay as it was then."""
        vars(replay).update(self._own)
        replay._conversation.room_state = self._room_state
        for one, held in zip(self._plain_of(replay), self._plain, strict=True):
            vars(one).update(held)
        for one, held in zip(self._copied_of(replay), deepcopy(self._copied), strict=True):
            vars(one).update(held)

    @staticmethod
    def _plain_of(replay: Replay[Any]) -> list[object]:
        """Those whose attributes are never changed in place: to know what they held is enough."""
        return [replay._presence, replay._membership, replay._follower, replay._follower.replica]

    @staticmethod
    def _copied_of(replay: Replay[Any]) -> list[object]:
        """Those that count on; they are small."""
        line = replay._presence.line
        return [replay.metrics, replay.server_clock, *([line.joiner] if line else [])]


def _possible(speed: float) -> float:
    if not speed > 0:
        raise ValueError(f"a speed of {speed:g} is not possible; choose more than 0, or pause")
    return speed
