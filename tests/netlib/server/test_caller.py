"""One connection of a client: what it may send, and what happens when it may not."""

from types import SimpleNamespace

import pytest

from netlib.events import Dropped, Left
from netlib.protocol.codecs import MSGPACK
from netlib.server import connections
from netlib.server.connections import ERROR_BURST
from netlib.transport import loops
from tests.support.callers import Chat, FakeRoom, a_caller, a_seat

HI = b'{"type":"chat","text":"hi"}'


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Give a clock that stands still."""
    time = SimpleNamespace(now=100.0)
    for module in (loops, connections):
        monkeypatch.setattr(module, "running_clock", lambda: lambda: time.now)
    return time


END = {"left": Left, "dropped": Dropped}


def test_the_subprotocol_decides_the_encoding() -> None:
    """Binary MessagePack in and out for a client that asked for it."""
    server = FakeRoom()
    caller, connection = a_caller(server, MSGPACK.subprotocol)
    assert caller.codec is MSGPACK
    caller.message_received(MSGPACK.encode(Chat("hi")), True)
    caller.send(Chat("ho"))
    assert server.got == [Chat("hi")]
    assert connection.sent == [{"type": "chat", "text": "ho"}]


def test_what_was_refused_before_the_hello_counts_for_the_player() -> None:
    """The counters of the connection become those of the peer."""
    server = FakeRoom()
    caller, _ = a_caller(server)
    caller.message_received(b"{", False)
    seat, _ = a_seat(server)
    seat.attach(caller)
    caller.message_received(b'{"type":"ping"}', False)
    assert seat.peer.refused["bad_message"] == 2


def test_too_many_messages_are_refused(now: SimpleNamespace) -> None:
    """Beyond the burst, the rate decides; a pause makes good again."""
    server = FakeRoom(messages_per_second=10, message_burst=5)
    caller, connection = a_caller(server)
    for _ in range(8):
        caller.message_received(HI, False)
    assert len(server.got) == 5
    assert connection.errors == ["rate"] * 3
    assert "at most 10 a second" in connection.sent[0]["message"]
    now.now += 0.15
    caller.message_received(HI, False)
    assert len(server.got) == 6


def test_error_replies_are_limited_themselves(now: SimpleNamespace) -> None:
    """A flood of bad messages is answered in part only, but counted in full."""
    server = FakeRoom(refusals=1000)
    caller, connection = a_caller(server)
    for _ in range(300):
        caller.message_received(b"{", False)
    assert len(connection.sent) == ERROR_BURST
    assert caller.refused["bad_message"] == server.metrics.refused["bad_message"] == 300


@pytest.mark.parametrize(
    ("code", "ours", "broken", "stopping", "end"),
    [
        *((code, False, False, False, "left") for code in (1000, 1001, 1005)),
        *((code, False, False, False, "dropped") for code in (1006, 1011)),
        (1006, True, False, False, "left"),
        (1006, False, True, False, "left"),
        (1001, True, False, True, "dropped"),
    ],
)
async def test_the_end_of_a_connection_is_a_leave_or_a_drop(
    code: int, ours: bool, broken: bool, stopping: bool, end: str
) -> None:
    """A goodbye is a leave, so is a close by the server; all else is a drop, and so is the server's end."""
    server = FakeRoom()
    seat, _ = a_seat(server)
    caller, connection = a_caller(server)
    seat.attach(caller)
    connection.closed_by_us, connection.broken, server.stopping = ours, broken, stopping
    caller.connection_closed(code, "so it is")
    assert server.got == [END[end](seat.peer, code, "so it is")]
    assert not seat.peer.connected


def test_the_late_end_of_a_replaced_connection_is_nobodys() -> None:
    """A client that has come back over a new connection does not notice when the old one ends at last."""
    server = FakeRoom()
    seat, _ = a_seat(server)
    old, _ = a_caller(server)
    new, connection = a_caller(server)
    seat.attach(old)
    seat.attach(new)
    old.connection_closed(1000, "at last")
    assert server.got == []
    seat.peer.send(Chat("hi"))
    assert connection.sent == [{"type": "chat", "text": "hi"}]
