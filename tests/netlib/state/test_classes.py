"""Classes of entities: what would part server and clients in silence is refused where it is written."""

import dataclasses
import datetime
import enum
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, NewType, TypedDict

import msgspec
import pytest
from msgspec import Meta

import netlib
from netlib.errors import BadMessage, WrongArgument
from netlib.protocol.codecs import Codec
from netlib.state.intake import Intake
from netlib.state.state import Entity, Replica
from netlib.state.sync import Publisher
from tests.support.snapshots import both, decoded, published


class Frozen(msgspec.Struct, frozen=True):
    x: int = 0


class Loose(msgspec.Struct):
    x: int = 0


class Hidden(msgspec.Struct, frozen=True):
    inside: tuple[Loose, ...] = ()


@dataclasses.dataclass
class LooseData:
    x: int = 0


@dataclasses.dataclass(frozen=True)
class FrozenData:
    x: int = 0


class Pair(NamedTuple):
    x: int
    y: int


class Shape(TypedDict):
    x: int


class Colour(enum.Enum):
    RED = "red"


class Foreign:
    """Nothing that msgspec knows."""


Items = NewType("Items", list[int])
CHANGEABLE: dict[Any, str] = {
    list: "instead of a list use a tuple",
    list[int]: "instead of a list use a tuple",
    list[int] | None: "instead of a list use a tuple",
    Annotated[list[int], Meta(max_length=3)]: "instead of a list use a tuple",
    tuple[int, list[int]]: "instead of a list use a tuple",
    tuple[tuple[list[int], ...], ...]: "instead of a list use a tuple",
    Items: "instead of a list use a tuple",
    Sequence[int]: "instead of a list use a tuple",
    dict[str, int]: "instead of a dict use",
    Mapping[str, int]: "instead of a dict use",
    Shape: "instead of a dict use",
    set[int]: "instead of a set use a frozenset",
    bytearray: "use bytes",
    memoryview: "use bytes",
    Loose: "give Loose frozen=True",
    Hidden: "give Loose frozen=True",
    LooseData: "give LooseData frozen=True",
    Foreign: "use a class of msgspec.Struct",
    Any: "instead of Any say what it is",
    tuple: "instead of Any say what it is",
    int | Foreign: "cannot travel",
}
FIXED: list[Any] = [
    int, float, str, bool, bytes, None, Colour, Pair, Frozen, FrozenData, datetime.datetime,
    tuple[int, ...], tuple[Frozen, Pair], frozenset[str], int | None, Literal["a", "b"],
    Annotated[float, netlib.Quantised(0.5), netlib.Angle()], Annotated[str, Meta(max_length=3)],
]  # fmt: skip


def made(hint: Any, **options: Any) -> Any:
    return msgspec.defstruct("Bag", [("items", hint)], bases=(Entity,), **{"frozen": True, **options})


@pytest.mark.parametrize(("hint", "told"), CHANGEABLE.items(), ids=str)
def test_a_field_that_could_change_is_refused(hint: Any, told: str) -> None:
    """A change in place is seen by nobody; the text names the field, and what to use instead."""
    with pytest.raises(WrongArgument, match=rf"Bag\.items .*{told}"):
        made(hint)


@pytest.mark.parametrize("hint", FIXED, ids=str)
def test_a_field_that_cannot_change_is_taken(hint: Any) -> None:
    """Numbers, texts, tuples, and what is frozen, however nested."""
    assert made(hint).__struct_fields__ == ("items",)


@pytest.mark.parametrize(
    "options", [{"rename": "upper"}, {"array_like": True}, {"omit_defaults": True}, {"tag": True}]
)
@both
def test_a_class_may_have_its_own_form(codec: Codec, options: Any) -> None:
    """Full snapshots and deltas say the same, under the names on the wire, and all fields."""
    kind: Any = msgspec.defstruct(
        "Unit",
        [("x", Annotated[float, netlib.Quantised(0.5)], 0.0), ("name", str, "")],
        bases=(Entity,),
        **options,
    )
    publisher, replica, plain = Publisher(), Replica({"units": kind}), Replica(None)
    worlds = [{1: kind(3.0, "a")}, {1: kind(3.0, "b"), 2: kind()}, {1: kind(), 3: kind(7.2)}]
    for tick, world in enumerate(worlds, start=1):
        publisher.update(tick, {"units": world})
        for follower in (replica, plain):
            assert follower.apply(decoded(codec, published(codec, publisher, full=tick == 1)))
        assert replica.state == {"units": {id: netlib.rounded(unit) for id, unit in world.items()}}
    names = [name.upper() if "rename" in options else name for name in ("x", "name")]
    assert [list(unit) for unit in plain.state["units"].values()] == [names, names]
    with pytest.raises(BadMessage, match=r"units\[1\]"):
        publisher.update(9, {"units": {1: kind(name=5)}})


def test_a_class_that_is_not_frozen_is_refused_when_it_is_used() -> None:
    """Its entities could change."""
    kind: Any = msgspec.defstruct("Bag", [("x", int)], bases=(Entity,), frozen=False)
    for use in (lambda: Intake().take({"bags": {1: kind(1)}}), lambda: Replica({"bags": kind})):
        with pytest.raises(WrongArgument, match=r"Bag.* without frozen=False"):
            use()


def test_a_class_statement_is_looked_at_as_well() -> None:
    """Not only `defstruct`."""
    with pytest.raises(WrongArgument, match=r"Bag\.items .*tuple"):

        class Bag(Entity, frozen=True):
            known: ClassVar[list[int]] = []
            items: list[int]

    class Box(Entity, frozen=True):
        known: ClassVar[list[int]] = []
        items: tuple[int, ...] = ()

    assert Box.__struct_fields__ == ("items",)


class Node(Entity, frozen=True):
    """Its field names a class that is made later."""

    inner: "Later | None" = None


class Later(msgspec.Struct, frozen=True):
    values: list[int] = []
    other: "Later | None" = None


def test_a_class_that_names_a_later_one_is_looked_at_when_it_is_used() -> None:
    """When an entity is published, or a client has it in its schema."""
    for use in (lambda: Intake().take({"nodes": {1: Node()}}), lambda: Replica({"nodes": Node})):
        with pytest.raises(WrongArgument, match=r"Node\.inner .*instead of a list"):
            use()
