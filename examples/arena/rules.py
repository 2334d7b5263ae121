"""The rules: how a fighter moves, and whom a shot hits. They know neither pygame nor the network."""

import math
from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

import netlib

WIDTH, HEIGHT, RADIUS, REACH = 800, 560, 16, 1000  # pixels: of the arena, a fighter, a shot
TICK_RATE, STEP = 30.0, 6.0  # ticks a second; pixels a tick
RELOAD, HEALTH = 12, 5  # ticks from one shot to the next; hits until a fighter begins again
MAX_SPEED = 2 * STEP * TICK_RATE  # pixels a second; what goes further begins again elsewhere
BLENDED = {"fighters": ("x", "y")}  # what lies between two ticks, on screens and for the server
Way = Annotated[float, Meta(ge=-1, le=1)]
Pixel = Annotated[int, Meta(ge=-10_000, le=10_000)]


class Act(netlib.Input):
    """What a player wants in one tick: to go right and down by so much, to fire at a point."""

    move: tuple[Way, Way] = (0.0, 0.0)
    aim: tuple[Pixel, Pixel] = (0, 0)
    fire: bool = False


class Fighter(netlib.Entity):
    """A player or a bot; `reload` is how many ticks it cannot fire yet."""

    name: str
    x: float
    y: float
    reload: int = 0
    health: int = HEALTH
    score: int = 0


class Shot(netlib.Message):
    """A shot: whose, of which input, where it ended, and in whom (0: nobody)."""

    by: int
    seq: int
    end: tuple[float, float]
    victim: int = 0


def step(fighter: Fighter, act: Act) -> Fighter:
    """One tick of a fighter: on the server, and predicted on its player's screen."""
    stride = STEP / max(1.0, math.hypot(*act.move))
    x = min(max(fighter.x + act.move[0] * stride, RADIUS), WIDTH - RADIUS)
    y = min(max(fighter.y + act.move[1] * stride, RADIUS), HEIGHT - RADIUS)
    return replace(fighter, x=x, y=y, reload=RELOAD if fires(fighter, act) else max(0, fighter.reload - 1))


def fires(fighter: Fighter, act: Act) -> bool:
    """Whether a shot goes off."""
    return act.fire and not fighter.reload


def shoot(by: int, fighters: Mapping[int, Fighter], act: Act, origin: Fighter) -> Shot:
    """A shot through the aim, which ends in the first of the others that stands in its way."""
    angle = math.atan2(act.aim[1] - origin.y, act.aim[0] - origin.x)
    right, down, end, victim = math.cos(angle), math.sin(angle), float(REACH), 0
    for id, other in fighters.items():
        x, y = other.x - origin.x, other.y - origin.y
        if id != by and abs(y * right - x * down) <= RADIUS and 0 < x * right + y * down < end:
            end, victim = x * right + y * down, id
    return Shot(by, act.seq, (origin.x + right * end, origin.y + down * end), victim)
