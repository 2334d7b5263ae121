"""A state divided into areas, each of which some may see and others not."""

import reprlib
from collections.abc import Mapping
from math import isfinite
from threading import Lock
from typing import Any, Final, NamedTuple, TypeAlias

from msgspec import Struct

from netlib.arguments import check
from netlib.errors import BadMessage, WrongArgument
from netlib.state.intake import Intake, Private, Published
from netlib.state.packing import others
from netlib.state.state import NO_ENTITIES, Frozen

Position: TypeAlias = tuple[str, str]  # the names of the fields that say where an entity is
Cell: TypeAlias = tuple[int, int]

NOTHING: Final[Frozen] = {}
FAR: Final = 2**53  # cells from the middle, where a float is no finer than one
OWNERS: Final = "what is private goes by the players' numbers, then by ids: Private({peer.id: {1: Card(…)}})"
PLACED: Final = "what has positions is made of entities by their ids, or of nothing: {}"


class Areas(NamedTuple):
    """A state in its areas, checked, as it travels.

    Attributes:
        public, owned, cells: what everybody sees, what each player does, and who is near.
        names: of all its collections: a full snapshot has each, if only to say that it is empty.
    """

    public: Frozen
    owned: Mapping[int, Frozen]
    cells: Mapping[Cell, Frozen]
    names: list[str]


class Divider(Intake):
    """Takes in one state after the other, and divides it.

    Args:
        cell: the side of a cell, in the units of the positions; 0 for no grid.
        positions: where the entities of a collection are, if it is divided by place.
    """

    def __init__(self, cell: float, positions: Mapping[str, Position]) -> None:
        super().__init__()
        self._cell, self._positions = cell, positions
        self._lock = Lock()
        self._owners: dict[int, Intake] = {}
        self._cells: dict[Cell, Frozen] = {}
        self._where: dict[str, dict[int, Cell]] = {name: {} for name in positions}
        self._owned: dict[int, Frozen] = {}
        self._public: Frozen = NOTHING
        self._seen: dict[str, Mapping[int, Struct]] = {}  # the grid's collections as they were divided last

    def take(self, state: Published) -> Any:
        """Check a state, and divide it, in any thread. One that was divided already stays as it is.

        Raises:
            WrongArgument: as `Intake.take`, or an entity of the grid has no place. What is a BadMessage
                there is one here, too: that names a value, and would travel in the answer to a request.
        """
        if isinstance(state, Areas):
            return state
        check("the state", state, Mapping[str, Any])
        try:
            with self._lock:
                return self._divided(state)
        except BadMessage as error:
            raise WrongArgument(str(error)) from error

    def _divided(self, state: Mapping[str, Any]) -> Areas:
        owned, shared = _owned(state), {n: c for n, c in state.items() if not isinstance(c, Private)}
        taken = super().take(shared)
        moves = {name: self._moves(name, state, taken) for name in self._positions}
        parts = {owner: self._intake(owner).take(part) for owner, part in owned.items()}
        for name, moved in moves.items():
            self._move(name, taken.get(name, NO_ENTITIES), moved)
        self._owners = {owner: self._owners[owner] for owner in parts}
        self._owned = {owner: _kept(self._owned.get(owner), part) for owner, part in parts.items()}
        self._public = _kept(self._public, {n: c for n, c in taken.items() if n not in self._positions})
        private = [name for name, content in state.items() if isinstance(content, Private)]
        return Areas(self._public, self._owned, dict(self._cells), [*taken, *private])

    def _intake(self, owner: int) -> Intake:
        return self._owners.setdefault(owner, Intake())

    def _moves(self, name: str, state: Mapping[str, Any], taken: Frozen) -> dict[int, Cell | None]:
        """The cells of the entities that are other objects now; None for those that are gone."""
        before, now = self._seen.get(name, NO_ENTITIES), taken.get(name, NO_ENTITIES)
        if name in state and name not in taken and not isinstance(state[name], Private):
            raise WrongArgument(f"{name} is {reprlib.repr(state[name])}; {PLACED}")
        if before is now:
            return {}
        moved = others(before, now)
        moves: dict[int, Cell | None] = {id: self._cell_of(name, id, state[name][id]) for id in moved}
        return moves | dict.fromkeys(before.keys() - now.keys())

    def _cell_of(self, name: str, id: int, entity: Any) -> Cell:
        x, y = (_number(name, id, entity, field) for field in self._positions[name])
        return cell_of(x, y, self._cell)

    def _move(self, name: str, now: Mapping[int, Struct], moves: Mapping[int, Cell | None]) -> None:
        """Bring the cells up to date; those in which nothing changed stay the same objects."""
        where, changed = self._where[name], dict[Cell, dict[int, Struct]]()

        def content(cell: Cell) -> dict[int, Struct]:
            if cell not in changed:
                changed[cell] = dict(self._cells.get(cell, NOTHING).get(name, NO_ENTITIES))
            return changed[cell]

        for id, cell in moves.items():
            before = where.pop(id, None)
            if before is not None and before != cell:
                content(before).pop(id, None)
            if cell is not None:
                content(cell)[id], where[id] = now[id], cell
        self._seen[name] = now
        for touched, entities in changed.items():
            self._replace(touched, name, entities)

    def _replace(self, cell: Cell, name: str, entities: dict[int, Struct]) -> None:
        found = {**self._cells.pop(cell, NOTHING), name: entities}
        if kept := {name: some for name, some in found.items() if some}:
            self._cells[cell] = kept


def cell_of(x: float, y: float, cell: float) -> Cell:
    """The cell of a place. The grid has no edge; all that is `FAR` cells away is in the same one."""
    return _index(x, cell), _index(y, cell)


def _index(place: float, cell: float) -> int:
    if abs(place) >= FAR * cell:
        return FAR if place > 0 else -FAR
    return int(place // cell)


def _owned(state: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """What each owner has, by the collection's name."""
    owned: dict[int, dict[str, Any]] = {}
    for name, content in state.items():
        for owner, entities in content.items() if isinstance(content, Private) else ():
            is_plain = not isinstance(entities, Mapping) or isinstance(next(iter(entities), None), str)
            if type(owner) is not int or is_plain:
                raise WrongArgument(f"{name}[{owner!r:.60}] is {reprlib.repr(entities)}; {OWNERS}")
            owned.setdefault(owner, {})[name] = entities
    return owned


def _kept(before: Frozen | None, now: Frozen) -> Frozen:
    """The state before, when nothing in it is another object now."""
    same = before is not None and list(before) == list(now) and all(before[name] is now[name] for name in now)
    return before if same and before is not None else dict(now)


def check_finite(where: str, value: Any, wanted: str) -> float:
    """Return a number as a float; refuse what is none that a float can hold, and no True."""
    try:
        if isinstance(value, int | float) and type(value) is not bool and isfinite(value):
            return float(value)
        found = reprlib.repr(value)
    except OverflowError:
        found = "too large for a float"  # Python does not print whole numbers of any length
    raise WrongArgument(f"{where} is {found}; {wanted}")


def _number(name: str, id: int, entity: Any, field: str) -> float:
    value = entity.get(field) if isinstance(entity, Mapping) else getattr(entity, field, None)
    return check_finite(f"{name}[{id}].{field}", value, "a place on the grid is a finite number")
