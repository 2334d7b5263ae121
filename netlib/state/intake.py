"""What a game publishes, checked at the call and copied, before anybody gets it.

Entities are frozen, so one that was published before needs no second look: only those that are other
objects now are checked, all of a class at once, by encoding and decoding them as their clients will.
"""

import math
import reprlib
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from types import GenericAlias
from typing import Any, Final, NamedTuple, TypeAlias

import msgspec
from msgspec import Struct
from msgspec.structs import astuple, fields

from netlib.arguments import is_text
from netlib.errors import BadMessage, WrongArgument
from netlib.protocol.codecs import JSON, MALFORMED, MSGPACK
from netlib.protocol.frames import MAX_ENTITIES, MAX_PACKED
from netlib.session.parts import MAX_JOINED
from netlib.state.classes import check_class, has_own_form
from netlib.state.marks import MOST_CLASSES, simple_types
from netlib.state.packing import Changes, by_class, columns_of, compare, others
from netlib.state.quantise import in_steps, rounded, steps_of
from netlib.state.state import NO_ENTITIES, VALUES, VALUES_ID, Entity, Frozen, Taken

MAX_ID: Final = 2**53
WEIGHED_AT_ONCE: Final = 1024  # entities
JSON_TIMES: Final = 8  # entities in JSON have about at most so many times the bytes of their columns
UNFIT: Final = (*MALFORMED, TypeError, OverflowError, BadMessage)
EXAMPLE: Final = 'such as {"players": {1: Player(x=3)}}, where Player is a class of netlib.Entity'

NO_ENTITY: Final = (
    f"what has a whole number as its id is an entity, {EXAMPLE}, or a dict of its fields. "
    'Plain values have texts as keys, such as {"scores": {"Ada": 3}}'
)

Plain: TypeAlias = bool | int | float | str | Sequence["Plain"] | Mapping[str, "Plain"] | None
Published: TypeAlias = Mapping[str, Mapping[int, Struct | Mapping[str, Plain]] | Plain]

PRIVATE: Final = (
    "is Private, and would travel to everybody here: make netlib.interest.Views(room) before the first "
    'publish, and let a whole collection be Private, {"hand": Private({peer.id: {1: Card(…)}})}'
)


class Private(dict[int, Any]):
    """A collection of which each player sees its own part alone: entities by id, by the player's number.

    Who else may see something, such as a board, is named beside the owner: ``Private({ada.id: hand,
    board.id: hand})``. The part of somebody who is not here goes to nobody.
    """


class PlainEntity(Struct, frozen=True, gc=False):
    """Base of the classes that stand for plain dicts, one for each set of keys."""


SENT: Final = (Entity, PlainEntity)
UNCHANGED: Final = Changes()


class Intake:
    """Takes in one state after the other. Any thread may."""

    def __init__(self) -> None:
        # The entities as they were given, and as they travel.
        self._before: tuple[Frozen, Taken] = {}, Taken()
        self._most = 0  # bytes that a full snapshot may have: what was weighed, and what is new since

    def take(self, state: Published) -> Taken:
        """Check a state, and copy it as it travels. One that was taken in already stays as it is.

        Raises:
            WrongArgument: it is not made of collections, ids and entities.
            BadMessage: clients could not read a field, or the state is too large.
        """
        if isinstance(state, Taken):
            return state
        (given_before, taken_before), most = self._before, self._most
        given, taken = dict[str, Mapping[int, Any]](), Taken(taken_before)
        for name, entities in _collections(state).items():
            before = given_before.get(name, NO_ENTITIES), taken_before.get(name, NO_ENTITIES)
            given[name], taken[name], taken.changes[name], more = _collection(name, entities, *before)
            most += more * JSON_TIMES
        if (count := sum(map(len, taken.values()))) > MAX_ENTITIES:
            raise BadMessage(f"a state has {count} entities; at most {MAX_ENTITIES} can travel")
        if most > MAX_JOINED:
            most = _weighed(taken)
        self._before, self._most = (given, taken), most
        return taken


def _collections(state: Any) -> dict[str, Mapping[int, Any]]:
    """The collections in a state, whose plain values become the fields of an entity."""
    if not isinstance(state, Mapping):
        raise WrongArgument(f"a state is a dict of collections, {EXAMPLE}; not {reprlib.repr(state)}")
    found: dict[str, Mapping[int, Any]] = {}
    values: dict[str, Any] = {}
    for name, content in state.items():
        if not isinstance(name, str) or name == VALUES or not is_text(name):
            raise WrongArgument(f"a collection has a name, {EXAMPLE}; not {reprlib.repr(name)}")
        _check_public(name, content)
        is_value = not isinstance(content, Mapping) or isinstance(next(iter(content), None), str)
        (values if is_value else found)[name] = content
    return found | ({VALUES: {VALUES_ID: values}} if values else {})


def _check_public(where: str, content: Any) -> None:
    if isinstance(content, Private):
        raise WrongArgument(f"{where} {PRIVATE}")


def _collection(
    name: str, entities: Mapping[int, Any], given: Mapping[int, Any], taken: Mapping[int, Struct]
) -> tuple[Mapping[int, Any], Mapping[int, Struct], Changes, int]:
    """A collection as it is given and as it travels, from what both were; what changed, and its bytes."""
    changed = others(given, entities)
    if not changed and len(given) == len(entities):
        return given, taken, UNCHANGED, 0
    _check_ids(name, changed, len(entities))
    if plain := not all(issubclass(kind, Struct) for kind in {*map(type, changed.values())}):
        changed = {id: _plain_entity(name, id, one) for id, one in changed.items()}
    travels, size = _travelling(name, changed)
    now = {**taken, **travels}
    if len(now) > len(entities):
        now = {id: one for id, one in now.items() if id in entities}
    same = now if plain else dict(entities)  # a dict may change without being another: it never is the same
    return same, now, compare(taken, now, travels), size


def _travelling(name: str, changed: Mapping[int, Any]) -> tuple[Mapping[int, Struct], int]:
    """What entities travel as, and how many bytes that is; all are looked at."""
    travels, size = changed, 0
    for kind, some in by_class(changed):
        if not issubclass(kind, SENT):
            id, wrong = next(iter(some.items()))
            raise WrongArgument(f"{name}[{id}] is {reprlib.repr(wrong)}; {NO_ENTITY}")
        known = _known(kind)
        size += _check(name, known, some)
        if known.form:
            travels = {**travels, **{id: known.form(one) for id, one in some.items()}}
    return travels, size


class Known(NamedTuple):
    """What is known of a class of entities."""

    kind: type[Struct]
    form: Callable[[Any], Struct] | None  # makes what travels; None when that is the entity itself
    quantised: bool
    simple: tuple[type | None, ...]  # see `simple_types`


@lru_cache(MOST_CLASSES)
def _known(kind: type[Struct]) -> Known:
    if issubclass(kind, Entity):
        check_class(kind)
    quantised = bool(steps_of(kind))
    form: Callable[[Any], Struct] | None = in_steps if quantised else None
    if issubclass(kind, Entity) and has_own_form(kind):
        plain = _plain_class(kind.__struct_encode_fields__)
        form = lambda entity: plain(*astuple(in_steps(entity)))  # noqa: E731
    return Known(kind, form, quantised, simple_types(kind))


def _check(name: str, known: Known, some: Mapping[int, Any]) -> int:
    """Look whether clients will have these entities, of one class, as they are. Returns their bytes."""
    try:
        columns = columns_of(map(rounded, some.values()) if known.quantised else some.values())
        data = MSGPACK.encode(columns)
        simple = all(map(_is_simple, known.simple, columns))
        if simple or _reader(known.kind).decode(JSON.encode(columns)) == columns:
            return len(data)
    except UNFIT:
        pass
    raise BadMessage(
        next(filter(None, (_unfit(name, id, one) for id, one in some.items())), f"{name} cannot travel")
    )


def _check_ids(name: str, ids: Collection[Any], count: int) -> None:
    if ids and ({*map(type, ids)} != {int} or max(map(abs, ids)) > MAX_ID or count > MAX_PACKED):
        found = f"{name} has {count} ids, {reprlib.repr([*ids])}"
        raise WrongArgument(f"{found}; these are at most {MAX_PACKED} whole numbers, to 2**53, {EXAMPLE}")


def _is_simple(hint: type | None, column: Sequence[Any]) -> bool:
    """Whether a field's type is a simple one, and its values are of it: then they arrive as they are."""
    return {*map(type, column)} == {hint} and (hint is not float or all(map(math.isfinite, column)))


@lru_cache(MOST_CLASSES)
def _reader(kind: type[Struct]) -> Any:
    """What decodes the fields of entities of a class, as a client does."""
    return JSON.decoder(
        GenericAlias(tuple, tuple(GenericAlias(tuple, (one.type, ...)) for one in fields(kind)))
    )


def _unfit(name: str, id: int, entity: Struct) -> str:
    """Which field of an entity clients would not have as it is, and why; nothing when they have all."""
    where = f"{name}[{id}]." if name != VALUES else ""
    try:
        entity = rounded(entity)
    except UNFIT as error:
        return f"{where}{error}"
    for field in fields(entity):
        value = getattr(entity, field.name)
        if why := _flaw(field.type, value):
            return f"{where}{field.encode_name} is {reprlib.repr(value)}; {why}"
    return ""


def _flaw(hint: Any, value: Any) -> str:
    try:
        MSGPACK.encode(value)
        arrived = msgspec.json.decode(JSON.encode(value), type=hint)
    except UNFIT as error:
        return f"clients cannot read that: {error}"
    return "" if arrived == value else f"clients would have {reprlib.repr(arrived)}"


# State without classes.


def _plain_entity(name: str, id: int, own: Any) -> Any:
    """A copy of a dict, which does not change when the dict does; what is no dict stays as it is."""
    if not isinstance(own, Mapping):
        return own
    _check_public(f"{name}[{id}]", own)
    where = f"{name}[{id}]." if name != VALUES else ""
    try:
        copied = [_copied(f"{where}{key}", value) for key, value in own.items()]
    except RecursionError as error:
        raise WrongArgument(f"{where or 'a state '}has values within values, too deep to travel") from error
    try:
        return _plain_class(tuple(own))(*copied)
    except (ValueError, TypeError) as error:
        raise WrongArgument(f"{where or 'a state '}has a key that cannot travel: {error}") from error


@lru_cache(MOST_CLASSES)
def _plain_class(names: tuple[str, ...]) -> type[Struct]:
    own = {f"field_{number}": name for number, name in enumerate(names)}
    return msgspec.defstruct(
        "Plain", [(one, Any) for one in own], bases=(PlainEntity,), frozen=True, gc=False, rename=own
    )


def _copied(where: str, value: Any) -> Any:
    """A copy of a plain value, down to its leaves."""
    _check_public(where, value)
    if isinstance(value, Mapping) and {*map(type, value)} <= {str}:
        return {key: _copied(f"{where}[{key!r}]", one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(f"{where}[{place}]", one) for place, one in enumerate(value)]
    if value is None or type(value) in (int, str, bool) or (type(value) is float and math.isfinite(value)):
        return value
    raise WrongArgument(
        f"{where} is {reprlib.repr(value)}; plain state is made of finite numbers, texts, lists, and dicts "
        f"with texts as keys. Entities have whole numbers as ids, {EXAMPLE}"
    )


def _weighed(state: Frozen) -> int:
    """How many bytes the entities of a state have in JSON, which is larger than MessagePack.

    Raises:
        BadMessage: too many; the text names the largest collection.
    """
    sizes = {name: _weight(list(entities.values())) for name, entities in state.items()}
    if sum(sizes.values()) > MAX_JOINED:
        name = max(sizes, key=lambda name: sizes[name])
        whose = f'"{name}" has {len(state[name])} entities' if name != VALUES else "plain values"
        raise BadMessage(
            f"{whose} of {sizes[name] >> 20} MiB together; a state may have {MAX_JOINED >> 20} MiB: "
            "publish less, and send the rest as messages"
        )
    return sum(sizes.values())


def _weight(entities: list[Struct]) -> int:
    places = range(0, len(entities), WEIGHED_AT_ONCE)
    return sum(len(JSON.encode(entities[place : place + WEIGHED_AT_ONCE])) for place in places)
