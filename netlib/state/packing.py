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
from operator import is_not, ne
from typing import Any, Final, NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.structs import astuple

from netlib.protocol.codecs import MSGPACK
from netlib.protocol.frames import MAX_PACKED, Columns, Fields
from netlib.state.marks import simple_types

Group: TypeAlias = tuple[list[int], dict[str, Sequence[Any]]]  # ids as differences; field → values
Values: TypeAlias = tuple[Any, ...]  # of one field, of some entities
Columned: TypeAlias = tuple[Values, ...]  # of all fields
EXACT: Final = {int, str, bytes, bool}  # of one of these types, what is equal is the same


class Pairs(NamedTuple):
    """Entities of one class that are other objects than they were: ids, and fields before and after."""

    ids: list[int]
    before: Columned
    after: Columned


@dataclass
class Changes:
    """How the entities of a collection differ from what they were, by their class.

    Attributes:
        new: those that were not there, or were of another class.
        pairs: those that may have other values, since they are other objects.
        gone: the ids of those that are not there any more, or are of another class.
    """

    new: dict[type[Struct], Mapping[int, Struct]] = field(default_factory=dict)
    pairs: dict[type[Struct], Pairs] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)


def compare(
    baseline: Mapping[int, Struct],
    entities: Mapping[int, Struct],
    changed: Mapping[int, Struct] | None = None,
) -> Changes:
    """How a collection differs from a baseline; ``changed`` are those that are other objects, when known."""
    found = Changes()
    for kind, some in by_class(others(baseline, entities) if changed is None else changed):
        olds = list(map(baseline.get, some))
        if {*map(type, olds)} != {kind}:
            found.new[kind] = new = {
                id: one for id, one in some.items() if type(baseline.get(id)) is not kind
            }
            found.gone += [id for id in new if id in baseline]
            some = {id: one for id, one in some.items() if id not in new}
            olds = list(map(baseline.get, some))
        if some:
            found.pairs[kind] = Pairs(list(some), columns_of(olds), columns_of(some.values()))
    fresh = sum(map(len, found.new.values())) - len(found.gone)
    if len(baseline) + fresh > len(entities):
        found.gone += [id for id in baseline if id not in entities]
    return found


def others(before: Mapping[int, Any], entities: Mapping[int, Any]) -> dict[int, Any]:
    """The entities that are other objects than they were: a world is large, its changes few."""
    were = before.values() if list(before) == list(entities) else map(before.get, entities)
    return dict(compress(entities.items(), map(is_not, were, entities.values())))


def by_class(entities: Mapping[int, Any]) -> Iterable[tuple[type, Mapping[int, Any]]]:
    """The entities of each class."""
    kinds = {*map(type, entities.values())}
    if len(kinds) == 1:
        return ((kinds.pop(), entities),)
    return ((kind, {id: one for id, one in entities.items() if type(one) is kind}) for kind in kinds)


def columns_of(entities: Iterable[Any]) -> Columned:
    """The values of each field, of some entities of one class."""
    return tuple(zip(*map(astuple, entities), strict=True))


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


def _differing(kind: type[Struct], pairs: Pairs) -> Iterator[tuple[str, list[bool], Values]]:
    """The fields that differ in any pair: the name, in which pairs, and all values after."""
    names, simple = kind.__struct_encode_fields__, simple_types(kind)
    for name, exact, was, now in zip(names, simple, pairs.before, pairs.after, strict=True):
        keys = (was, now) if exact in EXACT else _keys(was, now)
        if keys[0] != keys[1]:
            yield name, list(map(ne, *keys)), now


def _keys(before: Values, after: Values) -> tuple[Values, Values]:
    """What stands for the values of two columns, so that what is equal is also the same on the wire.

    In Python 0 equals False and -0.0, and how a class compares its values is its own affair.
    """
    kinds = {*map(type, before), *map(type, after)}
    if len(kinds) == 1 and (kinds <= EXACT or (float in kinds and 0.0 not in after)):
        return before, after
    return tuple(map(MSGPACK.encode, before)), tuple(map(MSGPACK.encode, after))


def _changed_maps(kind: type[Struct], pairs: Pairs) -> dict[str, Fields]:
    maps: dict[int, Fields] = {id: {} for id in pairs.ids}
    for name, mask, after in _differing(kind, pairs):
        for fields, value in compress(zip(maps.values(), after, strict=True), mask):
            fields[name] = value
    return {str(id): fields for id, fields in maps.items() if fields}


def _new_group(kind: type[Struct], entities: Mapping[int, Struct]) -> Group:
    columns = columns_of(entities.values())
    return _differences(entities), dict(zip(kind.__struct_encode_fields__, columns, strict=True))


def _changed_groups(kind: type[Struct], pairs: Pairs) -> Iterator[Group]:
    """One group for each set of fields that changed together."""
    columns = list(_differing(kind, pairs))
    places: dict[tuple[bool, ...], list[int]] = {}
    for place, mask in enumerate(zip(*(mask for _, mask, _ in columns), strict=True)):
        if any(mask):
            places.setdefault(mask, []).append(place)
    for mask, chosen in places.items():
        ids = _differences(pairs.ids[place] for place in chosen)
        yield ids, {name: [after[place] for place in chosen] for name, _, after in compress(columns, mask)}


def _differences(ids: Iterable[int]) -> list[int]:
    return [id - before for before, id in pairwise([0, *ids])]


def _entities(differences: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> dict[int, Fields]:
    entities: dict[int, Fields] = {id: {} for id in accumulate(differences)}
    for name, column in columns.items():
        for fields, value in zip(entities.values(), column, strict=True):
            fields[name] = value
    return entities
