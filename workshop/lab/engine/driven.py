"""The driven player: one real client, drawn as its snapshots come, and as a finished game draws it."""

from collections import deque
from collections.abc import Mapping
from functools import partial
from math import hypot

from msgspec.structs import replace

import netlib
from netlib.play.prediction import SNAP_DISTANCE
from workshop.game.drawing.view import placed
from workshop.game.play.bot_client import map_of
from workshop.game.rules.bots import Brain
from workshop.game.rules.entities import ROUND_ID, Player
from workshop.game.rules.messages import Move
from workshop.game.rules.units import TOP_SPEED, UNIT
from workshop.game.rules.world import something_in_reach
from workshop.lab.engine.room import Aim, paced_step, pixels
from workshop.lab.engine.settings import Settings
from workshop.lab.engine.wire import WireLog
from workshop.lab.marks import Mark, Span

SHOT_SECONDS = 0.5  # between two shots
SNAP_AT_ONCE = 1e-6  # units; each correction is larger
REMEMBERED = 300  # inputs, and snapshots
BRAIN_SEED = 4


class Driven:
    """What one player's program does, with each of its devices to be switched off.

    Args:
        client: has joined, and knows the state.
        wire: is told what is sent and what arrives.

    Attributes:
        walk: what is wanted in the tick under way.
        by_bot: whether a bot decides that.
        sent: the newest input's number.
        began: when the tick of each input began, in seconds of `netlib.clock`, by its number; the newest is
            that of the tick under way.
        wrong: when a snapshot showed that a prediction was wrong, and by how many pixels.
        shown: what was drawn of the others last.
    """

    def __init__(self, client: netlib.Client, settings: Settings, wire: WireLog) -> None:
        self.client, self.wire, self.settings = client, wire, settings
        self.map, ways = map_of(client.state["round"][ROUND_ID].seed)
        self.brain, self.by_bot, self.walk = Brain(ways, seed=BRAIN_SEED), True, Move()
        self.ticks = netlib.Accumulator(1 / client.tick_rate)
        self.making = netlib.TickInput[Move]()
        self.others = netlib.InterpolationBuffer(
            {"players": ("x", "y")}, tick_rate=client.tick_rate, max_speed=TOP_SPEED
        )
        self.sent, self.began = 0, {1: netlib.clock()}
        self.wrong: deque[tuple[float, float]] = deque(maxlen=REMEMBERED)
        self.shown = netlib.Sample(client.tick, client.state)
        self._predicted: dict[int, Player] = {}
        self._next_shot = 0.0
        self._arrived: deque[int] = deque(maxlen=REMEMBERED)
        self.me = self._predictor()
        self._take_in(netlib.StateChanged(client.tick))
        client.on(netlib.StateChanged, self._take_in)

    @property
    def id(self) -> int:
        """The player's number."""
        return self.client.player_id

    def use(self, settings: Settings) -> None:
        """Switch on or off what is the client's."""
        anew = settings.smoothing != self.settings.smoothing
        self.settings = settings
        self.client.link = settings.link
        if anew:
            self.me = self._predictor(self.me)

    def _predictor(
        self, before: netlib.Predictor[Player, Move] | None = None
    ) -> netlib.Predictor[Player, Move]:
        """One that smoothes or not; where one was before, it goes on from there."""
        rate = self.client.tick_rate
        rule = partial(paced_step, map=self.map, tick_rate=rate)
        snap = SNAP_DISTANCE if self.settings.smoothing else SNAP_AT_ONCE
        me = netlib.Predictor[Player, Move](rule, tick_rate=rate, snap_distance=snap)
        if before is not None:
            pending = list(before.pending_inputs)
            me.reconcile(before.truth, pending[0].seq - 1 if pending else self.sent)
            for move in pending:
                me.predict(move)
        return me

    # What arrives.

    def _take_in(self, event: netlib.StateChanged) -> None:
        """A snapshot: where the others were, and the truth about oneself, or what stands for it."""
        now, seq = netlib.clock(), self.client.last_input_seq
        self.others.add(event.tick, self.client.state, now)
        error = self._reconcile(self.client.state["players"].get(self.id), seq)
        if error:
            self.wrong.append((now, error))
        replayed = len(self.me.pending_inputs)
        self.wire.arrived("snapshot", event.tick, now, replayed=replayed, error=error)
        self._predicted = {at: it for at, it in self._predicted.items() if at >= seq}
        self._arrived.append(event.tick)

    def _reconcile(self, truth: Player | None, seq: int) -> float:
        """Take in the truth, or go on without. Returns by how many pixels it was foreseen wrongly."""
        corrections, mine = self.me.corrections, self._predicted.get(seq)
        if self.settings.reconciliation or truth is None or mine is None:
            self.me.reconcile(truth, seq)
            return self.me.prediction_error / UNIT if self.me.corrections > corrections else 0.0
        self.me.reconcile(replace(truth, x=mine.x, y=mine.y), seq)
        return pixels((mine.x, mine.y), (truth.x, truth.y))

    # What is done.

    def move(self, dt: float) -> None:
        """Send an input for each tick that has passed, and apply it here at once."""
        for _ in range(self.ticks.add(dt)):
            me = self.me.predicted
            if me is None or self.me.stalled:
                continue
            wanted = self.making.finish(self.walk)
            self._send(wanted if self.by_bot else replace(wanted, collect=self._in_reach(me)))
            if self.by_bot:
                seen = {**self.client.state, "players": self.client.state["players"] | {self.id: me}}
                self.walk = self.brain.decide(seen, self.id, self.map)

    def _in_reach(self, me: Player) -> bool:
        return something_in_reach(me, self.client.state["resources"])

    def _send(self, wanted: Move) -> None:
        now, (target, at) = netlib.clock(), self._aim()
        aim = Aim(move=wanted.move, collect=wanted.collect, at=at, target=target)
        self.sent = self.client.send_input(aim, shown=self.shown)
        self.wire.sent(Mark("input", self.sent, now))
        self.began[self.sent + 1] = now
        self.began.pop(self.sent - REMEMBERED, None)
        predicted = self.me.predict(replace(wanted, seq=self.sent))
        if predicted is not None:
            self._predicted[self.sent] = predicted

    def _aim(self) -> tuple[int, tuple[int, int] | None]:
        """Now and then the nearest of the others, where it is drawn; else nobody."""
        now, players = netlib.clock(), self.shown.state["players"]
        me, others = self.me.predicted, players.keys() - {self.id}
        if now < self._next_shot or me is None or not others:
            return 0, None
        self._next_shot = now + SHOT_SECONDS
        target = min(others, key=lambda id: hypot(players[id].x - me.x, players[id].y - me.y))
        return target, (players[target].x, players[target].y)

    # What is seen.

    def raw(self) -> Mapping[int, Player]:
        """The players as the newest snapshot has them."""
        players: Mapping[int, Player] = self.client.state["players"]
        return players

    def repaired(self, dt: float) -> Mapping[int, Player]:
        """The players as a finished game draws them, ``dt`` seconds after the last frame."""
        sample, wanted = self.others.sample(netlib.clock()), self.settings
        self.shown = netlib.Sample(self.client.tick, self.client.state)
        if sample and wanted.interpolation and (wanted.extrapolation or not self.others.extrapolating):
            self.shown = sample
        players = placed(self.raw(), self.shown.state["players"])
        me = self.me.displayed(dt, self.making.hold(self.walk, self.ticks.alpha), self.ticks.alpha)
        return players | {self.id: me} if me and wanted.prediction else players | self._own()

    def _own(self) -> dict[int, Player]:
        return {id: player for id, player in self.raw().items() if id == self.id}

    @property
    def seen(self) -> tuple[int, int]:
        """The newest own input that the raw view shows, and the repaired one."""
        raw, ahead = self.client.last_input_seq, self.sent + (self.ticks.alpha > 0)
        return raw, ahead if self.settings.prediction and not self.me.stalled else raw

    @property
    def span(self) -> Span:
        """The snapshots between which the others are drawn."""
        tick = self.shown.tick
        earlier = max((it for it in self._arrived if it <= tick), default=self._arrived[0])
        return Span(earlier, min((it for it in self._arrived if it > tick), default=earlier), tick)
