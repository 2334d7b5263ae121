"""Prediction: your own player moves at once, and in the end the server's word counts.

Nothing here knows of windows, connections or clocks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import hypot
from typing import TypeAlias

from msgspec.structs import replace

from workshop.game.rules.entities import Player
from workshop.game.rules.messages import Move

Step: TypeAlias = Callable[[Player, Move], Player]


class Prediction:
    """Your own player, ahead of the server by the inputs that are under way.

    Args:
        step: the game's rule: the player one input later. The server has the same.

    Attributes:
        enabled: whether it is shown.
        predicted: where the player is by all that it has done; None before the first snapshot.
        newest_seq: the number of the newest input.
        pending_inputs: the inputs that the server has not confirmed yet, oldest first.
        prediction_error: how far the newest snapshot has moved the player, in world units.
    """

    def __init__(self, step: Step) -> None:
        self._step, self.enabled = step, True
        self._before: Player | None = None  # where the player was one input ago
        self.predicted: Player | None = None
        self.newest_seq = 0
        self.pending_inputs: deque[Move] = deque()
        self.prediction_error = 0.0

    def predict(self, wanted: Move) -> Move:
        """Apply what the player wants in this tick at once. Returns the input, with its number."""
        self.newest_seq += 1
        input = replace(wanted, seq=self.newest_seq)
        self.pending_inputs.append(input)
        self._apply(input)
        return input

    def reconcile(self, truth: Player, last_input_seq: int) -> None:
        """Take in a snapshot.

        Args:
            truth: where the server has the player.
            last_input_seq: the number of the newest input that the server had applied by then.
        """
        before = self.predicted or truth
        while self.pending_inputs and self.pending_inputs[0].seq <= last_input_seq:
            self.pending_inputs.popleft()

        self.predicted = truth
        for input in self.pending_inputs:
            self._apply(input)

        self.prediction_error = hypot(self.predicted.x - before.x, self.predicted.y - before.y)

    def displayed(self, share: float) -> Player | None:
        """The player on its way to `predicted`: ticks are slower than frames. ``share`` goes from 0 to 1."""
        if not self.enabled or self._before is None or self.predicted is None:
            return None
        return between(self._before, self.predicted, share)

    def _apply(self, input: Move) -> None:
        if self.predicted is not None:
            self._before = self.predicted
            self.predicted = self._step(self.predicted, input)


def between(before: Player, after: Player, share: float) -> Player:
    """A player on its way from one place to another. ``share`` goes from 0 to 1."""
    x, y = before.x + (after.x - before.x) * share, before.y + (after.y - before.y) * share
    return replace(after, x=round(x), y=round(y))
