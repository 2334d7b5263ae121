"""The world: what the server knows and decides. No pygame, no network, no clock."""

import heapq
import random
from collections import Counter
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from netlib.state.state import Entity
from workshop.game.rules.entities import ROUND_ID, WORTH, Kind, Player, Resource, Round
from workshop.game.rules.maps import Point, make_map
from workshop.game.rules.messages import Move
from workshop.game.rules.movement import step, too_fast
from workshop.game.rules.rounds import ROUND_SECONDS, Lengths, next_round
from workshop.game.rules.units import BODY, REACH, TICK_RATE

RESOURCES: dict[Kind, int] = {"wood": 30, "stone": 20, "gem": 8}  # how many lie on the map
RESPAWN_SECONDS: dict[Kind, float] = {"wood": 5.0, "stone": 8.0, "gem": 12.0}
CROWD = 10  # players; with more of them, resources return sooner
COLOURS = 32  # colours of players


class World:
    """All players, resources and the round.

    Args:
        seed: for the map and every random choice; a random one if it is None.
        tick_rate: ticks per second.
        round_seconds: how long a round lasts.

    Attributes:
        refused: how often each kind of wrong input was refused: "too_fast" (clamped), "out_of_reach",
            "no_round", "no_player".
    """

    def __init__(
        self, *, seed: int | None = None, tick_rate: float = TICK_RATE, round_seconds: float = ROUND_SECONDS
    ) -> None:
        seed = random.SystemRandom().randrange(1, 2**31) if seed is None else seed
        self.map = make_map(seed)
        self.players: dict[int, Player] = {}
        self.resources: dict[int, Resource] = {}
        self.round = Round(seed)
        self.tick = 0
        self.refused: Counter[str] = Counter()
        self._random = random.Random(seed)
        self._tick_rate = tick_rate
        self._lengths = Lengths.of(tick_rate, round_seconds)
        self._respawns: list[tuple[int, Kind]] = []
        self._last_resource_id = 0
        for kind in Counter(RESOURCES).elements():
            self._spawn(kind)

    @property
    def state(self) -> Mapping[str, Mapping[int, Entity]]:
        """What every client sees, for `netlib.Server.publish`."""
        return {"players": self.players, "resources": self.resources, "round": {ROUND_ID: self.round}}

    def add_player(self, player_id: int, name: str) -> Player:
        """Put a player at a free starting place, in the colour that fewest others have."""
        used = Counter(player.colour for player in self.players.values())
        colour = min(range(COLOURS), key=lambda index: (used[index], index))
        x, y = self._free_spawn()
        self.players[player_id] = player = Player(name, colour, x, y)
        return player

    def remove_player(self, player_id: int) -> None:
        """Remove a player, if it is there."""
        self.players.pop(player_id, None)

    def set_ping(self, player_id: int, rtt: float | None) -> None:
        """Show a player's round trip, in seconds, to all players."""
        self._change(player_id, ping=max(1, round(rtt * 1000)) if rtt is not None else 0)

    def set_away(self, player_id: int, away: bool) -> None:
        """Show all players that one has lost the connection, or is back."""
        self._change(player_id, away=away)

    def rename(self, player_id: int, name: str) -> None:
        """Give a player another name, if it is there."""
        self._change(player_id, name=name)

    def _change(self, player_id: int, **fields: Any) -> None:
        """Change a player who is there; one who is so already stays the same object."""
        player = self.players.get(player_id)
        if player and (changed := replace(player, **fields)) != player:
            self.players[player_id] = changed

    def restart_round(self) -> None:
        """End the round at once, without a winner; if there are players, the next countdown begins."""
        self.round = Round(self.round.seed, self.round.number)
        self._clear_scores()

    def turn_order(self) -> list[int]:
        """The ids in the order of this tick. It rotates, so that no player always comes first."""
        ids = sorted(self.players)
        first = self.tick % len(ids) if ids else 0
        return ids[first:] + ids[:first]

    def apply(self, player_id: int, input: Move) -> str | None:
        """Apply a player's input. Returns the word for what was refused, or None."""
        if refusal := self._applied(player_id, input):
            self.refused[refusal] += 1
        return refusal

    def advance(self, tick: int) -> None:
        """Let time pass until ``tick``: resources return, the round goes on."""
        self.tick = tick
        while self._respawns and self._respawns[0][0] <= tick:
            self._spawn(heapq.heappop(self._respawns)[1])
        before, self.round = self.round, next_round(self.round, tick, self.players, self._lengths)
        if self.round.phase == "playing" and before.phase != "playing":
            self._clear_scores()
            while self._respawns:
                self._spawn(heapq.heappop(self._respawns)[1])

    def _applied(self, player_id: int, input: Move) -> str | None:
        player = self.players.get(player_id)
        if player is None:
            return "no_player"
        self.players[player_id] = step(player, input, self.map)
        refusal = self._collect(player_id) if input.collect else None
        return refusal or ("too_fast" if too_fast(input.move) else None)

    def _collect(self, player_id: int) -> str | None:
        """Give a player the nearest resource in reach. It is gone at once: no other player gets it."""
        if self.round.phase != "playing":
            return "no_round"
        player = self.players[player_id]
        found = nearest_in_reach(player.x, player.y, self.resources)
        if found is None:
            return "out_of_reach"
        kind = self.resources.pop(found).kind
        self.players[player_id] = replace(player, score=player.score + WORTH[kind])
        hurry = min(1.0, CROWD / len(self.players))
        due = self.tick + round(RESPAWN_SECONDS[kind] * hurry * self._tick_rate)
        heapq.heappush(self._respawns, (due, kind))
        return None

    def _clear_scores(self) -> None:
        for player_id, player in self.players.items():
            self.players[player_id] = replace(player, score=0)

    def _spawn(self, kind: Kind) -> None:
        taken = {(resource.x, resource.y) for resource in self.resources.values()}
        x, y = self._random.choice([spot for spot in self.map.spots if spot not in taken])
        self._last_resource_id += 1
        self.resources[self._last_resource_id] = Resource(kind, x, y)

    def _free_spawn(self) -> Point:
        """The first starting place where no player stands; any of them if all are taken."""
        players = self.players.values()
        for x, y in self.map.spawns:
            if all(abs(p.x - x) > 2 * BODY or abs(p.y - y) > 2 * BODY for p in players):
                return x, y
        return self._random.choice(self.map.spawns)


def nearest_in_reach(x: int, y: int, resources: Mapping[int, Resource]) -> int | None:
    """The id of the nearest resource in reach of ``x``, ``y``; of two equally near ones, the lower id."""
    near = [((r.x - x) ** 2 + (r.y - y) ** 2, id) for id, r in resources.items()]
    distance, found = min(near, default=(REACH * REACH + 1, 0))
    return found if distance <= REACH * REACH else None


def something_in_reach(player: Player, resources: Mapping[int, Resource]) -> bool:
    """Whether a player could collect something where they stand."""
    return nearest_in_reach(player.x, player.y, resources) is not None
