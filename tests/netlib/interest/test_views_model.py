"""Whatever is published and wherever players look, each has exactly its own part of the truth."""

import re
from math import floor
from typing import Annotated, Any

from hypothesis import given
from hypothesis import strategies as st

from netlib.interest import Private
from netlib.interest.areas import Divider, cell_of
from netlib.interest.views import EVERYWHERE, AreaPublisher, Square
from netlib.protocol.codecs import JSON, Codec
from netlib.state.quantise import Quantised
from netlib.state.state import Entity, Replica
from netlib.state.sync import Feed, Publisher
from tests.support.snapshots import both, decoded, published

CELL = 10
VIEWERS = (1, 2, 3)
TOKEN = re.compile(rb"tag\d+;")


class Thing(Entity, frozen=True):
    x: float
    y: float
    tag: str = ""


class Coarse(Entity, frozen=True):
    x: Annotated[float, Quantised(0.5)]
    y: int
    tag: str = ""


class Renamed(Entity, frozen=True, rename="pascal"):
    x: float
    y: float
    tag: str = ""


class Listed(Entity, frozen=True, array_like=True):
    x: float
    y: float
    tag: str = ""


def plain(x: float, y: float, tag: str) -> dict[str, Any]:
    return {"x": x, "y": y, "tag": tag}


ids = st.integers(0, 5)
places = st.integers(-25, 25)
entities = st.tuples(st.sampled_from([Thing, Coarse, Renamed, Listed, plain]), places, places)
collections = st.dictionaries(ids, entities, max_size=5)
hands = st.dictionaries(st.integers(1, 4), collections, max_size=3)  # nobody has the number 4
states = st.fixed_dictionaries(
    {},
    optional={
        "things": collections,
        "shown": collections,
        "hand": hands,
        "sometimes": collections | hands.map(Private),
        "countdown": st.integers(0, 2),
    },
)
focuses = st.one_of(st.none(), st.just("all"), st.tuples(places, places))
doings = st.sampled_from(["read", "read", "read", "nothing", "asks for all", "comes back"])
each = st.tuples(doings, focuses)
steps = st.tuples(states, st.tuples(each, each, each), st.booleans())


class Made:
    """Makes entities, each with a tag of its own; one that stays the same stays the same object."""

    def __init__(self) -> None:
        self._number = 0
        self._made: dict[Any, Any] = {}

    def state(self, drawn: dict[str, Any]) -> dict[str, Any]:
        made = dict(drawn)
        for name in drawn.keys() & {"things", "shown", "sometimes"}:
            if not isinstance(drawn[name], Private):
                made[name] = self._all(name, drawn[name])
        for name in ("hand", "sometimes"):
            if (name == "hand" and name in drawn) or isinstance(drawn.get(name), Private):
                made[name] = Private(
                    {owner: self._all((name, owner), some) for owner, some in drawn[name].items()}
                )
        return made

    def _all(self, where: Any, drawn: dict[int, Any]) -> dict[int, Any]:
        return {id: self._one((where, id, one)) for id, one in drawn.items()}

    def _one(self, key: Any) -> Any:
        if key not in self._made:
            self._number += 1
            kind, x, y = key[2]
            self._made[key] = kind(x, y, f"tag{self._number};")
        return self._made[key]


def square(focus: Any, radius: int) -> Square | None:
    if focus is None or focus == "all":
        return EVERYWHERE if focus else None
    x, y = focus
    return Square(*cell_of(x - radius, y - radius, CELL), *cell_of(x + radius, y + radius, CELL))


def sees(focus: Any, radius: int, entity: Any) -> bool:
    """Whether somebody who looks there sees this, worked out another way."""
    if focus is None or focus == "all":
        return bool(focus)
    at = (entity["x"], entity["y"]) if isinstance(entity, dict) else (entity.x, entity.y)
    return all(
        floor((centre - radius) / CELL) <= floor(place / CELL) <= floor((centre + radius) / CELL)
        for centre, place in zip(focus, at, strict=True)
    )


def part_of(state: dict[str, Any], viewer: int, focus: Any, radius: int) -> dict[str, Any]:
    """What somebody may see of a state."""
    found: dict[str, Any] = {}
    for name, content in state.items():
        if isinstance(content, Private):
            found[name] = content.get(viewer, {})
        elif name == "things":
            found[name] = {id: one for id, one in content.items() if sees(focus, radius, one)}
        else:
            found[name] = content
    return found


def read(part: dict[str, Any]) -> Any:
    """What a client has to whom this is published and nothing else."""
    publisher, replica = Publisher(), Replica(None)
    publisher.update(1, part)
    replica.apply(decoded(JSON, published(JSON, publisher, full=True)))
    return without_empty(replica.state)


def without_empty(state: Any) -> Any:
    return {name: found for name, found in state.items() if found != {}}


class Viewer:
    """A client that may be behind, ask for all, or come back."""

    def __init__(self, number: int, codec: Codec) -> None:
        self.number, self.codec = number, codec
        self.comes_back()

    def comes_back(self) -> None:
        self.feed, self.replica = Feed(30), Replica(None)

    def takes(self, publisher: AreaPublisher) -> bytes | None:
        """Take what it is sent, if anything."""
        view = publisher.seen_by(self.number)
        full = self.feed.choose(view, 0)
        if full is None or view.newest is None:
            return None
        data = view.snapshot(self.codec, 0, full=full, base=self.feed.base)
        self.feed.begin(view.newest)
        self.feed.sent(view.newest.tick)
        assert self.replica.apply(decoded(self.codec, data))
        return data


@both
@given(history=st.lists(steps, min_size=1, max_size=7), radius=st.sampled_from([0, 4, 10, 10**9]))
def test_each_has_exactly_its_part_and_no_byte_of_another(codec: Codec, history: Any, radius: int) -> None:
    """Also who was behind, asks for all or comes back; when something becomes private, or public, or goes."""
    made, publisher = Made(), AreaPublisher(Divider(CELL, {"things": ("x", "y")}))
    viewers = [Viewer(number, codec) for number in VIEWERS]
    for tick, (drawn, doing, again) in enumerate(history, start=1):
        state = made.state(drawn)
        for viewer, (_, focus) in zip(viewers, doing, strict=True):
            publisher.focuses.pop(viewer.number, None)
            if found := square(focus, radius):
                publisher.focuses[viewer.number] = found
        for _ in range(1 + again):
            publisher.update(tick, state)
        for viewer, (what, focus) in zip(viewers, doing, strict=True):
            if what == "comes back":
                viewer.comes_back()
            elif what == "asks for all":
                viewer.feed.ack(0)
            data = None if what == "nothing" else viewer.takes(publisher)
            if data is not None:
                part = part_of(state, viewer.number, focus, radius)
                assert without_empty(viewer.replica.state) == read(part)
                assert {*TOKEN.findall(data)} <= {*TOKEN.findall(repr(part).encode())}
