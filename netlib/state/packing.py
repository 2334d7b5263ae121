"""Two forms of what changed: maps, which people can read, and columns, which are smaller.

A map repeats the names of its fields in every entity. Columns name them once for all entities
of which the same fields changed, and give the ids as differences, which mostly fit a byte::

    {"7": {"x": 168, "y": 99}, "8": {"x": 170, "y": 99}}     maps
    [[[7, 1], {"x": [168, 170], "y": [99, 99]}]]             columns

Storing a field's values together is what column databases do.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, compress, pairwise
from operator import ne
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import astuple

from netlib.protocol.frames import MAX_PACKED, Columns, Fields

Group: TypeAlias = tuple[list[int], dict[str, Sequence[Any]]]  # ids as differences; field → values
Values: TypeAlias = tuple[Any, ...]  # of all fields of an entity, or of one field of all entities
Pair: TypeAlias = tuple[int, Values, Values]  # id, as it was, as it is


@dataclass
class Changes:
    """How the entities of a collection differ from what they were, by their class.

    Attributes:
        new: those that were not there, or were of another class.
        pairs: those that have another value.
    """

    new: dict[type[Struct], dict[int, Struct]] = field(default_factory=dict)
    pairs: dict[type[Struct], list[Pair]] = field(default_factory=dict)


def compare(baseline: Mapping[int, Struct], entities: Mapping[int, Struct]) -> Changes:
    """How a collection differs from a baseline; what is gone is left out."""
    found = Changes()
    for id, entity in entities.items():
        old, kind = baseline.get(id), type(entity)
        if old is entity:
            continue
        if old is None or type(old) is not kind:
            found.new.setdefault(kind, {})[id] = entity
        elif (before := astuple(old)) != (after := astuple(entity)):
            found.pairs.setdefault(kind, []).append((id, before, after))
    return found


def as_maps(changes: Changes) -> dict[str, Any]:
    """Changes as id → field → value. A new entity has all its fields."""
    maps: dict[str, Any] = {str(id): new for some in changes.new.values() for id, new in some.items()}
    for kind, pairs in changes.pairs.items():
        maps |= _changed_maps(kind, pairs)
    return maps


def as_columns(changes: Changes) -> list[Group]:
    """Changes as groups of ids and columns; shortest when the ids follow each other closely."""
    groups = [_new_group(kind, entities) for kind, entities in changes.new.items()]
    for kind, pairs in changes.pairs.items():
        groups += _changed_groups(kind, pairs)
    return groups


def from_columns(groups: Sequence[Columns]) -> dict[int, Fields]:
    """What `as_columns` packed, as id → field → value. The values are not checked.

    Raises:
        ValueError: a column has not one value for each id, an id is there twice, or there are
            more than `MAX_PACKED` entities.
    """
    count = sum(len(differences) for differences, _ in groups)
    if count > MAX_PACKED:
        raise ValueError(f"{count} entities in one collection; at most {MAX_PACKED} can be unpacked")
    entities: dict[int, Fields] = {}
    for differences, columns in groups:
        entities |= _entities(differences, columns)
    if len(entities) < count:
        raise ValueError("an entity is packed twice")
    return entities


def _differing(kind: type[Struct], pairs: Sequence[Pair]) -> Iterator[tuple[str, Values, Values]]:
    """The fields that differ in any pair: the name, all values before, all values after."""
    _, old, new = zip(*pairs, strict=True)
    before, after = zip(*old, strict=True), zip(*new, strict=True)
    for name, was, now in zip(kind.__struct_fields__, before, after, strict=True):
        if was != now:
            yield name, was, now


def _changed_maps(kind: type[Struct], pairs: Sequence[Pair]) -> dict[str, Fields]:
    maps: dict[str, Fields] = {str(id): {} for id, _, _ in pairs}
    for name, before, after in _differing(kind, pairs):
        for fields, was, now in zip(maps.values(), before, after, strict=True):
            if was != now:
                fields[name] = now
    return maps


def _new_group(kind: type[Struct], entities: Mapping[int, Struct]) -> Group:
    columns = zip(*map(astuple, entities.values()), strict=True)
    return _differences(entities), dict(zip(kind.__struct_fields__, columns, strict=True))


def _changed_groups(kind: type[Struct], pairs: Sequence[Pair]) -> Iterator[Group]:
    """One group for each set of fields that changed together."""
    columns = list(_differing(kind, pairs))
    places: dict[tuple[bool, ...], list[int]] = {}
    masks = zip(*(map(ne, before, after) for _, before, after in columns), strict=True)
    for place, mask in enumerate(masks):
        places.setdefault(mask, []).append(place)
    for mask, chosen in places.items():
        ids = _differences(pairs[place][0] for place in chosen)
        yield ids, {name: [after[place] for place in chosen] for name, _, after in compress(columns, mask)}


def _differences(ids: Iterable[int]) -> list[int]:
    return [id - before for before, id in pairwise([0, *ids])]


def _entities(differences: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> dict[int, Fields]:
    entities: dict[int, Fields] = {id: {} for id in accumulate(differences)}
    for name, column in columns.items():
        for fields, value in zip(entities.values(), column, strict=True):
            fields[name] = value
    return entities
