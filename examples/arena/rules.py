"""The rules: how a fighter moves, and whom a shot hits. They know neither pygame nor the network."""

import math
import random
from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

import netlib

WIDTH, HEIGHT, RADIUS = 800, 560, 16  # pixels: of the arena, of a fighter
TICK_RATE, STEP = 30.0, 6.0  # ticks a second; pixels a tick
RELOAD, FLASH, HEALTH = 12, 6, 5  # ticks from shot to shot; that one is seen; hits until one begins again
TRIGGER, SPREAD = 0.04, 40.0  # how likely a bot fires in a tick; pixels by which it misses
BLENDED = {"fighters": ("x", "y")}  # what lies between two ticks, on screens and for the server
Way = Annotated[float, Meta(ge=-1, le=1)]
Pixel = Annotated[int, Meta(ge=-10_000, le=10_000)]


class Act(netlib.Input):
    """What a player wants in one tick: to go right and down by so much, to fire at a point."""

    move: tuple[Way, Way] = (0.0, 0.0)
    aim: tuple[Pixel, Pixel] = (0, 0)
    fire: bool = False


class Fighter(netlib.Entity):
    """A player or a bot: its last shot, ticks until the next, and ticks for which a hit is shown."""

    name: str
    x: float
    y: float
    aim: tuple[int, int] = (0, 0)
    reload: int = 0
    hurt: int = 0
    health: int = HEALTH
    score: int = 0


def step(fighter: Fighter, act: Act) -> Fighter:
    """One tick of a fighter: on the server, and predicted on its player's screen."""
    stride = STEP / max(1.0, math.hypot(*act.move))
    x = min(max(fighter.x + act.move[0] * stride, RADIUS), WIDTH - RADIUS)
    y = min(max(fighter.y + act.move[1] * stride, RADIUS), HEIGHT - RADIUS)
    fires, hurt = act.fire and not fighter.reload, max(0, fighter.hurt - 1)
    aim, reload = (act.aim, RELOAD) if fires else (fighter.aim, max(0, fighter.reload - 1))
    return replace(fighter, x=x, y=y, aim=aim, reload=reload, hurt=hurt)


def struck(by: int, aim: tuple[int, int], others: Mapping[int, Fighter]) -> int:
    """Who is hit by a shot: whoever stands where it is aimed, but for the shooter; 0 is nobody."""
    near = (id for id, other in others.items() if math.dist(aim, (other.x, other.y)) <= RADIUS)
    return next((id for id in near if id != by), 0)


def bot_act(time: float, fighters: Mapping[int, Fighter], chance: random.Random) -> Act:
    """What a bot does at a time, in seconds: it runs about, and now and then shoots at somebody it sees."""
    if not fighters:
        return Act()
    target = chance.choice(list(fighters.values()))
    aim = round(chance.gauss(target.x, SPREAD)), round(chance.gauss(target.y, SPREAD))
    return Act((math.sin(time), math.cos(0.7 * time)), aim, fire=chance.random() < TRIGGER)
