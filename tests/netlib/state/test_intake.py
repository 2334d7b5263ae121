"""Publishing: what clients could not read is refused at the call, by collection, id and field."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

import msgspec
import pytest
from msgspec import Meta

import netlib
from netlib.errors import BadMessage, NetlibError, WrongArgument
from netlib.protocol.frames import MAX_PACKED
from netlib.state import intake
from netlib.state.intake import Intake
from netlib.state.quantise import Quantised
from netlib.state.state import Entity, Replica
from netlib.state.sync import Publisher
from tests.support.snapshots import both, decoded, published


class Pos(msgspec.Struct, frozen=True):
    x: float = 0.0


def nested(depth: int) -> Any:
    """Return a list within a list, and so on."""
    return [nested(depth - 1)] if depth else []


class Pl(Entity, frozen=True):
    x: int = 0
    name: str = ""
    path: tuple[float, ...] = ()
    at: Pos = Pos()
    hidden: float | None = None
    raw: bytes = b""
    tags: frozenset[str] = frozenset()


class Ball(Entity, frozen=True):
    """Its places are counted, and may not be beyond 10."""

    x: Annotated[float, Meta(ge=-10, le=10), Quantised(3)]


class Odd:
    """No entity."""

    def __repr__(self) -> str:
        return "<an odd thing>"


def wrong(**fields: Any) -> dict[int, Pl]:
    return {7: Pl(**fields)}


NAN = math.nan
WORD: Any = "no"
SHAPES: dict[str, tuple[Any, str]] = {
    "a list for a state": ([Pl()], r"not \[Pl\("),
    "nothing": (None, "not None"),
    "an entity for a state": (Pl(), r"not Pl\("),
    "a list for a collection": ({"p": [Pl()]}, r"p\[0\] is Pl\(.*whole numbers as ids, .*1: Player"),
    "an entity for a collection": ({"p": Pl()}, r"p is Pl\("),
    "text for an id": ({"p": {"a": Pl()}}, r"p\['a'\] is Pl\(.*whole numbers as ids"),
    "some text for ids": ({"p": {1: Pl(), "a": Pl()}}, r"p has . ids, \[1, 'a'\]"),
    "a float for an id": ({"p": {1.0: Pl()}}, r"p has . ids, \[1\.0\]"),
    "true for an id": ({"p": {True: Pl()}}, r"p has . ids, \[True\]"),
    "an id that is too large": ({"p": {2**53 + 1: Pl()}}, "p has 1 ids, .*2\\*\\*53"),
    "no entity": ({"p": {7: Odd()}}, r"p\[7\] is <an odd thing>; .*class of netlib\.Entity"),
    "a number for an entity": ({"p": {7: 5}}, r"p\[7\] is 5; what has a whole number as its id is an entity"),
    "a class": ({"p": {7: Pl}}, r"p\[7\] is <class .*Pl'>; what has a whole number as its id is an entity"),
    "a message": ({"p": {7: netlib.Command("pause")}}, r"p\[7\] is Command\("),
    "a collection without a name": ({"": {7: Pl()}}, "a collection has a name"),
    "a number for a name": ({5: {7: Pl()}}, "a collection has a name, .* not 5"),
}
VALUES: dict[str, tuple[Any, str]] = {
    "text for a number": (
        wrong(x="no"),
        r"p\[7\]\.x is 'no'; clients cannot read that: Expected `int`, got `str`",
    ),
    "true for a number": (wrong(x=True), r"p\[7\]\.x is True; .*Expected `int`"),
    "a number that is too long": (wrong(x=2**64), r"p\[7\]\.x is 18446744073709551616; "),
    "half a character": (wrong(name="\ud800"), r"p\[7\]\.name is '\\ud800'; "),
    "NaN": (wrong(path=(1.0, NAN)), r"p\[7\]\.path is \(1\.0, nan\); clients cannot read that: .*null"),
    "NaN deeper": (
        wrong(at=Pos(-math.inf)),
        r"p\[7\]\.at is Pos\(x=-inf\); clients cannot read that: .*null",
    ),
    "NaN where nothing may be": (wrong(hidden=NAN), r"p\[7\]\.hidden is nan; clients would have None"),
    "wrong deeper": (wrong(at=Pos(WORD)), r"p\[7\]\.at is Pos\(x='no'\); .*float"),
    "a list for a tuple": (
        wrong(path=[1.0]),
        r"p\[7\]\.path is \[1\.0\]; clients would have \(1\.0,\)",
    ),
    "steps of NaN": ({7: Ball(NAN)}, r"p\[7\]\.Ball\.x is nan; .*2\*\*50 steps"),
    "rounded beyond its bounds": ({7: Ball(10.0), 8: Ball(0.0)}, ""),
    "out of bounds": ({7: Ball(11.0)}, r"p\[7\]"),
}


@pytest.mark.parametrize(("state", "told"), SHAPES.values(), ids=SHAPES)
def test_what_is_no_state_is_refused(state: Any, told: str) -> None:
    """The words name the place, show what came, and what is wanted; also as a TypeError or ValueError."""
    publisher = a_publisher()
    with pytest.raises(WrongArgument, match=told):
        publisher.update(2, state)
    assert_unchanged(publisher)


@pytest.mark.parametrize(("entities", "told"), VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("among", [0, 400])
def test_what_no_client_can_read_is_refused(entities: Any, told: str, among: int) -> None:
    """Wherever it is in a large collection, and however deep in an entity."""
    publisher = a_publisher()
    others = {1000 + n: type(entities[7])(n % 5) for n in range(among)}
    if not told:
        publisher.update(2, {"p": {**others, **entities}})
        return
    with pytest.raises(BadMessage, match=told):
        publisher.update(2, {"p": {**others, **entities}})
    assert_unchanged(publisher)


class Dot(Entity, frozen=True):
    x: float = 0.0
    name: str = ""


@pytest.mark.parametrize(
    "fields", [{"x": NAN}, {"x": -math.inf}, {"x": "no"}, {"name": "\ud800"}, {"name": 5}]
)
def test_a_class_of_simple_fields_is_checked_as_strictly(fields: Any) -> None:
    """Its values are looked at by their types alone, and NaN is a float."""
    with pytest.raises(BadMessage, match=rf"p\[7\]\.{next(iter(fields))} is "):
        Intake().take({"p": {1: Dot(1.5), 7: Dot(**fields), 8: Dot(2.5)}})
    assert Intake().take({"p": {1: Dot(1.5), 7: Dot(3)}}), "a whole number is a number"


def a_publisher() -> Publisher:
    publisher = Publisher()
    publisher.update(1, {"p": {1: Pl(3)}})
    return publisher


def assert_unchanged(publisher: Publisher) -> None:
    """The state before is still there, for newcomers and as what the next delta starts from."""
    assert publisher.tick == 1
    publisher.update(2, {"p": {1: Pl(3), 2: Pl(4)}})
    assert decoded(netlib.JSON, published(netlib.JSON, publisher, full=False)).set["p"].keys() == {"2"}


def test_a_bound_that_only_rounding_breaks_counts() -> None:
    """10.1 is allowed, but travels as three steps of 4: a client would get 12."""

    class Near(Entity, frozen=True):
        x: Annotated[float, Meta(le=11), Quantised(4)]

    with pytest.raises(BadMessage, match=r"p\[1\]"):
        Intake().take({"p": {1: Near(10.1)}})


def test_only_what_is_new_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entities are frozen: those that were published before cost nothing more."""
    checked: list[list[int]] = []
    check = intake._check

    def noted(name: str, kind: intake.Known, some: Mapping[int, Any]) -> int:
        checked.append([*some])
        return check(name, kind, some)

    monkeypatch.setattr(intake, "_check", noted)
    first, taking = {id: Pl(id) for id in range(100)}, Intake()
    taking.take({"p": first})
    taking.take({"p": first})
    taking.take({"p": {**first, 5: Pl(6), 200: Pl(7)}, "q": {1: first[1]}})
    assert checked == [list(range(100)), [5, 200], [1]]


def test_an_unchanged_collection_is_the_same_object() -> None:
    """What did not change is recognised at once; what is gone is gone."""
    taking, things = Intake(), {1: Pl(1), 2: Pl(2)}
    first = taking.take({"p": things, "balls": {1: Ball(3.0)}})
    second = taking.take({"p": MappingProxyType(things), "balls": {2: Ball(3.0)}})
    assert second["p"] is first["p"] and second["p"] is not things
    assert list(second["balls"]) == [2]
    assert taking.take({"p": {2: things[2]}}) == {"p": {2: Pl(2)}}


def test_an_id_stays_an_integer() -> None:
    """True equals 1, but would be another id on the wire."""
    taking, one = Intake(), Pl(1)
    taking.take({"p": {1: one}})
    odd: Any = {"p": {True: one}}
    assert [*map(type, taking.take(odd)["p"])] == [int]


def test_what_was_taken_in_is_not_taken_in_twice() -> None:
    """A program in another thread checks first, and publishes then: steps are counted once."""
    taken = Intake().take({"balls": {1: Ball(9.0)}})
    publisher = Publisher()
    publisher.update(1, taken)
    assert publisher.newest and publisher.newest.state["balls"][1] == Ball(3)


def test_a_collection_has_only_so_many_entities() -> None:
    """More could not be unpacked."""
    one = Pl()
    with pytest.raises(WrongArgument, match="p has 100001 ids"):
        Intake().take({"p": dict.fromkeys(range(MAX_PACKED + 1), one)})


def test_a_state_that_grows_too_large_is_refused() -> None:
    """By its size, also when it came little by little; the text names the collection."""
    taking, world = Intake(), dict[int, Pl]()
    with pytest.raises(BadMessage, match=r'"large" has .* MiB'):
        for id in range(2 * 16):
            world = {**world, id: Pl(name="x" * 2**22)}
            taking.take({"small": {1: Pl()}, "large": world})
    assert 15 <= len(world) <= 17


# Plain values and dicts.

PLAIN: dict[str, Any] = {
    "countdown": 10,
    "title": "Gem\nRush",
    "on": True,
    "ratio": -0.5,
    "nobody": None,
    "scores": {"ada": 3, 'a "quoted" name': 4},
    "board": [[1, 2], ["x", None]],
    "players": {1: {"x": 3, "name": "Ada"}, 2: {"x": 4}},
    "things": {5: Pl(1, tags=frozenset({"a"})), 6: {"__class__": 1}, 7: {}},
}


@both
def test_a_client_without_a_schema_has_what_was_published(codec: netlib.Codec) -> None:
    """Numbers, texts, lists and dicts as they were; entities of classes as dicts."""
    publisher, replica = Publisher(), Replica(None)
    publisher.update(1, PLAIN)
    assert replica.apply(decoded(codec, published(codec, publisher, full=True)))
    five = msgspec.json.decode(msgspec.json.encode(PLAIN["things"][5]))
    five["raw"] = "" if codec is netlib.JSON else b""
    assert replica.state == {**PLAIN, "things": {**PLAIN["things"], 5: five}}


@both
def test_only_the_values_that_changed_travel(codec: netlib.Codec) -> None:
    """Values by their key, entities by their fields; a field that is no more makes an entity anew."""
    publisher, replica = Publisher(), Replica(None)
    publisher.update(1, PLAIN)
    replica.apply(decoded(codec, published(codec, publisher, full=True)))
    changed = {**PLAIN, "countdown": 9, "players": {1: {"x": 5, "name": "Ada"}, 2: {}}}
    publisher.update(2, changed)
    delta = decoded(codec, published(codec, publisher, full=False))
    if codec is netlib.JSON:
        assert delta.set == {"": {"0": {"countdown": 9}}, "players": {"1": {"x": 5}, "2": {}}}
        assert delta.gone == {"players": ["2"]}
    assert replica.apply(delta)
    assert (replica.state["countdown"], replica.state["players"]) == (9, changed["players"])


def test_a_program_may_change_its_dicts_in_place() -> None:
    """They are copied, down to their leaves, and compared by what is in them."""
    publisher = Publisher()
    state: dict[str, Any] = {"scores": {"ada": [1]}, "players": {1: {"x": 3}}}
    publisher.update(1, state)
    state["scores"]["ada"].append(2)
    state["players"][1]["x"] = 4
    assert b"[1]" in publisher.body(netlib.JSON, full=True)
    publisher.update(2, state)
    delta = decoded(netlib.JSON, published(netlib.JSON, publisher, full=False))
    assert delta.set == {"": {"0": {"scores": {"ada": [1, 2]}}}, "players": {"1": {"x": 4}}}


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"ratio": NAN}, "ratio is nan; .*finite"),
        ({"board": [[1, NAN]]}, r"board\[0\]\[1\] is nan; .*finite"),
        ({"scores": {"ada": {1: 2}}}, r"scores\['ada'\] is \{1: 2\}; .*texts as keys"),
        ({"odd": Odd()}, "odd is <an odd thing>; plain state is made of"),
        ({"odd": {1, 2}}, r"odd is \{1, 2\}; plain state is made of"),
        ({"large": 2**64}, "large is 18446744073709551616; "),
        ({"p": {1: {"x": Pl()}}}, r"p\[1\]\.x is Pl\("),
        ({"p": {1: {2: 3}}}, r"p\[1\]"),
        ({"p": {1: {"a\nb": 3}}}, "p\\[1\\]\\.has a key"),
        ({"half": {"\ud800": 3}}, "half"),
    ],
)
def test_what_is_not_plain_is_refused(state: Any, told: str) -> None:
    """The words say where it is, and what plain state is made of."""
    with pytest.raises(NetlibError, match=told):
        Intake().take(state)


def test_one_large_entity_among_small_ones_is_weighed_as_what_it_is() -> None:
    """A map beside many units may change for ever, and a world is not judged by some of its entities."""
    taking, terrain = Intake(), Pl(0, "t" * 1_000_000)
    units = {number: Pl(number) for number in range(1, 5000)}
    for tick in range(600):
        units[1 + tick] = Pl(tick, "u" * 20_000)
        units.pop(tick, None)
        taking.take({"world": {0: terrain, **units}})


def test_one_entity_that_no_client_takes_is_found_among_small_ones() -> None:
    """Wherever it stands."""
    huge = {0: Pl(0), 1: Pl(1, "t" * 70_000_000), **{number: Pl(number) for number in range(2, 101)}}
    with pytest.raises(BadMessage, match='"world" has 101 entities of 66 MiB together'):
        Intake().take({"world": huge})


@pytest.mark.parametrize("state", [{"\ud800": {1: Pl()}}, {"\ud800": 3}, {"deep": nested(900)}])
def test_what_has_no_form_on_the_wire_is_refused(state: Any) -> None:
    """Also as a name, and also when it lies too deep to be looked at."""
    with pytest.raises(WrongArgument, match=r"a collection has a name|too deep"):
        Intake().take(state)
