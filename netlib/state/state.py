"""State: entities in named collections, snapshots of them, and the deltas between snapshots.

The server's truth is a mapping ``{"players": {7: Player(…)}, "gems": {…}}`` of frozen
entities. A changed entity is a new object, so an unchanged one is recognised by identity, and
yesterday's snapshot stays true while the world moves on. Delta compression against a baseline
is the technique of the Quake 3 network model (id Software, 1999).
"""

from collections.abc import Mapping
from typing import Any, TypeAlias, TypedDict

import msgspec
from msgspec.structs import replace

from netlib.errors import BadMessage
from netlib.protocol.codecs import MALFORMED
from netlib.protocol.frames import Fields, Snapshot
from netlib.state.packing import as_columns, as_maps, compare, from_columns
from netlib.state.quantise import from_steps, in_steps, steps_of


class Entity(msgspec.Struct, frozen=True):
    """Base of everything that is synchronised; its fields travel under their own names.

    Use integers for what the rules compute with, or `Quantised` for what may be coarser there.
    """


State: TypeAlias = Mapping[str, Mapping[int, Entity]]
Schema: TypeAlias = Mapping[str, type[Entity]]


def frozen_copy(state: State) -> State:
    """A snapshot of a state, as it travels: its collections copied, quantised fields in steps.

    Raises:
        BadMessage: a quantised field holds what has no number of steps, such as NaN.
    """
    return {name: _frozen(entities) for name, entities in state.items()}


def full_body(state: State, *, packed: bool = False) -> Fields:
    """The part of a full snapshot that is the same for every client.

    Args:
        state: a `frozen_copy`.
        packed: as columns, which are short, instead of maps, which are clear.
    """
    form, key = (as_columns, "packed") if packed else (as_maps, "state")
    return {"full": True, key: {name: form(compare({}, entities)) for name, entities in state.items()}}


def delta_body(baseline: State, state: State, base: int, *, packed: bool = False) -> Fields:
    """The part of a delta snapshot that is the same for every client.

    Args:
        baseline: the state that the clients have, a `frozen_copy`.
        state: the state to bring them to, a `frozen_copy`.
        base: the tick of ``baseline``.
        packed: as columns, which are short, instead of maps, which are clear.
    """
    form, key, id_form = (as_columns, "packed", int) if packed else (as_maps, "set", str)
    changed = {name: form(compare(baseline.get(name, {}), entities)) for name, entities in state.items()}
    gone = {
        name: [id_form(id) for id in entities if id not in state.get(name, {})]
        for name, entities in baseline.items()
    }
    return {"base": base, **_non_empty({key: _non_empty(changed), "gone": _non_empty(gone)})}


def _frozen(entities: Mapping[int, Entity]) -> Mapping[int, Entity]:
    if any(map(steps_of, set(map(type, entities.values())))):
        return {id: in_steps(entity) for id, entity in entities.items()}
    return dict(entities)


def _non_empty(parts: Mapping[str, Any]) -> Fields:
    return {name: part for name, part in parts.items() if part}


class Replica:
    """A client's copy of the server's state, brought up to date by snapshots.

    Args:
        schema: the entity class of each collection; a collection that it does not name stays
            out, so that an older client can play on a newer server.

    Attributes:
        state: collections of entities by id. Each snapshot makes new collections, so a state
            that was kept does not change under its keeper.
        tick: the server's tick of ``state``; -1 before the first snapshot.

    Raises:
        TypeError: a field is marked as `Quantised` that cannot be.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._steps = {name: steps_of(kind) for name, kind in schema.items()}
        self._shapes = {name: _shapes(kind) for name, kind in schema.items()}
        self.state: dict[str, dict[int, Any]] = {name: {} for name in schema}
        self.tick = -1

    def apply(self, snapshot: Snapshot) -> bool:
        """Take a snapshot in. False when it is a delta from a tick that we do not have.

        Raises:
            BadMessage: an entity does not fit the schema; the state is then unchanged.
        """
        if not snapshot.full and snapshot.base != self.tick:
            return False
        try:
            state = self._whole(snapshot) if snapshot.full else self._changed(snapshot)
        except (*MALFORMED, TypeError) as error:
            raise BadMessage(f"snapshot {snapshot.tick} does not fit this game: {error}") from error
        self.state, self.tick = state, snapshot.tick
        return True

    def _whole(self, snapshot: Snapshot) -> dict[str, dict[int, Any]]:
        return {
            name: msgspec.convert(self._arrived(name, snapshot.state, snapshot), whole, str_keys=True)
            for name, (whole, _) in self._shapes.items()
        }

    def _changed(self, snapshot: Snapshot) -> dict[str, dict[int, Any]]:
        state = dict(self.state)
        for name in snapshot.gone.keys() & self._schema.keys():
            gone = {int(id) for id in snapshot.gone[name]}
            state[name] = {id: entity for id, entity in state[name].items() if id not in gone}
        for name in (snapshot.set.keys() | snapshot.packed.keys()) & self._schema.keys():
            state[name] = self._merged(name, state[name], self._arrived(name, snapshot.set, snapshot))
        return state

    def _arrived(self, name: str, maps: Mapping[str, Any], snapshot: Snapshot) -> dict[Any, Fields]:
        """What a snapshot says of a collection, by id; not checked yet."""
        entities = {**maps.get(name, {}), **from_columns(snapshot.packed.get(name, []))}
        if steps := self._steps[name]:
            return {id: from_steps(fields, steps) for id, fields in entities.items()}
        return entities

    def _merged(self, name: str, old: Mapping[int, Any], changed: Mapping[Any, Fields]) -> dict[int, Any]:
        kind, (_, parts), entities = self._schema[name], self._shapes[name], dict(old)
        for id, fields in msgspec.convert(changed, parts, str_keys=True).items():
            entities[id] = replace(entities[id], **fields) if id in entities else kind(**fields)
        return entities


def _shapes(kind: type[Entity]) -> tuple[Any, Any]:
    """Types that check a whole collection in one call: with all its fields, and with some of them."""
    fields = {field.name: field.type for field in msgspec.structs.fields(kind)}
    parts: Any = TypedDict(kind.__name__, fields, total=False)  # type: ignore[misc]
    return dict[int, kind], dict[int, parts]  # type: ignore[valid-type]
