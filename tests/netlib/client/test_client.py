"""A player: joining, state, events, and the errors that say what to do."""

import asyncio
import gc
import logging
import threading
import warnings
from collections.abc import Callable
from typing import Any

import pytest

import netlib
from netlib import testing
from netlib.errors import (
    BadMessage,
    Refused,
    RoomFull,
    UnknownType,
    WrongArgument,
    WrongCall,
    WrongPassword,
    WrongVersion,
)
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


async def test_what_cannot_be_read_is_not_sent() -> None:
    """Whoever sends a wrong field, a class or an unknown option is told there; nothing crosses the wire."""
    async with a_room() as server, netlib.connect(url(server), messages=[Chat]) as client:
        chats = noted(server, Chat)
        sends: list[Callable[..., None]] = [client.send, server.broadcast, server.peers[0].send]
        for send in sends:
            with pytest.raises(BadMessage, match=r"cannot send Chat: Expected `str`, got `int` .*\.text"):
                send(Chat(3))  # type: ignore[arg-type]
            for wrong in (Chat, None, b"raw", {"text": "hi"}):
                with pytest.raises(WrongArgument, match="it must be an object of a class of netlib"):
                    send(wrong)
        for send in sends[:2]:
            with pytest.raises(BadMessage, match=r"text"):
                send("chat", text=3)
            with pytest.raises(WrongArgument, match="but: no option"):
                send(Chat("hi"), but=1)
        client.send(Chat("right"))
        await wait_until_async(lambda: chats, "the message")
        assert chats == [Chat("right")]


async def test_what_cannot_be_read_is_told_in_an_empty_room() -> None:
    """The server's program need not wait for the first player to find its mistake."""
    async with a_room() as server:
        with pytest.raises(BadMessage, match="text"):
            server.broadcast(Chat(3))  # type: ignore[arg-type]


async def test_an_input_is_sent_by_send_input_and_nothing_else_is() -> None:
    """Each is told of the other."""
    async with a_room() as server, netlib.connect(url(server)) as client:
        with pytest.raises(WrongArgument, match="an input is sent by send_input"):
            client.send(Move(dx=1))
        with pytest.raises(WrongArgument, match=r"the input is Chat\(.*it must be an object of class Input"):
            client.send_input(Chat("hi"))  # type: ignore[arg-type]
        with pytest.raises(BadMessage, match="dx"):
            client.send_input(Move(dx="far"))  # type: ignore[arg-type]


async def test_who_sends_before_it_is_open_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """Also after its own close, until it is opened again."""

    async def refused() -> None:
        for send in (lambda: client.send(Chat("hi")), lambda: client.send_input(Move())):
            with pytest.raises(WrongCall, match="this client is not open: `await` it first, or write"):
                send()
        with pytest.raises((WrongCall, netlib.ConnectionLost), match=r"not open|session is over"):
            await client.request(Chat("hi"))

    async with a_room(password="plum") as server:
        client = netlib.Client(url(server), messages=[Chat])
        await refused()
        client = netlib.Client(url(server), password="plum")
        async with client:
            client.send(Chat("hi"))
        await refused()
        async with client:
            client.send(Chat("hi"))


async def test_another_thread_is_told_to_use_the_loop() -> None:
    """On both sides; and by `call_soon_threadsafe` the message arrives."""
    async with a_room() as server, netlib.connect(url(server), messages=[Chat]) as client:
        chats, refused, loop = noted(server, Chat), list[str](), asyncio.get_running_loop()
        (peer,) = server.peers

        def elsewhere() -> None:
            for call in (
                lambda: client.send(Chat("hi")),
                lambda: client.send_input(Move()),
                lambda: peer.send(Chat("hi")),
                lambda: server.send(peer, Chat("hi")),
                lambda: server.broadcast(Chat("hi")),
                lambda: server.publish({}),
            ):
                try:
                    call()
                except WrongCall as error:
                    refused.append(str(error))
            loop.call_soon_threadsafe(client.send, Chat("through the loop"))

        thread = threading.Thread(target=elsewhere)
        thread.start()
        await wait_until_async(lambda: chats, "the message")
        thread.join()
        assert chats == [Chat("through the loop")]
        assert len(refused) == 6 and all("call_soon_threadsafe" in text for text in refused)


def test_a_client_that_nobody_awaited_is_named_when_it_is_collected() -> None:
    """As a coroutine is; one that was made with `netlib.Client`, to be opened later, is not."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        netlib.connect("10.0.0.7")
        netlib.Client("10.0.0.8")
        gc.collect()
    (warning,) = caught
    assert warning.category is RuntimeWarning
    assert "connect('10.0.0.7') was never awaited: `await` it first, or" in str(warning.message)


async def test_a_request_that_nobody_awaited_is_named() -> None:
    """Python says so itself, with the name of the method."""
    async with a_room() as server, netlib.connect(url(server)) as client:
        with pytest.warns(RuntimeWarning, match=r"coroutine 'Client\.request' was never awaited"):
            client.request(Chat("hi"))  # type: ignore[unused-coroutine]
            gc.collect()


async def test_a_field_may_be_called_as_an_option_is() -> None:
    """With a name, every keyword is a field of the message, in all that takes one."""
    async with a_room() as server, netlib.connect(url(server), messages=["talk"]) as client:
        talks: list[Any] = []
        server.on("talk", lambda peer, message: talks.append(message.fields))
        server.on_request("talk")(lambda peer, message: talks.append(message.fields))
        client.on("talk", lambda message: talks.append(message.fields))
        fields = {
            "message": "hi",
            "timeout": 3,
            "delivered": 4,
            "exclude": 5,
            "peer": 6,
            "self": 7,
            "reply": 8,
        }
        client.send("talk", **fields)
        await client.request("talk", **fields)
        server.send(server.peers[0], "talk", **fields)
        server.broadcast("talk", **fields)
        await wait_until_async(lambda: len(talks) == 4, "all four")
        assert talks == [fields] * 4


async def test_a_name_with_options() -> None:
    """`message` makes a message of a name and its fields, which is then sent with options."""
    async with a_room() as server, netlib.connect(url(server), messages=["talk"]) as client:
        told: list[Any] = []
        server.on("talk", lambda peer, message: told.append(message["words"]))
        client.on("talk", lambda message: told.append(message["words"]))
        client.send(client.message("talk", words="up"), delivered=lambda: told.append("up is there"))
        await wait_until_async(lambda: "up is there" in told, "the confirmation")
        server.broadcast(server.message("talk", words="to nobody"), exclude=server.peers)
        down = server.message("talk", words="down")
        server.send(server.peers[0], down, delivered=lambda peer: told.append("down is there"))
        await wait_until_async(lambda: "down is there" in told, "the other one")
        assert told == ["up", "up is there", "down", "down is there"]


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


FIRST: dict[str, Any] = {
    "countdown": 10,
    "scores": {"Ada": 3},
    "players": {1: {"x": 3}},
    "things": {2: Thing(5)},
}


@pytest.mark.parametrize("codec", [netlib.JSON, netlib.MSGPACK], ids=lambda codec: codec.name)
async def test_a_first_program_needs_no_classes(codec: netlib.Codec) -> None:
    """Without a schema the state is what was published; with one, entities are those that it names."""
    async with a_room(tick_rate=200) as server:
        server.publish(FIRST)
        schema: dict[str, type[netlib.Entity]] = {"things": Thing, "players": Thing}
        async with (
            netlib.connect(url(server), codec=codec) as client,
            netlib.connect(url(server), codec=codec, schema=schema) as typed,
        ):
            await wait_until_async(lambda: client.tick > 0, "the state")
            assert client.state == {**FIRST, "things": {2: {"x": 5}}}
            server.publish({**FIRST, "countdown": 9, "players": {1: {"x": 4}, 7: {"x": 1}}})
            await wait_until_async(lambda: dict[str, Any](client.state)["countdown"] == 9, "the next state")
            assert client.state["players"] == {1: {"x": 4}, 7: {"x": 1}}
            await wait_until_async(lambda: len(typed.state["players"]) == 2, "the next state")
            things = {"things": {2: Thing(5)}, "players": {1: Thing(4), 7: Thing(1)}}
            assert typed.state == {"countdown": 9, "scores": FIRST["scores"], **things}


async def test_a_collection_that_is_not_there_is_named() -> None:
    """A KeyError that says what there is, and what to do; `get` is as of any dict."""
    async with a_room() as server:
        server.publish({"things": {1: Thing(1)}})
        async with netlib.connect(url(server), schema=SCHEMA) as client:
            with pytest.raises(KeyError, match=r"no 'player' in this state; did you mean .players.*schema"):
                client.state["player"]
            assert client.state.get("player") is None
        async with netlib.connect(url(server)) as client:
            await wait_until_async(lambda: client.tick > 0, "the state")
            with pytest.raises(netlib.UnknownCollection, match="no 'score' in this state; there is 'things'"):
                client.state["score"]


async def test_an_early_state_is_sent_whole_only_once() -> None:
    """Published before the start, a state is one full snapshot to each client, and then come deltas."""
    server = netlib.Server("Early", host="127.0.0.1", port=0, discoverable=False, tick_rate=200)
    things = {id: Thing(id) for id in range(2000)}
    server.publish({"things": things})
    async with server, netlib.connect(url(server), schema={"things": Thing}) as client:
        await wait_until_async(lambda: len(client.state["things"]) == 2000, "the world")
        await wait_until_async(lambda: server.tick > 150, "its acknowledgement")
        before = client.metrics.bytes_in.total
        for number in (1, 2, 3):
            server.publish({"things": {**things, 0: Thing(-number)}})
            await wait_until_async(lambda: client.tick == server.publisher.tick, "a delta")
            assert client.state["things"][0] == Thing(-number)
        assert client.metrics.bytes_in.total - before < 2000


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


async def test_a_password_that_has_no_form_on_the_wire_fails_cleanly(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A half character in it is told, and nothing complains later."""
    async with a_room() as server:
        with pytest.raises(BadMessage):
            await netlib.connect(url(server), password="\ud800")
        await wait_until_async(lambda: not server._endpoint._callers, "the end of the connection")
    gc.collect()
    assert "never retrieved" not in caplog.text
