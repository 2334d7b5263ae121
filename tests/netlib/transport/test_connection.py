"""One WebSocket: whole messages, in order, through the simulated link, to a clean end."""

import asyncio
from typing import Any

import pytest

import netlib
from netlib.transport.conditioner import PERFECT, LinkConditions
from netlib.transport.connection import MAX_REASON, READ_SIZE
from netlib.transport.tcp import peer_address
from tests.support.processes import wait_until_async
from tests.support.rooms import LOOPBACK, a_room, plain_client, url

SLOW = LinkConditions(0.1)


class Note(netlib.Message, frozen=True):
    number: int = 0
    text: str = ""


def collecting(server: netlib.Server) -> list[Note]:
    """Return the list that gets every note."""
    notes: list[Note] = []
    server.on(Note, lambda _, note: notes.append(note))
    return notes


def echoing(**options: Any) -> netlib.Server:
    """Return a room that sends every note back to its sender."""
    server = a_room(**options)
    server.on(Note, lambda peer, note: peer.send(note))
    return server


async def test_a_message_in_fragments_arrives_whole() -> None:
    """A sender may cut a message into frames as it likes."""
    async with a_room() as server, plain_client(server) as client:
        notes = collecting(server)
        await client.socket.send(['{"type":"note",', '"text":"zwölf Boxkämp', 'fer"}'])
        await wait_until_async(lambda: notes, "the note")
        assert notes == [Note(text="zwölf Boxkämpfer")]


async def test_fragments_of_bytes_arrive_whole() -> None:
    """Text or binary is said by the first fragment, and anew for the next message."""
    packed = netlib.MSGPACK.encode
    async with a_room() as server:
        notes = collecting(server)
        offer = [netlib.MSGPACK.subprotocol]
        async with plain_client(server, hello=None, subprotocols=offer) as client:
            hello, note = packed({"type": "hello", "protocol": 1, "name": "Ada"}), packed(Note(7))
            for whole in (hello, note):
                await client.socket.send([whole[:4], b"", whole[4:]])
            await client.socket.send(note)
            await wait_until_async(lambda: len(notes) == 2, "the notes")
        assert notes == [Note(7), Note(7)]


async def test_a_message_larger_than_a_read_arrives_whole() -> None:
    """Whole messages are guaranteed, whatever their size."""
    text = "x" * (READ_SIZE * 9 + 7)
    async with a_room() as server, netlib.connect(url(server), messages=[Note]) as client:
        server.broadcast(Note(text=text))
        assert (await client.wait_for(Note, timeout=20)).text == text


async def test_many_messages_at_once_arrive_in_order() -> None:
    """A burst is neither lost nor shuffled, there and back."""
    limits = netlib.Limits(message_burst=10_000)
    async with echoing(limits=limits) as server, netlib.connect(url(server), messages=[Note]) as client:
        for number in range(1000):
            client.send(Note(number))
        await client.wait_for(Note, where=lambda note: note.number == 999, timeout=20)
        assert [event.number for event in client.poll() if isinstance(event, Note)] == list(range(1000))


@pytest.mark.parametrize(("there", "here"), [(PERFECT, PERFECT), (PERFECT, SLOW), (SLOW, PERFECT)])
async def test_what_was_sent_before_leaving_counts(there: LinkConditions, here: LinkConditions) -> None:
    """A last message, directly before the close, still arrives, whichever end simulates latency."""
    async with a_room(link=there) as server:
        notes = collecting(server)
        async with netlib.connect(url(server), messages=[Note], link=here) as client:
            client.send(Note(text="goodbye"))
        await wait_until_async(lambda: server.metrics.left, "the leave")
        assert notes == [Note(text="goodbye")]


async def test_a_greeting_before_a_kick_arrives() -> None:
    """What the server sends before it closes is read before the end."""
    async with a_room() as server, netlib.connect(url(server), messages=[Note]) as client:
        server.broadcast(Note(text="out!"))
        server.peers[0].kick("because")
        seen = [event async for event in client if not isinstance(event, netlib.Connected)]
        assert seen == [Note(text="out!"), netlib.Disconnected(1008, "because")]


async def test_a_long_reason_is_cut_between_characters() -> None:
    """A close frame has room for little; what arrives is readable text."""
    async with a_room() as server, plain_client(server) as client:
        server.peers[0].kick("a" + "ä" * 200)
        assert await client.closed() == (1008, "a" + "ä" * (MAX_REASON // 2 - 1))


async def test_after_a_close_nothing_is_sent() -> None:
    """Sending to a client that is leaving is no error and has no effect."""
    async with a_room() as server, netlib.connect(url(server), messages=[Note]) as client:
        peer = server.peers[0]
        peer.kick()
        peer.send(Note(text="too late"))
        await client.wait_for(netlib.Disconnected, timeout=20)
        assert not any(isinstance(event, Note) for event in client.poll())


async def test_traffic_is_counted() -> None:
    """Bytes and messages, each way."""
    async with a_room() as server, plain_client(server) as client:
        metrics = server.peers[0].metrics
        before = metrics.bytes_in.total, metrics.messages_in.total
        await client.send(type="ping", time=1)
        await client.next("pong")
        assert metrics.messages_in.total - before[1] == 1
        assert metrics.bytes_in.total - before[0] == len('{"type":"ping","time":1}')
        assert metrics.messages_out.total >= 2


async def test_order_is_kept_with_jitter_and_loss() -> None:
    """Bad conditions at both ends delay, and never lose or reorder."""
    bad = LinkConditions(0.03, 0.02, 0.1)
    limits = netlib.Limits(message_burst=1000)
    async with (
        echoing(link=bad, seed=1, limits=limits) as server,
        netlib.connect(url(server), messages=[Note], link=bad, seed=2) as client,
    ):
        for number in range(100):
            client.send(Note(number))
            if number % 10 == 0:
                await asyncio.sleep(0)
        await client.wait_for(Note, where=lambda note: note.number == 99, timeout=20)
        assert [event.number for event in client.poll() if isinstance(event, Note)] == list(range(100))


def test_an_address_is_shown_as_people_write_it() -> None:
    """IPv6 in brackets, and something even where there is none."""
    assert peer_address(("10.0.0.7", 50312)) == "10.0.0.7:50312"
    assert peer_address(("fe80::1", 50312, 0, 0)) == "[fe80::1]:50312"
    assert peer_address(None) == "?"


async def test_a_peers_address_is_the_one_that_it_connects_from() -> None:
    """What the log and the host's list show."""
    async with a_room() as server, plain_client(server) as client:
        host, port = client.socket.local_address[:2]
        assert server.peers[0].address == f"{host}:{port}"
        assert host == LOOPBACK
