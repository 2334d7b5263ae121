"""A player: joining, state, events, and the errors that say what to do."""

import asyncio
import gc
import logging
from typing import Any

import pytest

import netlib
from netlib import testing
from netlib.errors import BadMessage, Refused, RoomFull, UnknownType, WrongPassword, WrongVersion
from netlib.protocol.frames import Hello
from tests.support.callers import Chat, Move
from tests.support.processes import wait_until_async
from tests.support.rooms import a_room, connection_of, url
from tests.support.sessions import Thing, noted

SCHEMA: dict[str, type[netlib.Entity]] = {"players": Thing}


async def test_a_client_knows_who_and_where_it_is() -> None:
    """The welcome's news are there when the connection is open."""
    async with a_room("Gem Rush", tick_rate=20) as server:
        async with netlib.connect(url(server), name="Ada") as client:
            known = (client.player_id, client.name, client.room, client.tick_rate)
            assert known == (1, "Ada", "Gem Rush", 20)
            assert client.connected
            assert client.poll() == [netlib.Connected(1)]
        assert not client.connected


async def test_connecting_can_be_awaited() -> None:
    """Without a block, `close` ends it; the right password opens the room."""
    async with a_room(password="sesame") as server:
        client = await netlib.connect(url(server), password="sesame")
        assert client.connected
        await client.close()
        await client.close()
        assert not client.connected


@pytest.mark.parametrize(
    ("theirs", "ours", "kind", "code", "text"),
    [
        ({"password": "sesame"}, {}, WrongPassword, "password", "has a password"),
        ({"password": "sesame"}, {"password": "x"}, WrongPassword, "password", "wrong password"),
        ({"limits": netlib.Limits(max_players=0)}, {}, RoomFull, "full", "wait until someone leaves"),
        ({}, {"name": "a\x00b"}, Refused, "name", "control characters"),
    ],
)
async def test_a_refusal_is_an_error_of_its_kind(
    theirs: dict[str, Any], ours: dict[str, Any], kind: type[Refused], code: str, text: str
) -> None:
    """Full, password and name are told apart, with the server's own words."""
    async with a_room(**theirs) as server:
        with pytest.raises(kind, match=text) as raised:
            await netlib.connect(url(server), **ours)
        assert raised.value.code == code
        assert server.peers == []


async def test_another_version_of_the_protocol_is_told() -> None:
    """Both versions are named, with what to do."""
    async with a_room() as server:
        client = netlib.connect(url(server))
        client._membership._hello = Hello(99, "Ada")
        with pytest.raises(WrongVersion, match="speaks protocol 1, you speak 99; install the same version"):
            await client.open()


async def test_a_refused_client_can_try_again() -> None:
    """The same object connects once the place is free."""
    async with a_room(limits=netlib.Limits(max_players=1)) as server:
        async with netlib.connect(url(server)):
            client = netlib.connect(url(server))
            with pytest.raises(RoomFull):
                await client.open()
            assert not client.connected
        await wait_until_async(lambda: not server.peers, "the leave")
        await client.open()
        assert client.connected
        await client.close()


async def test_poll_gives_everything_once_and_in_order() -> None:
    """Like `pygame.event.get`: messages and events together."""
    async with a_room() as server, netlib.connect(url(server), messages=[Chat, "emote"]) as client:
        server.broadcast(Chat("one"))
        server.broadcast(netlib.Untyped("emote", {"face": 1}))
        server.broadcast(Chat("two"))
        await client.wait_for(Chat, where=lambda chat: chat.text == "two", timeout=20)
        emote = netlib.Untyped("emote", {"face": 1})
        assert client.poll() == [netlib.Connected(1), Chat("one"), emote, Chat("two")]
        assert client.poll() == []


async def test_iterating_ends_with_the_connection() -> None:
    """`async for` gives what happens, the end included."""
    async with a_room() as server, netlib.connect(url(server), messages=[Chat], reconnect_time=0) as client:
        server.broadcast(Chat("one"))
        await server.stop("it is over")
        over = netlib.Disconnected(1001, "it is over")
        assert [event async for event in client] == [netlib.Connected(1), Chat("one"), over]
        assert not client.connected


async def test_listeners_hear_messages_and_events() -> None:
    """The same things can be listened to; a kicked client does not come back."""
    async with a_room() as server, netlib.connect(url(server)) as client:
        got = noted(client, Chat, netlib.Interrupted, netlib.Disconnected)
        server.broadcast(Chat("hi"))
        server.peers[0].kick("because")
        await wait_until_async(lambda: len(got) == 2 and server.metrics.left, "message, event and leave")
        assert server.metrics.dropped == 0 and not client.connected
    assert got == [Chat("hi"), netlib.Disconnected(1008, "because")]


async def test_a_failing_listener_does_not_end_the_connection(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged with its traceback; later messages come."""
    async with a_room() as server, netlib.connect(url(server)) as client:
        client.on(Chat, lambda _: 1 / 0)
        server.broadcast(Chat("one"))
        await client.wait_for(Chat, timeout=20)
        assert client.connected
    assert "ZeroDivisionError" in caplog.text and "Traceback" in caplog.text


async def test_sending_after_the_end_is_no_error() -> None:
    """The Disconnected event tells; a game loop need not check before each send."""
    async with a_room() as server, netlib.connect(url(server), messages=[Chat]) as client:
        server.peers[0].kick()
        await wait_until_async(lambda: not client.connected, "the end")
        client.send(Chat("hello?"))
        assert client.send_input(Move()) == 1


async def test_a_message_can_be_sent_by_name() -> None:
    """`send("chat", text=…)` is the typed message; typing errors are found where they are made."""
    async with a_room() as server, netlib.connect(url(server), messages=[Chat]) as client:
        chats = noted(server, Chat)
        client.send("chat", text="hi")
        await wait_until_async(lambda: chats, "the message")
        assert chats == [Chat("hi")]
        with pytest.raises(UnknownType, match='did you mean "chat"'):
            client.send("chatt", text="hi")
        with pytest.raises(BadMessage):
            client.send("chat", txt="hi")


async def test_inputs_are_numbered_from_one() -> None:
    """The server's `last_input_seq` comes back with the snapshots."""
    async with a_room(input_type=Move) as server, netlib.connect(url(server), schema=SCHEMA) as client:
        taken: list[Move] = []

        @server.on_tick
        def tick(dt: float) -> None:
            for peer in server.players:
                taken.extend(peer.take_inputs())
            server.publish({"players": {}})

        assert [client.send_input(Move(dx=dx)) for dx in (5, 6)] == [1, 2]
        await wait_until_async(lambda: client.last_input_seq == 2, "the newest input")
        assert taken == [Move(seq=1, dx=5), Move(seq=2, dx=6)]


@pytest.mark.parametrize("codec", [netlib.JSON, netlib.MSGPACK], ids=lambda codec: codec.name)
async def test_the_state_follows_the_server(codec: netlib.Codec) -> None:
    """Full first, then changes; each is an event with its tick."""
    async with a_room(tick_rate=200) as server:
        world = {"players": {1: Thing(1), 2: Thing(2)}}
        server.publish(world)
        async with netlib.connect(url(server), schema=SCHEMA, codec=codec) as client:
            assert client.tick == -1 or client.state == world
            await wait_until_async(lambda: client.state == world, "the first state")
            kept = client.state
            changed = {"players": {1: Thing(9)}}
            server.publish(changed)
            await wait_until_async(lambda: client.state == changed, "the next state")
            assert kept == world
            ticks = [event.tick for event in client.poll() if isinstance(event, netlib.StateChanged)]
            assert ticks == sorted(ticks)
            assert ticks[-1] == client.tick


async def test_the_round_trip_is_measured_and_told() -> None:
    """Pings go by themselves; the server knows the result."""
    async with a_room() as server, netlib.connect(url(server)) as client:
        await wait_until_async(lambda: server.peers[0].rtt is not None, "a measurement")
        assert client.metrics.rtt is not None
        assert 0 < client.metrics.rtt < 10


@testing.in_virtual_time
async def test_pings_are_few() -> None:
    """At most two a second go beside the inputs, however many those are."""
    async with testing.Network() as network:
        await network.serve(lambda **options: netlib.Server("Lab", input_type=Move, **options))
        client = await network.join("Ada")
        before = client.metrics.messages_out.total
        for _ in range(100):
            client.send_input(Move())
            await asyncio.sleep(0.05)
        pings = client.metrics.messages_out.total - before - 100
        assert 5 <= pings <= 11


async def test_what_the_server_refuses_is_an_event() -> None:
    """The connection lives on."""
    async with a_room() as server, netlib.connect(url(server)) as client:
        client.send(netlib.Untyped("nonsense"))
        error = await client.wait_for(netlib.ServerError, timeout=20)
        assert error.code == "unknown_type"
        assert "nonsense" in error.message
        assert client.connected
        assert client.metrics.refused["unknown_type"] == 1


async def test_what_the_server_sends_wrongly_is_counted_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A newer or broken server does not break the client."""
    async with a_room() as server, netlib.connect(url(server), messages=[Chat], schema=SCHEMA) as client:
        connection = connection_of(server.peers[0])
        connection.send(b'{"type":"from_the_future"}', binary=False)
        connection.send(b'{"type":"chat","text":7}', binary=False)
        connection.send(
            b'{"type":"snapshot","tick":1,"full":true,"state":{"players":{"1":{"x":"left"}}}}', binary=False
        )
        connection.send(b"not JSON", binary=False)
        server.peers[0].send(Chat("fine"))
        await client.wait_for(Chat, timeout=20)
        assert client.metrics.refused == {"unknown_type": 1, "bad_message": 3}
        assert client.tick == -1
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 4


async def test_a_delta_that_does_not_fit_is_answered_by_a_full_snapshot() -> None:
    """A client that cannot build on what it has asks, and gets the whole world."""
    async with a_room() as server, netlib.connect(url(server), schema=SCHEMA) as client:
        world = {"players": {1: Thing(1)}}
        server.on_tick(lambda dt: server.publish(world))
        await wait_until_async(lambda: client.state == world, "the state")
        stray = b'{"type":"snapshot","tick":1000000,"full":true}'
        connection_of(server.peers[0]).send(stray, binary=False)
        await wait_until_async(lambda: client.tick == 1_000_000, "a state from nowhere")
        await wait_until_async(lambda: client.state == world, "the state again")


async def test_an_ended_connection_leaves_nothing_running() -> None:
    """No task of the client survives its close."""
    async with a_room() as server:
        before = asyncio.all_tasks()
        async with netlib.connect(url(server)) as client:
            assert asyncio.all_tasks() > before
            await wait_until_async(lambda: client.metrics.rtt is not None, "the first heartbeat")
        assert asyncio.all_tasks() == before


async def test_a_name_that_has_no_form_on_the_wire_fails_cleanly(caplog: pytest.LogCaptureFixture) -> None:
    """A half character in a name is told, and nothing complains later."""
    async with a_room() as server:
        with pytest.raises((BadMessage, Refused)):
            await netlib.connect(url(server), name="\ud800")
        await wait_until_async(lambda: not server._endpoint._callers, "the end of the connection")
    gc.collect()
    assert "never retrieved" not in caplog.text
