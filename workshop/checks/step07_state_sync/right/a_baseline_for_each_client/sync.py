"""The world as one flat dictionary: (collection, id) to the fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, TypeAlias

from msgspec.structs import asdict

import netlib
from solutions.step07_state_sync.messages import Delta, Fields, Snapshot

State: TypeAlias = dict[str, dict[int, Fields]]
Flat: TypeAlias = dict[tuple[str, int], Fields]


def flat(world: Mapping[str, Mapping[int, netlib.Entity]]) -> Flat:
    """All entities of a world."""
    return {(name, id): asdict(world[name][id]) for name in world for id in world[name]}


def nested(entities: Mapping[tuple[str, int], Fields]) -> dict[str, dict[str, Fields]]:
    """As it travels."""
    tree: dict[str, dict[str, Fields]] = defaultdict(dict)
    for (name, id), fields in entities.items():
        tree[name][f"{id}"] = fields
    return tree


def between(old: Flat, new: Flat) -> Delta:
    """What is different."""
    changed: dict[tuple[str, int], Fields] = {}
    for key in new:
        fresh = set(new[key].items()) - set(old.get(key, {}).items())
        if fresh:
            changed[key] = dict(fresh)
    gone: dict[str, list[str]] = defaultdict(list)
    for name, id in old.keys() - new.keys():
        gone[name].append(str(id))
    return Delta(nested(changed), gone)


def state_of(snapshot: Snapshot) -> State:
    """Numbers again."""
    return apply({}, Delta(snapshot.state, {}))


def apply(state: State, delta: Delta) -> State:
    """A new state."""
    out: dict[str, dict[int, Any]] = {"players": {}, "resources": {}, "round": {}}
    for name in out:
        gone = set(map(int, delta.gone.get(name, ())))
        news = {int(id): fields for id, fields in delta.set.get(name, {}).items()}
        old = state.get(name, {})
        out[name] = {id: {**old.get(id, {}), **news.get(id, {})} for id in (old.keys() | news.keys()) - gone}
    return out
