"""The books of one side of a session: what was sent, what was confirmed, and how much may wait."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

import netlib
from netlib.errors import BadMessage
from netlib.protocol.frames import Ack, Part, Ping, Pong, Reply, Request, RoomState, Snapshot
from netlib.session.delivery import COST, Delivery, counts
from tests.support.sessions import Note


class Push(netlib.Input, frozen=True, kw_only=True):
    """An input with the usual name."""

    by: Annotated[int, Meta(ge=0)] = 0


class Jump(netlib.Input, frozen=True, kw_only=True, tag="jump"):
    """An input with a name of its own."""


def filled(count: int, *, size: int = 10) -> Delivery:
    """Return the books of a side that has sent notes 0, 1, 2, …"""
    delivery = Delivery()
    for number in range(count):
        delivery.sent(Note(number), size)
    return delivery


REPLACED = [Snapshot(1), Part("message", ""), Push(), Ack(), Ping(0.0), Pong(0.0, 0.0), RoomState()]
COUNTED = [Note(1), netlib.Untyped("emote"), Request(1, {}), Reply(1), Jump()]


@pytest.mark.parametrize("message", [*REPLACED, *COUNTED])
def test_what_must_arrive_is_counted(message: netlib.Message | netlib.Untyped) -> None:
    """A game's messages, requests and replies; not what a newer one replaces: state, inputs, measurements."""
    assert counts(message) == (message in COUNTED)


def test_confirmed_messages_are_forgotten() -> None:
    """The count is that of the whole session."""
    delivery = filled(5)
    delivery.confirm(2)
    assert delivery.unconfirmed() == [Note(2), Note(3), Note(4)]
    delivery.confirm(5)
    assert delivery.waiting == 0


def test_a_sender_that_wants_to_know_is_told_once() -> None:
    """Each confirmation gives the callbacks of what is new, in order."""
    delivery = Delivery()
    callbacks = [lambda number=number: number for number in range(4)]
    for callback in callbacks:
        delivery.sent(Note(0), 10, callback)
    delivery.sent(Note(1), 10)
    assert delivery.confirm(1) == callbacks[:1]
    assert delivery.confirm(1) == []
    assert delivery.confirm(5) == callbacks[1:]


def test_nobody_confirms_more_than_was_sent() -> None:
    """Such a count is refused, one that was overtaken is no news; and what waits goes on waiting."""
    delivery = filled(2)
    delivery.confirm(1)
    with pytest.raises(BadMessage, match="confirm 3 messages, but only 2 were sent"):
        delivery.confirm(3)
    assert delivery.confirm(0) == []
    assert delivery.unconfirmed() == [Note(1)]


def test_what_waits_is_measured() -> None:
    """Each message counts for its bytes and a little more; what was confirmed makes room."""
    delivery = filled(4, size=1000)
    assert delivery.bytes == 4 * (1000 + COST)
    delivery.confirm(3)
    assert delivery.bytes == 1000 + COST
    delivery.forgo()
    assert delivery.bytes == 0


def test_for_a_plain_client_nothing_is_kept() -> None:
    """Once that is decided, there is no outbox, and confirmations mean nothing."""
    delivery = filled(3)
    delivery.forgo()
    assert delivery.waiting == 0
    delivery.sent(Note(1), 10)
    assert delivery.waiting == 0
    assert delivery.confirm(10**6) == []


def test_what_was_received_is_told_once() -> None:
    """There is news only after a message."""
    delivery = Delivery()
    assert delivery.news() is None
    delivery.received += 2
    assert delivery.news() == 2
    delivery.told()
    assert delivery.news() is None


@given(steps=st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1)), max_size=30))
def test_two_books_agree(steps: list[tuple[int, float]]) -> None:
    """Whatever part of what is sent arrives before each cut, resending the rest loses and doubles nothing."""
    sender, receiver, arrived, sent = Delivery(), Delivery(), list[int](), 0
    for count, share in steps:
        for _ in range(count):
            sender.sent(Note(sent), 10)
            sent += 1
        under_way = sender.unconfirmed()
        for message in under_way[: round(share * len(under_way))]:
            receiver.received += 1
            arrived.append(message.number)  # type: ignore[union-attr]
        sender.confirm(receiver.received)
    assert arrived == list(range(len(arrived)))
    assert len(arrived) + sender.waiting == sent
