"""The driven player: one real client, drawn as its snapshots come, and as a finished game draws it."""

from collections import deque
from functools import partial
from math import inf

from msgspec.structs import replace

import netlib
from workshop.game.drawing.view import placed
from workshop.game.play.autopilot import map_of
from workshop.game.rules.bots import Brain
from workshop.game.rules.entities import ROUND_ID, Player
from workshop.game.rules.messages import Move
from workshop.game.rules.units import TOP_SPEED, UNIT
from workshop.game.rules.world import something_in_reach
from workshop.lab.engine.measures import Players, pixels
from workshop.lab.engine.room import Aim, paced_step
from workshop.lab.engine.settings import Settings
from workshop.lab.engine.wire import WireLog
from workshop.lab.marks import Mark, Span

SHOT_SECONDS = 0.5  # between two shots
REMEMBERED = 300  # inputs, snapshots and mistakes


class Driven:
    """What a player's program does that has joined, with each of its devices to be switched off."""

    def __init__(self, client: netlib.Client, settings: Settings, wire: WireLog, *, by_bot: bool) -> None:
        rate, self.id, self.client, self._wire = client.tick_rate, client.player_id, client, wire
        self.map, ways = map_of(client.state["round"][ROUND_ID].seed)
        self.by_bot, self.walk, self._brain = by_bot, Move(), Brain(ways, seed=4)  # `walk`: in this tick
        self.ticks, self._making = netlib.Accumulator(1 / rate), netlib.TickInput[Move]()
        places = {"players": ("x", "y")}
        self._others = netlib.InterpolationBuffer(places, tick_rate=rate, max_speed=TOP_SPEED)
        rule = partial(paced_step, map=self.map, tick_rate=rate)
        self.me = netlib.Predictor[Player, Move](rule, tick_rate=rate)
        self.sent, self.began = 0, {1: netlib.clock()}  # the newest input; when the tick of each began
        self.wrong: deque[tuple[float, float]] = deque(maxlen=REMEMBERED)  # when, by how many pixels
        self._shown = netlib.Sample(client.tick, client.state)
        self._foreseen: dict[int, Player] = {}
        self._arrived: deque[int] = deque(maxlen=REMEMBERED)
        self._next_shot = 0.0
        self.use(settings)
        self._take_in(netlib.StateChanged(client.tick))
        client.on(netlib.StateChanged, self._take_in)
        client.on(netlib.Connected, lambda event: self.me.reset())

    def use(self, settings: Settings) -> None:
        """Switch on or off what is the client's."""
        self.settings, self.client.link = settings, settings.link

    def _take_in(self, event: netlib.StateChanged) -> None:
        """A snapshot: where the others were, and the truth about oneself."""
        now, seq = netlib.clock(), self.client.last_input_seq
        self._others.add(event.tick, self.client.state, now)
        self._arrived.append(event.tick)
        error = self._reconcile(self.client.state["players"].get(self.id), seq)
        self.wrong.append((now, error * self.settings.prediction))
        shown = self.settings.prediction and self.settings.reconciliation
        replayed = len(self.me.pending_inputs) * shown
        self._wire.arrived("snapshot", event.tick, now, replayed=replayed, error=error * shown)
        self._foreseen = {at: it for at, it in self._foreseen.items() if at >= seq}

    def _reconcile(self, truth: Player | None, seq: int) -> float:
        """Take in the truth, or go on without. Returns by how many pixels it was foreseen wrongly."""
        corrections, mine = self.me.corrections, self._foreseen.get(seq)
        if self.settings.reconciliation or truth is None or mine is None:
            self.me.reconcile(truth, seq)
            return self.me.prediction_error / UNIT if self.me.corrections > corrections else 0.0
        self.me.reconcile(replace(truth, x=mine.x, y=mine.y), seq)
        return pixels(mine, truth)

    def move(self, dt: float) -> None:
        """Send an input for each tick that has passed, and apply it here at once."""
        for _ in range(self.ticks.add(dt)):
            me, state = self.me.predicted, self.client.state
            if me is None or self.me.stalled:
                continue
            wanted = self._making.finish(self.walk)
            if self.by_bot:
                seen = {**state, "players": state["players"] | {self.id: me}}
                self.walk = self._brain.decide(seen, self.id, self.map)
            else:
                wanted = replace(wanted, collect=something_in_reach(me, state["resources"]))
            self._send(wanted, me)

    def _send(self, wanted: Move, me: Player) -> None:
        now, (target, at) = netlib.clock(), self._aim(me)
        aim = Aim(move=wanted.move, collect=wanted.collect, at=at, target=target)
        self.sent = self.client.send_input(aim, shown=self._shown)
        self._wire.sent(Mark("input", self.sent, now))
        self.began[self.sent + 1] = now
        self.began.pop(self.sent - REMEMBERED, None)
        if predicted := self.me.predict(replace(wanted, seq=self.sent)):
            self._foreseen[self.sent] = predicted

    def _aim(self, me: Player) -> tuple[int, tuple[int, int] | None]:
        """Now and then the nearest of the others, and where it is drawn; else nobody."""
        now, players = netlib.clock(), self._shown.state["players"]
        others = {id: pixels(it, me) for id, it in players.items() if id != self.id}
        if now < self._next_shot or not others:
            return 0, None
        self._next_shot = now + SHOT_SECONDS
        target = min(others, key=others.__getitem__)
        return target, (players[target].x, players[target].y)

    def repaired(self, dt: float) -> Players:
        """The players as a finished game draws them, ``dt`` seconds after the last frame."""
        sample, wanted, raw = self._others.sample(netlib.clock()), self.settings, self.client.state["players"]
        self._shown = netlib.Sample(self.client.tick, self.client.state)
        if sample and wanted.interpolation and (wanted.extrapolation or not self._others.extrapolating):
            self._shown = sample
        fade = dt if wanted.smoothing else inf  # seconds in which nothing of a correction is left over
        me = self.me.displayed(fade, self._making.hold(self.walk, self.ticks.alpha), self.ticks.alpha)
        me = me if wanted.prediction else raw.get(self.id)
        return placed(raw, self._shown.state["players"]) | ({self.id: me} if me else {})

    @property
    def seen(self) -> tuple[int, int]:
        """The newest own input that the raw view shows, and the repaired one."""
        raw, under_way = self.client.last_input_seq, self.ticks.alpha > 0
        ahead = self.settings.prediction and not self.me.stalled
        return raw, self.sent + under_way if ahead else raw

    @property
    def span(self) -> Span:
        """The snapshots between which the others are drawn."""
        tick, known = self._shown.tick, self._arrived
        earlier = max((it for it in known if it <= tick), default=known[0])
        return Span(earlier, min((it for it in known if it > tick), default=earlier), tick)
