"""One player, one server and the link between them, in simulated time: nothing waits, nothing sleeps."""

import random
from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from netlib.play.inputs import InputQueue
from netlib.play.prediction import Predictor, TickInput
from netlib.protocol.messages import Input
from netlib.state.state import Entity
from netlib.transport.conditioner import Conditioner, LinkConditions

RATE = 30.0  # ticks per second

EntityT = TypeVar("EntityT", bound=Entity)
InputT = TypeVar("InputT", bound=Input)


class Simulation(Generic[EntityT, InputT]):
    """A server that has the truth and a client that predicts it."""

    def __init__(
        self,
        predictor: Predictor[EntityT, InputT],
        step: Callable[[EntityT, InputT], EntityT],
        start: EntityT,
        *,
        link: LinkConditions,
        fps: float = 60.0,
        seed: int = 0,
    ) -> None:
        self.predictor, self.truth, self.fps = predictor, start, fps
        self.queue: InputQueue[InputT] = InputQueue(RATE)
        self.drawn: list[EntityT] = []
        self.now = 0.0
        self._step = step
        self._up: Conditioner[InputT] = Conditioner(link, seed=seed)
        self._down: Conditioner[tuple[EntityT, int]] = Conditioner(link, seed=seed + 1)
        rng = random.Random(seed)
        self._next_tick, self._next_frame = rng.random() / RATE, rng.random() / RATE
        self._making: TickInput[InputT] = TickInput()
        self._alpha = 0.0
        self._seq = 0
        predictor.reconcile(start, 0)

    def play(self, held: InputT, seconds: float) -> None:
        """Hold this for so long."""
        end = self.now + seconds
        while min(self._next_tick, self._next_frame) < end:
            self.now = min(self._next_tick, self._next_frame)
            if self.now == self._next_tick:
                self._next_tick += 1 / RATE
                self._tick()
            if self.now == self._next_frame:
                self._next_frame += 1 / self.fps
                self._frame(held)
        self.now = end

    def run_dry(self) -> None:
        """Send nothing more, until all that is under way has arrived and was used."""
        while self._up or self.queue:
            self.now = self._next_tick
            self._next_tick += 1 / RATE
            self._tick()
        self._tick()
        self.now = float("inf")
        self._receive()

    def _tick(self) -> None:
        for input in self._up.pop_due(self.now):
            self.queue.push(input)
        for input in self.queue.take():
            self.truth = self._step(self.truth, input)
        self._down.push(self.now, (self.truth, self.queue.last_input_seq))

    def _frame(self, held: InputT) -> None:
        self._receive()
        self._alpha += RATE / self.fps
        while self._alpha >= 1:
            self._alpha -= 1
            self._send(self._making.finish(held))
        so_far = self._making.hold(held, self._alpha)
        if (drawn := self.predictor.displayed(1 / self.fps, so_far, self._alpha)) is not None:
            self.drawn.append(drawn)

    def _receive(self) -> None:
        for truth, last_input_seq in self._down.pop_due(self.now):
            self.predictor.reconcile(truth, last_input_seq)

    def _send(self, input: InputT) -> None:
        self._seq += 1
        numbered = msgspec.structs.replace(input, seq=self._seq)
        self._up.push(self.now, numbered)
        self.predictor.predict(numbered)
