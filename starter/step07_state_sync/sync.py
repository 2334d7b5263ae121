"""The world as plain values, and the way from one state to the next. No network, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from msgspec.structs import asdict

import netlib
from starter.step07_state_sync.messages import Delta, Fields, Snapshot

State: TypeAlias = dict[str, dict[int, Fields]]  # collections of entities, by id


def plain(world: Mapping[str, Mapping[int, netlib.Entity]]) -> State:
    """A copy of the world as it is now; the world may go on, and the copy stays."""
    return {name: {id: asdict(it) for id, it in entities.items()} for name, entities in world.items()}


def snapshot_of(state: State) -> Snapshot:
    """A state, ready to travel."""
    return Snapshot({name: {str(id): it for id, it in entities.items()} for name, entities in state.items()})


def state_of(snapshot: Snapshot) -> State:
    """The state that came in a snapshot; its ids are numbers again."""
    # TODO 07.3: in JSON the keys are strings: "7" is not 7. Make numbers of the ids again.
    return snapshot.state


def difference(old: State, new: State) -> Delta:
    """What leads from an old state to a new one."""
    delta = Delta(set={}, gone={})
    for name, entities in new.items():
        before = old.get(name, {})
        # TODO 07.1: these are all fields of all entities. Take of each only the `news` since `before`, and
        # leave out the entities that have none.
        delta.set[name] = {str(id): it for id, it in entities.items()}

        # TODO 07.2: nothing is ever gone. Which ids were there before, and are not in `entities` now? They
        # travel as strings, too.
        delta.gone[name] = []
    return delta


def news(old: Fields, new: Fields) -> Fields:
    """The fields of an entity that are different now."""
    return {field: value for field, value in new.items() if field not in old or old[field] != value}


def apply(state: State, delta: Delta) -> State:
    """The state after a delta. The one before it stays as it was."""
    after = {name: dict(entities) for name, entities in state.items()}
    # TODO 07.4: an entity that is known keeps the fields that did not change: `old | fields` has both. And
    # what is gone must go here, too; its ids come as strings.
    for name, entities in delta.set.items():
        after[name] = after.get(name, {}) | {int(id): fields for id, fields in entities.items()}

    return after
