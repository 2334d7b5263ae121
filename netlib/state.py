"""State: entities in named collections, snapshots of them, and the deltas between snapshots.

The server's truth is a mapping ``{"players": {7: Player(…)}, "gems": {…}}`` of frozen
entities. A changed entity is a new object, so an unchanged one is recognised by identity, and
yesterday's snapshot stays true while the world moves on. Delta compression against a baseline
is the technique of the Quake 3 network model (id Software, 1999).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec

from netlib.errors import BadMessage
from netlib.wire import Fields, Snapshot


class Entity(msgspec.Struct, frozen=True):
    """Base of everything that is synchronised. Use integers for what the rules compute with."""


State: TypeAlias = Mapping[str, Mapping[int, Entity]]
Schema: TypeAlias = Mapping[str, type[Entity]]


def full_body(state: State) -> Fields:
    """The part of a full snapshot that is the same for every client."""
    return {"full": True, "state": {name: _whole(entities) for name, entities in state.items()}}


def delta_body(baseline: State, state: State, base: int) -> Fields:
    """The part of a delta snapshot that is the same for every client.

    Args:
        baseline: the state that the clients have.
        state: the state to bring them to.
        base: the tick of ``baseline``.
    """
    changed = {name: _changed(baseline.get(name, {}), entities) for name, entities in state.items()}
    gone = {name: _gone(entities, state.get(name, {})) for name, entities in baseline.items()}
    body: Fields = {"base": base}
    body |= {"set": kept} if (kept := _non_empty(changed)) else {}
    body |= {"gone": kept} if (kept := _non_empty(gone)) else {}
    return body


def frozen_copy(state: State) -> State:
    """A snapshot of a state: its collections copied, its (frozen) entities shared."""
    return {name: dict(entities) for name, entities in state.items()}


def _whole(entities: Mapping[int, Entity]) -> dict[str, Entity]:
    return {str(id): entity for id, entity in entities.items()}


def _changed(baseline: Mapping[int, Entity], entities: Mapping[int, Entity]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for id, entity in entities.items():
        old = baseline.get(id)
        if old is entity:
            continue
        if old is None:
            changed[str(id)] = entity
        elif fields := _changed_fields(old, entity):
            changed[str(id)] = fields
    return changed


def _changed_fields(old: Entity, new: Entity) -> Fields:
    names = new.__struct_fields__
    return {name: value for name in names if (value := getattr(new, name)) != getattr(old, name)}


def _gone(baseline: Mapping[int, Entity], entities: Mapping[int, Entity]) -> list[str]:
    return [str(id) for id in baseline if id not in entities]


def _non_empty(collections: Mapping[str, Any]) -> Fields:
    return {name: entities for name, entities in collections.items() if entities}


class Replica:
    """A client's copy of the server's state, brought up to date by snapshots.

    Args:
        schema: the entity class of each collection; a collection that it does not name stays
            out, so that an older client can play on a newer server.

    Attributes:
        state: collections of entities by id. Each snapshot makes new collections, so a state
            that was kept does not change under its keeper.
        tick: the server's tick of ``state``; -1 before the first snapshot.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
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
        except (msgspec.ValidationError, ValueError, TypeError) as error:
            raise BadMessage(f"snapshot {snapshot.tick} does not fit this game: {error}") from error
        self.state, self.tick = state, snapshot.tick
        return True

    def _whole(self, snapshot: Snapshot) -> dict[str, dict[int, Any]]:
        whole = snapshot.state
        return {
            name: {int(id): msgspec.convert(fields, kind) for id, fields in whole.get(name, {}).items()}
            for name, kind in self._schema.items()
        }

    def _changed(self, snapshot: Snapshot) -> dict[str, dict[int, Any]]:
        state = dict(self.state)
        for name in (snapshot.set.keys() | snapshot.gone.keys()) & self._schema.keys():
            state[name] = self._merge(name, snapshot.set.get(name, {}), snapshot.gone.get(name, []))
        return state

    def _merge(self, name: str, changed: Mapping[str, Fields], gone: list[str]) -> dict[int, Any]:
        entities = dict(self.state[name])
        for key in gone:
            entities.pop(int(key), None)
        for key, fields in changed.items():
            entities[int(key)] = _updated(entities.get(int(key)), fields, self._schema[name])
        return entities


def _updated(old: Entity | None, fields: Fields, kind: type[Entity]) -> Entity:
    if old is not None:
        fields = {**msgspec.structs.asdict(old), **fields}
    return msgspec.convert(fields, kind)
