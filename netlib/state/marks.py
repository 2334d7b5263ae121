"""What is known of the fields of a class: their plain types, and marks beside these, such as `Quantised`."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, TypeVar, get_args

import msgspec

MOST_CLASSES: Final = 1024  # that are remembered; classes for plain dicts come and go
SIMPLE: Final = {int, float, str, bool, bytes}

MarkT = TypeVar("MarkT", bound=msgspec.Struct)


def marked(kind: type[msgspec.Struct], mark: type[MarkT]) -> Iterator[tuple[str, Any, list[MarkT]]]:
    """The fields of a class with such a mark, also in a wrong place: each one's name, type, and the marks of
    the whole field."""
    for field in msgspec.structs.fields(kind):
        hint = getattr(field.type, "__value__", field.type)  # of `type Metres = …`, Python 3.12
        if any(_inside(hint, mark)):
            number, *found = get_args(hint) or (None,)
            yield field.name, number, [one for one in found if isinstance(one, mark)]


@lru_cache(MOST_CLASSES)
def simple_types(kind: type[msgspec.Struct]) -> tuple[type | None, ...]:
    """The type of each field that is nothing but a number, a text or bytes; None for all others."""
    return tuple(field.type if field.type in SIMPLE else None for field in msgspec.structs.fields(kind))


def _inside(hint: Any, mark: type[MarkT]) -> Iterator[Any]:
    """Every such mark in a type, also where it must not be, and also without its parentheses."""
    if hint is mark or isinstance(hint, mark):
        yield hint
    for part in get_args(hint):
        yield from _inside(part, mark)
