"""The input queue: one input a tick, two to catch up, and nothing for speed hacks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.play.inputs import BURST, CLOCK_TOLERANCE, STALL, TARGET, InputQueue
from netlib.protocol.messages import Input

RATE = 30.0


class Move(Input, frozen=True):
    dx: int = 0


@pytest.fixture
def queue() -> InputQueue[Move]:
    return InputQueue(RATE)


def push(queue: InputQueue[Move], *numbers: int) -> None:
    for number in numbers:
        queue.push(Move(seq=number))


def seqs(inputs: list[Move]) -> list[int]:
    return [input.seq for input in inputs]


def test_one_input_a_tick(queue: InputQueue[Move]) -> None:
    """A player that sends one input a tick has each applied in turn; a tick without an input takes none."""
    assert (queue.take(), queue.last_input_seq) == ([], 0)
    for number in range(1, 100):
        push(queue, number)
        assert seqs(queue.take()) == [number]
        assert queue.last_input_seq == number
    assert queue.dropped == 0


def test_two_inputs_that_arrive_in_one_tick_are_both_applied(queue: InputQueue[Move]) -> None:
    """The second waits for the next tick; a long queue is worked off two at a time, and then one by one."""
    push(queue, 1, 2)
    assert [seqs(queue.take()) for _ in range(2)] == [[1], [2]]
    push(queue, 3, 4, 5, 6, 7)
    assert [seqs(queue.take()) for _ in range(4)] == [[3, 4], [5, 6], [7], []]
    assert queue.dropped == 0


def test_a_standing_delay_is_worked_off(queue: InputQueue[Move]) -> None:
    """One input that always waits, although they come evenly, is gone within half a second."""
    push(queue, 1)
    for number in range(2, 2 + round(RATE / 2)):
        push(queue, number)
        queue.take()
    assert len(queue) == 0 and queue.dropped == 0


def test_after_a_stall_of_a_second_nothing_is_lost(queue: InputQueue[Move]) -> None:
    """What piled up while the network stood still is all applied."""
    for _ in range(round(RATE * STALL)):
        queue.take()
    push(queue, *range(1, round(RATE * STALL) + 1))
    taken: list[int] = []
    for _ in range(60):
        taken += seqs(queue.take())
    assert taken == list(range(1, round(RATE * STALL) + 1))
    assert queue.dropped == 0


def test_an_input_that_was_seen_already_is_dropped_and_counted(queue: InputQueue[Move]) -> None:
    """A repeated or older number is refused, taken or not; numbers start at 1."""
    assert not queue.push(Move()) and len(queue) == 0
    push(queue, 5)
    assert not any(queue.push(Move(seq=seq)) for seq in (5, 4, 0))
    assert seqs(queue.take()) == [5]
    assert not queue.push(Move(seq=5))
    assert queue.dropped == 5


def test_twice_as_fast_gains_nothing(queue: InputQueue[Move]) -> None:
    """A client that sends two inputs a tick moves no faster than one that sends one."""
    number = taken = 0
    for _ in range(3000):
        push(queue, number + 1, number + 2)
        number += 2
        taken += len(queue.take())
    assert taken <= 3000 * CLOCK_TOLERANCE + BURST
    assert queue.dropped >= 2500


def test_a_player_that_was_too_fast_catches_up(queue: InputQueue[Move]) -> None:
    """Once the queue has overflowed, only the newest few wait, so that the delay is short again."""
    push(queue, *range(1, 200))
    assert not queue.push(Move(seq=1000)) or len(queue) < RATE * STALL + BURST
    while len(queue) > TARGET:
        queue.take()
    assert queue.last_input_seq >= 150


def test_a_clock_that_runs_a_little_fast_loses_nothing(queue: InputQueue[Move]) -> None:
    """Real clocks differ by far less than 1 %; such a client never has an input dropped."""
    sent = 0
    for tick in range(1, 20_000):
        while sent < tick * 1.005:
            sent += 1
            push(queue, sent)
        queue.take()
    assert queue.dropped == 0
    assert len(queue) <= TARGET + 1


def test_skipped_ticks_count_for_the_player(queue: InputQueue[Move]) -> None:
    """When the server runs at half its speed, the inputs of the skipped ticks are no speed hack."""
    for round in range(300):
        push(queue, 2 * round + 1, 2 * round + 2)
        queue.take(ticks=2)
    assert queue.dropped == 0
    assert queue.last_input_seq >= 598


steps = st.lists(st.tuples(st.sampled_from(["push", "take"]), st.integers(1, 40)), min_size=1, max_size=200)


@given(steps=steps, rate=st.sampled_from([1.0, 10.0, 30.0, 60.0]))
def test_the_queue_law_holds_for_every_schedule(steps: list[tuple[str, int]], rate: float) -> None:
    """Never more than the ticks allow; in order; each at most once; all accounted for."""
    queue: InputQueue[Move] = InputQueue(rate)
    pushed = ticks = 0
    taken: list[int] = []
    for action, amount in steps:
        if action == "push":
            push(queue, *range(pushed + 1, pushed + amount + 1))
            pushed += amount
        else:
            ticks += amount
            got = seqs(queue.take(amount))
            assert len(got) <= 2
            taken += got
        assert len(taken) <= ticks * CLOCK_TOLERANCE + BURST
        assert len(queue) <= max(TARGET + 1, rate * STALL + BURST)
    assert taken == sorted(set(taken))
    assert set(taken) <= set(range(1, pushed + 1))
    assert len(taken) + len(queue) + queue.dropped == pushed


@given(numbers=st.lists(st.integers(0, 50), max_size=80))
def test_whatever_numbers_arrive_they_are_applied_in_rising_order(numbers: list[int]) -> None:
    """Repeated, old and jumping numbers never make a player's steps go back."""
    queue: InputQueue[Move] = InputQueue(RATE)
    taken: list[int] = []
    for number in numbers:
        queue.push(Move(seq=number))
        taken += seqs(queue.take())
    assert taken == sorted(set(taken))
