"""Each line of the README's "Coming from another library" is run, and does what the row says."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from websockets.asyncio.client import connect

import netlib
from netlib.client.dial import ClientConnection
from netlib.discovery.beacon import Room
from netlib.server.http import ServerConnection, Shared
from netlib.transport.connection import Connection
from tests.support.lines import Chat, Picture, Player, Stage, Turn, lines, on_loopback, until
from tests.support.rooms import a_room, plain_client

Proof = Callable[[Stage], Awaitable[None]]

LINES = lines()
PROOFS: dict[tuple[str, str], Proof] = {}
GAME, SIMPLE, COMMS, GASE = "asyncNetwork", "SimpleServer", "Python Comms", "PyGaSe"
PICTURE = b"\x89PNG"


def proves(*rows: tuple[str, str]) -> Callable[[Proof], Proof]:
    """Say for which rows, by library and feature, this runs the line and looks at what it did."""

    def keep(proof: Proof) -> Proof:
        for row in rows:
            assert row not in PROOFS, f"{row} is proved twice"
            PROOFS[row] = proof
        return proof

    return keep


@pytest.fixture
async def stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """Give a room with Ada in it, to run the line in; everything stays on this machine."""
    on_loopback(monkeypatch.setitem)
    async with Stage(request.param) as made:
        yield made


@pytest.mark.parametrize("stage", LINES, ids=lambda line: f"{line.library}: {line.feature}", indirect=True)
async def test_the_line_does_it(stage: Stage) -> None:
    """The code of each row runs in a real room, and its own proof sees that the feature is there."""
    proof = PROOFS.get(stage.line[:2])
    assert proof, f"write a proof for {stage.line[:2]} here"
    await proof(stage)
    assert stage.ran, "the proof has not run the line"


def test_no_row_is_missing() -> None:
    """Each thing that is proved here has its row in the README, under its library."""
    assert sorted(line[:2] for line in LINES) == sorted(PROOFS)


# Finding rooms.


@proves((GAME, "find servers by UDP broadcast"))
async def find(stage: Stage) -> None:
    async with netlib.Server("Tic-tac-toe") as server:
        await stage.run()
        assert [(room.name, room.port) for room in stage.names["rooms"]] == [("Tic-tac-toe", server.port)]


@proves((GAME, "session name, player count, host, port of each"))
async def what_is_found(stage: Stage) -> None:
    async with netlib.Server("Tic-tac-toe") as server:
        await stage.join("Cy", server)
        (room,) = await netlib.find_rooms(0.2)
        assert await stage.run(room=room) == ("Tic-tac-toe", 1, "127.0.0.1", server.port)


@proves((GAME, "begin to search, without blocking"))
async def begin_to_search(stage: Stage) -> None:
    async with netlib.Server("Tic-tac-toe"):
        await stage.run()
        search = stage.closing("search")
        await until(lambda: [room.name for room in search.rooms] == ["Tic-tac-toe"])


@proves((GAME, "the list of what was found"))
async def found(stage: Stage) -> None:
    """The list is there at any time: first empty, then with the room."""
    search = netlib.threads.BackgroundBrowser()
    with search:
        assert await stage.run(search=search) == []
        async with netlib.Server("Tic-tac-toe"):
            await until(lambda: search.rooms)
            (room,) = await stage.run()
            assert isinstance(room, Room)


@proves((GAME, "stop searching, without blocking"))
async def stop_searching(stage: Stage) -> None:
    search = netlib.threads.BackgroundBrowser()
    search.start()
    await stage.run(search=search)
    assert not search.running
    await until(lambda: not search._thread.running)


# Events.


@proves((GAME, "an event manager with listeners and triggers"))
async def events(stage: Stage) -> None:
    heard = stage.heard("heard")
    await stage.run()
    assert heard == [3]


@proves((GAME, "listen and trigger from outside the connection"))
async def trigger(stage: Stage) -> None:

    class Scored(netlib.Event, frozen=True):
        points: int

    heard = stage.heard("heard")
    await stage.run(Scored=Scored)
    assert heard == [Scored(points=5)]


@proves((GASE, "events with handlers"))
async def handlers(stage: Stage) -> None:
    heard = stage.heard("heard")
    await stage.run()
    stage.client.send("shout", words="hi")
    await until(lambda: heard)
    (peer, event) = heard[0]
    assert (peer, event["words"]) == (stage.peer, "hi")


@proves((SIMPLE, "on_update"))
async def on_update(stage: Stage) -> None:
    updates = stage.heard("update")
    await stage.run()
    await until(lambda: len(updates) > 2)
    assert set(updates) == {1 / stage.server.tick_rate}


@proves(
    (SIMPLE, "on_connection"),
    (SIMPLE, "on_message"),
    (SIMPLE, "on_disconnect"),
    (COMMS, "callbacks on the server, with the sender known"),
)
async def server_callbacks(stage: Stage) -> None:
    """Comings, words and leavings are told, as far as the line asks for it."""
    calls = {name: stage.heard(name) for name in ("came", "heard", "gone") if name in stage.line.code}
    await stage.run()
    ben = await stage.join("Ben")
    ben.send(Chat("hi"))
    await until(lambda: calls.get("heard", [True]))
    await ben.close()
    await until(lambda: all(calls.values()))
    assert [(peer.name, it) for peer, it in calls.pop("heard", [])] in ([], [("Ben", Chat("hi"))])
    assert all([event.peer.name for event in events] == ["Ben"] for events in calls.values())


@proves((COMMS, "callbacks on the client"))
async def client_callbacks(stage: Stage) -> None:
    came, heard, gone = (stage.heard(name) for name in ("came", "heard", "gone"))
    await stage.run()
    stage.server.broadcast(Chat("hi", sender="Ada"))
    await until(lambda: heard)
    await stage.names["client"].close()
    assert (came, heard) == ([netlib.Connected(2)], [Chat("hi", sender="Ada")])
    assert isinstance(gone[0], netlib.Disconnected)


# Sending to the server.


@proves((GAME, "typed sends: chat"), (COMMS, "text messages"))
async def chat(stage: Stage) -> None:
    heard = stage.heard("heard", stage.server, Chat)
    await stage.run()
    await until(lambda: heard)
    assert heard == [(stage.peer, Chat("hi"))]


@proves((GAME, "typed sends: turn"))
async def turn(stage: Stage) -> None:
    """A turn arrives as one; what is none is refused, and reaches nobody."""
    heard = stage.heard("heard", stage.server, Turn)
    stage.client.send(netlib.Untyped("turn", {"cell": "middle"}))
    await stage.run()
    await until(lambda: heard)
    assert heard == [(stage.peer, Turn(cell=4))]
    assert stage.server.metrics.refused["bad_message"] == 1


@proves((SIMPLE, "the client's send"), (COMMS, "JSON messages"))
async def send_by_name(stage: Stage) -> None:
    """Any JSON object goes, by name, from a client in asyncio or from a polled one."""
    heard = stage.heard("heard", stage.server, "move")
    polled = netlib.threads.PolledClient(stage.names["address"], name="Ben", messages=["move"])
    assert (await asyncio.to_thread(polled.connect))[0]
    await stage.run()
    await stage.run(client=polled)
    await until(lambda: len(heard) == 2)
    await asyncio.to_thread(polled.close)
    assert sorted(peer.name for peer, _ in heard) == ["Ada", "Ben"]
    sent = {"to": "b4"} if stage.line.library == SIMPLE else {"x": 3, "path": [1, 2]}
    assert [message.fields for _, message in heard] == [sent, sent]


@proves((SIMPLE, "named headers, with or without value, and a body"))
async def headers(stage: Stage) -> None:
    """One header has a value, one has none, one is not there; and the body is what it was."""
    heard = stage.heard("heard", stage.server, "note")
    await stage.run()
    await until(lambda: heard)
    note = heard[0][1]
    assert (note["to"], note["urgent"], note["body"]) == ("Ben", None, "Dinner!")
    assert "secret" not in note.fields


@proves((SIMPLE, "raw bytes, as a field (in JSON they travel as base64)"))
async def raw_bytes(stage: Stage) -> None:
    """Bytes arrive as they were, and on a JSON line as base64, which a plain client may send, too."""
    seen = stage.heard("seen")
    await stage.run()
    async with plain_client(stage.server, hello="Ben") as plain:
        await plain.send(type="picture", data="iVBORw==")
        await until(lambda: len(seen) == 2)
    assert [picture.data for _, picture in seen] == [PICTURE, PICTURE]


@proves((COMMS, "binary messages"))
async def binary(stage: Stage) -> None:
    seen = stage.heard("seen", stage.server, Picture)
    await stage.run()
    await until(lambda: seen)
    peer, picture = seen[0]
    assert (picture.data, peer._seat.codec) == (PICTURE, netlib.MSGPACK)
    await stage.closing("client").close()


@proves((COMMS, "whole messages guaranteed"))
async def whole(stage: Stage) -> None:
    """A message that TCP carries in several pieces comes as one, behind the one before."""
    seen = stage.heard("seen", stage.server, Picture)
    for _ in range(20):
        await stage.run()
    await until(lambda: len(seen) == 20)
    assert all(picture.data == bytes(10_000) for _, picture in seen)


# Sending to clients.


@proves((GAME, "relay messages between clients"))
async def relay(stage: Stage) -> None:
    ben = await stage.join("Ben")
    at_ada, at_ben = stage.heard("ada", stage.client, Chat), stage.heard("ben", ben, Chat)
    await stage.run()
    stage.client.send(Chat("to Ben"))
    await until(lambda: at_ben)
    ben.send(Chat("to Ada"))
    await until(lambda: at_ada)
    assert (at_ada, at_ben) == ([Chat("to Ada")], [Chat("to Ben")])


HEARERS = {
    (SIMPLE, "send to one"): ["Ada"],
    (SIMPLE, "send to several"): ["Ada", "Ben"],
    (SIMPLE, "broadcast with exclusions"): ["Ben", "Cy"],
    (COMMS, "broadcast"): ["Ada", "Ben", "Cy"],
    (GASE, "events to one client"): ["Ada"],
    (GASE, "events to all"): ["Ada", "Ben", "Cy"],
}


@proves(*HEARERS)
async def who_hears(stage: Stage) -> None:
    """Those get it, once, and nobody else."""
    clients = [stage.client, await stage.join("Ben"), await stage.join("Cy")]
    got = {client.name: stage.heard("_", client, Chat, "shout") for client in clients}
    ends = [stage.heard("_", client, Turn) for client in clients]
    await stage.run(friends=stage.server.peers[:2])
    stage.server.broadcast(Turn(0))  # comes behind what the line has sent
    await until(lambda: all(ends))
    texts = [(name, it.text if isinstance(it, Chat) else it["words"]) for name in got for it in got[name]]
    assert texts == [(name, "hi") for name in HEARERS[stage.line[:2]]]


@proves((GASE, "acknowledgement callback"))
async def acknowledged(stage: Stage) -> None:
    heard = stage.heard("heard", stage.server, Chat)
    had: list[int] = []
    await stage.run(arrived=lambda: had.append(len(heard)))
    assert had == []
    await until(lambda: had)
    assert had == [1]


@proves((GASE, "retries, over a lost connection, too"))
async def retries(stage: Stage) -> None:
    """What is sent while the connection breaks is sent again after the return, and arrives once."""
    heard, arrived = stage.heard("heard", stage.server, Chat), asyncio.Event()
    stage.cut()
    await stage.run(arrived=arrived.set)
    await until(arrived.is_set)
    assert heard == [(stage.peer, Chat("hello?"))]
    assert stage.server.metrics.resumed == 1


# State.


@proves((GAME, "typed sends: game state"))
async def game_state(stage: Stage) -> None:
    await stage.run()
    await until(lambda: stage.client.state == {"players": {stage.peer.id: Player(x=3)}})


@proves((GASE, "game state store, with delta updates to clients"))
async def deltas(stage: Stage) -> None:
    """The first snapshot is whole; the next has only what changed."""
    async with plain_client(stage.server, hello="Ben") as ben:
        await until(lambda: stage.server.tick)
        await stage.run(players={1: Player(x=3), 2: Player(x=5)})
        first = await ben.next("snapshot")
        await ben.send(type="ack", tick=first["tick"])
        tick = stage.server.tick
        await until(lambda: stage.server.tick > tick)
        await stage.run(players={1: Player(x=3), 2: Player(x=6)})
        second = await ben.next("snapshot")
    assert first["full"] and len(first["state"]["players"]) == 2
    assert (second["base"], second["set"]) == (first["tick"], {"players": {"2": {"x": 6}}})


@proves((GASE, "the client's copy of the state"))
async def copy_of_the_state(stage: Stage) -> None:
    stage.server.publish({"players": {1: Player(x=3)}})
    await until(lambda: stage.client.tick >= 0)
    assert await stage.run() == {1: Player(x=3)}


@proves((GASE, "server tick with a pure step function"))
async def step(stage: Stage) -> None:
    """Each tick makes a new state of the last one, without the function knowing of a server."""
    game = SimpleNamespace(state=0.0)
    before = stage.server.tick
    await stage.run(game=game, step=lambda state, dt: state + dt)
    await until(lambda: game.state)
    passed = stage.server.tick - before
    assert 0 < round(game.state * stage.server.tick_rate) <= passed


# Running it.


@proves((SIMPLE, "`Server(host, port, tick_rate)`"))
async def make_server(stage: Stage) -> None:
    await stage.run()
    server = stage.names["server"]
    async with server:
        client = await stage.join("Cy", server)
        assert (server.host, client.tick_rate, client.room) == ("127.0.0.1", 60, "room")


@proves((SIMPLE, "manual update"))
async def manual_update(stage: Stage) -> None:
    """There is one tick for each update, and none without."""

    def program() -> list[int]:
        stage.run_here()
        server = stage.names["server"]
        ticks = [server.tick]
        for _ in range(2):
            server.update()
            ticks.append(server.tick)
        server.stop()
        return ticks

    assert await asyncio.to_thread(program) == [1, 2, 3]


@proves((SIMPLE, "verbose logging"))
async def verbose(stage: Stage) -> None:
    root, said = logging.getLogger(), list[str]()
    before, level = root.handlers[:], root.level
    root.handlers[:] = []  # pytest's own; with them the line would do nothing
    try:
        await stage.run(logging=logging)
        (handler,) = root.handlers
        handler.emit = lambda record: said.append(handler.format(record))  # type: ignore[method-assign]
        await stage.join("Ben")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    assert any(line.startswith("INFO:netlib:") and "Ben" in line for line in said)


@proves((SIMPLE, "start, blocking"))
async def run_blocking(stage: Stage) -> None:
    server = a_room()
    server.on("bye", lambda peer, message: server.spawn(server.stop()))
    blocked = asyncio.ensure_future(stage.run_in_thread(server=server))
    await until(lambda: server.port)
    client = await stage.join("Ben", server, reconnect_time=0, messages=["bye"])
    assert not blocked.done()
    client.send("bye")
    await blocked


@proves((SIMPLE, "start in a thread"), (GASE, "run in a thread, on a free port"))
async def run_in_thread(stage: Stage) -> None:
    await stage.run()
    server = stage.closing("server")
    client = await stage.join("Ben", server)
    assert server.running and server.port and client.connected


@proves((GASE, "run blocking, on a free port"))
async def run_blocking_on_a_free_port(stage: Stage) -> None:
    del stage.names["server"]
    blocked = asyncio.ensure_future(stage.run_in_thread())
    await until(lambda: "server" in stage.names and stage.names["server"].port)
    server = stage.names["server"]
    assert (await stage.join("Ben", server, reconnect_time=0)).connected
    assert server.running and not blocked.done()
    await asyncio.to_thread(server.stop)
    await blocked


@proves((GASE, "hostname and port"))
async def hostname_and_port(stage: Stage) -> None:
    with netlib.threads.BackgroundServer("room") as server:
        host, port = await stage.run(server=server)
        async with netlib.connect(f"{host}:{port}") as client:
            assert client.connected


@proves((GASE, "shut down, and run again with earlier clients remembered"))
async def run_again(stage: Stage) -> None:
    """A player who was there before is the same, and need do nothing for it."""
    server = netlib.threads.BackgroundServer("room")
    server.start()
    ben = await stage.join("Ben", server.server)
    came = stage.heard("came", ben, netlib.Connected)
    await stage.run_in_thread(server=server)
    stage.closing("server")
    await until(lambda: came)
    assert came == [netlib.Connected(1, resumed=True)]
    assert [peer.name for peer in server.peers] == ["Ben"]
    await ben.close()


@proves((COMMS, "many clients"))
async def many_clients(stage: Stage) -> None:
    await stage.run()
    server = stage.names["server"]
    heard: list[Any] = []
    async with server:
        for number in range(netlib.Limits().max_players + 8):
            (await stage.join(f"player {number}", server)).on(Chat, heard.append)
        server.broadcast(Chat("hi"))
        await until(lambda: len(heard) == 40)


@proves((SIMPLE, "list of clients"))
async def list_of_clients(stage: Stage) -> None:
    await stage.join("Ben")
    assert [peer.name for peer in await stage.run()] == ["Ada", "Ben"]


@proves((GASE, "connection list"))
async def connection_list(stage: Stage) -> None:
    """A player who has lost the connection is not in it, though the place is kept."""
    await stage.join("Ben")
    assert await stage.run() == ["Ada", "Ben"]
    await stage.join("Cy", reconnect_time=0)
    stage.peer = stage.server.peers[-1]
    stage.cut()
    await until(lambda: stage.server.metrics.dropped)
    assert (await stage.run(), len(stage.server.peers)) == (["Ada", "Ben"], 3)


@proves((GASE, "a host client, with the right to shut the server down"))
async def shut_down(stage: Stage) -> None:
    with pytest.raises(netlib.RequestFailed, match="only the host"):
        await stage.run(client=await stage.join("Ben"))
    assert not stage.server.stopping
    await stage.run(client=stage.client)
    async with asyncio.timeout(20):
        await stage.server.wait_stopped()


# The connection.


@proves((SIMPLE, "the client's connect gives (success, message)"))
async def connect_and_say(stage: Stage) -> None:
    """It says that it went well, or else what to do, and raises nothing."""
    await stage.run_in_thread()
    await asyncio.to_thread(stage.names["client"].close)
    assert (stage.names["ok"], stage.names["message"]) == (True, 'joined "room" as Ada 2')
    await stage.run_in_thread(address="127.0.0.1:1")
    assert stage.names["ok"] is False
    assert "is the server running" in stage.names["message"]


@proves((SIMPLE, "the client's non-blocking read"))
async def read(stage: Stage) -> None:
    client = netlib.threads.PolledClient(stage.names["address"], messages=[Chat])
    await asyncio.to_thread(client.connect)
    await stage.run(client=client)
    assert stage.names["message"] is None
    stage.server.broadcast(Chat("hi"))
    await until(lambda: client._happened and client._happened[-1] == Chat("hi"))
    await stage.run()
    assert stage.names["message"] == Chat("hi")
    await asyncio.to_thread(client.close)


@proves((COMMS, "automatic reconnect, as an option"))
async def reconnect(stage: Stage) -> None:
    """With the option the player comes back, as the same; without it is the end."""
    await stage.run()
    back = stage.closing("client")
    never = await stage.join("Never", reconnect_time=0)
    came, gone = stage.heard("came", back, netlib.Connected), stage.heard("gone", never, netlib.Disconnected)
    for peer in stage.server.peers[1:]:
        stage.peer = peer
        stage.cut()
    await until(lambda: came and gone)
    assert came == [netlib.Connected(2, resumed=True)]
    assert not never.connected


@proves((COMMS, "a server of your own on the connection class (`accept` makes a `ServerConnection`)"))
async def own_server(stage: Stage) -> None:
    """A server that says back what it hears takes an owner of three methods; both sides' class is one."""

    class Echo:
        def __init__(self, connection: Connection) -> None:
            self.connection_opened = lambda: None
            self.message_received = lambda data, binary: connection.send(data, binary=binary)
            self.connection_closed = lambda code, reason: None

    def accept() -> Connection:
        connection = ServerConnection(Shared(pages={}, message_size=1000), netlib.PERFECT)
        connection.admit, connection.gone = lambda: True, lambda: None
        connection.owner = Echo(connection)
        return connection

    listening = await stage.run(accept=accept)
    async with connect(f"ws://127.0.0.1:{listening.port}", proxy=None) as socket:
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
    stage.server._endpoint._to_close.close()
    stage.cut()
    await until(lambda: not stage.client.connected)
    connected, reconnecting = await stage.run()
    assert not connected and isinstance(reconnecting, netlib.Reconnecting)
    await stage.client.close()
    assert await stage.run() == (False, None)
