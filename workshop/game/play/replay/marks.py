"""What a recording holds that is worth looking at: corrections, refusals, gaps and talk, with their times."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import pairwise
from statistics import median
from typing import Any

import netlib
from netlib.protocol.codecs import MALFORMED
from netlib.recording import Kind, Record, Replay
from workshop.game.drawing.replay_panels import Mark, MarkKind
from workshop.game.rules.entities import ROUND_ID, Player
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import Move
from workshop.game.rules.movement import step
from workshop.game.rules.units import UNIT
from workshop.game.rules.world import something_in_reach

GAP, GAP_TICKS = 0.25, 4  # without a snapshot for so many seconds, and so many usual intervals, it is a gap
RECENT = 9  # snapshots that tell which interval is usual
ONE = 0.5  # seconds within which the same kind again is no new mark
MOMENT = 1e-6  # seconds


class Contents:
    """Reads a replay to its end, and knows what it holds; ``own`` finds what only a known game can tell.

    ``steps`` are when each snapshot came, in seconds, or each message where there are none.
    """

    def __init__(self, replay: Replay[Any], own: "Own | None") -> None:
        self.marks: list[Mark] = []
        self.steps: list[float] = []
        self._replay, self._own = replay, own
        self._why = ""  # what may be the reason for a gap
        decoder, messages = replay.film.codec.decoder(dict[str, Any]), [replay.time]
        while (record := replay.step()) is not None:
            if record.kind is Kind.SENT and self._own:
                self._own.sent(record)
            if record.kind is Kind.RECEIVED:
                messages.append(record.time)
                with suppress(*MALFORMED):
                    message = decoder.decode(record.data)
                    if message.get("type") in ("error", "refused", "reply") and (code := message.get("code")):
                        self._mark("refusal", f"the server refused: {message.get('message') or code}")
            for event in replay.poll():
                self._take(event)
        self.marks.sort(key=lambda mark: mark.time)
        self.steps = self.steps or messages

    def next(self, kind: MarkKind, time: float, way: int) -> Mark | None:
        """The mark of a kind after a time, or with ``way`` -1 the one before."""
        further = (it for it in self.marks[::way] if it.kind == kind and (it.time - time) * way > MOMENT)
        return next(further, None)

    def step(self, time: float, way: int) -> float:
        """The time of the snapshot after a time, or with ``way`` -1 of the one before."""
        return next((it for it in self.steps[::way] if (it - time) * way > MOMENT), time)

    def news(self, time: float, seconds: float) -> str:
        """What has happened last in so many seconds before a time, in words."""
        return next((it.words for it in self.marks[::-1] if 0 <= time + MOMENT - it.time < seconds), "")

    def _take(self, event: Any) -> None:
        match event:
            case netlib.StateChanged():
                self._look_for_gap(self._replay.time)
                for kind, words in self._own.compare() if self._own else ():
                    self._mark(kind, words)
            case netlib.Connected() if self._own:
                self._own = Own(self._replay)
            case netlib.Interrupted():
                self._why = ": the connection was lost"
            case netlib.Paused():
                self._why = ": the room was paused"
            case _ if getattr(event, "type", type(event).__name__.lower()) == "chat":
                self.marks.append(Mark(self._replay.time, "chat", f"“{getattr(event, 'text', '')}”"))

    def _look_for_gap(self, now: float) -> None:
        recent = self.steps[-RECENT:] or [now]
        usual = median([b - a for a, b in pairwise(recent)] or [0.0])
        if now - recent[-1] > max(GAP, GAP_TICKS * usual):
            self.marks.append(Mark(recent[-1], "gap", f"no news for {now - recent[-1]:.2f} s{self._why}"))
        self.steps.append(now)
        self._why = ""

    def _mark(self, kind: MarkKind, words: str) -> None:
        last = next((it.time for it in reversed(self.marks) if it.kind == kind), -ONE)
        if self._replay.time - last >= ONE:
            self.marks.append(Mark(self._replay.time, kind, words))


class Own:
    """Does with what a player sent and got what the game's window does, and finds what went wrong."""

    def __init__(self, replay: Replay[Any]) -> None:
        self._replay, self._seed = replay, 0
        self._me: netlib.Predictor[Player, Move] | None = None
        self._pressed: list[tuple[int, int]] = []  # the number of an input that collects, and the points then

    def sent(self, record: Record) -> None:
        """The player sent something."""
        if self._me is None or self._me.predicted is None or self._me.stalled:
            return
        with suppress(ValueError, *MALFORMED):  # no input, or one that the game would not have sent
            move = self._replay.film.codec.decoder(Move).decode(record.data)
            if move.collect and something_in_reach(self._me.predicted, self._replay.state["resources"]):
                self._pressed.append((move.seq, self._me.predicted.score))
            self._me.predict(move)

    def compare(self) -> Iterator[tuple[MarkKind, str]]:
        """A snapshot came: in what the truth differs from what was predicted, and wanted."""
        round, seq = self._replay.state["round"].get(ROUND_ID), self._replay.last_input_seq
        if round is None:
            return
        if self._me is None or round.seed != self._seed:
            self._seed, rule = round.seed, partial(step, map=make_map(round.seed))
            self._me = netlib.Predictor(rule, tick_rate=self._replay.tick_rate)
        truth, before = self._replay.state["players"].get(self._replay.player_id), self._me.corrections
        self._me.reconcile(truth, seq)
        if self._me.corrections > before:
            yield "correction", f"the prediction was {self._me.prediction_error / UNIT:.1f} pixels off"
        done = [points for number, points in self._pressed if number <= seq]
        self._pressed = self._pressed[len(done) :]
        if done and truth and round.phase == "playing" and truth.score <= done[0]:
            yield "refusal", "pressed in vain: another player was faster, or it was out of reach"
