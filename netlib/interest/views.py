"""What each player of a room sees of its state, and the snapshots that show it that."""

import math
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from netlib.arguments import Positive, check, checked
from netlib.errors import WrongArgument, WrongCall
from netlib.events import Left
from netlib.interest.areas import NOTHING, PUBLIC, Area, Areas, Divider, Position, cell_of, owned_by
from netlib.interest.pieces import Pieces, body, pieces
from netlib.protocol.codecs import Codec
from netlib.server.peer import Peer
from netlib.server.room import GameRoom
from netlib.state.slices import Edition
from netlib.state.state import Frozen
from netlib.state.sync import Publisher

LATE = (
    "something was published already: make Views before the first publish, so that nobody has seen too much"
)


class Square(NamedTuple):
    """What somebody looks at: the cells from ``left`` to ``right`` and from ``top`` to ``bottom``."""

    left: int
    top: int
    right: int
    bottom: int

    def among(self, areas: Mapping[Area, Frozen]) -> dict[Area, Frozen]:
        """Its cells in which there is something."""
        wide, high = self.right - self.left + 1, self.bottom - self.top + 1
        if wide * high > len(areas):
            return {area: state for area, state in areas.items() if self._has(area)}
        cells = (
            ("cell", (x, y))
            for x in range(self.left, self.right + 1)
            for y in range(self.top, self.bottom + 1)
        )
        return {cell: areas[cell] for cell in cells if cell in areas}

    def _has(self, area: Any) -> bool:
        if area[0] != "cell":
            return False
        x, y = area[1]
        return bool(self.left <= x <= self.right and self.top <= y <= self.bottom)


EVERYWHERE: Final = Square(-(2**63), -(2**63), 2**63, 2**63)


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
        WrongCall: the room has published something already.
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
        if (cell is None) is not (not positions) or not 0 <= radius < math.inf:
            raise WrongArgument(
                "a grid has a cell above 0, a radius of 0 or more, and positions; or none of them"
            )
        if room.publisher.newest is not None:
            raise WrongCall(LATE)
        self._cell, self._radius = cell or 0.0, radius
        self._publisher = AreaPublisher(Divider(self._cell, positions or {}))
        room.publisher = self._publisher
        room.on(Left)(self._left)

    def focus(self, peer: Peer, x: float, y: float) -> None:
        """Let a player see what is near a place, from the next snapshot on that is sent to it.

        Raises:
            WrongArgument: the place is no pair of finite numbers, or there is no grid.
        """
        check("the peer", peer, Peer)
        for name, value in (("x", x), ("y", y)):
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise WrongArgument(f"{name} is {value!r}; a focus is a place, two finite numbers")
        if not self._cell:
            raise WrongArgument("there is no grid: Views(room, cell=…, radius=…, positions=…)")
        left, top = cell_of(x - self._radius, y - self._radius, self._cell)
        right, bottom = cell_of(x + self._radius, y + self._radius, self._cell)
        self._publisher.focuses[peer.id] = Square(left, top, right, bottom)

    def see_all(self, peer: Peer) -> None:
        """Let somebody see the whole grid: a board, a spectator. What is private stays so."""
        check("the peer", peer, Peer)
        self._publisher.focuses[peer.id] = EVERYWHERE

    def see_nothing(self, peer: Peer) -> None:
        """Let a player see nothing of the grid, as everybody does at first."""
        check("the peer", peer, Peer)
        self._publisher.focuses.pop(peer.id, None)

    def _left(self, event: Left) -> None:
        self._publisher.forget(event.peer.id)


class AreaPublisher(Publisher):
    """The newest state in its areas, and the encoded changes of each, made once for all who see it.

    Args:
        divider: takes in what is published.

    Attributes:
        focuses: what each player looks at, by its number.
    """

    def __init__(self, divider: Divider) -> None:
        super().__init__()
        self.intake = divider
        self.focuses: dict[int, Square] = {}
        self._views: dict[int, View] = {}
        self._encoded: dict[tuple[Codec, int, int], tuple[Frozen, Frozen, Pieces]] = {}

    def update(self, tick: int, state: Any) -> None:
        """Take the state of a new tick. Raises as `Publisher.update`."""
        super().update(tick, state)
        self._encoded.clear()

    def seen_by(self, viewer: int) -> Publisher:
        """The view of one player."""
        view = self._views.get(viewer)
        if view is None:
            view = self._views[viewer] = View(self, viewer)
        view.look()
        return view

    def forget(self, viewer: int) -> None:
        """That player has left."""
        self.focuses.pop(viewer, None)
        self._views.pop(viewer, None)

    def visible(self, viewer: int) -> dict[Area, Frozen]:
        """The areas that a player sees now."""
        areas: Any = self.newest.state if self.newest else Areas()
        focus, own = self.focuses.get(viewer), owned_by(viewer)
        near = focus.among(areas) if focus else {}
        return {PUBLIC: areas.get(PUBLIC, NOTHING), own: areas.get(own, NOTHING), **near}

    def pieces(self, codec: Codec, base: Frozen, state: Frozen) -> Pieces:
        """How an area changed, encoded once a tick."""
        key = codec, id(base), id(state)
        if key not in self._encoded:
            self._encoded[key] = base, state, pieces(codec, base, state)  # kept, so that no id is used again
        return self._encoded[key][2]


class Small:
    """Says of each full snapshot of a view that it is encoded at once: it is joined from pieces."""

    small = True


class View(Publisher):
    """What one player sees. To what sends it, it is a publisher as any other.

    Args:
        areas: the state, which it has in common with the other views.
        viewer: the player's number.
    """

    def __init__(self, areas: AreaPublisher, viewer: int) -> None:
        super().__init__()
        self._areas, self._viewer = areas, viewer

    def look(self) -> None:
        """See the newest state."""
        shared = self._areas.newest
        if shared is not None and (self.newest is None or self.newest.number != shared.number):
            seen: Any = self._areas.visible(self._viewer)
            self.before, self.newest = self.newest, Edition(shared.number, shared.tick, seen)

    def whole(self, codec: Codec) -> Any:
        """A full snapshot is never encoded slice by slice here."""
        return Small

    def snapshot(
        self, codec: Codec, last_input_seq: int, *, full: bool, base: Edition | None = None
    ) -> bytes:
        """The encoded snapshot for this player, joined from the pieces of the areas."""
        base = None if full else base or self.before
        assert self.newest is not None
        before: Any = base.state if base else {}
        now: Any = self.newest.state
        parts = [
            self._areas.pieces(codec, old, new)
            for area in {**before, **now}
            if (old := before.get(area, NOTHING)) is not (new := now.get(area, NOTHING))
        ]
        areas: Any = self._areas.newest.state if self._areas.newest else Areas()
        head = {"type": "snapshot", "tick": self.tick, "last_input_seq": last_input_seq}
        tail = body(codec, parts, base=base.tick if base else None, names=() if base else areas.names)
        return codec.splice(codec.encode(head), tail)
