"""Quantised fields: numbers that travel as whole steps.

::

    class Ball(netlib.Entity, frozen=True):
        x: Annotated[float, Quantised(1 / 16)]

On the wire ``x`` is the integer ``round(x / step)``; back it is that integer times the step. An
integer is shorter than a float, and what moved by less than half a step need not travel at all.
Quantisation is the first step of Glenn Fiedler's "Snapshot Compression" (2015).
"""

import math
from collections.abc import Mapping
from copy import copy
from functools import lru_cache
from typing import Any, Final, TypeVar

import msgspec
from msgspec.structs import force_setattr, replace

from netlib.errors import BadMessage, WrongArgument
from netlib.state.marks import MOST_CLASSES, marked

MAX_STEPS: Final = 2**50  # to either side of 0; further out a float is no finer than a step

Struct = TypeVar("Struct", bound=msgspec.Struct)


class Quantised(msgspec.Struct, frozen=True):
    """Mark of a field, inside ``Annotated``: it travels as a whole number of steps.

    Args:
        step: what 1 on the wire stands for, in the unit of the field. For an ``int`` a whole number.

    Raises:
        ValueError: the step is not a finite number above 0.
    """

    step: float

    def __post_init__(self) -> None:
        if not 0 < self.step * float(MAX_STEPS) < math.inf:
            raise WrongArgument(
                f"a quantised field needs a finite step above 0, such as 1/16, not {self.step}"
            )


@lru_cache(MOST_CLASSES)
def steps_of(kind: type[msgspec.Struct]) -> Mapping[str, float]:
    """The step of each quantised field of a class, by the field's name; most classes have none.

    Raises:
        WrongArgument: a field is marked that is no plain number.
    """
    return {name: _step(kind, name, number, found) for name, number, found in marked(kind, Quantised)}


def in_steps(entity: Struct) -> Struct:
    """The entity as it travels: of the same class, with each quantised field counted in steps.

    Raises:
        BadMessage: a quantised field holds NaN, infinity, no number, or more than `MAX_STEPS` steps.
    """
    steps = steps_of(type(entity))
    if not steps:
        return entity
    counted = copy(entity)  # not `replace`: rules of the class are about values, not about steps
    for name, step in steps.items():
        force_setattr(counted, name, _count(entity, name, step))
    return counted


def rounded(entity: Struct) -> Struct:
    """The entity at wire precision: what a client has when it got this one.

    A prediction that is compared with the server's word is rounded first.

    Raises:
        BadMessage: a quantised field holds NaN, infinity, no number, or more than `MAX_STEPS` steps.
    """
    steps = steps_of(type(entity))
    if not steps:
        return entity
    return replace(entity, **{name: _count(entity, name, step) * step for name, step in steps.items()})


def from_steps(fields: Mapping[str, Any], steps: Mapping[str, float]) -> dict[str, Any]:
    """Fields from the wire, those that ``steps`` names as values again.

    Raises:
        ValueError: a quantised field is no integer within `MAX_STEPS`.
    """
    return {
        name: _value(name, field, steps[name]) if name in steps else field for name, field in fields.items()
    }


def _step(kind: type[msgspec.Struct], name: str, number: Any, found: list[Quantised]) -> float:
    match found:
        case [mark] if number is float:
            return float(mark.step)
        case [mark] if number is int and mark.step == int(mark.step):
            return int(mark.step)
    raise WrongArgument(
        f"{kind.__name__}.{name} cannot be quantised: write Annotated[float, Quantised(step)], "
        "or Annotated[int, Quantised(step)] with a whole step"
    )


def _count(entity: msgspec.Struct, name: str, step: float) -> int:
    value = getattr(entity, name)
    try:
        count: int = round(value / step)
    except (ValueError, OverflowError, TypeError):  # NaN, infinity, no number
        count = MAX_STEPS + 1
    if abs(count) > MAX_STEPS:
        what = f"{type(entity).__name__}.{name} is {value!r}"
        raise BadMessage(f"{what}; it must be a number of at most 2**50 steps of {step:g}")
    return count


def _value(name: str, count: Any, step: float) -> float:
    if type(count) is not int or abs(count) > MAX_STEPS:
        raise ValueError(f'"{name}" must be a whole number of steps of {step:g}, of at most 2**50')
    return count * step
