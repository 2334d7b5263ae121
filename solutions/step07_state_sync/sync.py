"""The world as plain values, and the way from one state to the next. No network, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from msgspec.structs import asdict

import netlib
from solutions.step07_state_sync.messages import Delta, Fields, Snapshot

State: TypeAlias = dict[str, dict[int, Fields]]  # collections of entities, by id


def plain(world: Mapping[str, Mapping[int, netlib.Entity]]) -> State:
    """A copy of the world as it is now; the world may go on, and the copy stays."""
    return {name: {id: asdict(it) for id, it in entities.items()} for name, entities in world.items()}


def snapshot_of(state: State) -> Snapshot:
    """A state, ready to travel."""
    return Snapshot({name: {str(id): it for id, it in entities.items()} for name, entities in state.items()})


def state_of(snapshot: Snapshot) -> State:
    """The state that came in a snapshot; its ids are numbers again."""
    return {name: {int(id): it for id, it in entities.items()} for name, entities in snapshot.state.items()}


def difference(old: State, new: State) -> Delta:
    """What leads from an old state to a new one."""
    delta = Delta(set={}, gone={})
    for name, entities in new.items():
        before = old.get(name, {})
        changed = {str(id): news(before.get(id, {}), it) for id, it in entities.items()}
        delta.set[name] = {id: fields for id, fields in changed.items() if fields}

        delta.gone[name] = [str(id) for id in before if id not in entities]
    return delta


def news(old: Fields, new: Fields) -> Fields:
    """The fields of an entity that are different now."""
    return {field: value for field, value in new.items() if field not in old or old[field] != value}


def apply(state: State, delta: Delta) -> State:
    """The state after a delta. The one before it stays as it was."""
    after = {name: dict(entities) for name, entities in state.items()}
    for name, entities in delta.set.items():
        known = after.setdefault(name, {})
        for id, fields in entities.items():
            known[int(id)] = known.get(int(id), {}) | fields
    for name, gone in delta.gone.items():
        for id in gone:
            after[name].pop(int(id), None)

    return after
