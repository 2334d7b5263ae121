"""The workload that every row does: the players, their movement, and the ticks.

Every player sends one input a tick. The server moves the player, and tells everyone about all players and all
resources. No row puts input numbers into the state. netlib tells each client its ``last_input_seq``; in the
other rows the place of a player shows which of its inputs were applied, and that costs nothing.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, NamedTuple, TypeAlias

import msgspec
from msgspec import Meta

from netlib import Entity, Input

TICK_RATE: Final = 20.0  # ticks per second
TICK: Final = 1 / TICK_RATE  # seconds
RESOURCES: Final = 50
WIDTH, HEIGHT = 38400, 25600  # units; a player that leaves on one side comes back on the other
SPEED: Final = 128  # units per input; the width has a whole number of them
LAP: Final = WIDTH // SPEED  # inputs after which a player is back at its x
KINDS = ("wood", "stone", "gem")
DIRECTIONS = ((1.0, 0.75), (-1.0, 0.75), (1.0, -0.75), (-1.0, -0.75))  # each player keeps one of them
STILL = (0.0, 0.0)

Axis: TypeAlias = Annotated[float, Meta(ge=-1.0, le=1.0)]
Direction: TypeAlias = tuple[Axis, Axis]


class Player(Entity, frozen=True):
    """A player in the world."""

    name: str
    x: int
    y: int
    score: int = 0


class Resource(Entity, frozen=True):
    """Something that lies around."""

    kind: str
    x: int
    y: int


SCHEMA: Final[dict[str, type[Any]]] = {"players": Player, "resources": Resource}


class Move(Input, frozen=True, kw_only=True, tag="input"):
    """→ A player's intent for one tick."""

    move: Direction = STILL


class Hello(msgspec.Struct, frozen=True, tag="hello", tag_field="type"):
    """→ The first message to a server without netlib: the player's name."""

    name: str


class World:
    """The world of one server.

    Attributes:
        state: what every client gets every tick.
    """

    def __init__(self) -> None:
        self.players: dict[int, Player] = {}
        self.state: dict[str, Mapping[int, Entity]] = {"players": self.players, "resources": resources()}

    def join(self, id: int, name: str) -> None:
        """A player joins."""
        x, y = birthplace(name)
        self.players[id] = Player(name, x, y)

    def leave(self, id: int) -> None:
        """A player leaves."""
        self.players.pop(id, None)

    def step(self, id: int, move: Direction) -> None:
        """Apply a player's input."""
        if move != STILL and id in self.players:
            self.players[id] = moved(self.players[id], move)


def moved(player: Player, move: Direction) -> Player:
    """The player one step later. A changed entity is a new object; that is how netlib's deltas notice it."""
    x = (player.x + round(move[0] * SPEED)) % WIDTH
    y = (player.y + round(move[1] * SPEED)) % HEIGHT
    return Player(player.name, x, y, player.score)


def resources() -> dict[int, Resource]:
    """The resources, at places that look random and are the same in every run."""
    return {
        number: Resource(KINDS[number % len(KINDS)], number * 7919 % WIDTH, number * 6007 % HEIGHT)
        for number in range(RESOURCES)
    }


def name_of(number: int) -> str:
    """The name of the player with that number, from 0."""
    return f"p{number}"


def birthplace(name: str) -> tuple[int, int]:
    """Where the player with that name begins; server and clients know it."""
    number = int(name[1:])
    return number * 7907 % WIDTH, number * 6143 % HEIGHT


def direction(number: int, players: int, moving: float) -> Direction:
    """The direction of the player with that number, if that share of the players moves."""
    return DIRECTIONS[number % len(DIRECTIONS)] if number < movers(players, moving) else STILL


def movers(players: int, moving: float) -> int:
    """How many players move: that share of them, but at least one."""
    return max(1, round(players * moving))


def inputs_applied(number: int, x: int) -> int:
    """How many inputs brought a moving player to this x, modulo `LAP`."""
    sign = round(DIRECTIONS[number % len(DIRECTIONS)][0])
    return (x - birthplace(name_of(number))[0]) * sign // SPEED % LAP


class Look(NamedTuple):
    """What a client sees: each player's place by name, and the number of resources."""

    places: dict[str, tuple[int, int]]
    resources: int


def problems(before: Look, after: Look, players: int, moving: float) -> list[str]:
    """What a client should have seen between two looks and did not. Doing nothing is fast, too."""
    names = [name_of(number) for number in range(players)]
    if set(names) - before.places.keys() or set(names) - after.places.keys():
        return [f"{len(after.places)} of {players} players are in the state"]
    moved = {name for name in names if before.places[name] != after.places[name]}
    found = []
    if moved != set(names[: movers(players, moving)]):
        found.append(f"{len(moved)} players moved, and {movers(players, moving)} should")
    if after.resources != RESOURCES:
        found.append(f"{after.resources} of {RESOURCES} resources are in the state")
    return found
