"""One client as the server sees it: what it may send, and what happens when it may not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from netlib import peer as peer_module
from netlib.codecs import JSON, MSGPACK
from netlib.errors import BadMessage
from netlib.messages import Catalog, Input, Message, Untyped
from netlib.metrics import ServerMetrics
from netlib.peer import ERROR_BURST, Peer
from netlib.handshake import Limits
from netlib.sync import Publisher
from netlib.wire import FROM_CLIENT


class Chat(Message, frozen=True):
    text: str


class Move(Input, frozen=True):
    dx: int = 0


class FakeConnection:
    """Notes what is sent and how it is closed."""

    subprotocol: str | None = None
    address = "10.0.0.7:50312"
    buffered = 0
    broken = False

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.closed: tuple[int, str] | None = None

    @property
    def closing(self) -> bool:
        return self.closed is not None

    @property
    def is_open(self) -> bool:
        return not self.closing

    def send(self, data: bytes, *, binary: bool) -> None:
        if self.is_open:
            self.sent.append((msgspec.msgpack if binary else msgspec.json).decode(data))

    def close(self, code: int, reason: str) -> None:
        self.closed = self.closed or (int(code), reason)


class FakeServer:
    """Has what a peer asks of its server, and notes what it is told."""

    def __init__(self, **limits: Any) -> None:
        self.limits = Limits(**limits)
        self.metrics = ServerMetrics()
        self.catalog = Catalog([*FROM_CLIENT, Chat, Move, "emote"])
        self.tick_rate = 30.0
        self.tick = 0
        self.got: list[Any] = []

    def message_received(self, _: Peer, message: Any) -> None:
        self.got.append(message)

    def peer_gone(self, _: Peer, code: int, reason: str) -> None:
        self.got.append((code, reason))


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    time = SimpleNamespace(now=100.0)
    monkeypatch.setattr(peer_module, "clock", lambda: time.now)
    return time


def made(subprotocol: str | None = None, **limits: Any) -> tuple[Peer, FakeServer, FakeConnection]:
    server, connection = FakeServer(**limits), FakeConnection()
    connection.subprotocol = subprotocol
    any_server: Any = server
    any_connection: Any = connection
    peer = Peer(any_server, any_connection)
    peer.connection_opened()
    return peer, server, connection


def codes(connection: FakeConnection) -> list[str]:
    return [message["code"] for message in connection.sent if message["type"] == "error"]


def test_a_message_reaches_the_server() -> None:
    """Decoded and checked, typed or not."""
    peer, server, _ = made()
    peer.message_received(b'{"type":"chat","text":"hi"}', False)
    peer.message_received(b'{"type":"emote","face":1}', False)
    assert server.got == [Chat("hi"), Untyped("emote", {"face": 1})]


def test_the_subprotocol_decides_the_encoding() -> None:
    """Binary MessagePack in and out for who asked for it."""
    peer, server, connection = made(MSGPACK.subprotocol)
    assert peer.codec is MSGPACK
    peer.message_received(MSGPACK.encode(Chat("hi")), True)
    peer.send(Chat("ho"))
    assert server.got == [Chat("hi")]
    assert connection.sent == [{"type": "chat", "text": "ho"}]


@pytest.mark.parametrize(
    ("subprotocol", "data", "binary"),
    [(None, JSON.encode(Chat("hi")), True), (MSGPACK.subprotocol, MSGPACK.encode(Chat("hi")), False)],
)
def test_the_other_kind_of_frame_is_refused(subprotocol: str | None, data: bytes, binary: bool) -> None:
    """Binary frames do not belong on a JSON connection, nor text on MessagePack."""
    peer, server, connection = made(subprotocol)
    peer.message_received(data, binary)
    assert server.got == []
    assert codes(connection) == ["bad_message"]
    assert connection.is_open


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"{", "bad_message"), (b'{"type":"chat"}', "bad_message"), (b'{"type":"nope"}', "unknown_type")],
)
def test_a_bad_message_is_told_and_counted_and_the_connection_lives_on(data: bytes, code: str) -> None:
    """The sender gets an error, the host a counter, and the next good message its listener."""
    peer, server, connection = made()
    peer.message_received(data, False)
    assert codes(connection) == [code]
    assert peer.refused[code] == server.metrics.refused[code] == 1
    peer.message_received(b'{"type":"chat","text":"hi"}', False)
    assert server.got == [Chat("hi")]


def test_a_message_over_the_limit_is_told_and_ends_the_connection() -> None:
    """Too big: an error first, then close code 1009."""
    peer, server, connection = made(message_size=100)
    peer.message_received(JSON.encode(Chat("x" * 100)), False)
    assert codes(connection) == ["too_big"]
    assert connection.closed is not None
    assert connection.closed[0] == 1009
    assert "the limit is 100" in connection.closed[1]
    assert server.got == []


def test_a_message_of_exactly_the_limit_passes() -> None:
    """The limit itself is allowed."""
    data = JSON.encode(Chat("hi"))
    peer, server, _ = made(message_size=len(data))
    peer.message_received(data, False)
    assert server.got == [Chat("hi")]


def test_after_the_close_nothing_is_taken(now: SimpleNamespace) -> None:
    """What was still under way from a client that we closed is not looked at."""
    peer, server, _ = made()
    peer.kick("because")
    peer.message_received(b'{"type":"chat","text":"hi"}', False)
    assert server.got == []


def test_too_many_messages_are_refused(now: SimpleNamespace) -> None:
    """Beyond the burst, the rate decides; a pause makes good again."""
    peer, server, connection = made(messages_per_second=10, message_burst=5)
    for _ in range(8):
        peer.message_received(b'{"type":"chat","text":"hi"}', False)
    assert len(server.got) == 5
    assert codes(connection) == ["rate"] * 3
    assert "at most 10 a second" in connection.sent[0]["message"]
    now.now += 0.15
    peer.message_received(b'{"type":"chat","text":"hi"}', False)
    assert len(server.got) == 6


def test_error_replies_are_limited_themselves(now: SimpleNamespace) -> None:
    """A flood of bad messages is answered in part only, but counted in full."""
    peer, server, connection = made(refusals=1000)
    for _ in range(300):
        peer.message_received(b"{", False)
    assert len(connection.sent) == ERROR_BURST
    assert peer.refused["bad_message"] == server.metrics.refused["bad_message"] == 300


def test_too_many_refusals_end_the_connection(now: SimpleNamespace) -> None:
    """Abuse ends with close code 1008 and a reason."""
    peer, _, connection = made(refusals=10)
    for _ in range(10):
        peer.message_received(b"{", False)
    assert connection.is_open
    peer.message_received(b"{", False)
    assert connection.closed is not None
    assert connection.closed[0] == 1008
    assert connection.closed[1].startswith("too many refused messages; the last: ")


def test_what_cannot_be_sent_is_told_to_the_sender() -> None:
    """The game's own mistake is the game's error, not the client's."""
    peer, _, connection = made()
    with pytest.raises(BadMessage):
        peer.send(Untyped("emote", {"x": object()}))
    assert connection.sent == []


def test_inputs_are_taken_once_a_tick() -> None:
    """A second call in the same tick gives nothing; each input is given once, in order."""
    peer, server, _ = made()
    for seq in (1, 2):
        peer.queue_input(Move(seq=seq))
    assert peer.inputs_waiting == 2
    assert peer.take_inputs() == []
    server.tick = 1
    assert peer.take_inputs() == [Move(seq=1)]
    assert peer.take_inputs() == []
    server.tick = 2
    assert peer.take_inputs() == [Move(seq=2)]
    assert peer.last_input_seq == 2


def test_inputs_that_are_dropped_are_counted() -> None:
    """A repeated number is counted where the host can see it, without an error."""
    peer, server, connection = made()
    peer.queue_input(Move(seq=1))
    peer.queue_input(Move(seq=1))
    assert peer.refused["too_many_inputs"] == server.metrics.refused["too_many_inputs"] == 1
    assert connection.sent == []


def test_a_snapshot_carries_this_clients_newest_input() -> None:
    """The envelope is each client's own, the body is everyone's."""
    peer, server, connection = made()
    peer.queue_input(Move(seq=7))
    server.tick = 1
    peer.take_inputs()
    publisher = Publisher()
    publisher.update(3, {"things": {}})
    peer.send_snapshot(publisher)
    (snapshot,) = connection.sent
    assert (snapshot["tick"], snapshot["last_input_seq"], snapshot["full"]) == (3, 7, True)


def test_who_does_not_read_gets_no_snapshots() -> None:
    """While much waits for it, nothing is added; then one full snapshot."""
    peer, _, connection = made()
    publisher = Publisher()
    for tick in range(1, 10):
        connection.buffered = 100_000 if 3 <= tick <= 7 else 0
        publisher.update(tick, {"things": {}})
        peer.send_snapshot(publisher)
    assert [message["tick"] for message in connection.sent] == [1, 2, 8, 9]
    assert [message.get("full", False) for message in connection.sent] == [True, False, True, False]


def test_a_peer_shows_who_it_is() -> None:
    """In logs, a peer is recognisable; before its hello it is nobody."""
    peer, server, _ = made()
    assert not peer.joined
    peer.join(7, "Ada", False)
    assert peer.joined
    assert repr(peer) == "<Peer 7 'Ada' 10.0.0.7:50312>"
    peer.connection_closed(1001, "bye")
    assert server.got == [(1001, "bye")]
