"""Rex, who runs up and down for others to watch."""

import netlib
from workshop.game.rules.messages import Move
from workshop.game.rules.world import World

REX, LAP = 0, 60  # a player without a client: its id, which no client gets; ticks until it turns round


def let_rex_run(server: netlib.Server, world: World) -> None:
    """Put him on the map, and let him take a step in each tick."""
    world.add_player(REX, "Rex")

    @server.on_tick
    def run(dt: float) -> None:
        to_the_right = (server.tick + LAP // 2) // LAP % 2 == 0
        world.apply(REX, Move(move=(1.0 if to_the_right else -1.0, 0.0)))
