"""Bots that wander about: each is a client like a player's, without a window, and goes by the game's rule."""

import math
import random
from typing import Any

import netlib
from examples.square import game
from examples.square.game import Square, Walk, walked

WALKS = [Walk(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
NEAR = 5  # steps from its goal at which a bot chooses another


async def play(address: str, name: str, **options: Any) -> None:
    """Wander about on the server at an address until it is gone. Options are those of `netlib.connect`."""
    chance, goal = random.Random(name), Square()
    async with netlib.connect(address, name=name, schema={"squares": Square}, **options) as client:
        async for _ in netlib.frames(game.FPS):
            if not client.connected and not client.reconnecting:
                return
            me = client.state["squares"].get(client.player_id, goal)
            if far(me, goal) < NEAR * game.SPEED:
                goal = Square(chance.randrange(game.WIDTH), chance.randrange(game.HEIGHT))
            client.send_input(walk_to(goal, me))


def walk_to(goal: Square, me: Square) -> Walk:
    """Return the walk that brings a square nearest to its goal."""
    return min(WALKS, key=lambda walk: far(walked(me, walk), goal))


def far(one: Square, other: Square) -> float:
    """Return how far one square is from another, in pixels."""
    return math.dist((one.x, one.y), (other.x, other.y))
