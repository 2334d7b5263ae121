"""The synchronised entities: players, resources and the round. Positions are in world units (1/16 pixel)."""

from typing import Annotated, Any, Final, Literal, TypeAlias

from msgspec import Meta

from netlib.state.state import Entity

Kind: TypeAlias = Literal["wood", "stone", "gem"]
Phase: TypeAlias = Literal["waiting", "countdown", "playing", "over"]

WORTH: Final[dict[Kind, int]] = {"wood": 1, "stone": 2, "gem": 5}  # points
# Far beyond any map; a room that says more is not believed, since no window could draw there.
Place: TypeAlias = Annotated[int, Meta(ge=-(2**31), le=2**31)]
ROUND_ID: Final = 0  # the id of the only entity in the collection "round"


class Player(Entity, frozen=True):
    """One player; its id is the key in the collection.

    Args:
        colour: index into `palette.PLAYERS`.
        x, y: the centre, in world units.
        ping: round trip in milliseconds, at least 1, updated once a second; 0 if not known yet.
        away: the connection is lost; the player stands still, and may come back.
    """

    name: str
    colour: int
    x: Place
    y: Place
    score: int = 0
    ping: int = 0
    away: bool = False


class Resource(Entity, frozen=True):
    """Something to collect, at ``x``, ``y`` in world units."""

    kind: Kind
    x: Place
    y: Place


class Round(Entity, frozen=True):
    """The round, and the seed from which every client makes the same map.

    Args:
        seed: for `maps.make_map`.
        number: rounds begun so far.
        ends_at: the tick at which the phase ends; 0 while waiting for players.
        winner: names of the players with most points, while the phase is "over"; empty if nobody scored.
    """

    seed: int
    number: int = 0
    phase: Phase = "waiting"
    ends_at: int = 0
    winner: str = ""


SCHEMA: Final[dict[str, type[Any]]] = {"players": Player, "resources": Resource, "round": Round}
