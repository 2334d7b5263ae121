"""What a client sends once a tick."""

from __future__ import annotations

import netlib
from workshop.game.rules.messages import Axis


class Move(netlib.Input, frozen=True):
    """→ What a player sends for one tick. ``seq`` is its number, and netlib fills that in."""

    # TODO 06.1: "I am here, and this gem is mine" is a claim. Let a player say what it wants instead: `move`,
    # a direction, as tuple[Axis, Axis], by default (0.0, 0.0); and `collect`, a bool, by default False: it
    # wants a gem.
    x: int = 0  # I am here, in world units
    y: int = 0
    gem: int = 0  # I have taken the gem of this id
