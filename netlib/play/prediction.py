"""Prediction: one's own input is applied at once, and put right when the server has spoken.

The client applies each input with the same ``step`` as the server, and keeps it until a snapshot
says that the server has applied it, too. Then it starts from the server's truth and replays what
is still pending (Y. Bernier, "Latency Compensating Methods", Valve 2001; G. Gambetta, "Client-Side
Prediction and Server Reconciliation"). What a correction leaves over fades from the screen
(G. Fiedler, "State Synchronization"; Valve's "prediction error smoothing").

Ticks are slower than frames. Between two ticks a player is drawn part of the way to where the
input that is held now will take it. Interpolation between the last two ticks would be as smooth,
but shows each key a tick late. With `TickInput` the tick then sends what was drawn.

What is shared, such as a ball near one's own paddle, is predicted with the own player, as one entity
that the client makes of each snapshot (README.md, "Predicting what is shared").
"""

from collections import deque
from collections.abc import Callable, Sequence
from math import hypot
from typing import Any, Generic, Literal, TypeVar

import msgspec
from msgspec.structs import replace

from netlib.arguments import Positive, Rate, checked
from netlib.protocol.messages import Input
from netlib.state.angle import turns_of, way
from netlib.state.state import Entity

MAX_PENDING = 3.0  # seconds of inputs that may wait for the server's answer
MAX_OLDER = 10  # snapshots in a row with a lower last_input_seq until the server has forgotten us
HALF_LIFE = 0.08  # seconds in which half of a correction fades from the screen
SNAP_DISTANCE = 1000.0  # the entity's units; a larger correction is shown at once
HISTORY = 300  # compared snapshots that a net graph can show
WINDOW = 90  # compared snapshots that a verdict is about
DIVERGING = 0.2  # share of corrections among them from which on they are no accident
FEWEST = 5  # corrections without which nothing diverges

EntityT = TypeVar("EntityT", bound=Entity)
InputT = TypeVar("InputT", bound=Input)


class Verdict(msgspec.Struct, frozen=True):
    """How well prediction and truth agree, over the last `WINDOW` snapshots.

    Args:
        kind: "matched": no correction. "jitter": a few, as when inputs came too late to be used or
            the server moved the player. "diverging": they keep coming, so the server's ``step``
            differs from ours.
        field: where the largest difference was; empty when there was none.
        error: that difference, in the field's units.
    """

    kind: Literal["matched", "jitter", "diverging"]
    field: str = ""
    error: float = 0.0


class Predictor(Generic[EntityT, InputT]):
    """One's own entity, ahead of the server by the inputs that are under way.

    Args:
        step: the game's rule: the entity one input later. It must depend on nothing else that changes.
        fields: the numbers that ``step`` decides, all of them. The other fields are the server's
            alone (a score, a name): they are taken over from it and never count as a correction.
        rounded: the entity as it looks after a trip over the wire, when floats lose precision there.
        tick_rate: inputs per second.
        snap_distance: a correction larger than this, in the entity's units, is not smoothed.

    Attributes:
        enabled: False to draw the truth instead. Everything else goes on, so that switching it on
            again needs nothing more.
        truth: the entity in the newest snapshot; None while we are not in the state.
        predicted: the truth and all pending inputs; None while there is no truth.
        pending_inputs: applied here, not yet confirmed by the server, oldest first.
        corrections: how often the truth differed from what was predicted.
        prediction_error: the size of the difference in the newest snapshot that could be compared,
            in the entity's units; 0 when there was none.

    Raises:
        WrongArgument: an argument is not what is said above, or there is none of that name.
    """

    @checked
    def __init__(
        self,
        step: Callable[[EntityT, InputT], EntityT],
        *,
        fields: Sequence[str] = ("x", "y"),
        rounded: Callable[[EntityT], EntityT] = lambda entity: entity,
        tick_rate: Rate = 30.0,
        snap_distance: Positive = SNAP_DISTANCE,
    ) -> None:
        self.enabled = True
        self.corrections = 0
        self.prediction_error = 0.0
        self._step, self._rounded = step, rounded
        self._fields = tuple(fields)
        self._most_pending = max(1, round(MAX_PENDING * tick_rate))
        self._snap_distance = snap_distance
        self._differences: deque[dict[str, float]] = deque(maxlen=HISTORY)
        self.reset()

    def reset(self) -> None:
        """Start again with the next snapshot, as after a reconnect. The figures stay."""
        self.truth: EntityT | None = None
        self.predicted: EntityT | None = None
        self.pending_inputs: deque[InputT] = deque()
        self._expected: dict[int, EntityT | None] = {}  # by the number of the input that led there
        self._confirmed_seq = -1
        self._older = 0
        self._offset: dict[str, float] = {}

    # What one does, and what the server says.

    @property
    def stalled(self) -> bool:
        """True while so much is pending that nothing more is predicted; sending more is no use."""
        return len(self.pending_inputs) >= self._most_pending

    def predict(self, input: InputT) -> EntityT | None:
        """Apply one's own input at once. Returns the predicted entity.

        When `MAX_PENDING` seconds of inputs wait for an answer, the entity stands still: a further
        input is neither applied nor kept, and whatever the server makes of it comes with a snapshot.

        Args:
            input: with the number that `Client.send_input` gave it.

        Raises:
            ValueError: the number does not follow those before.
        """
        newest = self.pending_inputs[-1].seq if self.pending_inputs else 0
        if input.seq <= newest:
            raise ValueError(f"input {input.seq} cannot follow {newest}: use what send_input returned")
        if not self.stalled and input.seq > self._confirmed_seq:
            self.pending_inputs.append(input)
            self._apply(input)
        return self.predicted

    def reconcile(self, truth: EntityT | None, last_input_seq: int) -> None:
        """Take in a snapshot: go on from the server's truth, and replay what it has not seen yet.

        The first snapshot, and one that confirms an input that we know nothing of, cannot be
        compared and correct nothing. An older snapshot is ignored; after `MAX_OLDER` of them in a
        row the server has started again.

        Args:
            truth: our entity in the snapshot; None when we are not in it.
            last_input_seq: the newest of our inputs that the server has applied.
        """
        if last_input_seq < self._confirmed_seq and not self._forgotten():
            return
        if truth is self.truth and last_input_seq == self._confirmed_seq:
            return
        before, self.truth = self.predicted, truth
        self._confirmed_seq, self._older = last_input_seq, 0
        self._replay(self._agreed(self._expected.get(last_input_seq), truth))
        self._smooth(before)

    def _forgotten(self) -> bool:
        """Count an older snapshot. True when the server does not know our inputs any more."""
        self._older += 1
        if self._older > MAX_OLDER:
            self.reset()
        return self._confirmed_seq < 0

    def _agreed(self, expected: EntityT | None, truth: EntityT | None) -> EntityT | None:
        """What to replay from: the truth, with our own unrounded values while they agree with it."""
        if expected is None or truth is None:
            return truth
        difference = self._difference(self._rounded(expected), truth)
        self._differences.append(difference)
        self.prediction_error = _size(difference)
        if difference:
            self.corrections += 1
            return truth
        return replace(truth, **{name: getattr(expected, name) for name in self._fields})

    def _difference(self, mine: EntityT, other: EntityT) -> dict[str, float]:
        """By how much the fields differ; only those that do."""
        turns = turns_of(type(mine))
        pairs = ((name, getattr(other, name), getattr(mine, name)) for name in self._fields)
        ways = ((name, way(theirs, ours, turns.get(name))) for name, theirs, ours in pairs if theirs != ours)
        return {name: float(by) for name, by in ways if by}

    def _replay(self, confirmed: EntityT | None) -> None:
        while self.pending_inputs and self.pending_inputs[0].seq <= self._confirmed_seq:
            self.pending_inputs.popleft()
        self.predicted = confirmed
        self._expected = {self._confirmed_seq: confirmed}
        for input in self.pending_inputs:
            self._apply(input)

    def _apply(self, input: InputT) -> None:
        if self.predicted is not None:
            self.predicted = self._expected[input.seq] = self._step(self.predicted, input)

    # What is drawn.

    def displayed(self, dt: float, held: InputT | None = None, alpha: float = 0.0) -> EntityT | None:
        """What to draw in a frame; None while there is nothing. Call it once a frame.

        Args:
            dt: seconds since the last frame, in which a correction fades.
            held: the input that the tick under way will send, as far as it is known: what
                `TickInput.hold` returned.
            alpha: how much of that tick is over, from 0 to 1.
        """
        self._fade(dt)
        if not self.enabled or self.predicted is None:
            return self.truth
        now = self.predicted
        ahead = now if held is None or self.stalled else self._step(now, held)
        return replace(now, **{name: self._drawn(name, now, ahead, alpha) for name in self._fields})

    def _drawn(self, name: str, now: EntityT, ahead: EntityT, alpha: float) -> float:
        here, there = getattr(now, name), getattr(ahead, name)
        turn = turns_of(type(now)).get(name)
        place: float = here + way(here, there, turn) * alpha + self._offset.get(name, 0.0)
        return round(place) if isinstance(here, int) else place

    def _smooth(self, before: EntityT | None) -> None:
        """Whatever moved the predicted entity, it is drawn where it was, and comes over by and by."""
        if before is None or self.predicted is None:
            self._offset.clear()
            return
        turns = turns_of(type(before))
        for name, moved in self._difference(before, self.predicted).items():
            self._offset[name] = way(-moved, self._offset.get(name, 0.0), turns.get(name))
        if not _size(self._offset) <= self._snap_distance:  # so that NaN snaps, too
            self._offset.clear()

    def _fade(self, dt: float) -> None:
        left = 0.5 ** (dt / HALF_LIFE) if self.enabled else 0.0
        self._offset = {name: offset * left for name, offset in self._offset.items()}

    # Figures.

    @property
    def history(self) -> list[float]:
        """The prediction error of each of the last `HISTORY` compared snapshots, oldest first."""
        return [_size(difference) for difference in self._differences]

    @property
    def verdict(self) -> Verdict:
        """How well prediction and truth agree at present."""
        recent = list(self._differences)[-WINDOW:]
        wrong = [difference for difference in recent if difference]
        if not wrong:
            return Verdict("matched")
        error, field = max((abs(by), name) for difference in wrong for name, by in difference.items())
        diverging = len(wrong) >= max(FEWEST, DIVERGING * len(recent))
        return Verdict("diverging" if diverging else "jitter", field, error)


class TickInput(Generic[InputT]):
    """The input of the tick under way: what was held for half of the tick counts half.

    So a key counts from the frame in which it goes down to the one in which it comes up, the tick
    sends exactly what was drawn before it, and nobody is drawn going back. All floats of an input,
    and those in tuples, are averaged, an `Angle` the short way round; anything else has the value that
    was held last.
    """

    def __init__(self) -> None:
        self._mean: InputT | None = None
        self._alpha = 0.0

    def hold(self, held: InputT, alpha: float) -> InputT:
        """Count what was held since the last call. Returns the mean of the tick so far.

        Args:
            held: what is held in this frame.
            alpha: how much of the tick is over now, from 0 to 1.
        """
        if self._mean is None or alpha <= 0:
            self._mean = held
        else:
            self._mean = _mixed(self._mean, held, max(0.0, alpha - self._alpha) / alpha)
        self._alpha = alpha
        return self._mean

    def finish(self, held: InputT) -> InputT:
        """The tick is over: count what was held to its end. Returns the input to send."""
        mean = self.hold(held, 1.0)
        self._mean = None
        return mean


def _size(difference: dict[str, float]) -> float:
    return hypot(*difference.values())


def _mixed(before: InputT, held: InputT, share: float) -> InputT:
    names, turns = set(held.__struct_fields__) - set(Input.__struct_fields__), turns_of(type(held))
    return replace(
        held,
        **{n: _between(getattr(before, n), getattr(held, n), share, turns.get(n)) for n in names},
    )


def _between(before: Any, held: Any, share: float, turn: float | None = None) -> Any:
    if isinstance(before, tuple) and isinstance(held, tuple) and len(before) == len(held):
        return tuple(_between(a, b, share) for a, b in zip(before, held, strict=True))
    if float in (type(before), type(held)):
        return before + way(before, held, turn) * share
    return held
