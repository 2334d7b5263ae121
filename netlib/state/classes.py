"""Which classes may be those of entities, told where they are written.

Entities are recognised by identity, so a value that can change in place would part server and clients in
silence. How a class is written on the wire is not its own affair either: see `has_own_form`.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, ClassVar, Final, get_origin, get_type_hints

import msgspec
from msgspec import inspect
from msgspec.structs import astuple

from netlib.errors import WrongArgument
from netlib.state.angle import turns_of
from netlib.state.quantise import steps_of

INSTEAD: Final[dict[type, str]] = {
    inspect.ListType: "instead of a list use a tuple, such as tuple[int, ...]",
    inspect.SetType: "instead of a set use a frozenset",
    inspect.DictType: "instead of a dict use a tuple of pairs, or a class of msgspec.Struct with frozen=True",
    inspect.TypedDictType: "instead of a dict use a class of msgspec.Struct with frozen=True",
    inspect.ByteArrayType: "use bytes",
    inspect.MemoryViewType: "use bytes",
    inspect.AnyType: "instead of Any say what it is",
    inspect.CustomType: "use a class of msgspec.Struct with frozen=True",
}


def check_new_class(kind: type) -> None:
    """Look at a class that is being made. One that names others that come later is looked at when it is used.

    Raises:
        WrongArgument: see `check_class`.
    """
    try:
        hints = get_type_hints(kind, include_extras=True)
    except NameError:
        return
    _check_hints(kind, {name: hint for name, hint in hints.items() if get_origin(hint) is not ClassVar})


@cache
def check_class(kind: Any) -> None:
    """Look whether entities of a class arrive as they are, and stay so.

    Raises:
        WrongArgument: they would not; the text names the field, and says what to use instead.
    """
    if not (isinstance(kind, msgspec.StructMeta) and kind.__struct_config__.frozen):
        raise WrongArgument(
            f"{kind!r} is no class of entities: write class …(netlib.Entity), without frozen=False"
        )
    _check_hints(kind, {field.name: field.type for field in msgspec.structs.fields(kind)})  # type: ignore[arg-type]
    steps_of(kind)
    turns_of(kind)


def has_own_form(kind: type[msgspec.Struct]) -> bool:
    """Whether msgspec would not write all fields of a class under the names that they have in Python.

    Entities of such a class travel as all others do: each field under its name on the wire.
    """
    config = kind.__struct_config__
    renamed = kind.__struct_encode_fields__ != kind.__struct_fields__
    return renamed or config.array_like or config.omit_defaults or config.tag is not None


def _check_hints(kind: type, hints: Mapping[str, Any]) -> None:
    for name, hint in hints.items():
        try:
            wrong = next(_wrong(inspect.type_info(hint), set()), None)
        except TypeError as error:
            raise WrongArgument(f"{kind.__name__}.{name} cannot travel: {error}") from error
        if wrong:
            raise WrongArgument(f"{kind.__name__}.{name} could change unseen, or be unreadable: {wrong}")


def _wrong(info: Any, seen: set[int]) -> Iterator[str]:
    """What to use instead of a type, and of those that it is made of; nothing when all is right."""
    if id(info) in seen:
        return  # a class that contains itself
    seen.add(id(info))
    frozen = _is_frozen(info.cls) if isinstance(info, inspect.StructType | inspect.DataclassType) else True
    if instead := INSTEAD.get(type(info), "" if frozen else f"give {info.cls.__name__} frozen=True"):
        yield instead
    for part in astuple(info):
        for one in part if isinstance(part, tuple) else (part,):
            if isinstance(one, inspect.Type | inspect.Field):
                yield from _wrong(one, seen)


def _is_frozen(kind: Any) -> bool:
    kind = get_origin(kind) or kind
    config = getattr(kind, "__struct_config__", getattr(kind, "__dataclass_params__", None))
    return config is not None and config.frozen
