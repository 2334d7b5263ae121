"""Defects that such libraries are known for: each has a test here that names it."""

import asyncio
import contextlib
import socket

import pytest

import netlib
from netlib import testing
from tests.support.processes import wait_until_async
from tests.support.rooms import a_room, plain_client, url
from tests.support.sessions import Note, Thing, kinds, noted, numbers

LATENCY = 0.2  # seconds, there and back
ORDERS = ("shutdown", "pause", "kick")


class Push(netlib.Input, frozen=True, kw_only=True):
    """Push."""


@testing.in_virtual_time
async def test_two_inputs_in_one_tick() -> None:
    """Defect: of two inputs that arrive within one tick, one is lost. Here both are applied, in order."""
    async with testing.Network() as network:
        server = await network.serve(input_type=Push, tick_rate=5)
        ada = await network.join("Ada")
        applied: list[int] = []
        server.on_tick(lambda _: applied.extend(push.seq for push in server.peers[0].take_inputs()))
        for _ in range(2):
            ada.send_input(Push())
        await testing.until(lambda: len(applied) == 2)
        assert applied == [1, 2]


async def test_a_newcomer_gets_the_state() -> None:
    """Defect: a late client sees nothing until something changes. Here the whole state comes at once."""
    async with a_room() as server:
        server.publish({"things": {1: Thing(7)}})
        async with netlib.connect(url(server), schema={"things": Thing}) as late:
            assert await testing.snapshot(late, where=bool) == {"things": {1: Thing(7)}}


@pytest.mark.parametrize(
    "frame",
    [*({"type": do} for do in ORDERS), *({"type": "command", "do": do, "player": 1} for do in ORDERS)],
)
async def test_a_stranger_cannot_command(frame: dict[str, object]) -> None:
    """Defect: any client may shut the server down. Here a stranger's orders are refused, and all goes on."""
    async with a_room(host_password="plum") as server, netlib.connect(url(server), name="Ada") as ada:
        async with plain_client(server, hello="Stranger") as stranger:
            await stranger.send(**frame)
            error = await stranger.next("error")
            assert error["code"] in ("unknown_type", "not_host")
            tick = server.tick
            await wait_until_async(lambda: server.tick > tick + 2, "ticks go on")
            await stranger.send(type="ping", time=1)
            assert (await stranger.next("pong"))["time"] == 1
        assert ada.connected and not server.stopping and not server.paused


async def test_ids_do_not_collide() -> None:
    """Defect: the number of players is taken for the next id, so after a leave two have the same."""
    async with a_room() as server, contextlib.AsyncExitStack() as stay:
        clients = [await stay.enter_async_context(netlib.connect(url(server))) for _ in range(3)]
        await clients[1].close()
        late = await stay.enter_async_context(netlib.connect(url(server)))
        assert [client.player_id for client in (*clients, late)] == [1, 2, 3, 4]
        assert [peer.id for peer in server.peers] == [1, 3, 4]


async def test_a_killed_client_is_noticed() -> None:
    """Defect: a client that was killed stays in the room for ever. Here it is dropped, and then it leaves."""
    async with a_room(limits=netlib.Limits(grace_time=0.3)) as server, plain_client(server) as client:
        comings = noted(server)
        client.kill()
        await wait_until_async(lambda: comings, "the drop")
        assert [peer.name for peer in server.peers] == ["Ada"]
        await wait_until_async(lambda: not server.peers, "it has left")
        dropped, left = comings
        assert kinds(comings) == ["Dropped", "Left"] and dropped.peer is left.peer
        assert (dropped.code, left.code, left.reason) == (1006, 1006, "did not come back within 0.3 s")
        metrics = server.metrics
        assert (metrics.joined, metrics.dropped, metrics.resumed, metrics.left) == (1, 1, 0, 1)


@testing.in_virtual_time
async def test_a_client_that_falls_silent_is_noticed() -> None:
    """Defect: a client whose cable was pulled stays for ever, since TCP tells nobody. Here both time out."""
    async with testing.Network() as network:
        server = await network.serve()
        comings = noted(server)
        ada = await network.join("Ada", reconnect_time=0)
        gone = noted(ada)
        network.pull()
        limits = server.limits
        await asyncio.sleep(1.5 * limits.idle_time)
        assert kinds(comings) == ["Joined", "Dropped"] and kinds(gone) == ["Disconnected"]
        for end in (comings[1], gone[0]):
            assert end.code == 1006 and "nothing was heard" in end.reason
        await asyncio.sleep(limits.grace_time)
        assert kinds(comings) == ["Joined", "Dropped", "Left"]


@testing.in_virtual_time
async def test_a_client_that_does_not_read_fills_no_memory() -> None:
    """Defect: what a client does not read piles up in the server (see test_stalled.py, with real ones)."""
    async with testing.Network() as network:
        server = await network.serve(tick_rate=20, limits=netlib.Limits(idle_time=1e4))
        server.on_tick(
            lambda _: server.publish({"things": {id: Thing(server.tick * id) for id in range(1000)}})
        )
        ada = await network.join("Ada")
        await asyncio.sleep(1)
        network.cable(ada).stall("client")
        (peer,) = server.peers
        assert peer._seat.carrier is not None
        connection, most = peer._seat.carrier.connection, 0
        for _ in range(150):
            await asyncio.sleep(0.1)
            most = max(most, connection.buffered)
        assert most < 200_000 and peer.connected


@pytest.mark.parametrize(
    "bad", ["no JSON", "[]", "{}", '{"type":1}', '{"type":"nonsense"}', b"\x00", '{"type":"note"}']
)
async def test_a_bad_message_closes_nothing(bad: str | bytes, no_errors_logged: None) -> None:
    """Defect: one bad message ends the connection, or the server. Here it is answered by an error."""
    async with a_room() as server, plain_client(server) as client:
        notes = noted(server, Note)
        await client.socket.send(bad)
        assert (await client.next("error"))["code"] in ("bad_message", "unknown_type")
        await client.send(type="note", number=1)
        await wait_until_async(lambda: notes, "the next message")


async def test_it_listens_on_every_interface() -> None:
    """Defect: bound to localhost only, so nobody on the LAN can reach it. Ours says where it listens."""
    bound: list[tuple[str, int]] = []
    listen = socket.socket.listen

    def noting(self: socket.socket, *args: int) -> None:
        bound.append(self.getsockname()[:2])
        listen(self, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "listen", noting)
        async with netlib.Server("room", port=0, discoverable=False) as server:
            assert bound and set(bound) <= {("0.0.0.0", server.port), ("::", server.port)}
            assert ("0.0.0.0", server.port) in bound


async def test_a_failing_listener_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Defect: an exception in a listener ends the server's loop, or the sender's connection."""
    async with a_room(tick_rate=100) as server, netlib.connect(url(server)) as client:
        notes = noted(server, Note)
        for kind in (Note, netlib.Left):
            server.on(kind, lambda *_: 1 / 0)
        server.on_tick(lambda _: 1 // 0)
        for number in range(3):
            client.send(Note(number))
        tick = server.tick
        await wait_until_async(lambda: len(notes) == 3 and server.tick > tick + 3, "all goes on")
        assert numbers(notes) == [0, 1, 2] and client.connected
    assert "1 / 0" in caplog.text and "1 // 0" in caplog.text


async def round_trip(client: netlib.Client) -> float:
    """Return the seconds until an answer is there."""
    before = netlib.clock()
    await client.request(netlib.Untyped("echo"))
    return netlib.clock() - before


@testing.in_virtual_time
async def test_simulated_latency_is_what_was_set_last() -> None:
    """Defect: latency that is set twice adds up, or stays when set to 0. Here it does not, at either end."""
    async with testing.Network() as network:
        server = await network.serve()
        server.on_request("echo")(lambda *_: None)
        ada = await network.join("Ada")
        slow, perfect = netlib.LinkConditions(latency=LATENCY), netlib.LinkConditions()
        for end in (ada, server, server.peers[0]):
            for _ in range(3):
                end.link = slow
                assert await round_trip(ada) == pytest.approx(LATENCY, abs=0.001)
            end.link = perfect
            await asyncio.sleep(1)
            assert await round_trip(ada) == pytest.approx(0, abs=0.001)


async def test_a_stale_socket_kicks_nobody() -> None:
    """Defect: the late close of an old socket removes the player who has come back over a new one."""
    async with a_room() as server:
        comings = noted(server)
        async with plain_client(server) as old, plain_client(server, hello=None) as new:
            welcome = await new.hello("Ada", resume=old.welcome["resume"])
            assert welcome["resumed"] and welcome["player_id"] == 1
            assert (await old.closed())[0] == 4001
            await new.send(type="ping", time=1)
            await new.next("pong")
            assert [(peer.id, peer.connected) for peer in server.peers] == [(1, True)]
            assert kinds(comings) == ["Joined", "Dropped", "Resumed"]
