"""Sessions by the words of PROTOCOL.md §9 alone: dropping, coming back, exactly-once messages, leaving."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

import netlib
from tests.support import rooms
from tests.support.processes import wait_until_async
from tests.support.sessions import Note, Thing
from tests.support.wire import MSGPACK, Frame, WireClient, joined, opened


@dataclass
class Room:
    """A room, the notes that it heard, and who came and went.

    Attributes:
        heard: the number in each note.
        events: what happened to whom, such as "Joined 1".
    """

    server: netlib.Server
    heard: list[int] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it is."""
        return rooms.url(self.server)

    def say(self, *numbers: int) -> None:
        """Send notes to everybody."""
        for number in numbers:
            self.server.broadcast(Note(number))

    async def happened(self, event: str) -> None:
        """Wait for an event."""
        await wait_until_async(lambda: event in self.events, event)


@contextlib.asynccontextmanager
async def a_room(**limits: Any) -> AsyncIterator[Room]:
    """Give a room; limits are those of netlib.Limits."""
    server = rooms.a_room(limits=netlib.Limits(**limits), password="plum", input_type=netlib.Input)
    room = Room(server)
    server.on(Note, lambda peer, note: room.heard.append(note.number))
    for kind in (netlib.Joined, netlib.Dropped, netlib.Resumed, netlib.Left):
        server.on(kind, lambda event: room.events.append(f"{type(event).__name__} {event.peer.id}"))
    server.publish({"things": {1: Thing(7)}})
    async with server:
        yield room


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """Give a room with the default limits."""
    async with a_room() as found:
        yield found


@contextlib.asynccontextmanager
async def newcomer(room: Room, **hello: Any) -> AsyncIterator[WireClient]:
    """Give a client that is new there."""
    async with joined(room.url, acks=False, **{"password": "plum", **hello}) as client:
        yield client


@contextlib.asynccontextmanager
async def returned(room: Room, lost: WireClient, **hello: Any) -> AsyncIterator[WireClient]:
    """Give a client that comes back to the session of another connection."""
    async with newcomer(room, **{"resume": lost.welcome["resume"], **hello}) as client:
        yield client


async def dropped(room: Room, client: WireClient) -> None:
    """Break a connection, and wait until the server has noticed."""
    client.drop()
    await client.ended()
    await room.happened(f"Dropped {client.welcome['player_id']}")


async def lost(room: Room, *said: int, **hello: Any) -> WireClient:
    """Let somebody join, be told some numbers, and lose the connection; return it."""
    async with newcomer(room, **hello) as client:
        room.say(*said)
        await dropped(room, client)
    return client


def notes(client: WireClient) -> list[int]:
    """Return the numbers of the notes that came over a connection."""
    return [frame["number"] for _, frame in client.frames if frame["type"] == "note"]


async def heard_notes(client: WireClient, count: int) -> None:
    """Wait until so many notes have come over a connection."""
    await client.until(lambda: len(notes(client)) == count, f"{count} notes")


def kinds(client: WireClient) -> list[str]:
    """Return the types of all frames that came over a connection, pongs left out."""
    return [frame["type"] for _, frame in client.frames if frame["type"] != "pong"]


async def test_a_client_comes_back(room: Room) -> None:
    """The same player with a new token; what it missed comes once and in order, then a full snapshot."""
    async with newcomer(room) as first:
        room.say(1, 2, 3)
        await first.until(lambda: first.received == 3, "three notes")
        await first.send({"type": "ack", "received": 2})
        await first.answered()
        await dropped(room, first)
    room.say(4, 5)
    async with returned(room, first, received=first.received) as back:
        room.say(6)
        await back.until(lambda: len(notes(back)) == 3 and back.snapshots(), "what it missed")
        assert (back.welcome["resumed"], back.welcome["player_id"]) == (True, first.welcome["player_id"])
        assert back.welcome["resume"] != first.welcome["resume"]
        assert notes(back) == [4, 5, 6]
        assert kinds(back) == ["welcome", "note", "note", "snapshot", "note"]
        assert back.snapshots()[0][1]["full"]
    assert room.events[:3] == ["Joined 1", "Dropped 1", "Resumed 1"]


async def test_nothing_is_sent_twice_over_many_connections(room: Room) -> None:
    """The counts are those of the session, not of the connection."""
    received, seen = 0, list[int]()
    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(newcomer(room))
        for number in range(1, 6):
            room.say(10 * number, 10 * number + 1)
            await heard_notes(client, 2)
            received, seen = received + client.received, seen + notes(client)
            client.drop()
            client = await stack.enter_async_context(returned(room, client, received=received))
            assert client.welcome["resumed"]
    assert seen == [10, 11, 20, 21, 30, 31, 40, 41, 50, 51]
    assert room.server.metrics.resumed == 5


def _hello(**fields: Any) -> Frame:
    return {"type": "hello", "protocol": 1, "name": "Ada", "password": "plum", **fields}


async def test_the_encoding_may_change(room: Room) -> None:
    """A session does not belong to a subprotocol."""
    first = await lost(room, 1)
    async with returned(room, first, received=0, encoding=MSGPACK) as back:
        await back.until(lambda: notes(back) == [1], "the note in MessagePack")


async def test_a_client_that_does_not_count_comes_back_too(room: Room) -> None:
    """Without `received` it is the same player with the whole state; no message is sent again, ever."""
    first = await lost(room, 1)
    room.say(2)
    async with returned(room, first) as back:
        room.say(3)
        await back.until(lambda: notes(back) and back.snapshots(), "what is new")
        assert back.welcome["player_id"] == first.welcome["player_id"]
        assert back.snapshots()[0][1]["full"]
        assert notes(back) == [3]
        room.say(4)
        await back.until(lambda: notes(back) == [3, 4])
        room.events.clear()
        await dropped(room, back)
    async with returned(room, back, received=0) as again:
        await again.answered()
        assert notes(again) == []


async def test_what_the_server_has_got_stands_in_its_welcome(room: Room) -> None:
    """The client sends the rest again, and each of its messages arrives once."""
    async with newcomer(room) as first:
        for number in (1, 2):
            await first.send({"type": "note", "number": number})
        await first.answered()
        assert (await first.expect("ack"))["received"] == 2
        await dropped(room, first)
    mine = [1, 2, 3, 4]  # two of them were never sent
    async with returned(room, first, received=0) as back:
        assert back.welcome["received"] == 2
        for number in mine[back.welcome["received"] :]:
            await back.send({"type": "note", "number": number})
        await back.until(lambda: room.heard == mine, "all of them")


async def test_an_old_token_is_void_after_the_first_frame(room: Room) -> None:
    """A client that has got hold of it is a newcomer, and is told so."""
    first = await lost(room)
    async with returned(room, first, received=0) as back:
        await back.send({"type": "ack", "received": 0})
        await back.answered()
        async with returned(room, first, received=0) as thief:
            assert (thief.welcome["resumed"], thief.welcome["player_id"]) == (False, 2)
            await thief.expect("error", "session_over")
        assert back.socket.close_code is None


async def test_an_old_token_is_good_until_the_first_frame(room: Room) -> None:
    """A welcome that is lost on its way costs nothing: the client never had the new token."""
    first = await lost(room, 1)
    for _ in range(3):
        async with returned(room, first, received=0) as back:
            back.drop()
    async with returned(room, first, received=0) as back:
        assert (back.welcome["resumed"], back.welcome["player_id"]) == (True, 1)
        await back.until(lambda: notes(back) == [1], "what it missed")


async def test_a_first_hello_that_is_said_again(room: Room) -> None:
    """By its nonce it is the same player, although it never saw the first welcome."""
    await lost(room, 1, nonce="5f0e21c7a98b3d64")
    async with newcomer(room, nonce="5f0e21c7a98b3d64") as back:
        assert (back.welcome["resumed"], back.welcome["player_id"]) == (False, 1)
        await back.until(lambda: notes(back) == [1], "what it missed")
        assert not [frame for frame in back.unread if frame["type"] == "error"]
        await back.answered()
        async with newcomer(room, nonce="5f0e21c7a98b3d64") as other:
            assert other.welcome["player_id"] == 2, "the nonce is void after the first frame"


async def test_changing_connections_needs_no_grace_time() -> None:
    """A client that is back before its old connection has ended was never away, and is no ghost."""
    async with (
        a_room(grace_time=0) as room,
        newcomer(room) as first,
        returned(room, first, received=0) as back,
    ):
        assert (await first.ended())[0] == 4001
        room.say(1)
        await heard_notes(back, 1)
        assert [peer.connected for peer in room.server.peers] == [True]
        assert "Left 1" not in room.events


@pytest.mark.parametrize("hello", [{"password": "wrong"}, {"protocol": 2}, {"name": ""}])
async def test_a_return_can_be_refused(room: Room, hello: Frame) -> None:
    """The token does not stand for password, version and name; the session waits on."""
    first = await lost(room)
    async with opened(room.url) as refused:
        await refused.send({**_hello(resume=first.welcome["resume"], received=0), **hello})
        await refused.expect("refused")
    async with returned(room, first, received=0) as back:
        assert back.welcome["resumed"]


async def test_a_return_needs_no_free_seat() -> None:
    """The seat was kept, and nobody else got it."""
    async with a_room(max_players=1) as room:
        first = await lost(room)
        async with opened(room.url) as other:
            await other.send(_hello())
            await other.expect("refused", "full")
        async with returned(room, first, received=0) as back:
            assert back.welcome["resumed"]


@pytest.mark.parametrize("code", [1000, 1001, None])
async def test_these_codes_leave(room: Room, code: int | None) -> None:
    """The stay is over at once, and the token opens nothing any more."""
    async with newcomer(room) as client:
        if code is None:
            client.socket.transport.write(b"\x88\x80\x00\x00\x00\x00")  # a close frame without a code
        else:
            await client.socket.close(code)
        await room.happened("Left 1")
    async with returned(room, client, received=0) as again:
        assert (again.welcome["resumed"], again.welcome["player_id"]) == (False, 2)
        assert (await again.expect("error"))["code"] == "session_over"
    assert "Dropped 1" not in room.events


@pytest.mark.parametrize("code", [1011, 1012, 3000, 4999])
async def test_other_codes_drop(room: Room, code: int) -> None:
    """A client that breaks down may say so, and come back."""
    async with newcomer(room) as client:
        await client.socket.close(code)
        await room.happened("Dropped 1")
    async with returned(room, client, received=0) as back:
        assert back.welcome["resumed"]


async def test_a_kicked_player_cannot_come_back(room: Room) -> None:
    """A kick ends the stay: its token is refused, and a person may still join anew without it."""
    async with newcomer(room) as client:
        room.server.peers[0].kick("too loud")
        assert await client.ended() == (1008, "too loud")
        await room.happened("Left 1")
    async with opened(room.url) as again:
        await again.send(_hello(resume=client.welcome["resume"], received=0))
        assert (await again.expect("refused", "kicked"))["message"] == "too loud"
    async with newcomer(room) as anew:
        assert anew.welcome["player_id"] == 2


async def test_after_the_grace_time_it_is_over() -> None:
    """A client that comes too late is a newcomer, counts from 0, and gets nothing said meanwhile."""
    async with a_room(grace_time=0.1) as room:
        first = await lost(room, 1)
        room.say(2)
        await room.happened("Left 1")
        async with returned(room, first, received=1) as late:
            room.say(3)
            await late.expect("error", "session_over")
            await late.until(lambda: notes(late), "the first note")
            assert (late.welcome["player_id"], notes(late)) == (2, [3])
            await late.send({"type": "ack", "received": 1})
            await late.answered()
            assert not [frame for frame in late.unread if frame["type"] == "error"]


async def test_a_server_that_shuts_down_and_opens_again(room: Room) -> None:
    """1001 is a drop: the same program knows its players again."""
    async with newcomer(room) as first:
        await room.server.stop()
        assert (await first.ended())[0] == 1001
    await room.server.start()
    async with returned(room, first, received=0) as back:
        assert back.welcome["resumed"]


COUNTS: dict[str, str] = {
    "a message": '{"type":"note","number":1}',
    "a message that does not fit": '{"type":"note","number":"one"}',
    "a type that nobody listens to": '{"type":"nonsense"}',
    "no JSON": "{",
    "an object without a type": "{}",
    "a request": '{"type":"request","id":1,"body":{"type":"nonsense"}}',
    "a reply": '{"type":"reply","id":1}',
    "a command": '{"type":"command","do":"pause"}',
}
DOES_NOT_COUNT: dict[str, str] = {
    "a second hello": '{"type":"hello","protocol":1,"name":"Ada"}',
    "an input": '{"type":"input","seq":1}',
    "an input that does not fit": '{"type":"input","seq":"one"}',
    "an ack": '{"type":"ack","tick":0}',
    "a ping": '{"type":"ping","time":1}',
    "a ping that does not fit": '{"type":"ping"}',
    "what only a server sends": '{"type":"room"}',
}


@pytest.mark.parametrize(
    ("text", "counts"), [*((text, 1) for text in COUNTS.values()), *((t, 0) for t in DOES_NOT_COUNT.values())]
)
async def test_what_counts(room: Room, text: str, counts: int) -> None:
    """Every message counts, refused or not; what is replaced by something newer does not."""
    async with newcomer(room) as client:
        await client.say(text)
        await client.send({"type": "note", "number": 2})
        await client.answered()
        assert (await client.expect("ack"))["received"] == counts + 1


async def test_what_is_over_the_rate_counts_too() -> None:
    """Else both sides' books would differ after a flood."""
    async with a_room(messages_per_second=0.001, message_burst=5) as room, newcomer(room) as client:
        for number in range(20):
            await client.send({"type": "note", "number": number})
        await wait_until_async(lambda: room.server.metrics.refused["rate"] > 0, "the limit")
        await client.until(
            lambda: {"type": "ack", "received": 20} in client.unread, "a confirmation of all of them"
        )
        assert len(room.heard) < 20


async def test_confirming_more_than_was_sent(room: Room) -> None:
    """It is a bad message; less than before changes nothing."""
    async with newcomer(room) as client:
        room.say(1, 2)
        await client.send({"type": "ack", "received": 3})
        await client.expect("error", "bad_message")
        for received in (2, 1, 2):
            await client.send({"type": "ack", "received": received})
        await client.answered()
        assert not [frame for frame in client.unread if frame["type"] == "error"]


async def test_too_much_waits_for_a_player_that_is_away() -> None:
    """Over the limit the stay ends, long before the grace time."""
    async with a_room(max_backlog=300_000) as room:
        client = await lost(room)
        for _ in range(29):
            room.server.broadcast(netlib.Untyped("letter", {"text": "x" * 10_000}))
        assert room.events[-1] == "Dropped 1"
        room.server.broadcast(netlib.Untyped("letter", {"text": "x" * 10_000}))
        assert room.events[-1] == "Left 1"
        async with returned(room, client, received=0) as again:
            assert "waited" in (await again.expect("error", "session_over"))["message"]


async def test_a_connected_client_that_never_confirms_is_left_alone(room: Room) -> None:
    """It gets everything, and nothing is kept for it."""
    async with newcomer(room) as client:
        for number in range(5000):
            room.say(number)
        await client.until(lambda: len(notes(client)) == 5000, "all notes")
        assert room.server.peers[0]._seat.session.delivery.waiting == 0
        assert room.events == ["Joined 1"]


async def test_a_client_that_counts_and_never_confirms_is_ended() -> None:
    """Messages are kept from the first one, within limits, for a client with a number in its first hello."""
    async with a_room(max_backlog=500_000) as room, newcomer(room, received=0) as client:
        for number in range(5000):
            room.say(number)
        code, reason = await client.ended()
        assert (code, "waited" in reason) == (1008, True)
