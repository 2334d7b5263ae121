"""What a client sends once a tick."""

from __future__ import annotations

import netlib
from workshop.game.rules.messages import Axis


class Move(netlib.Input, frozen=True):
    """→ What a player sends for one tick. ``seq`` is its number, and netlib fills that in."""

    move: tuple[Axis, Axis] = (0.0, 0.0)  # direction to the right and down; a length of 1 is full speed
    collect: bool = False  # take the nearest gem in reach
