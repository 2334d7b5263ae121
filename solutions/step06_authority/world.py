"""The rules: who stands where, who gets which gem. No network, no clock, no window."""

from __future__ import annotations

import random
from collections.abc import Mapping
from math import hypot

from msgspec.structs import replace

import netlib
from solutions.step06_authority.messages import Move
from workshop.game.rules.entities import ROUND_ID, WORTH, Player, Resource, Round
from workshop.game.rules.maps import Map, make_map
from workshop.game.rules.units import STEP_UNITS
from workshop.game.rules.world import COLOURS, nearest_in_reach

GEMS = 12  # on the map at any time


class World:
    """All players and gems, on the map of a ``seed``. After ``round_seconds`` all scores are 0 again."""

    def __init__(self, seed: int | None, tick_rate: float, round_seconds: float) -> None:
        seed = random.randrange(1, 2**31) if seed is None else seed
        self.map = make_map(seed)
        self.players: dict[int, Player] = {}
        self.gems: dict[int, Resource] = {}
        self.round = Round(seed, phase="playing")
        self._round_ticks = round(round_seconds * tick_rate)
        self._random = random.Random(seed)
        self._last_gem = 0
        for _ in range(GEMS):
            self.place_gem()

    @property
    def state(self) -> Mapping[str, Mapping[int, netlib.Entity]]:
        """What everybody gets to see."""
        return {"players": self.players, "resources": self.gems, "round": {ROUND_ID: self.round}}

    def add_player(self, player_id: int, name: str) -> None:
        """Put a newcomer on the map."""
        x, y = self.map.spawns[(player_id - 1) % len(self.map.spawns)]
        self.players[player_id] = Player(name, player_id % COLOURS, x, y)

    def remove_player(self, player_id: int) -> None:
        """Take a player out; nothing happens when it is not there."""
        self.players.pop(player_id, None)

    def place_gem(self) -> None:
        """Put a gem at a free place."""
        taken = {(gem.x, gem.y) for gem in self.gems.values()}
        x, y = self._random.choice([spot for spot in self.map.spots if spot not in taken])
        self._last_gem += 1
        self.gems[self._last_gem] = Resource("gem", x, y)

    def advance(self, tick: int) -> None:
        """Begin a round when it is time for one."""
        if tick >= self.round.ends_at:
            ends_at = tick + self._round_ticks
            self.round = replace(self.round, number=self.round.number + 1, ends_at=ends_at)
            self.players = {id: replace(player, score=0) for id, player in self.players.items()}

    def apply(self, player_id: int, move: Move) -> None:
        """One input of one player: it runs, and then it may take a gem."""
        self.run(player_id, move)
        self.collect(player_id, move)

    def run(self, player_id: int, move: Move) -> None:
        """Let a player run where it wants to, for one step at most."""
        player = self.players[player_id]
        dx, dy = move.move
        length = max(1.0, hypot(dx, dy))
        self.players[player_id] = moved(player, dx / length, dy / length, self.map)

    def collect(self, player_id: int, move: Move) -> None:
        """Give a player the nearest gem in reach, if it wants one. The gem is gone at once."""
        player = self.players[player_id]
        found = nearest_in_reach(player.x, player.y, self.gems)
        if move.collect and found is not None:
            del self.gems[found]
            self.players[player_id] = replace(player, score=player.score + WORTH["gem"])
            self.place_gem()


def moved(player: Player, dx: float, dy: float, map: Map) -> Player:
    """The player ``dx`` steps to the right and ``dy`` down; along an axis where that ends in a wall, not."""
    x = player.x + round(dx * STEP_UNITS)
    x = x if map.is_free(x, player.y) else player.x
    y = player.y + round(dy * STEP_UNITS)
    return replace(player, x=x, y=y if map.is_free(x, y) else player.y)
