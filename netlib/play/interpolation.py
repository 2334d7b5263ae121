"""Interpolation: the others are drawn a little in the past, between two known snapshots.

Snapshots are rarer than frames and do not come evenly, so a client that draws the newest sees everybody
else stutter. A client that draws the moment `interpolation_delay` ago mostly has a snapshot on
either side of it, and blends the two (Valve, "Source Multiplayer Networking"; G. Fiedler,
"Snapshot Interpolation"). How long that must be is measured: `Arrivals`. What is drawn moves on
as evenly as the player's clock does: `Timeline`.
"""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from netlib.arguments import Positive, checked
from netlib.state.angle import turns_of, way
from netlib.state.state import Entity, State

WINDOW = 3.0  # seconds of arrivals that are remembered
MAX_ARRIVALS = 512  # of them
IN_TIME = 0.97  # share of the snapshots that come in time; waiting for the others costs more than it gives
MARGIN = 0.004  # seconds; timers are not exact
START_TICKS = 2  # ticks of delay until it has been measured
MAX_DELAY = 0.5  # seconds
SHRINK = 0.02  # seconds a second; the delay grows at once, and shrinks so slowly that nobody sees it
MAX_SLEW = 0.05  # share by which the timeline runs faster or slower, to get to where it should be
SLEW_TIME = 1.0  # seconds in which it closes most of a small gap
MAX_LAG = 0.5  # seconds; a timeline that is further behind jumps
MAX_EXTRAPOLATION = 0.1  # seconds past the newest snapshot that are guessed
HISTORY = 2.0  # seconds of snapshots that are kept

ServerRate = Annotated[float, Meta(gt=0, description="above 0; a client knows it once it has joined")]


class Arrival(msgspec.Struct, frozen=True):
    """One snapshot that came.

    Attributes:
        arrived: on our clock, in seconds.
        transit: our clock minus its server time; a clock difference that nobody knows is in it.
        step: server time since the snapshot before it, in seconds.
    """

    arrived: float
    transit: float
    step: float

    def needs(self, fastest: float) -> float:
        """The delay that would have been enough, in seconds: until it came, drawing must not have
        passed the snapshot before it."""
        return self.transit - fastest + self.step


class Arrivals:
    """How late snapshots come, and so how far in the past drawing must stay.

    Two clocks cannot tell how long one way takes, but the snapshot that came fastest shows how
    fast it can be, and the others are late relative to that. A high quantile of the lateness,
    not its mean, is what must be waited for (both as in NetEq, the jitter buffer of WebRTC).

    Args:
        delay: what is `needed` as long as nothing has been measured, in seconds.

    Attributes:
        fastest: the transit of the snapshot that came fastest, in seconds.
        jitter: how late snapshots come, in seconds, except for the very latest.
        needed: the delay with which they come in time, in seconds; see `Arrival.needs`.
    """

    def __init__(self, delay: float) -> None:
        self._arrivals: deque[Arrival] = deque(maxlen=MAX_ARRIVALS)
        self.fastest = self.jitter = 0.0
        self.needed = delay

    def add(self, server_time: float, arrived: float, step: float) -> None:
        """Take the snapshot of ``server_time`` that came at ``arrived``; see `Arrival`."""
        self._arrivals.append(Arrival(arrived, arrived - server_time, step))
        while self._arrivals[0].arrived < arrived - WINDOW:
            self._arrivals.popleft()
        self._measure()

    def forget_what_needs_more(self, delay: float) -> None:
        """Forget what came too late for a delay: a stall is not jitter, and waiting does not cure it."""
        kept = [arrival for arrival in self._arrivals if arrival.needs(self.fastest) <= delay]
        self._arrivals = deque(kept or [self._arrivals[-1]], maxlen=MAX_ARRIVALS)
        self._measure()

    def _measure(self) -> None:
        self.fastest = min(arrival.transit for arrival in self._arrivals)
        self.jitter = _high([arrival.transit - self.fastest for arrival in self._arrivals])
        needed = _high([arrival.needs(self.fastest) for arrival in self._arrivals])
        self.needed = min(needed + MARGIN, MAX_DELAY)


def _high(values: list[float]) -> float:
    return sorted(values)[math.ceil(IN_TIME * len(values)) - 1]


class Timeline:
    """The moment that is drawn, in seconds of the server's time. It never goes back.

    It runs as the player's clock does, a few per cent faster or slower to close a small gap: a
    change of speed that small is not seen, a jump is (so do Mirror and Unity's Netcode).

    Attributes:
        moment: in seconds; None before the first `jump`.
    """

    def __init__(self) -> None:
        self.moment: float | None = None
        self._stands = False

    def lag(self, target: float) -> float:
        """How far it is behind, in seconds; infinite before the first `jump`."""
        return math.inf if self.moment is None else target - self.moment

    def jump(self, target: float) -> None:
        """Be there at once."""
        self.moment, self._stands = target, False

    def advance(self, dt: float, target: float, end: float) -> bool:
        """Move on by about ``dt`` seconds, towards ``target``, and not past ``end``.

        Returns True when it has to stand still from now on, because nothing came.
        """
        assert self.moment is not None
        slew = max(-MAX_SLEW, min(MAX_SLEW, (self.lag(target) - dt) / SLEW_TIME))
        wanted = self.moment + dt * (1 + slew)
        stood, self._stands = self._stands, wanted > end
        self.moment = max(self.moment, min(wanted, end))
        return self._stands and not stood


class Sample(msgspec.Struct, frozen=True):
    """The state at one moment: of a snapshot, or what to draw, whose ``tick`` may lie between two."""

    tick: float
    state: Mapping[str, Mapping[int, Any]]


class Blend:
    """The state between two snapshots, or a little past the newer.

    Args:
        max_step: units that an entity moves in a tick at most; further is a teleport.
            Angles do not count.
    """

    def __init__(self, older: Sample, newer: Sample, tick: float, max_step: float) -> None:
        ticks = newer.tick - older.tick
        self._older, self._newer = older, newer
        self._base = newer if tick >= newer.tick else older
        self._share = max(0.0, (tick - self._base.tick) / ticks) if ticks else 0.0
        self._most = max_step * ticks

    def state(self, fields: Mapping[str, Sequence[str]]) -> State:
        """What there is at the base, with these fields moved on."""
        base = self._base.state
        return base if not self._share else {name: self._moved(name, fields.get(name, ())) for name in base}

    def _moved(self, name: str, fields: Sequence[str]) -> Mapping[int, Entity]:
        base, older, newer = (k.state.get(name, {}) for k in (self._base, self._older, self._newer))
        if not fields or older is newer:
            return base
        return {id: self._entity(base[id], older.get(id), newer.get(id), fields) for id in base}

    def _entity(
        self, base: Entity, older: Entity | None, newer: Entity | None, fields: Sequence[str]
    ) -> Entity:
        if older is None or newer is None or older is newer:
            return base
        turns = turns_of(type(base))
        steps = {f: way(getattr(older, f), getattr(newer, f), turns.get(f)) for f in fields}
        if math.hypot(*(by for f, by in steps.items() if f not in turns)) > self._most:
            return base
        return replace(base, **{f: _plus(getattr(base, f), by * self._share) for f, by in steps.items()})


def _plus(value: float, by: float) -> float:
    return round(value + by) if isinstance(value, int) else value + by


class InterpolationBuffer:
    """Snapshots in as they arrive, a smooth state out for every frame.

    Args:
        fields: the numeric fields of each collection that are blended, such as
            ``{"players": ("x", "y")}``; the short way round, where one is an `Angle`. All else is as in the
            older snapshot.
        tick_rate: the server's ticks per second.
        max_speed: units a second; an entity that moves further has been teleported, and is not
            drawn in between. Leave room: a server may apply two inputs in one tick.

    Attributes:
        interpolation_delay: how far in the past the others are drawn, in seconds, behind the earliest
            possible arrival.
        resyncs: how often the drawn moment jumped: after a stall, a dragged window, or when
            ticks began again.
        stalls: how often the others stood still, because nothing came.

    Raises:
        WrongArgument: an argument is not what is said above, or there is none of that name.
    """

    @checked
    def __init__(
        self, fields: Mapping[str, Sequence[str]], *, tick_rate: ServerRate, max_speed: Positive = math.inf
    ) -> None:
        self._fields, self._tick_rate = fields, tick_rate
        self._max_step = max_speed / tick_rate
        self.resyncs = self.stalls = 0
        self.reset()

    def reset(self) -> None:
        """Forget all snapshots: this is another server, or another life of it."""
        self._keyframes: deque[Sample] = deque(maxlen=math.ceil(HISTORY * self._tick_rate) + 2)
        self.interpolation_delay = START_TICKS / self._tick_rate
        self._arrivals = Arrivals(self.interpolation_delay)
        self._timeline = Timeline()
        self._sampled = -math.inf

    def add(self, tick: int, state: State, arrived: float) -> None:
        """Take a snapshot that arrived at ``arrived``, in seconds. It must not change any more.

        Of several for one tick the last counts. A lower tick is a new life of the server,
        since a connection keeps the order.
        """
        newest = self._keyframes[-1].tick if self._keyframes else tick - START_TICKS
        if self._keyframes and tick == newest:
            self._keyframes[-1] = Sample(tick, state)
            return
        if tick < newest:
            self.reset()
            self.resyncs += 1
            newest = tick - START_TICKS
        self._keyframes.append(Sample(tick, state))
        self._arrivals.add(tick / self._tick_rate, arrived, (tick - newest) / self._tick_rate)

    def sample(self, now: float) -> Sample | None:
        """What to draw at ``now``, in seconds of the clock of ``arrived``; None before the first snapshot."""
        if not self._keyframes:
            return None
        self._move(now)
        while len(self._keyframes) > 2 and self._keyframes[1].tick <= self._tick:
            self._keyframes.popleft()
        older, newer = self._keyframes[0], self._keyframes[min(1, len(self._keyframes) - 1)]
        return Sample(self._tick, Blend(older, newer, self._tick, self._max_step).state(self._fields))

    @property
    def jitter(self) -> float:
        """How late snapshots come, in seconds, except for the very latest."""
        return self._arrivals.jitter

    @property
    def extrapolating(self) -> bool:
        """True while what is drawn is a guess, past the newest snapshot."""
        return bool(self._keyframes) and self._tick > self._keyframes[-1].tick

    @property
    def _tick(self) -> float:
        return (self._timeline.moment or 0.0) * self._tick_rate

    @property
    def _newest(self) -> float:
        return self._keyframes[-1].tick / self._tick_rate

    def _target(self, now: float, delay: float) -> float:
        return min(now - self._arrivals.fastest - delay, self._newest)

    def _move(self, now: float) -> None:
        dt = max(0.0, now - self._sampled)
        self._sampled = now
        delay = max(self._arrivals.needed, self.interpolation_delay - SHRINK * dt)
        if len(self._keyframes) == 1:  # which way anybody goes is not known yet
            self._timeline.jump(self._target(now, self.interpolation_delay))
        elif self._timeline.lag(self._target(now, delay)) > MAX_LAG:
            self._resync(now)
        else:
            self.interpolation_delay = delay
            end = self._newest + MAX_EXTRAPOLATION
            self.stalls += self._timeline.advance(dt, self._target(now, delay), end)

    def _resync(self, now: float) -> None:
        self.resyncs += self._timeline.moment is not None
        self._arrivals.forget_what_needs_more(self.interpolation_delay)
        self._timeline.jump(self._target(now, self.interpolation_delay))
