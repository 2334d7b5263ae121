"""What each player of a room sees of its state, and the snapshots that show it that."""

from collections.abc import Iterable, Mapping
from itertools import chain, product
from math import inf
from typing import Any, Final, NamedTuple

from netlib.arguments import Positive, check, checked
from netlib.errors import WrongArgument, WrongCall
from netlib.events import Left
from netlib.interest.areas import FAR, NOTHING, Areas, Cell, Divider, Position, cell_of, check_finite
from netlib.interest.pieces import Pieces, delta, joined, pieces
from netlib.protocol.codecs import Codec
from netlib.server.peer import Peer
from netlib.server.room import GameRoom
from netlib.state.slices import Edition, Whole
from netlib.state.state import Frozen
from netlib.state.sync import Publisher

LATE = "a room has one Views, made before its first publish, so that nobody has seen too much"
FIELDS = 'they are the names of two fields, such as ("x", "y")'
MUCH = 2000  # entities that come into view at once: more is encoded little by little


class Square(NamedTuple):
    """What somebody looks at: the cells from ``left`` to ``right`` and from ``top`` to ``bottom``."""

    left: int
    top: int
    right: int
    bottom: int

    def among(self, cells: Mapping[Cell, Frozen]) -> Mapping[Cell, Frozen]:
        """Its cells in which there is something."""
        left, top, right, bottom = self
        if (right - left + 1) * (bottom - top + 1) > len(cells):
            return {(x, y): cells[x, y] for x, y in cells if left <= x <= right and top <= y <= bottom}
        near = product(range(left, right + 1), range(top, bottom + 1))
        return {cell: cells[cell] for cell in near if cell in cells}


EVERYWHERE: Final = Square(-FAR, -FAR, FAR, FAR)
NOWHERE: Final = Square(0, 0, -1, -1)


class Views:
    """Shows each player of a room what it may see: its own part of what is `Private`, and what is near.

    Make it once, before the room publishes anything. Collections that are neither private nor have positions
    are everybody's, as without it.

    Args:
        room: a `netlib.Server`, or a room of `netlib.rooms`.
        cell: the side of a cell, in the game's units; all in a cell is seen or nothing of it.
        radius: how far a player sees at least, in the game's units, along both axes; 0 is its cell alone.
        positions: the two fields that say where an entity is, of each collection that is divided by place.

    Raises:
        WrongArgument: an argument is not what is said above; positions without a cell.
        WrongCall: the room has published something already, or has Views.
    """

    @checked
    def __init__(
        self,
        room: GameRoom,
        *,
        cell: Positive | None = None,
        radius: float = 0.0,
        positions: Mapping[str, Position] | None = None,
    ) -> None:
        if (cell is None) is not (not positions) or not 0 <= radius < inf or cell == inf:
            raise WrongArgument(
                "a grid has a cell above 0, a radius of 0 or more, and positions; or none of them"
            )
        for name, fields in (positions or {}).items():
            if not isinstance(fields, tuple | list) or [*map(type, fields)] != [str, str]:
                raise WrongArgument(f"the positions of {name} are {fields!r:.60}; {FIELDS}")
        if room.publisher.newest is not None or isinstance(room.publisher, AreaPublisher):
            raise WrongCall(LATE)
        self._room, self._cell, self._radius = room, float(cell or 0), float(radius)
        self._publisher = AreaPublisher(Divider(self._cell, dict(positions or {})))
        room.publisher = self._publisher
        room.on(Left)(self._left)

    def focus(self, peer: Peer, x: float, y: float) -> None:
        """Let a player see what is near a place, from the next snapshot on that is sent to it.

        Raises:
            WrongArgument: the place is no pair of finite numbers, there is no grid, or (here as below) this
                is a player of another room.
        """
        wanted = "a focus is two finite numbers"
        x, y = check_finite("x", x, wanted), check_finite("y", y, wanted)
        if not self._cell:
            raise WrongArgument("there is no grid: Views(room, cell=…, radius=…, positions=…)")
        left, top = cell_of(x - self._radius, y - self._radius, self._cell)
        right, bottom = cell_of(x + self._radius, y + self._radius, self._cell)
        self._look(peer, Square(left, top, right, bottom))

    def see_all(self, peer: Peer) -> None:
        """Let somebody see the whole grid: a board, a spectator. What is private stays so."""
        self._look(peer, EVERYWHERE)

    def see_nothing(self, peer: Peer) -> None:
        """Let a player see nothing of the grid, as everybody does at first."""
        self._look(peer, NOWHERE)

    def _look(self, peer: Peer, square: Square) -> None:
        check("the peer", peer, Peer)
        seat = self._room.roster.seats.get(peer.id)
        if seat is not None and seat.peer is peer:
            self._publisher.focuses[peer.id] = square
        elif peer.joined:
            raise WrongArgument(f"{peer.name} is in another room; each room has Views of its own")

    def _left(self, event: Left) -> None:
        self._publisher.focuses.pop(event.peer.id, None)


class Seen(NamedTuple):
    """What somebody sees: what is everybody's, its own, and the cells that are near."""

    public: Frozen
    own: Frozen
    near: Mapping[Cell, Frozen]


class AreaPublisher(Publisher):
    """The newest state in its areas, and the encoded changes of each, made once for all who see it.

    Args:
        divider: takes in what is published.

    Attributes:
        focuses: what each player looks at, by its number.
    """

    divided = True

    def __init__(self, divider: Divider) -> None:
        super().__init__(divider)
        self.focuses: dict[int, Square] = {}
        self._number = 0
        self._forget()

    def update(self, tick: int, state: Any) -> None:
        """Take the state of a new tick. Raises as `Divider.take`."""
        super().update(tick, state)
        self._forget()

    def _forget(self) -> None:
        """Begin anew: what is remembered is of the newest state alone."""
        self._view_of: dict[int, View] = {}
        self._views: dict[tuple[int, Square], View] = {}
        self._near: dict[Square, Mapping[Cell, Frozen]] = {}
        # What is found by `id` is kept beside it, so that no id is used again.
        self._encoded: dict[tuple[Codec, int, int], tuple[Any, Any, Pieces]] = {}

    def seen_by(self, viewer: int) -> Publisher:
        """The view of one player. It moves with the next state alone, wherever the player looks meanwhile."""
        if viewer not in self._view_of:
            if self.newest is None:
                return View(self, None)
            areas: Any = self.newest.state
            self._view_of[viewer] = self._view(viewer, self.focuses.get(viewer, NOWHERE), areas)
        return self._view_of[viewer]

    def _view(self, viewer: int, focus: Square, areas: Areas) -> "View":
        """One for all who see the same."""
        own = areas.owned.get(viewer, NOTHING)
        key = (viewer if own else 0), focus
        if key not in self._views:
            if focus not in self._near:
                self._near[focus] = focus.among(areas.cells)
            seen: Any = Seen(areas.public, own, self._near[focus])
            self._number += 1
            self._views[key] = View(self, Edition(self._number, self.tick or 0, seen), areas.names)
        return self._views[key]

    def pieces(self, codec: Codec, base: Frozen, state: Frozen) -> Pieces:
        """How an area changed, encoded once for all."""
        key = codec, id(base), id(state)
        if key not in self._encoded:
            self._encoded[key] = base, state, pieces(codec, base, state)
        return self._encoded[key][2]

    def near(self, codec: Codec, base: Mapping[Cell, Frozen], state: Mapping[Cell, Frozen]) -> Pieces:
        """How the cells that are near changed, joined once for all who are there."""
        key = codec, id(base), id(state)
        if key not in self._encoded:
            parts = [
                self.pieces(codec, old, new)
                for area in {**base, **state}
                if (old := base.get(area, NOTHING)) is not (new := state.get(area, NOTHING))
            ]
            self._encoded[key] = base, state, joined(codec, parts)
        return self._encoded[key][2]


class View(Publisher):
    """What some see of the newest state. To what sends it, it is a publisher as any other.

    Args:
        areas: what is published, and encoded for all views together.
        seen: what they see, if anything was published.
        names: the collections that a full snapshot has in any case.
    """

    divided = True

    def __init__(self, areas: AreaPublisher, seen: Edition | None, names: Iterable[str] = ()) -> None:
        super().__init__(areas.intake)
        self.newest = seen
        self._areas, self._names = areas, names

    def whole(self, codec: Codec) -> Whole:
        """A full snapshot. See `Publisher.whole`."""
        if codec not in self._wholes:
            assert self.newest is not None
            self._wholes[codec] = ViewWhole(codec, self.newest, self._names)
        return self._wholes[codec]

    def starts_anew(self, base: Edition) -> bool:
        """Whether much comes into view, as for somebody who is to see all from now on."""
        before, now = _seen(base).near, _seen(self.newest).near
        if now.keys() <= before.keys():
            return False
        new = [now[area].values() for area in now.keys() - before.keys()]
        return sum(map(len, chain.from_iterable(new))) > MUCH

    def _changes(self, codec: Codec, base: Edition) -> bytes:
        before, now = _seen(base), _seen(self.newest)
        parts = [self._areas.near(codec, before.near, now.near)]
        parts += [
            self._areas.pieces(codec, old, new)
            for old, new in zip(before[:2], now[:2], strict=True)
            if old is not new
        ]
        return delta(codec, joined(codec, parts), base.tick)


class ViewWhole(Whole):
    """A full snapshot of what somebody sees.

    Args:
        codec, seen: how, and of what.
        names: the collections that it has in any case.
    """

    def __init__(self, codec: Codec, seen: Edition, names: Iterable[str]) -> None:
        together: dict[str, dict[int, Any]] = {name: {} for name in names}
        public, own, near = _seen(seen)
        for state in (public, own, *near.values()):
            for name, entities in state.items():
                together[name].update(entities)
        super().__init__(codec, Edition(seen.number, seen.tick, together))
        self.edition = seen  # deltas go from the areas


def _seen(edition: Edition | None) -> Seen:
    assert edition is not None
    seen: Any = edition.state
    return seen  # type: ignore[no-any-return]
