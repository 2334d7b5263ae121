"""Requests and replies: an answer, an error, silence, and a connection that is lost in between."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

import netlib
from netlib import testing
from netlib.transport.requests import REQUEST_TIMEOUT
from tests.support import rooms
from tests.support.sessions import Note, Room, a_room, within

GRACE = netlib.Limits().grace_time


class Double(netlib.Message, frozen=True):
    """What is twice this number?"""

    number: int


@contextlib.asynccontextmanager
async def a_pair() -> AsyncIterator[Room]:
    """Give a room with Ada in it, in which both sides double numbers."""
    async with a_room(ada={"messages": [Note, Double]}) as room:
        room.server.on_request(Double)(lambda _, asked: Note(2 * asked.number))
        room.ada.on_request(Double)(lambda asked: Note(2 * asked.number))
        yield room


@within(a_pair)
async def test_both_sides_may_ask(room: Room) -> None:
    """The reply is a message of the other side."""
    assert await room.ada.request(Double(4)) == Note(8)
    assert await room.peer.request(Double(5)) == Note(10)


@within(a_pair)
async def test_many_at_once(room: Room) -> None:
    """Each asker gets its own answer, in whatever order they come."""
    room.server._answers.clear()

    @room.server.on_request(Double)
    async def slowly(_: netlib.Peer, asked: Double) -> Note:
        await asyncio.sleep(1 / (1 + asked.number))
        return Note(2 * asked.number)

    answers = await asyncio.gather(*(room.ada.request(Double(number)) for number in range(50)))
    assert answers == [Note(2 * number) for number in range(50)]


@within(a_pair)
async def test_an_answer_may_be_nothing(room: Room) -> None:
    """A function that returns nothing confirms that it has run."""
    asked: list[Any] = []
    room.server.on_request("reset")(lambda *args: asked.append(args))
    assert await room.ada.request(netlib.Untyped("reset")) is None
    assert len(asked) == 1


class Half(netlib.Message):
    number: float


@within(a_pair)
async def test_the_class_of_the_reply(room: Room) -> None:
    """A class for the reply need not be declared before; another reply is an error that names both."""

    def half(*who_and_question: Any) -> Half:
        return Half(who_and_question[-1]["number"] / 2)

    room.server.on_request("halve")(half)
    room.ada.on_request("halve")(half)
    question = netlib.Untyped("halve", {"number": 3})
    assert await room.ada.request(question, reply=Half) == Half(1.5)
    assert await room.peer.request(question, reply=Half) == Half(1.5)
    for asking in (room.ada.request(Double(4), reply=Half), room.peer.request(Double(4), reply=Half)):
        with pytest.raises(netlib.BadMessage, match="a message of Note, not of Half"):
            await asking


class Picture(netlib.Message):
    data: bytes


@pytest.mark.parametrize("codec", [netlib.JSON, netlib.MSGPACK], ids=lambda codec: codec.name)
async def test_bytes_go_through_requests(codec: netlib.Codec) -> None:
    """Bytes in a question and in its answer arrive as they were, on either side and in either codec."""

    def doubled(*who_and_picture: Any) -> Picture:
        return Picture(b"\x89PNG" + who_and_picture[-1].data)

    async with rooms.a_room() as server:
        client = netlib.Client(rooms.url(server), messages=[Picture], codec=codec)
        server.on_request(Picture)(doubled)
        client.on_request(Picture)(doubled)
        async with client:
            for data in (b"ab", bytes(range(256)), b""):
                assert await client.request(Picture(data)) == Picture(b"\x89PNG" + data)
                assert await server.peers[0].request(Picture(data)) == Picture(b"\x89PNG" + data)


@pytest.mark.parametrize("outage", [0.1, 3.0, 14.0])
@pytest.mark.parametrize("lost", ["request", "reply"])
@within(a_pair)
async def test_across_a_drop(room: Room, lost: str, outage: float) -> None:
    """A connection that is lost before or after the request arrived changes nothing: it is answered once."""
    asked: list[int] = []

    def answered(_: netlib.Peer, question: netlib.Untyped) -> Note:
        asked.append(question["number"])
        if lost == "reply":
            room.take()
        return Note(2 * question["number"])

    room.server.on_request("twice")(answered)
    if lost == "request":
        room.take()
    reply = asyncio.ensure_future(room.ada.request(netlib.Untyped("twice", {"number": 3}), timeout=None))
    await asyncio.sleep(outage)
    room.network.accept()
    assert await reply == Note(6) and asked == [3]


@within(a_pair)
async def test_the_servers_request_survives_a_drop_too(room: Room) -> None:
    """What a server asks of a player who is away is answered when it is back."""
    room.take()
    await testing.until(lambda: not room.peer.connected)
    reply = asyncio.ensure_future(room.peer.request(Double(7), timeout=None))
    await asyncio.sleep(3)
    assert not reply.done()
    room.network.accept()
    assert await reply == Note(14)


@within(a_pair)
async def test_no_answer_in_time(room: Room) -> None:
    """A caller that waits too long is told; an answer that comes later hurts nobody."""
    room.server.on_request("slow")(lambda *_: asyncio.sleep(3, Note(1)))
    before = netlib.clock()
    with pytest.raises(TimeoutError):
        await room.ada.request(netlib.Untyped("slow"), timeout=2)
    assert netlib.clock() - before == pytest.approx(2)
    await asyncio.sleep(3)
    assert await room.ada.request(Double(1)) == Note(2) and not room.ada.metrics.refused


@within(a_pair)
async def test_nobody_waits_for_ever_by_default(room: Room) -> None:
    """There is a time limit when none is given."""
    room.server.on_request("never")(lambda *_: asyncio.get_running_loop().create_future())
    with pytest.raises(TimeoutError):
        await room.ada.request(netlib.Untyped("never"))
    assert netlib.clock() == pytest.approx(REQUEST_TIMEOUT, abs=0.01)


@within(a_pair)
async def test_an_error_for_an_answer(room: Room) -> None:
    """The other side may say no, with a word for programs and a text for people."""

    @room.server.on_request("buy")
    async def no(*_: Any) -> None:
        raise netlib.RequestFailed("poor", "you have 3 gems; it costs 5")

    with pytest.raises(netlib.RequestFailed, match="you have 3 gems; it costs 5") as failed:
        await room.ada.request(netlib.Untyped("buy"))
    assert failed.value.code == "poor"


@within(a_pair)
async def test_a_request_that_nobody_answers(room: Room) -> None:
    """It is an error at once, and no wait."""
    room.server.declare("heard")
    for name in ("unheard", "heard"):
        with pytest.raises(netlib.RequestFailed) as failed:
            await room.ada.request(netlib.Untyped(name))
        assert failed.value.code == "unknown_type"
    with pytest.raises(netlib.RequestFailed):
        await room.peer.request(netlib.Untyped("unheard"))
    assert netlib.clock() < 1


@within(a_pair)
async def test_a_request_that_does_not_fit(room: Room) -> None:
    """Its fields are checked like those of any message."""
    with pytest.raises(netlib.RequestFailed, match="Expected `int`") as failed:
        await room.ada.request(netlib.Untyped("double", {"number": "four"}))
    assert failed.value.code == "bad_message"


@pytest.mark.parametrize("broken", [lambda *_: 1 / 0, lambda *_: netlib.Untyped("x", {"no": object()})])
@within(a_pair)
async def test_a_function_that_fails(room: Room, broken: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The caller hears that it failed, the log says why, nobody else notices; also for an unfit reply."""
    room.server.on_request("broken")(broken)
    room.ada.on_request("broken")(broken)
    with caplog.at_level(logging.ERROR):
        for who in (room.ada, room.peer):
            with pytest.raises(netlib.RequestFailed, match="its log tells why") as failed:
                await who.request(netlib.Untyped("broken"))
            assert failed.value.code == "failed"
        assert await room.ada.request(Double(1)) == Note(2) and netlib.clock() < 1
    assert len(caplog.records) == 2 and all(record.exc_info for record in caplog.records)


@within(a_pair)
async def test_the_end_of_the_session_ends_the_waiting(room: Room) -> None:
    """When no reply can come any more, both sides' askers are told at once."""
    room.server.on_request("never")(lambda *_: asyncio.get_running_loop().create_future())
    room.ada.on_request("never")(lambda *_: asyncio.get_running_loop().create_future())
    waiting = [asyncio.ensure_future(who.request(netlib.Untyped("never"))) for who in (room.ada, room.peer)]
    await asyncio.sleep(1)
    room.peer.kick("enough")
    for asked in waiting:
        with pytest.raises(netlib.ConnectionLost, match="enough"):
            await asked
    assert netlib.clock() < 2


@within(a_pair)
async def test_a_new_session_ends_the_waiting(room: Room) -> None:
    """A client that comes back as a newcomer is not answered what it asked before."""
    room.take()
    asked = asyncio.ensure_future(room.ada.request(Double(1), timeout=None))
    await asyncio.sleep(GRACE + 5)
    room.network.accept()
    with pytest.raises(netlib.ConnectionLost, match="began a new session"):
        await asked
    assert await room.ada.request(Double(1)) == Note(2)


@within(a_pair)
async def test_after_the_end_nobody_can_be_asked(room: Room) -> None:
    """Such a request fails at once, without waiting for its time limit."""
    await room.ada.close()
    for who in (room.ada, room.peer):
        with pytest.raises(netlib.ConnectionLost):
            await who.request(Double(1))
    assert netlib.clock() < 1


@within(a_pair)
async def test_an_asker_that_gives_up_leaves_nothing(room: Room) -> None:
    """A cancelled request is forgotten; its reply is ignored."""
    room.server.on_request("slow")(lambda *_: asyncio.sleep(1, Note(1)))
    asked = asyncio.ensure_future(room.ada.request(netlib.Untyped("slow")))
    await asyncio.sleep(0.5)
    asked.cancel()
    await asyncio.sleep(2)
    assert not room.ada._conversation.requests._waiting and not room.ada.metrics.refused


@within(a_pair)
async def test_a_request_that_cannot_be_sent(room: Room) -> None:
    """The asker is told, and nothing waits."""
    with pytest.raises(netlib.BadMessage):
        await room.ada.request(netlib.Untyped("x", {"no": object()}))
    asks: list[Callable[..., Awaitable[Any]]] = [room.ada.request, room.peer.request]
    for ask in asks:
        with pytest.raises(netlib.BadMessage, match=r"cannot send Note: .*number"):
            await ask(Note("five"))  # type: ignore[arg-type]
        with pytest.raises(netlib.WrongArgument, match="the message is <class"):
            await ask(Note)
    assert not room.ada._conversation.requests._waiting


@within(a_pair)
async def test_a_reply_that_is_no_message(room: Room) -> None:
    """The asker is told that it cannot be read."""
    room.server.on_request("odd")(lambda *_: {"no": "type"})
    with pytest.raises(netlib.BadMessage):
        await room.ada.request(netlib.Untyped("odd"))


async def test_only_one_function_answers() -> None:
    """A second one for the same request is a mistake, and is told."""
    server = netlib.Server("room")
    server.on_request(Double)(lambda *_: None)
    with pytest.raises(ValueError, match="only one"):
        server.on_request(Double)


@within(a_pair)
async def test_a_number_that_no_integer_holds_is_refused_in_words(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    """JSON has integers of any size, and MessagePack has not; the log of the other side stays quiet."""
    with pytest.raises(netlib.RequestFailed, match="a number is too large"):
        await room.ada.request(netlib.Untyped("double", {"number": 2**64}))
    assert not [record for record in caplog.records if record.exc_info]
