"""Prediction as two functions that share what they know."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from workshop.game.entities import Player
from workshop.game.messages import Move


class Predicting(NamedTuple):
    """What a client needs: it tells of inputs and snapshots, and asks where the player is."""

    sent: Callable[[int, Move], None]
    confirmed: Callable[[Player, int], None]
    place: Callable[[], Player | None]


def predicting(step: Callable[[Player, Move], Player]) -> Predicting:
    """Begin to predict."""
    pending: dict[int, Move] = {}
    truth: Player | None = None

    def sent(number: int, move: Move) -> None:
        pending[number] = move

    def confirmed(player: Player, newest: int) -> None:
        nonlocal truth
        truth = player
        for number in [number for number in pending if number <= newest]:
            del pending[number]

    def place() -> Player | None:
        """The replay: every time that somebody asks."""
        player = truth
        for number in sorted(pending):
            player = player and step(player, pending[number])
        return player

    return Predicting(sent, confirmed, place)
