"""Each line of the README's "Coming from another library" is run as it stands, and does what the row says."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

import netlib
from netlib.client.dial import ClientConnection
from netlib.discovery.beacon import Room
from netlib.server.http import ServerConnection
from netlib.transport.connection import Connection
from tests.support.lines import Stage, from_folder, lines, on_loopback, tables, until
from tests.support.rooms import plain_client

Proof = Callable[[Stage], Awaitable[None]]

LINES = lines()
PROOFS: dict[tuple[str, str], Proof] = {}
GAME, SIMPLE, COMMS, GASE = "asyncNetwork", "SimpleServer", "Python Comms", "PyGaSe"
PICTURE = b"\x89PNG"
SECOND = "`Server(host, port, tick_rate)`"  # the row that makes another server, which others then start


def proves(*rows: tuple[str, str]) -> Callable[[Proof], Proof]:
    """Say for which rows, by library and feature, this runs the line and looks at what it did."""

    def keep(proof: Proof) -> Proof:
        for row in rows:
            assert row not in PROOFS, f"{row} is proved twice"
            PROOFS[row] = proof
        return proof

    return keep


@pytest.fixture
async def stage(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[Stage]:
    """Give somebody who has typed the lines above the row's table; everything stays on this machine."""
    on_loopback(monkeypatch.setitem)
    from_folder(tmp_path, monkeypatch.syspath_prepend)
    async with Stage(request.param) as made:
        yield made


@pytest.mark.parametrize("stage", LINES, ids=lambda line: f"{line.library}: {line.feature}", indirect=True)
async def test_the_line_does_it(stage: Stage) -> None:
    """The code of each row runs below the lines above it; its own proof sees that the feature is there."""
    proof = PROOFS.get(stage.line[:2])
    assert proof, f"write a proof for {stage.line[:2]} here"
    await proof(stage)
    assert stage.ran, "the proof has not run the line"


def test_no_row_is_missing() -> None:
    """Each thing that is proved here has its row in the README, under its library, and each has a table."""
    assert sorted(line[:2] for line in LINES) == sorted(PROOFS)
    assert list(tables()) == [GAME, SIMPLE, COMMS, GASE]


def said(client: Any) -> list[Any]:
    """Return the messages that a client has got since it was last asked."""
    return [happened for happened in client.poll() if not isinstance(happened, netlib.Event)]


# Finding rooms.


@proves((GAME, "find servers by UDP broadcast"))
async def find(stage: Stage) -> None:
    await stage.run()
    assert [(room.name, room.port) for room in stage.names["rooms"]] == [("room", stage.room.port)]


@proves((GAME, "session name, player count, host, port of each"))
async def what_is_found(stage: Stage) -> None:
    await stage.row("find servers by UDP broadcast")
    await stage.run()
    assert stage.printed == [("room", 1, "127.0.0.1", stage.room.port)]


@proves((GAME, "begin to search, without blocking"))
async def begin_to_search(stage: Stage) -> None:
    await stage.run()
    search = stage.closing("search")
    await until(lambda: [room.name for room in search.rooms] == ["room"])


@proves((GAME, "the list of what was found"))
async def found(stage: Stage) -> None:
    """The list is there at any time: first empty, then with the room."""
    await stage.row("begin to search, without blocking")
    assert await stage.run() == []
    search = stage.closing("search")
    await until(lambda: search.rooms)
    (room,) = await stage.run()
    assert isinstance(room, Room)


@proves((GAME, "stop searching, without blocking"))
async def stop_searching(stage: Stage) -> None:
    await stage.row("begin to search, without blocking")
    await stage.run()
    search = stage.names["search"]
    assert not search.running
    await until(lambda: not search._thread.running)


# Events.


@proves((GAME, "an event manager with listeners and triggers"))
async def events(stage: Stage) -> None:
    await stage.run()
    assert stage.printed == [(3,)]


@proves((GAME, "listen and trigger from outside the connection"))
async def trigger(stage: Stage) -> None:
    await stage.run()
    assert stage.printed == [(stage.names["Scored"](points=5),)]


@proves((GASE, "events with handlers"))
async def handlers(stage: Stage) -> None:
    """The line adds a listener to the one that is there."""
    await stage.run()
    stage.client.send("shout", words="hi")
    await until(lambda: len(stage.printed) == 2)
    assert stage.printed == [(stage.peer, netlib.Untyped("shout", {"words": "hi"}))] * 2


@proves((SIMPLE, "on_update"))
async def on_update(stage: Stage) -> None:
    await stage.run()
    times: list[float] = stage.names["times"]
    await until(lambda: len(times) > 2)
    assert set(times) == {1 / stage.room.tick_rate}


@proves(
    (SIMPLE, "on_connection"),
    (SIMPLE, "on_message"),
    (SIMPLE, "on_disconnect (who is dropped may come back; who has left does not)"),
    (COMMS, "callbacks on the server, with the sender known"),
)
async def server_callbacks(stage: Stage) -> None:
    """Comings, words, losses and leavings are told, as far as the line asks for it."""
    await stage.run()
    ben = await stage.join("Ben")
    ben.send(stage.names["Chat"]("hi"))
    await until(lambda: stage.printed)
    back = asyncio.ensure_future(ben.wait_for(netlib.Connected))
    await until(lambda: len(stage.room.peers) == 2)
    stage.cut(stage.room.peers[1])
    await back
    await ben.close()
    await until(lambda: len(stage.room.peers) == 1)
    wanted = {kind for kind in ("Joined", "Dropped", "Left") if f"netlib.{kind}" in stage.line.code}
    wanted |= {"Chat"}  # which is listened to before
    await until(lambda: {type(args[-1]).__name__ for args in stage.printed} == wanted)
    events = [args[0] for args in stage.printed if len(args) == 1]
    assert {event.peer.name for event in events} <= {"Ben"}
    assert {args[0].name for args in stage.printed if len(args) == 2} == {"Ben"}


@proves((COMMS, "callbacks on the client (an interrupted one tries to come back)"))
async def client_callbacks(stage: Stage) -> None:
    await stage.run()
    hi = stage.names["Chat"]("hi", sender="Ada")
    stage.server.broadcast(hi)
    await until(lambda: (hi,) in stage.printed)
    stage.cut(stage.room.peers[1])
    await until(lambda: (netlib.Connected(2, resumed=True),) in stage.printed)
    await stage.names["ben"].close()
    told = [type(args[0]).__name__ for args in stage.printed]
    assert told == ["Connected", "Chat", "Interrupted", "Connected", "Disconnected"]


@proves((SIMPLE, "callbacks on the client"))
async def polled_callbacks(stage: Stage) -> None:
    """The listener is called in the poll, and not before."""
    hi = stage.names["Chat"]("hi")
    await stage.run()
    stage.server.broadcast(hi)
    await until(lambda: hi in stage.client._happened)
    assert stage.printed == []
    assert hi in await stage.run()
    assert (hi,) in stage.printed


# Sending to the server.


@proves((GAME, "typed sends: chat"), (COMMS, "text messages"))
async def chat(stage: Stage) -> None:
    await stage.run()
    await until(lambda: stage.printed)
    assert stage.printed == [(stage.peer, stage.names["Chat"]("hi"))]


@proves((GAME, "typed sends: turn"))
async def turn(stage: Stage) -> None:
    """A turn arrives as one; what is none is refused, and reaches nobody."""
    stage.client.send(netlib.Untyped("turn", {"cell": "middle"}))
    await stage.run()
    await until(lambda: stage.printed)
    assert stage.printed == [(stage.peer, stage.names["Turn"](cell=4))]
    assert stage.room.metrics.refused["bad_message"] == 1


@proves(
    (SIMPLE, "the client's send"),
    (COMMS, "JSON messages"),
    (SIMPLE, "named headers, with or without value, and a body"),
)
async def send_by_name(stage: Stage) -> None:
    """Any JSON object goes, by name; a header without a value is there, and one that was left out is not."""
    await stage.run()
    await until(lambda: stage.printed)
    ((sender, message),) = stage.printed
    fields: dict[str, Any] = {"to": "b4"} if stage.line.library == SIMPLE else {"x": 3, "path": [1, 2]}
    if message.type == "note":
        fields = {"to": "Ben", "urgent": None, "body": "Dinner!"}
    assert (sender, message.fields) == (stage.peer, fields)


@proves((SIMPLE, "raw bytes, as a field (in JSON they travel as base64)"))
async def raw_bytes(stage: Stage) -> None:
    """Bytes arrive as they were, and on a JSON line as base64, which a plain client may send, too."""
    await stage.run()
    async with plain_client(stage.room, hello="Ben") as plain:
        await plain.send(type="picture", data="iVBORw==")
        await until(lambda: len(stage.printed) == 2)
    assert [picture.data for _, picture in stage.printed] == [PICTURE, PICTURE]


@proves((COMMS, "binary messages"))
async def binary(stage: Stage) -> None:
    await stage.run()
    stage.closing("small")
    await until(lambda: stage.printed)
    peer, picture = stage.printed[0]
    assert (picture.data, peer._seat.codec) == (PICTURE, netlib.MSGPACK)


@proves((COMMS, "whole messages guaranteed"))
async def whole(stage: Stage) -> None:
    """A message that TCP carries in several pieces comes as one, behind the one before."""
    for _ in range(20):
        await stage.run()
    await until(lambda: len(stage.printed) == 20)
    assert all(picture.data == bytes(10_000) for _, picture in stage.printed)


@proves((COMMS, "a question and its answer"))
async def question(stage: Stage) -> None:
    """The answer has its class, although nobody has declared it."""
    await stage.run()
    assert stage.names["answer"] == stage.names["Names"](["Ada"])


# Sending to clients.


@proves((GAME, "relay messages between clients"))
async def relay(stage: Stage) -> None:
    chat, ben = stage.names["Chat"], await stage.join("Ben")
    at_ada, at_ben = list[Any](), list[Any]()
    stage.client.on(chat, at_ada.append)
    ben.on(chat, at_ben.append)
    await stage.run()
    stage.client.send(chat("to Ben"))
    await until(lambda: at_ben)
    ben.send(chat("to Ada"))
    await until(lambda: at_ada)
    assert (at_ada, at_ben) == ([chat("to Ada")], [chat("to Ben")])


HEARERS = {
    (SIMPLE, "send to one"): ["Ada"],
    (SIMPLE, "send to several"): ["Ada", "Ben"],
    (SIMPLE, "broadcast with exclusions"): ["Ben", "Cy"],
    (SIMPLE, "the same by name"): ["Ben", "Cy"],
    (COMMS, "broadcast"): ["Ada", "Ben", "Cy"],
    (GASE, "events to one client"): ["Ada"],
    (GASE, "events to all"): ["Ada", "Ben", "Cy"],
}


@proves(*HEARERS)
async def who_hears(stage: Stage) -> None:
    """Those get it, once, and nobody else."""
    chat = stage.names["Chat"]
    stage.client.declare(chat)
    clients = {"Ada": stage.client, "Ben": await stage.join("Ben"), "Cy": await stage.join("Cy")}
    got: dict[str, list[Any]] = {name: [] for name in clients}

    def all_have_the_end() -> bool:
        for name, client in clients.items():
            got[name] += said(client)
        return all(chat("end") in messages for messages in got.values())

    await stage.run()
    stage.server.broadcast(chat("end"))  # comes behind what the line has sent
    await until(all_have_the_end)
    assert [name for name in got for _ in got[name][:-1]] == HEARERS[stage.line[:2]]


@proves((GASE, "acknowledgement callback"))
async def acknowledged(stage: Stage) -> None:
    """It is called without arguments, once the server has the message."""
    await stage.run()
    await until(lambda: () in stage.printed)
    assert stage.printed == [(stage.peer, stage.names["Chat"]("hi")), ()]


@proves((GASE, "retries, over a lost connection, too"))
async def retries(stage: Stage) -> None:
    """What is sent while the connection breaks is sent again after the return, and arrives once."""
    stage.cut()
    await stage.run()
    await until(lambda: () in stage.printed)
    assert stage.printed == [(stage.peer, netlib.Untyped("shout", {"words": "hello?"})), ()]
    await until(lambda: stage.room.metrics.resumed == 1)


# State.


@proves((GAME, "typed sends: game state"))
async def game_state(stage: Stage) -> None:
    await stage.run()
    await until(lambda: stage.client.state == {"players": {stage.peer.id: stage.names["Player"](x=3)}})


@proves((GASE, "game state store, with delta updates to clients"))
async def deltas(stage: Stage) -> None:
    """The first snapshot is whole; the next has only what changed."""
    player = stage.names["Player"]
    async with plain_client(stage.room, hello="Ben") as ben:
        await until(lambda: stage.room.tick)
        stage.names["players"] = {1: player(x=3), 2: player(x=5)}
        await stage.run()
        first = await ben.next("snapshot")
        await ben.send(type="ack", tick=first["tick"])
        tick = stage.room.tick
        await until(lambda: stage.room.tick > tick)
        stage.names["players"] = {1: player(x=3), 2: player(x=6)}
        await stage.run()
        second = await ben.next("snapshot")
    assert first["full"] and len(first["state"]["players"]) == 2
    assert (second["base"], second["set"]) == (first["tick"], {"players": {"2": {"x": 6}}})


@proves((GASE, "the client's copy of the state"))
async def copy_of_the_state(stage: Stage) -> None:
    await stage.row("game state store, with delta updates to clients")
    await until(lambda: stage.client.tick >= 0)
    assert await stage.run() == {stage.peer.id: stage.names["Player"]()}


@proves((GASE, "server tick with a pure step function"))
async def step(stage: Stage) -> None:
    """Each tick makes a new player of the last one, without the function knowing of a server."""
    players, before = stage.names["players"], stage.room.tick
    await stage.run()
    await until(lambda: players[stage.peer.id].x)
    x, passed = players[stage.peer.id].x, stage.room.tick - before
    assert 0 < round(x / 100 * stage.room.tick_rate) <= passed


# Running it.


@proves((SIMPLE, SECOND))
async def make_server(stage: Stage) -> None:
    await stage.run()
    second = stage.names["second"]
    await asyncio.to_thread(second.start)
    stage.closing("second")
    client = await stage.join("Cy", second.server)
    assert (second.host, client.tick_rate, client.room) == ("127.0.0.1", 60, "second")


@proves((SIMPLE, "manual update"))
async def manual_update(stage: Stage) -> None:
    """There is one tick for each update, and none without."""
    await stage.run()
    manual = stage.closing("manual")
    assert manual.tick == 1
    await asyncio.to_thread(manual.update)
    assert manual.tick == 2


@proves((SIMPLE, "verbose logging"))
async def verbose(stage: Stage) -> None:
    root, found = logging.getLogger(), list[str]()
    before, level = root.handlers[:], root.level
    root.handlers[:] = []  # pytest's own; with them the line would do nothing
    try:
        await stage.run()
        (handler,) = root.handlers
        handler.emit = lambda record: found.append(handler.format(record))  # type: ignore[method-assign]
        await stage.join("Ben")
        await until(lambda: any(line.startswith("INFO:netlib:") and "Ben" in line for line in found))
    finally:
        root.handlers[:] = before
        root.setLevel(level)


@proves((SIMPLE, "start in a thread"), (GASE, "run in a thread, on a free port"))
async def run_in_thread(stage: Stage) -> None:
    if stage.line.library == SIMPLE:
        await stage.row(SECOND)
    await stage.run()
    second = stage.closing("second")
    client = await stage.join("Ben", second.server)
    assert second.running and second.port and client.connected


@proves((SIMPLE, "stop"))
async def stop(stage: Stage) -> None:
    await stage.row(SECOND)
    await stage.row("start in a thread")
    second = stage.names["second"]
    assert second.running
    await stage.run()
    assert not second.running


@proves((SIMPLE, "start, blocking"), (GASE, "run blocking, on a free port"))
async def run_blocking(stage: Stage) -> None:
    if stage.line.library == SIMPLE:
        await stage.row(SECOND)
    name = "second" if stage.line.library == SIMPLE else "third"
    blocked = asyncio.ensure_future(stage.run())
    await until(lambda: name in stage.names and stage.names[name].running and stage.names[name].port)
    server = stage.names[name]
    assert (await stage.join("Ben", server.server, reconnect_time=0)).connected
    assert not blocked.done()
    await asyncio.to_thread(server.stop)
    await blocked


@proves((SIMPLE, "wait for the end"))
async def wait_for_the_end(stage: Stage) -> None:
    """It returns when somebody else stops the server."""
    waiting = asyncio.ensure_future(stage.run())
    await asyncio.to_thread(stage.server.stop)
    assert await waiting is True


@proves((GASE, "hostname and port"))
async def hostname_and_port(stage: Stage) -> None:
    host, port = await stage.run()
    async with netlib.connect(f"{host}:{port}") as client:
        assert client.connected


@proves((GASE, "shut down, and run again with earlier clients remembered"))
async def run_again(stage: Stage) -> None:
    """A player who was there before is the same, and need do nothing for it."""
    await asyncio.to_thread(stage.client.poll)
    await stage.run()
    back = netlib.Connected(1, resumed=True)
    await until(lambda: back in stage.client._happened)
    assert stage.server.peers == [stage.peer]


@proves((COMMS, "many clients"))
async def many_clients(stage: Stage) -> None:
    await stage.run()
    chat, large = stage.names["Chat"], stage.names["large"]
    heard: list[Any] = []
    async with large:
        for number in range(netlib.Limits().max_players + 8):
            (await stage.join(f"player {number}", large)).on(chat, heard.append)
        large.broadcast(chat("hi"))
        await until(lambda: len(heard) == 40)


@proves((SIMPLE, "list of clients"))
async def list_of_clients(stage: Stage) -> None:
    await stage.join("Ben")
    assert [peer.name for peer in await stage.run()] == ["Ada", "Ben"]


@proves((GASE, "connection list"))
async def connection_list(stage: Stage) -> None:
    """A player who has lost the connection is not in it, though the place is kept."""
    await stage.join("Ben")
    assert await stage.run() == ["player", "Ben"]
    await stage.join("Cy", reconnect_time=0)
    stage.cut(stage.room.peers[-1])
    await until(lambda: stage.room.metrics.dropped)
    assert (await stage.run(), len(stage.room.peers)) == (["player", "Ben"], 3)


@proves((GASE, "a host client, with the right to shut the server down"))
async def shut_down(stage: Stage) -> None:
    with pytest.raises(netlib.RequestFailed, match="only the host"):
        await (await stage.join("Ben")).request(netlib.Command("shutdown"))
    assert stage.server.running
    await stage.run()
    await until(lambda: not stage.server.running)


# The connection.


@proves((SIMPLE, "the client's connect gives (success, message)"))
async def connect_and_say(stage: Stage) -> None:
    """It says that it went well, or else what to do, and raises nothing."""
    await stage.run()
    ben = stage.closing("ben")
    assert (stage.names["ok"], stage.names["message"]) == (True, 'joined "room" as Ben')
    await asyncio.to_thread(ben.close)
    ben.url = "127.0.0.1:1"
    ok, message = await asyncio.to_thread(ben.connect)
    assert not ok and "is the server running" in message


@proves((SIMPLE, "the client's non-blocking read"))
async def read(stage: Stage) -> None:
    hi = stage.names["Chat"]("hi")
    await stage.run()
    assert stage.names["message"] is None
    stage.server.broadcast(hi)
    await until(lambda: hi in stage.client._happened)
    await stage.run()
    assert stage.names["message"] == hi


@proves((COMMS, "automatic reconnect, as an option"))
async def reconnect(stage: Stage) -> None:
    """With the option the player comes back, as the same; without it is the end."""
    await stage.run()
    back = stage.closing("stayer")
    never = await stage.join("Never", reconnect_time=0)
    came, gone = list[Any](), list[Any]()
    back.on(netlib.Connected, came.append)
    never.on(netlib.Disconnected, gone.append)
    for peer in stage.room.peers[1:]:
        stage.cut(peer)
    await until(lambda: came and gone)
    assert came == [netlib.Connected(2, resumed=True)]
    assert not never.connected


@proves((COMMS, "a server of your own on the connection class"))
async def own_server(stage: Stage) -> None:
    """A server that says back what it hears takes an owner of three methods; both sides' class is one."""
    await stage.run()
    listening = stage.names["listening"]
    async with connect(f"ws://127.0.0.1:{listening.port}", proxy=None) as socket:
        assert await socket.recv() == "say something"
        await socket.send("hi")
        assert await socket.recv() == "hi"
    listening.close()
    assert issubclass(ServerConnection, Connection)
    assert issubclass(ClientConnection, Connection)


@proves((GASE, "round trip time, on either side"))
async def round_trip(stage: Stage) -> None:
    """Both sides know the same time, with what is simulated in it."""
    stage.client.link = netlib.LinkConditions(latency=0.05)
    await until(lambda: stage.peer.rtt)
    ours, theirs = await stage.run()
    assert 0 < ours < 5 and 0 < theirs < 5
    await until(lambda: (stage.client.metrics.rtt or 0) > 0.05)


@proves((GASE, "connection status"))
async def status(stage: Stage) -> None:
    assert await stage.run() == (True, None)
    stage.room_call(stage.room._endpoint._to_close.close)
    stage.cut()
    await until(lambda: not stage.client.connected)
    connected, reconnecting = await stage.run()
    assert not connected and isinstance(reconnecting, netlib.Reconnecting)
    await asyncio.to_thread(stage.client.close)
    assert await stage.run() == (False, None)
