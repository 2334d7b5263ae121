"""State: entities in named collections, snapshots of them, and the deltas between snapshots.

The server's truth is a mapping ``{"players": {7: Player(…)}, "gems": {…}}`` of frozen
entities. A changed entity is a new object, so an unchanged one is recognised by identity, and
yesterday's snapshot stays true while the world moves on. Delta compression against a baseline
is the technique of the Quake 3 network model (id Software, 1999).

A program that has no classes yet publishes plain values instead, ``{"countdown": 10, "scores": {"Ada": 3}}``,
and plain entities, ``{"players": {7: {"x": 3}}}``; a client without a schema has the same in its state.
"""

from collections.abc import Iterable, Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    Generic,
    Never,
    TypeAlias,
    TypedDict,
    TypeVar,
    dataclass_transform,
    overload,
)
from weakref import ref

import msgspec
from msgspec.structs import replace

from netlib.errors import BadMessage, UnknownCollection, did_you_mean
from netlib.protocol.codecs import MALFORMED
from netlib.protocol.frames import MAX_ENTITIES, Fields, Snapshot
from netlib.state.classes import check_class, check_new_class, has_own_form
from netlib.state.packing import Changes, as_columns, as_maps, compare, from_columns
from netlib.state.quantise import from_steps, steps_of

VALUES: Final = ""  # the collection that holds the plain values, as fields of one entity
VALUES_ID: Final = 0  # its id


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class Entity(msgspec.Struct, frozen=True, gc=False):
    """Base of everything that is synchronised; its fields travel under their own names.

    Use integers for what the rules compute with, or `Quantised` for what may be coarser there, and mark
    what is an `Angle`. Everything in it is frozen, also what is nested: tuples instead of lists.

    Raises:
        WrongArgument: a class has a field that could change unseen, or that clients cannot read.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        check_new_class(cls)


if TYPE_CHECKING:  # defaults come with Python 3.13; type checkers have them for every Python
    from typing_extensions import TypeVar as DefaultVar

    EntityT = DefaultVar("EntityT", bound=Entity, default=Any)  # what a client's state is made of
else:
    EntityT = TypeVar("EntityT")

State: TypeAlias = Mapping[str, Mapping[int, Entity]]
Schema: TypeAlias = Mapping[str, type[Entity]]
Frozen: TypeAlias = Mapping[str, Mapping[int, msgspec.Struct]]  # a state as it travels
NOT_YET = "The server has published nothing of that name yet"
NOT_NAMED = "A client has what its schema names: connect(…, schema={name: class of netlib.Entity})"
NO_ENTITIES: Final[Mapping[int, Any]] = {}


class Taken(dict[str, Mapping[int, msgspec.Struct]]):
    """A published state that was taken in: checked, and as it travels.

    Attributes:
        changes: how its collections differ from those of the state ``since``, which is not kept for that.
    """

    def __init__(self, since: "Taken | None" = None) -> None:
        super().__init__()
        self.since = (lambda: None) if since is None else ref(since)
        self.changes: dict[str, Changes] = {}


def delta_body(baseline: Frozen, state: Frozen, base: int, *, packed: bool = False) -> Fields:
    """The part of a delta snapshot that is the same for every client.

    Args:
        baseline: the state that the clients have.
        state: the state to bring them to.
        base: the tick of ``baseline``.
        packed: as columns, which are short, instead of maps, which are clear.
    """
    form, key, id_form = (as_columns, "packed", int) if packed else (as_maps, "set", str)
    known = state.changes if isinstance(state, Taken) and state.since() is baseline else {}
    changes = {
        name: known.get(name) or compare(baseline.get(name, NO_ENTITIES), state.get(name, NO_ENTITIES))
        for name in {**baseline, **state}
    }
    changed = {name: form(one) for name, one in changes.items()}
    gone = {name: list(map(id_form, one.gone)) for name, one in changes.items()}
    return {"base": base, **_non_empty({key: _non_empty(changed), "gone": _non_empty(gone)})}


def _non_empty(parts: Mapping[str, Any]) -> Fields:
    return {name: part for name, part in parts.items() if part}


class Collections(dict[str, dict[int, EntityT]], Generic[EntityT]):
    """What a client has of a state: entities by id, by the collection's name; without a schema, anything.

    Asked for a name that it does not have, it raises `netlib.UnknownCollection`, which says what there is.

    Args:
        hint: what to do about a name that is not there.
    """

    def __init__(self, found: Mapping[str, Any], hint: str = "") -> None:
        super().__init__(found)
        self._hint = hint

    if TYPE_CHECKING:  # only Any passes for Never: what a state without a schema has can be anything

        @overload
        def __getitem__(self: "Collections[Never]", name: str, /) -> Any: ...
        @overload
        def __getitem__(self, name: str, /) -> dict[int, EntityT]: ...
        def __getitem__(self, name: str, /) -> Any: ...

    def __missing__(self, name: str) -> Any:
        known = f"; there is {', '.join(map(repr, self))}" if self else ""
        raise UnknownCollection(
            f"no {name!r} in this state{did_you_mean(str(name), self)}{known}. {self._hint}"
        )


class Reader:
    """How the entities of one collection are read: by their class, or as plain dicts when it is unknown."""

    def __init__(self, kind: type[Entity] | None) -> None:
        self._kind = kind
        self._whole: Any = None
        self._names: dict[str, str] = {}  # on the wire → in Python
        self._steps: dict[str, float] = {}
        self._parts: Any = dict[int, Fields]
        if kind is None:
            return
        check_class(kind)
        fields, steps = msgspec.structs.fields(kind), steps_of(kind)
        self._names = {field.encode_name: field.name for field in fields}
        self._steps = {field.encode_name: steps[field.name] for field in fields if field.name in steps}
        hints = {field.encode_name: field.type for field in fields}
        some: Any = TypedDict(kind.__name__, hints, total=False)  # type: ignore[misc]
        self._parts = dict[int, some]
        self._whole = None if has_own_form(kind) else dict[int, kind]  # type: ignore[valid-type]

    def whole(self, arrived: Mapping[Any, Fields]) -> dict[int, Any]:
        """All entities, from all their fields."""
        if self._whole is None:
            return self.merged({}, arrived)
        entities: dict[int, Any] = msgspec.convert(self._values(arrived), self._whole, str_keys=True)
        return entities

    def merged(self, old: Mapping[int, Any], arrived: Mapping[Any, Fields]) -> dict[int, Any]:
        """All entities, from those before and the fields that changed."""
        entities = dict(old)
        for id, fields in msgspec.convert(self._values(arrived), self._parts, str_keys=True).items():
            entities[id] = self._made(entities.get(id), fields)
        return entities

    def _values(self, arrived: Mapping[Any, Fields]) -> Mapping[Any, Fields]:
        if not self._steps:
            return arrived
        return {id: from_steps(fields, self._steps) for id, fields in arrived.items()}

    def _made(self, old: Any, fields: Fields) -> Any:
        if self._kind is None:
            return {**(old or {}), **fields}
        named = {self._names[name]: value for name, value in fields.items()}
        return self._kind(**named) if old is None else replace(old, **named)


PLAIN: Final = Reader(None)


class Replica:
    """A client's copy of the server's state, brought up to date by snapshots.

    Args:
        schema: the entity class of each collection; a collection that it does not name stays
            out, so that an older client can play on a newer server. None: all is taken, as plain dicts.
            Plain values are taken in any case.

    Attributes:
        state: collections of entities by id, and the plain values. Each snapshot makes new collections, so a
            state that was kept does not change under its keeper.
        tick: the server's tick of ``state``; -1 before the first snapshot.

    Raises:
        WrongArgument: a class in the schema cannot be one of entities.
    """

    def __init__(self, schema: Schema | None) -> None:
        self._readers = (
            None
            if schema is None
            else {
                **{name: Reader(kind) for name, kind in schema.items()},
                VALUES: PLAIN,
            }
        )
        self.state: Collections[Any]
        self._take({name: {} for name in schema or ()}, -1)

    def apply(self, snapshot: Snapshot) -> bool:
        """Take a snapshot in. False when it is a delta from a tick that we do not have.

        Raises:
            BadMessage: an entity does not fit the schema; the state is then unchanged.
        """
        if not snapshot.full and snapshot.base != self.tick:
            return False
        if sum(len(ids) for groups in snapshot.packed.values() for ids, _ in groups) > MAX_ENTITIES:
            raise BadMessage(f"snapshot {snapshot.tick} has more than {MAX_ENTITIES} entities", "snapshot")
        try:
            found = self._whole(snapshot) if snapshot.full else self._changed(snapshot)
        except (*MALFORMED, TypeError) as error:
            text = f"snapshot {snapshot.tick} does not fit this game: {error}"
            raise BadMessage(text, "snapshot") from error
        self._take(found, snapshot.tick)
        return True

    def _take(self, collections: dict[str, dict[int, Any]], tick: int) -> None:
        self._collections, self.tick = collections, tick
        values: Fields = collections.get(VALUES, {}).get(VALUES_ID, {})
        entities = {name: found for name, found in collections.items() if name != VALUES}
        if self._readers is None:
            self.state = Collections({**entities, **values}, NOT_YET)
        else:
            self.state = Collections({**values, **entities}, NOT_NAMED)  # what the schema names it has

    def _whole(self, snapshot: Snapshot) -> dict[str, dict[int, Any]]:
        names: Iterable[str] = self._readers or {
            **dict.fromkeys(snapshot.state),
            **dict.fromkeys(snapshot.packed),
        }
        return {
            name: reader.whole(_arrived(name, snapshot.state, snapshot))
            for name, reader in self._known(names)
        }

    def _changed(self, snapshot: Snapshot) -> dict[str, dict[int, Any]]:
        state = dict(self._collections)
        for name, _ in self._known(snapshot.gone):
            gone = {int(id) for id in snapshot.gone[name]}
            state[name] = {id: entity for id, entity in state.get(name, {}).items() if id not in gone}
        for name, reader in self._known({**snapshot.set, **snapshot.packed}):
            state[name] = reader.merged(state.get(name, {}), _arrived(name, snapshot.set, snapshot))
        return state

    def _known(self, names: Iterable[str]) -> list[tuple[str, Reader]]:
        """Those of the names that we keep, and how they are read."""
        if self._readers is None:
            return [(name, PLAIN) for name in names]
        return [(name, self._readers[name]) for name in names if name in self._readers]


def _arrived(name: str, maps: Mapping[str, Any], snapshot: Snapshot) -> dict[Any, Fields]:
    """What a snapshot says of a collection, by id; not checked yet."""
    return {**maps.get(name, {}), **from_columns(snapshot.packed.get(name, []))}
