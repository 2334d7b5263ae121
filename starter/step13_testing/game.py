"""The game that is tested: players walk on a field and collect gems, and the server decides.

It is right. Whether your tests would notice if it were not, the check finds out.
"""

from __future__ import annotations

from msgspec.structs import replace

import netlib

WIDTH, HEIGHT = 640, 480  # pixels
SPEED = 8  # pixels that a player walks in one tick, along each axis
REACH = 20  # pixels from which a gem can be collected
GEMS = {1: (100, 100), 2: (320, 240), 3: (540, 380)}


class Walk(netlib.Input, frozen=True, kw_only=True, tag="input"):
    """What a player wants in one tick: a way to go, and whether to take what lies there."""

    dx: int = 0
    dy: int = 0
    collect: bool = False


class Player(netlib.Entity, frozen=True):
    """A player at a place on the field, in pixels."""

    name: str
    x: int = WIDTH // 2
    y: int = HEIGHT // 2
    score: int = 0


class Gem(netlib.Entity, frozen=True):
    """A gem at a place on the field, in pixels."""

    x: int
    y: int


SCHEMA: dict[str, type[netlib.Entity]] = {"players": Player, "gems": Gem}


class World:
    """All that the server knows, and the rules by which it changes. It knows nothing of a network."""

    def __init__(self) -> None:
        self.players: dict[int, Player] = {}
        self.gems = {id: Gem(x, y) for id, (x, y) in GEMS.items()}

    def apply(self, player_id: int, walk: Walk) -> None:
        """One tick's wish of one player."""
        player = self.players[player_id]
        dx, dy = max(-SPEED, min(walk.dx, SPEED)), max(-SPEED, min(walk.dy, SPEED))
        x, y = max(0, min(player.x + dx, WIDTH)), max(0, min(player.y + dy, HEIGHT))
        self.players[player_id] = replace(player, x=x, y=y)
        if walk.collect:
            self._collect(player_id)

    def _collect(self, player_id: int) -> None:
        player = self.players[player_id]
        for id, gem in list(self.gems.items()):
            if abs(gem.x - player.x) <= REACH and abs(gem.y - player.y) <= REACH:
                del self.gems[id]
                self.players[player_id] = replace(player, score=player.score + 1)
                return


class Game:
    """The world in a room: who comes, who goes, and what happens in each tick."""

    def __init__(self, server: netlib.Server) -> None:
        self.server, self.world = server, World()
        server.on(netlib.Joined, self.joined)
        server.on(netlib.Dropped, self.dropped)
        server.on(netlib.Left, self.left)
        server.on_tick(self.tick)

    def joined(self, event: netlib.Joined) -> None:
        self.world.players[event.peer.id] = Player(event.peer.name)

    def dropped(self, event: netlib.Dropped) -> None:
        """A lost connection is not a leave: the player stands still, and may come back."""

    def left(self, event: netlib.Left) -> None:
        del self.world.players[event.peer.id]

    def tick(self, dt: float) -> None:
        for peer in self.server.players:
            for walk in peer.take_inputs():
                self.world.apply(peer.id, walk)
        self.server.publish({"players": self.world.players, "gems": self.world.gems})


def make_server(**options: object) -> netlib.Server:
    """A room with the game in it, not yet open; ``options`` are `netlib.Server`'s."""
    server = netlib.Server(input_type=Walk, **{"name": "gems", **options})  # type: ignore[arg-type]
    Game(server)
    return server
