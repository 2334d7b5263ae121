"""The difference of two states, and the way back, over the wire."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from solutions.step07_state_sync.messages import Delta, Snapshot
from solutions.step07_state_sync.sync import State, apply, difference, snapshot_of, state_of

values = st.integers(0, 3) | st.sampled_from(["", "Ada"]) | st.booleans()
entities = st.dictionaries(st.integers(0, 5), st.fixed_dictionaries({"x": values, "y": values}))
states = st.fixed_dictionaries({"players": entities, "resources": entities})


def travelled(message: Any) -> Any:
    """The message as it comes out at the other end."""
    return msgspec.json.decode(msgspec.json.encode(message), type=type(message))


@given(states)
def test_a_snapshot_gives_the_state_back(state: State) -> None:
    """A state that travels in a snapshot is the same at the other end."""
    arrived: Snapshot = travelled(snapshot_of(state))
    assert state_of(arrived) == state


@given(states, states)
def test_a_delta_leads_from_the_old_state_to_the_new_one(old: State, new: State) -> None:
    """The old state and a delta that has travelled make the new state, and the old one stays."""
    before = msgspec.msgpack.encode(old)
    delta: Delta = travelled(difference(old, new))
    assert apply(old, delta) == new
    assert msgspec.msgpack.encode(old) == before


@given(states)
def test_nothing_changed_is_nothing_to_send(state: State) -> None:
    """The difference of a state from itself has nothing in it."""
    delta = difference(state, state)
    assert not any(delta.set.values())
    assert not any(delta.gone.values())
