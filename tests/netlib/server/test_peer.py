"""One player as the server sees it: its inputs, what it is sent, and what waits while it is away."""

import asyncio
from typing import Any

import pytest

from netlib.errors import BadMessage, ConnectionLost
from netlib.events import Left
from netlib.protocol.codecs import MSGPACK
from netlib.protocol.frames import Ack, Hello
from netlib.protocol.messages import Untyped
from netlib.server.peer import OVERFLOW, Seat
from netlib.server.roster import TOTAL
from netlib.session import delivery
from netlib.session.sessions import Session
from netlib.state.sync import Publisher
from tests.support.callers import Chat, FakeConnection, FakeRoom, Move, a_caller, a_seat


def everything(**limits: Any) -> tuple[FakeRoom, Seat, FakeConnection]:
    """Return a server, Ada on it, and her connection."""
    server = FakeRoom(**limits)
    return server, *a_seat(server)


def test_a_message_goes_out_in_the_encoding_of_the_connection() -> None:
    """A player that comes back may speak another one."""
    server, seat, connection = everything()
    seat.peer.send(Chat("hi"))
    packed, other = a_caller(server, MSGPACK.subprotocol)
    seat.attach(packed)
    assert seat.codec is MSGPACK
    seat.peer.send(Chat("ho"))
    assert (connection.sent, other.sent) == (
        [{"type": "chat", "text": "hi"}],
        [{"type": "chat", "text": "ho"}],
    )


def test_what_cannot_be_sent_is_told_to_the_sender() -> None:
    """The game's own mistake is the game's error, not the client's."""
    seat, connection = a_seat(FakeRoom())
    with pytest.raises(BadMessage):
        seat.peer.send(Untyped("emote", {"x": object()}))
    assert connection.sent == []
    assert seat.session.delivery.waiting == 0


def test_inputs_are_taken_once_a_tick() -> None:
    """A second call in the same tick gives nothing; each input is given once, in order."""
    server, seat, _ = everything()
    for seq in (1, 2):
        seat.queue_input(Move(seq=seq))
    assert seat.peer.inputs_waiting == 2
    assert seat.peer.take_inputs() == []
    server.tick = 1
    assert seat.peer.take_inputs() == [Move(seq=1)]
    assert seat.peer.take_inputs() == []
    server.tick = 2
    assert seat.peer.take_inputs() == [Move(seq=2)]
    assert seat.peer.last_input_seq == 2


def test_inputs_that_are_dropped_are_counted() -> None:
    """A repeated number is counted where the host can see it, without an error."""
    server, seat, connection = everything()
    seat.queue_input(Move(seq=1))
    seat.queue_input(Move(seq=1))
    assert seat.peer.refused["too_many_inputs"] == server.metrics.refused["too_many_inputs"] == 1
    assert connection.sent == []


def test_while_time_stands_still_inputs_are_dropped() -> None:
    """Nobody moves in a pause, or jumps after it; it is nobody's fault, and not counted."""
    server, seat, _ = everything()
    server.paused = True
    seat.queue_input(Move(seq=1))
    assert seat.peer.inputs_waiting == 0
    assert not seat.peer.refused


def test_over_a_new_connection_inputs_may_be_numbered_from_one_again() -> None:
    """What waited from before the drop is not used any more."""
    server, seat, _ = everything()
    seat.queue_input(Move(seq=5))
    seat.attach(a_caller(server)[0])
    assert seat.peer.inputs_waiting == 0
    seat.queue_input(Move(seq=1))
    server.tick = 1
    assert seat.peer.take_inputs() == [Move(seq=1)]
    assert not seat.peer.refused


def test_a_snapshot_carries_this_clients_newest_input() -> None:
    """The envelope is each client's own, the body is everyone's."""
    server, seat, connection = everything()
    seat.queue_input(Move(seq=7))
    server.tick = 1
    seat.peer.take_inputs()
    publisher = Publisher()
    publisher.update(3, {"things": {}})
    seat.send_snapshot(publisher)
    (snapshot,) = connection.sent
    assert (snapshot["tick"], snapshot["last_input_seq"], snapshot["full"]) == (3, 7, True)


def test_a_client_that_does_not_read_gets_no_snapshots() -> None:
    """While much waits for it, nothing is added; then one delta with all that it has missed."""
    seat, connection = a_seat(FakeRoom())
    publisher = Publisher()
    for tick in range(1, 10):
        connection.buffered = 100_000 if 3 <= tick <= 7 else 0
        publisher.update(tick, {"things": {}})
        seat.send_snapshot(publisher)
    assert [message["tick"] for message in connection.sent] == [1, 2, 8, 9]
    assert [message.get("full", False) for message in connection.sent] == [True, False, False, False]


def test_the_first_snapshot_over_a_new_connection_is_a_full_one() -> None:
    """Deltas build on what was sent over the same connection; while it is away, there are none."""
    server, seat, _ = everything()
    publisher = Publisher()
    caller, connection = a_caller(server)
    for tick in range(1, 6):
        publisher.update(tick, {"things": {}})
        if tick == 2:
            seat.detach()
        elif tick == 4:
            seat.attach(caller)
        seat.send_snapshot(publisher)
    assert [(message["tick"], message.get("full", False)) for message in connection.sent] == [
        (4, True),
        (5, False),
    ]


def test_a_seat_shows_who_it_is() -> None:
    """In logs, a player is recognisable, also while it is away."""
    seat, _ = a_seat(FakeRoom())
    assert seat.peer.connected and seat.peer.joined
    seat.detach()
    assert not seat.peer.connected
    assert seat.peer.joined, "it may come back"
    assert repr(seat.peer) == "<Peer 7 'Ada' 10.0.0.7:50312>"


def test_a_plain_client_that_never_confirms_may_stay() -> None:
    """When too much waits for its confirmation, nothing is kept for it any more."""
    seat, connection = a_seat(FakeRoom())
    for number in range(delivery.MAX_UNPROVEN // 1000 + 2):
        seat.peer.send(Chat(f"{number:01000}"))
    assert connection.is_open
    assert len(connection.sent) == delivery.MAX_UNPROVEN // 1000 + 2
    assert seat.session.delivery.waiting == 0


def test_a_client_that_stops_confirming_is_ended() -> None:
    """Memory is bounded: over the limit its stay ends with close code 1008."""
    _, seat, connection = everything(max_backlog=10_000)
    seat.peer.send(Chat("first"))
    seat.acknowledge(Ack(received=1))
    for _ in range(9):
        seat.peer.send(Chat("x" * 900))
    assert connection.is_open and 9_000 < seat.peer.backlog < 10_000
    seat.peer.send(Chat("x" * 900))
    assert connection.closed == (1008, OVERFLOW)
    assert seat.session.over


def test_only_so_much_waits_for_a_player_that_is_away() -> None:
    """Over the limit its stay ends, at once."""
    server, seat, _ = everything(max_backlog=10_000)
    seat.detach()
    seat.peer.send(Chat("x" * 9_000))
    assert server.got == []
    seat.peer.send(Chat("x" * 900))
    assert server.got[-1] == Left(seat.peer, 1008, OVERFLOW)


def test_only_so_much_waits_for_all_together() -> None:
    """Over the limit of the server the stay for which most waits ends, whoever was sent the last."""
    server = FakeRoom(max_total_backlog=10_000)
    seats = [server.roster.add(Session(number, "Ada", Hello(1, "Ada", received=0))) for number in (1, 2, 3)]
    for seat, size in zip(seats, (1_000, 6_000, 1_500), strict=True):
        seat.peer.send(Chat("x" * size))
    assert server.got == []
    seats[2].peer.send(Chat("x" * 2_500))
    assert server.got == [Left(seats[1].peer, 1008, TOTAL)]


def test_what_is_too_large_to_wait_is_the_games_mistake() -> None:
    """It hears of it where it sends; nobody is sent a part of it."""
    _, seat, connection = everything(max_backlog=10_000)
    with pytest.raises(BadMessage, match="Chat has 20025 bytes; at most 10000 can be sent at once"):
        seat.peer.send(Chat("x" * 20_000))
    assert (connection.sent, seat.peer.backlog) == ([], 0)


async def test_waiting_until_less_waits() -> None:
    """A program that sends much goes on when its client has confirmed enough, or hears that it has left."""
    _, seat, _ = everything(soft_backlog=10_000)
    await seat.peer.drain()
    for _ in range(20):
        seat.peer.send(Chat("x" * 900))
    first, second = asyncio.create_task(seat.peer.drain()), asyncio.create_task(seat.peer.drain())
    await asyncio.sleep(0)
    seat.acknowledge(Ack(received=5))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not first.done()
    second.cancel()
    seat.acknowledge(Ack(received=12))
    await first
    for _ in range(20):
        seat.peer.send(Chat("x" * 900))
    third = asyncio.create_task(seat.peer.drain())
    await asyncio.sleep(0)
    seat.peer.kick("enough")
    with pytest.raises(ConnectionLost, match="has left the room"):
        await third


def test_nothing_is_sent_to_a_player_that_is_gone() -> None:
    """A listener that is late does no harm."""
    seat, connection = a_seat(FakeRoom())
    seat.gone = True
    seat.peer.send(Chat("hello?"))
    assert connection.sent == []
    assert not seat.peer.joined
    assert seat.session.delivery.waiting == 0


def test_a_refusal_while_it_is_away_is_only_counted() -> None:
    """There is nobody to tell it to."""
    server, seat, connection = everything()
    seat.detach()
    seat.peer.refuse("too_late", "the round is over")
    assert connection.sent == []
    assert seat.peer.refused["too_late"] == server.metrics.refused["too_late"] == 1


def test_the_rate_limit_goes_along_to_the_next_connection() -> None:
    """Coming back again and again does not make room for a flood."""
    server, seat, _ = everything(messages_per_second=0.001, message_burst=3)
    for _ in range(3):
        caller, connection = a_caller(server)
        seat.attach(caller)
        for _ in range(3):
            caller.message_received(b'{"type":"ping","time":1}', False)
    assert len(server.got) == 3
    assert connection.errors == ["rate"] * 3
