"""The finished game's own server, live in this process."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

import netlib
from solutions.step14_public.server import GemRush
from tests.support import rooms
from tests.support.wire import WireClient
from workshop.game.rules.messages import Move
from workshop.game.rules.world import World

SEED = 1
QUICK = 3  # ticks per second for the rules' times, so that a countdown takes 0.3 s


@dataclass
class Game:
    """The finished game's own server in this process, and the world that it plays in."""

    server: netlib.Server
    world: World

    @property
    def url(self) -> str:
        """Where clients find it."""
        return rooms.url(self.server)

    def lead_to_resource(self, player: WireClient) -> int:
        """Put a player onto a resource; return the resource's id."""
        found, resource = next(iter(self.world.resources.items()))
        id = player.welcome["player_id"]
        self.world.players[id] = replace(self.world.players[id], x=resource.x, y=resource.y)
        return found


@contextlib.asynccontextmanager
async def a_game(**options: Any) -> AsyncIterator[Game]:
    """Give a room with a game in it; options are those of netlib.Server."""
    server = rooms.a_room("Gem Rush", input_type=Move, **options)
    world = World(seed=SEED, tick_rate=QUICK, round_seconds=3600)
    GemRush(server, world)
    async with server:
        yield Game(server, world)
