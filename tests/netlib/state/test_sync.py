"""Who gets which snapshot: deltas for those in step, silence for those behind, then a full one."""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netlib
from netlib.errors import BadMessage
from netlib.protocol.codecs import CODECS, JSON, MSGPACK
from netlib.protocol.frames import Ack, Snapshot
from netlib.state.state import Replica, State
from netlib.state.sync import MAX_BUFFERED, MAX_BUFFERED_ACKED, MAX_UNACKED, Feed, Follower, Publisher
from tests.support.sessions import Thing
from tests.support.snapshots import decoded, published


class Book(netlib.Entity, frozen=True):
    """Something large."""

    text: str


RATE = 30.0
BEHIND = int(MAX_UNACKED * RATE)  # ticks that may be unacknowledged
FULL, DELTA, NOTHING = True, False, None


def world(x: int) -> State:
    return {"things": {1: Thing(x)}}


@pytest.fixture
def publisher() -> Publisher:
    return Publisher()


@pytest.fixture
def feed() -> Feed:
    return Feed(RATE)


def step(publisher: Publisher, feed: Feed, tick: int, *, buffered: int = 0) -> bool | None:
    publisher.update(tick, world(tick))
    full = feed.choose(publisher, buffered)
    if full is not None and publisher.newest:
        feed.begin(publisher.newest)
        feed.sent(tick)
    return full


def behind(publisher: Publisher, feed: Feed, last: int = 999) -> list[bool | None]:
    """Publish so much without hearing from a client that acknowledges; return what it was sent."""
    feed.ack(0)
    return [step(publisher, feed, tick) for tick in range(1, last + 1)]


def test_before_anything_is_published_there_is_nothing_to_send(publisher: Publisher, feed: Feed) -> None:
    """A room that publishes no state sends no snapshots."""
    assert feed.choose(publisher, 0) is NOTHING


def test_a_newcomer_gets_a_full_snapshot_and_then_deltas(publisher: Publisher, feed: Feed) -> None:
    """Late join: the whole world first; then deltas from the last published tick, whatever its number."""
    publisher.update(5, world(5))
    assert [step(publisher, feed, tick) for tick in (6, 12, 25)] == [FULL, DELTA, DELTA]


def test_a_client_that_acknowledges_late_gets_nothing_more(publisher: Publisher, feed: Feed) -> None:
    """Three seconds of snapshots may be under way to a client that acknowledges; then it must answer."""
    sent = behind(publisher, feed)
    assert sent[:3] == [FULL, DELTA, DELTA]
    assert sent.count(NOTHING) == 999 - (BEHIND + 1)
    assert set(sent[BEHIND + 1 :]) == {NOTHING}


def test_a_client_that_answers_again_gets_one_full_snapshot(publisher: Publisher, feed: Feed) -> None:
    """Not the thousand that it has missed."""
    behind(publisher, feed)
    feed.ack(BEHIND + 1)
    assert [step(publisher, feed, tick) for tick in (1000, 1001)] == [FULL, DELTA]


def test_a_client_that_was_behind_must_have_read_everything(publisher: Publisher, feed: Feed) -> None:
    """A part of what is under way is not enough: it would fall behind again at once."""
    behind(publisher, feed, BEHIND + 2)
    for number, part in enumerate((BEHIND // 2, BEHIND), start=BEHIND + 3):
        feed.ack(part)
        assert step(publisher, feed, number) is NOTHING
    feed.ack(BEHIND + 1)
    assert step(publisher, feed, BEHIND + 5) is FULL


def test_acknowledging_now_and_then_is_enough(publisher: Publisher, feed: Feed) -> None:
    """A client may confirm several snapshots together, and late."""
    feed.ack(0)
    for tick in range(1, 1000):
        assert step(publisher, feed, tick) in (FULL, DELTA)
        if tick % 40 == 0:
            feed.ack(tick - 20)


def test_a_client_may_ask_for_a_full_snapshot(publisher: Publisher, feed: Feed) -> None:
    """An ack of tick 0 says that it has none."""
    feed.ack(0)
    assert [step(publisher, feed, tick) for tick in (1, 2)] == [FULL, DELTA]
    feed.ack(0)
    assert [step(publisher, feed, tick) for tick in (3, 4)] == [FULL, DELTA]


def test_a_client_that_never_acknowledges_is_judged_by_its_buffer(publisher: Publisher, feed: Feed) -> None:
    """A plain client gets snapshots for ever while it reads, none while its buffer is full."""
    assert all(step(publisher, feed, tick) is not NOTHING for tick in range(1, 1000))
    assert step(publisher, feed, 1000, buffered=MAX_BUFFERED + 1) is NOTHING
    assert step(publisher, feed, 1001, buffered=MAX_BUFFERED + 1) is NOTHING
    assert [step(publisher, feed, tick) for tick in (1002, 1003)] == [DELTA, DELTA], "what it has was kept"
    late = [step(publisher, feed, 1004 + ticks, buffered=MAX_BUFFERED + 1) for ticks in range(BEHIND + 1)]
    assert set(late) == {NOTHING}
    assert step(publisher, feed, 1005 + BEHIND) is FULL, "for three seconds"


def test_a_client_that_never_acknowledges_costs_no_memory(publisher: Publisher, feed: Feed) -> None:
    """Nothing is remembered of what it was sent."""
    for tick in range(1, 10_000):
        step(publisher, feed, tick)
    assert len(feed._unacked) == 0


def test_an_ack_from_the_future_hurts_only_its_sender(publisher: Publisher, feed: Feed) -> None:
    """A client that lies about what it has is still bounded by its buffer."""
    for tick in range(1, 1000):
        feed.ack(2**53)
        step(publisher, feed, tick)
    assert step(publisher, feed, 1000, buffered=MAX_BUFFERED_ACKED + 1) is NOTHING


def test_a_client_that_acknowledges_may_have_more_waiting_and_then_gets_a_delta(
    publisher: Publisher, feed: Feed
) -> None:
    """It is known to read: what it was last sent is kept, and it need not get the whole world again."""
    feed.ack(0)
    step(publisher, feed, 1)
    assert step(publisher, feed, 2, buffered=MAX_BUFFERED + 1) is DELTA
    assert [step(publisher, feed, tick, buffered=MAX_BUFFERED_ACKED + 1) for tick in (3, 4)] == [NOTHING] * 2
    assert feed.held and feed.base and feed.base.tick == 2
    assert step(publisher, feed, 5) is DELTA
    assert not feed.held


def test_nobody_gets_a_state_twice(publisher: Publisher, feed: Feed) -> None:
    """A game may publish when it hears that somebody joined; the newcomer has it then."""
    assert step(publisher, feed, 1) is FULL
    assert feed.choose(publisher, 0) is NOTHING
    assert not feed.held


def test_while_a_snapshot_is_on_its_way_there_is_no_other(publisher: Publisher, feed: Feed) -> None:
    """However long that takes, it is not behind; then comes one delta, from that snapshot."""
    for tick in (1, 2):
        feed.ack(0)
        assert step(publisher, feed, tick) is FULL
    feed.ack(0)  # it cannot use them, and never will confirm them
    publisher.update(3, world(3))
    assert feed.choose(publisher, 0) is FULL
    assert publisher.newest
    feed.begin(publisher.newest)
    assert {step(publisher, feed, tick) for tick in range(4, 1000)} == {NOTHING}
    feed.ack(0)  # of before: what is on its way is what it asks for
    feed.sent(1000)
    assert step(publisher, feed, 1001) is DELTA
    assert [step(publisher, feed, tick) for tick in (1002, 1000 + BEHIND, 1001 + BEHIND)] == [
        DELTA,
        DELTA,
        NOTHING,
    ]
    feed.ack(1000 + BEHIND)
    assert step(publisher, feed, 1002 + BEHIND) is FULL


def test_a_state_that_no_client_takes_is_not_published(publisher: Publisher) -> None:
    """The text names the largest collection, and the state before stays."""
    publisher.update(1, world(1))
    large = {n: Book("x" * 1000) for n in range(70_000)}
    with pytest.raises(BadMessage, match='"books" has 70000 entities of 67 MiB together'):
        publisher.update(2, {**world(2), "books": large})
    assert publisher.tick == 1
    assert publisher.body(JSON, full=True) == b'{"full":true,"state":{"things":{"1":{"x":1}}}}'


def test_one_encoding_serves_all_who_are_in_step(publisher: Publisher) -> None:
    """A body is encoded once for each codec, not once for each client."""
    publisher.update(1, world(1))
    publisher.update(2, world(2))
    for codec in CODECS:
        for full in (True, False):
            assert publisher.body(codec, full=full) is publisher.body(codec, full=full)
    assert publisher.body(JSON, full=True) != publisher.body(JSON, full=False)
    assert publisher.body(JSON, full=True) != publisher.body(MSGPACK, full=True)


def test_a_new_state_is_encoded_anew(publisher: Publisher) -> None:
    """No client gets yesterday's bytes."""
    publisher.update(1, world(1))
    before = publisher.body(JSON, full=True)
    publisher.update(2, world(2))
    assert publisher.body(JSON, full=True) != before


def test_a_published_state_does_not_follow_the_world(publisher: Publisher) -> None:
    """The rules may go on to change their collections before the snapshot is encoded."""
    things = {1: Thing(1)}
    publisher.update(1, {"things": things})
    things[2] = Thing(2)
    assert publisher.body(JSON, full=True) == b'{"full":true,"state":{"things":{"1":{"x":1}}}}'


def test_two_publishes_in_one_tick_part_nobody_from_the_truth(publisher: Publisher, feed: Feed) -> None:
    """A client that missed the second of two states of one tick gets a delta from the first of them."""
    assert [step(publisher, feed, tick) for tick in (1, 2)] == [FULL, DELTA]
    assert step(publisher, feed, 2, buffered=MAX_BUFFERED + 1) is NOTHING
    assert step(publisher, feed, 3) is DELTA


def test_a_client_confirms_several_snapshots_together() -> None:
    """Four acks a second are plenty; the newest tick stands for those before it."""
    follower = Follower({"things": Thing})
    acks: list[Ack] = []
    for tick in range(1, 61):
        assert follower.take(Snapshot(tick, full=True))
        if ack := follower.ack(now=tick / 60):
            acks.append(ack)
    assert len(acks) == 4
    assert acks[0] == Ack(tick=1)
    assert acks == sorted(acks, key=lambda ack: ack.tick or 0)


def test_the_last_of_a_series_is_confirmed_in_the_end() -> None:
    """A client that asks again later gets the ack for what is still open, once."""
    follower = Follower({"things": Thing})
    follower.take(Snapshot(1, full=True))
    assert follower.ack(now=10.0) == Ack(tick=1)
    follower.take(Snapshot(2, base=1))
    assert follower.ack(now=10.01) is None
    assert follower.ack(now=11.0) == Ack(tick=2)
    assert follower.ack(now=12.0) is None


def test_before_the_first_snapshot_there_is_nothing_to_confirm() -> None:
    """An ack of nothing would ask for a full snapshot."""
    assert Follower({}).ack(now=10.0) is None


def test_over_a_new_connection_all_is_confirmed_again() -> None:
    """The server knows nothing of what was confirmed before, and may count from 1."""
    follower = Follower({})
    follower.take(Snapshot(5, full=True))
    assert follower.ack(now=1.0) == Ack(tick=5)
    follower.renew()
    follower.take(Snapshot(1, full=True))
    assert follower.ack(now=1.0) == Ack(tick=1)


def test_a_client_knows_its_newest_applied_input() -> None:
    """It comes with the snapshot; one that could not be applied says nothing."""
    follower = Follower({"things": Thing})
    follower.take(Snapshot(5, last_input_seq=3, full=True))
    assert not follower.take(Snapshot(9, last_input_seq=7, base=8))
    assert follower.last_input_seq == 3
    assert follower.replica.tick == 5


class FakeClient:
    """What a client does with what it is sent: applies it in order, asks when it cannot."""

    def __init__(self) -> None:
        self.feed = Feed(RATE)
        self.replica = Replica({"things": Thing})
        self.under_way: deque[tuple[Snapshot, State]] = deque()

    def offer(self, publisher: Publisher, state: State, buffered: int) -> None:
        full = self.feed.choose(publisher, buffered)
        if full is not None and publisher.newest:
            data = published(JSON, publisher, full=full, base=self.feed.base)
            self.feed.begin(publisher.newest)
            self.feed.sent(publisher.newest.tick)
            self.under_way.append((decoded(JSON, data), state))

    def read(self, count: int) -> None:
        while self.under_way and count:
            snapshot, state = self.under_way.popleft()
            count -= 1
            if self.replica.apply(snapshot):
                assert self.replica.state == state
            else:
                self.feed.ack(0)

    def acknowledge(self) -> None:
        self.feed.ack(max(self.replica.tick, 0))


rounds = st.lists(
    st.tuples(
        st.integers(0, 3),  # ticks since the last publish: 0 when a game publishes twice in a tick
        st.integers(0, 2),  # the new world
        st.sampled_from([0, 0, 0, MAX_BUFFERED + 1, MAX_BUFFERED_ACKED + 1]),
        st.integers(0, 4),  # snapshots that the client reads now
        st.booleans(),  # whether it acknowledges
    ),
    max_size=40,
)


@given(rounds=rounds)
def test_what_a_client_has_is_always_a_world_that_was(rounds: list[tuple[int, int, int, int, bool]]) -> None:
    """However it reads, stalls and acknowledges, a client never has a world that never was."""
    publisher, client, tick = Publisher(), FakeClient(), 1
    for ticks, x, buffered, reads, acks in rounds:
        tick += ticks
        publisher.update(tick, world(x))
        client.offer(publisher, world(x), buffered)
        client.read(reads)
        if acks:
            client.acknowledge()
    for last in range(2):
        client.read(99)
        client.acknowledge()
        tick += 1
        publisher.update(tick, world(last))
        client.offer(publisher, world(last), 0)
    client.read(99)
    assert client.replica.state == world(1)
