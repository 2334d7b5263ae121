"""A full snapshot slice by slice: the same world, however it is cut."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netlib
from netlib.errors import BadMessage
from netlib.protocol.codecs import Codec
from netlib.session.parts import LARGE
from netlib.state.slices import SLICE, Edition, Whole
from netlib.state.state import Replica, State
from netlib.state.sync import Publisher
from tests.support.snapshots import both, decoded


class Note(netlib.Entity, frozen=True):
    """Something with words."""

    text: str = ""
    by: int = 0


class Dot(netlib.Entity, frozen=True):
    """Something small."""

    x: int = 0


notes = st.builds(Note, st.text(max_size=30) | st.sampled_from(["x" * 900, "ö" * 40_000]), st.integers(0, 9))
dots = st.builds(Dot, st.integers(-(2**60), 2**60))
worlds = st.dictionaries(
    st.text(min_size=1, max_size=3),
    st.dictionaries(st.integers(0, 2**40), st.one_of(notes, dots), max_size=60),
    max_size=4,
)


@both
@given(world=worlds, seq=st.integers(0, 2**40))
def test_the_slices_are_the_world(codec: Codec, world: State, seq: int) -> None:
    """Cut anywhere, of any entities, also of several classes: what arrives is what was published."""
    whole = Whole(codec, Edition(1, 7, world))
    while not whole.done:
        whole.step()
    data = b"".join(whole.frame(seq))
    snapshot = decoded(codec, data)
    assert (snapshot.tick, snapshot.last_input_seq, snapshot.full) == (7, seq, True)
    assert whole.size == sum(map(len, whole.pieces))
    kinds: Any = {name: {*map(type, found.values())} for name, found in world.items()}
    replica = Replica({name: kind for name, some in kinds.items() for kind in some if len(some) == 1})
    assert replica.apply(snapshot)
    assert replica.state == {name: world[name] for name in replica.state}


@both
def test_a_slice_is_small(codec: Codec) -> None:
    """Whatever the entities weigh, one slice is not much more than what it should be."""
    for text in ("", "x" * 300, "x" * 30_000):
        whole = Whole(codec, Edition(1, 1, {"notes": {n: Note(text, n) for n in range(3000)}}))
        sizes = [0]
        while not whole.done and whole.size < 10_000_000:
            whole.step()
            sizes.append(whole.size)
        slices = [after - before for before, after in pairwise(sizes)]
        assert max(slices) < 2 * max(SLICE, 16 * len(text))


@both
def test_a_large_world_is_known_for_one_before_it_is_encoded(codec: Codec) -> None:
    """Whether it goes in parts is known after the first slices."""
    whole = Whole(codec, Edition(1, 1, {"notes": {n: Note("x" * 1000, n) for n in range(10_000)}}))
    assert not whole.small
    assert not whole.done and whole.size < LARGE + 2 * SLICE
    assert Whole(codec, Edition(1, 1, {"notes": {1: Note()}})).small


@both
def test_what_cannot_be_encoded_never_gets_here(codec: Codec) -> None:
    """One such entity among thousands, where no sample would find it, is refused when it is published."""
    publisher, world = Publisher(), {n: Note("x" * 100, n) for n in range(3000)}
    publisher.update(1, {"notes": world})
    bad: Any = [Note("\ud800"), Note(object()), Note("", 2**70), Note(None)]  # type: ignore[arg-type]
    for one in bad:
        with pytest.raises(BadMessage, match=r"notes\[777\]"):
            publisher.update(2, {"notes": {**world, 777: one}})
    assert decoded(codec, b"".join(finished(publisher.whole(codec)).frame(1))).tick == 1


def finished(whole: Whole) -> Whole:
    while not whole.done:
        whole.step()
    return whole
