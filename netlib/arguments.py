"""Arguments, checked at the wrong call: one sentence says which it is, what came, and what is wanted.

What is checked are the annotations of a signature, so that they are true::

    @checked
    def __init__(self, name: str, *, port: Port = 8765) -> None: ...

With ``port="8765"`` it says ``port is '8765'; it must be a whole number from 0 to 65535``.
"""

import inspect
from collections.abc import Callable, Coroutine, Mapping
from functools import wraps
from types import NoneType, UnionType
from typing import Annotated, Any, ParamSpec, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Meta

from netlib.errors import WrongArgument, did_you_mean

PLAIN = {str: "a string", int: "a whole number", float: "a number", bool: "True or False", NoneType: "None"}
MORE = {
    Mapping: "a dict",
    Callable: "a function",
    Coroutine: "a coroutine",
}  # all other kinds are a list, as people would write it
UNKNOWN = (Any, inspect.Parameter.empty)

Port = Annotated[int, Meta(ge=0, le=65535, description="a whole number from 0 to 65535")]
Rate = Annotated[float, Meta(gt=0, le=1000, description="a number above 0, and at most 1000")]
Positive = Annotated[float, Meta(gt=0, description="a number above 0")]
Seconds = Annotated[float, Meta(ge=0, description="a number of seconds, at least 0")]
Count = Annotated[int, Meta(ge=0, description="a whole number, at least 0")]

P = ParamSpec("P")
T = TypeVar("T")


def checked(function: Callable[P, T]) -> Callable[P, T]:
    """Refuse arguments that a function does not have, or that are not what its annotations say.

    Looked at are classes, numbers and their range, ``type[…]`` and unions; not what is in a collection.
    """
    signature = inspect.signature(function)
    kinds = {name: given.annotation for name, given in signature.parameters.items()}

    @wraps(function)
    def call(*args: P.args, **options: P.kwargs) -> T:
        for name in options.keys() - kinds.keys():
            owner = function.__qualname__.removesuffix(".__init__")
            raise WrongArgument(f'{owner} has no argument "{name}"{did_you_mean(name, kinds)}')
        for name, value in signature.bind_partial(*args, **options).arguments.items():
            check(name, value, kinds[name])
        return function(*args, **options)

    return call


def check(name: str, value: Any, kind: Any) -> None:
    """Refuse a value that is not what an annotation says.

    Raises:
        WrongArgument: it is not.
    """
    if wanted := _wanted(value, kind):
        raise WrongArgument(f"{name} is {value!r:.60}; it must be {wanted}")


def is_text(value: str) -> bool:
    """Whether a text can travel: half of a surrogate pair has no form on the wire."""
    try:
        return value.isascii() or bool(value.encode())
    except UnicodeEncodeError:
        return False


def check_text(name: str, value: Any) -> None:
    """Refuse what is no text, or one that cannot travel.

    Raises:
        WrongArgument: it is.
    """
    check(name, value, str)
    if not is_text(value):
        raise WrongArgument(f"{name} is {value!r:.60}; it has a character that cannot travel")


def check_fields(struct: msgspec.Struct) -> None:
    """Refuse a struct, as it is made, of which a field is not what its annotation says.

    Raises:
        WrongArgument: there is such a field.
    """
    for field in msgspec.structs.fields(struct):
        check(field.name, getattr(struct, field.name), field.type)


def check_listener(what: str, function: Any, *gets: str) -> None:
    """Refuse a function that cannot be called with what it will get.

    Args:
        what: what it is for, such as "the listener of Chat".
        gets: the names of what it will get.

    Raises:
        WrongArgument: it cannot.
    """
    wanted = f"it must be a function of ({', '.join(gets)})"
    try:
        inspect.signature(function).bind(*gets)
    except ValueError:  # some of Python's own functions do not tell what they take
        return
    except TypeError as error:
        takes = inspect.signature(function) if callable(function) else ""
        name = getattr(function, "__qualname__", repr(function))
        raise WrongArgument(f"{what} is {name}{takes}; {wanted}") from error


def _wanted(value: Any, kind: Any) -> str:
    """What is wanted instead of a value, in words; empty when the value is fine."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        wanted = [_wanted(value, part) for part in parts]
        return " or ".join(wanted) if all(wanted) else ""
    if origin is Annotated and parts[0] not in PLAIN:
        return _wanted(value, parts[0]) and str(parts[1].description)
    if origin is Annotated or kind in PLAIN:
        try:
            msgspec.convert(value, kind)  # for which True is no number
        except msgspec.ValidationError:
            return PLAIN.get(kind) or str(parts[1].description)
        return ""
    if origin is type:
        kind = getattr(parts[0], "__bound__", parts[0])  # of a TypeVar
        return "" if isinstance(value, type) and issubclass(value, kind) else f"a subclass of {kind.__name__}"
    if origin is not None:
        return "" if isinstance(value, origin) and not isinstance(value, str) else MORE.get(origin, "a list")
    fits = kind in UNKNOWN or isinstance(kind, TypeVar) or isinstance(value, kind)
    return "" if fits else f"an object of class {kind.__name__}"
