"""Coming back into a room: the same player, with nothing lost and nothing doubled; and when it is over."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest

import netlib
from netlib import delivery, testing
from netlib.extra.line import SIDES, Side
from tests.support.sessions import Note, PlainPlayer, Thing, kinds, noted, numbers, opened

OUTAGE = 5.0  # seconds, well within the grace time
GRACE = netlib.Limits().grace_time
PORT = 7000  # of a server that another one follows


async def away(network: testing.Network, client: netlib.Client) -> None:
    """Take a client's connection away, until `accept` of its cable."""
    network.cable(client).refuse()
    network.cable(client).cut()
    await testing.until(lambda: client.reconnecting is not None, "the client notices")


async def back(network: testing.Network, client: netlib.Client) -> None:
    """Let a client come back, and wait until it is."""
    network.cable(client).accept()
    await testing.until(lambda: client.connected, "it is back")


# The same player.


@testing.in_virtual_time
async def test_a_drop_is_not_a_leave() -> None:
    """The server tells Dropped and Resumed, the client Interrupted and Connected; it is the same player."""
    async with testing.Network() as network:
        server = await network.serve()
        comings = noted(server)
        ada = await network.join("Ada")
        (peer,) = server.peers
        connections = noted(ada)
        network.cable(ada).cut()
        await testing.until(lambda: len(connections) == 2, "back again")
        assert kinds(comings) == ["Joined", "Dropped", "Resumed"]
        assert kinds(connections) == ["Interrupted", "Connected"]
        assert connections[1] == netlib.Connected(peer.id, resumed=True)
        assert all(event.peer is peer for event in comings) and server.peers == [peer]
        assert (ada.player_id, ada.name, peer.name) == (peer.id, "Ada", "Ada") and peer.connected


@testing.in_virtual_time
async def test_the_whole_state_comes_at_once() -> None:
    """Who is back has the newest state before anything is published again."""
    async with testing.Network() as network:
        server = await network.serve()
        ada = await network.join("Ada", schema={"things": Thing})
        server.publish({"things": {1: Thing(1), 2: Thing(2)}})
        await testing.snapshot(ada, where=lambda state: len(state["things"]) == 2)
        await testing.ticks(server, 2)
        server.publish({"things": {1: Thing(1), 2: Thing(2), 4: Thing(4)}})  # lost on the way
        await away(network, ada)
        server.publish({"things": {2: Thing(5), 3: Thing(3)}})
        await back(network, ada)
        await testing.snapshot(ada, where=lambda state: state == {"things": {2: Thing(5), 3: Thing(3)}})


@testing.in_virtual_time
async def test_the_place_and_the_name_are_kept() -> None:
    """While a player is away, the room stays as full as it was, and nobody else gets its name."""
    async with testing.Network() as network:
        server = await network.serve(limits=netlib.Limits(max_players=2))
        ada = await network.join("Ada")
        await away(network, ada)
        assert (await network.join("Ada")).name == "Ada 2"
        with pytest.raises(netlib.RoomFull):
            await network.join("Bob")
        assert [peer.connected for peer in server.peers] == [False, True]
        await back(network, ada)
        assert ada.name == "Ada"


@testing.in_virtual_time
async def test_a_message_said_while_away_arrives_once_and_in_order() -> None:
    """What both sides send before, during and after an outage is there once, and its sender is told so."""
    async with testing.Network() as network:
        server = await network.serve()
        up = noted(server, Note)
        ada = await network.join("Ada")
        down, told = noted(ada, Note), list[tuple[str, int]]()
        (peer,) = server.peers

        def say(number: int) -> None:
            ada.send(Note(number), delivered=lambda: told.append(("up", number)))
            server.send(peer, Note(number), delivered=lambda to: told.append(("down", number)))

        for number in range(5):
            say(number)
        await away(network, ada)
        for number in range(5, 10):
            say(number)
            await asyncio.sleep(OUTAGE / 5)
        await back(network, ada)
        for number in range(10, 15):
            say(number)
        await testing.until(lambda: len(told) == 30, "all are delivered")
        assert numbers(up) == numbers(down) == list(range(15))
        for way in ("up", "down"):
            assert [number for there, number in told if there == way] == list(range(15))


@testing.in_virtual_time
async def test_what_was_written_while_away_is_within_the_rate() -> None:
    """Messages that were written at an allowed rate are not too many because they come at once."""
    async with testing.Network() as network:
        server = await network.serve()
        up = noted(server, Note)
        ada = await network.join("Ada")
        await away(network, ada)
        for number in range(1000):
            ada.send(Note(number))
            await asyncio.sleep(1 / netlib.Limits().messages_per_second)
        await back(network, ada)
        await testing.until(lambda: len(up) == 1000, "all arrive")
        assert not server.metrics.refused


@testing.in_virtual_time
async def test_what_is_refused_counts_as_received() -> None:
    """A message that the other side cannot use is not sent again, and neither is the one after it."""
    async with testing.Network() as network:
        server = await network.serve()
        up = noted(server, Note)
        ada = await network.join("Ada")
        down = noted(ada, Note)
        for side in (ada.send, server.broadcast):
            side(netlib.Untyped("nonsense"))
            side(Note(1))
        network.cable(ada).refuse()
        await testing.until(lambda: up and down)
        network.cable(ada).cut()
        await asyncio.sleep(1)
        network.cable(ada).accept()
        await asyncio.sleep(5)
        for side in (ada.send, server.broadcast):
            side(Note(2))
        await testing.until(lambda: len(up) + len(down) >= 4)
        await asyncio.sleep(1)
        assert numbers(up) == numbers(down) == [1, 2]
        assert server.metrics.refused["unknown_type"] == ada.metrics.refused["unknown_type"] - 1 == 1


@testing.in_virtual_time
async def test_inputs_go_on() -> None:
    """Inputs count on after a drop; those of the time away are gone, and none is applied twice."""

    class Push(netlib.Input, frozen=True, kw_only=True):
        """Push."""

    async with testing.Network() as network:
        server = await network.serve(input_type=Push)
        ada = await network.join("Ada")
        (peer,) = server.peers
        applied: list[int] = []
        server.on_tick(lambda _: applied.extend(push.seq for push in peer.take_inputs()))
        ada.send_input(Push())
        await testing.until(lambda: applied == [1])
        await away(network, ada)
        ada.send_input(Push())
        await back(network, ada)
        ada.send_input(Push())
        await testing.until(lambda: len(applied) > 1)
        assert applied == [1, 3]


# Ends.


@testing.in_virtual_time
async def test_after_the_grace_time_it_is_a_newcomer() -> None:
    """Who comes back too late has left, is told so, and is somebody else with the same name."""
    async with testing.Network() as network:
        server = await network.serve()
        comings = noted(server)
        ada = await network.join("Ada")
        connections = noted(ada)
        await away(network, ada)
        ada.send(Note(1))
        await asyncio.sleep(GRACE + 1)
        assert kinds(comings) == ["Joined", "Dropped", "Left"] and not server.peers
        await back(network, ada)
        await testing.until(lambda: len(connections) == 3)
        assert connections[1] == netlib.Connected(2, resumed=False)
        assert connections[2] == netlib.ServerError(
            "session_over", f"you are a newcomer: did not come back within {GRACE:g} s"
        )
        assert [(peer.id, peer.name) for peer in server.peers] == [(2, "Ada")]


@pytest.mark.parametrize("number", range(30))
def test_the_grace_time_ends_whenever_it_began(number: int) -> None:
    """A player who stays away has left after the grace time, however the sum of times is rounded."""

    async def scenario() -> None:
        async with testing.Network() as network:
            server = await network.serve()
            ada = await network.join("Ada", reconnect_time=0)
            await asyncio.sleep(number * 0.0987)
            network.cable(ada).cut()
            await asyncio.sleep(GRACE + 1)
            assert not server.peers

    testing.run(scenario())


@testing.in_virtual_time
async def test_leaving_is_at_once() -> None:
    """A client that closes has left; nobody waits for it, and its place is free."""
    async with testing.Network() as network:
        server = await network.serve(limits=netlib.Limits(max_players=1))
        comings = noted(server)
        ada = await network.join("Ada")
        connections = noted(ada)
        await ada.close()
        assert comings == [netlib.Joined(comings[0].peer), netlib.Left(comings[0].peer, 1000, "goodbye")]
        assert connections == [netlib.Disconnected(1000, "goodbye")]
        assert (await network.join("Bob")).connected


@testing.in_virtual_time
async def test_closing_while_coming_back() -> None:
    """A client that closes while it is away is done at once, tries no more, and says so once."""
    async with testing.Network() as network:
        server = await network.serve()
        comings = noted(server)
        ada = await network.join("Ada")
        connections = noted(ada)
        await away(network, ada)
        await asyncio.sleep(1)
        before = netlib.clock()
        await ada.close()
        assert netlib.clock() == before and ada.reconnecting is None
        network.cable(ada).accept()
        await asyncio.sleep(GRACE + 1)
        assert kinds(connections) == ["Interrupted", "Disconnected"] and network.lines == []
        assert kinds(comings) == ["Joined", "Dropped", "Left"]


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.15, 0.25, 0.35, 0.45, 0.55])
def test_closing_at_any_moment_of_coming_back(delay: float) -> None:
    """Also in the middle of a handshake: it is over, and nobody is left in the room after the grace time."""

    async def scenario() -> None:
        async with testing.Network() as network:
            server = await network.serve()
            ada = await network.join("Ada", link=netlib.LinkConditions(latency=0.2))
            connections = noted(ada)
            network.cable(ada).cut()
            await asyncio.sleep(0.1 + delay)
            await ada.close()
            assert not ada.connected and ada.reconnecting is None
            assert connections[-1].code == 1000 and kinds(connections).count("Disconnected") == 1
            await asyncio.sleep(GRACE + 1)
            assert not server.peers and not network.lines

    testing.run(scenario())


@testing.in_virtual_time
async def test_who_is_kicked_stays_away() -> None:
    """A kick is final on both sides, with its reason."""
    async with testing.Network() as network:
        server = await network.serve()
        comings = noted(server)
        ada = await network.join("Ada")
        connections = noted(ada)
        server.peers[0].kick("mind your words")
        await asyncio.sleep(GRACE + 1)
        assert connections == [netlib.Disconnected(1008, "mind your words")]
        assert kinds(comings) == ["Joined", "Left"] and comings[1].reason == "mind your words"
        assert not network.lines and not server.peers


@testing.in_virtual_time
async def test_who_is_kicked_as_the_server_stops_is_gone() -> None:
    """Nobody stays in the list of players without a session to come back to."""
    async with testing.Network() as network:
        server = await network.serve()
        await network.join("Ada")
        server.peers[0].kick()
        await server.stop()
        await server.start()
        assert not server.peers


@testing.in_virtual_time
async def test_a_session_is_in_one_place() -> None:
    """The same token from elsewhere takes the session over; whoever had it is told 4001, for good."""
    async with testing.Network() as network:
        server = await network.serve()
        comings = noted(server)
        ada = await network.join("Ada")
        connections = noted(ada)
        thief = PlainPlayer()
        welcome = await thief.join(server, network, resume=ada._membership.hello().resume, received=0)
        assert (welcome["player_id"], welcome["resumed"]) == (ada.player_id, True)
        await asyncio.sleep(GRACE + 1)
        assert connections == [netlib.Disconnected(4001, "this session goes on over another connection")]
        assert kinds(comings)[:3] == ["Joined", "Dropped", "Resumed"]


@testing.in_virtual_time
async def test_a_wrong_password_is_final() -> None:
    """A server with another password refuses once; the client gives up, with the server's words."""
    async with testing.Network() as network:
        first = await network.serve(port=PORT, password="plum")
        ada = await network.join("Ada", password="plum")
        connections = noted(ada)
        await first.stop()
        second = await network.serve(port=PORT, password="pear")
        await asyncio.sleep(30)
        assert kinds(connections) == ["Interrupted", "Disconnected"]
        assert connections[1].reason == "wrong password; ask the host for it"
        assert second.metrics.refused["password"] == 1


@testing.in_virtual_time
async def test_a_full_room_is_tried_again() -> None:
    """A place may become free: the client tries on."""
    async with testing.Network() as network:
        first = await network.serve(port=PORT)
        ada = await network.join("Ada")
        network.cable(ada).refuse()
        await first.stop()
        second = await network.serve(port=PORT, limits=netlib.Limits(max_players=1))
        bob = await network.join("Bob", room=second)
        network.cable(ada).accept()
        await testing.until(lambda: second.metrics.refused["full"] >= 2, "it has tried")
        assert ada.reconnecting is not None and "full" in ada.reconnecting.reason
        await bob.close()
        await testing.until(lambda: ada.connected, "a place is free")


@testing.in_virtual_time
async def test_patience_ends() -> None:
    """When no server comes back, the client gives up after its reconnect time and tells why it was lost."""
    async with testing.Network() as network:
        server = await network.serve()
        ada = await network.join("Ada", reconnect_time=20)
        connections = noted(ada)
        await server.stop("good night")
        await testing.until(lambda: len(connections) == 2, timeout=30)
        assert connections[1] == netlib.Disconnected(1001, "good night")
        assert 20 <= netlib.clock() <= 26


@testing.in_virtual_time
async def test_without_reconnecting_a_drop_is_the_end() -> None:
    """A client that was told not to come back does not."""
    async with testing.Network() as network:
        await network.serve()
        ada = await network.join("Ada", reconnect_time=0)
        connections = noted(ada)
        network.cable(ada).cut()
        await asyncio.sleep(10)
        assert kinds(connections) == ["Disconnected"]


# Servers that end.


@testing.in_virtual_time
async def test_a_server_that_starts_again_remembers() -> None:
    """The same object, stopped and started: the same player, and what was said meanwhile arrives."""
    async with testing.Network() as network:
        server = await network.serve(port=PORT)
        up, comings = noted(server, Note), noted(server)
        ada = await network.join("Ada")
        (peer,) = server.peers
        down, connections = noted(ada, Note), noted(ada)
        await server.stop()
        ada.send(Note(1))
        server.broadcast(Note(2))
        await asyncio.sleep(OUTAGE)
        await server.start()
        await testing.until(lambda: up and down, "both notes")
        assert (numbers(up), numbers(down)) == ([1], [2])
        assert connections[-1] == netlib.Connected(peer.id, resumed=True) and server.peers == [peer]
        assert kinds(comings) == ["Joined", "Dropped", "Resumed"]


@testing.in_virtual_time
async def test_after_a_restart_everybody_has_a_grace_time() -> None:
    """Who does not come back to a server that has started again leaves after the grace time, not before."""
    async with testing.Network() as network:
        server = await network.serve(port=PORT)
        await network.join("Ada", reconnect_time=0)
        await server.stop()
        await asyncio.sleep(2 * GRACE)
        await server.start()
        await asyncio.sleep(GRACE - 1)
        assert server.peers
        await asyncio.sleep(2)
        assert not server.peers


@testing.in_virtual_time
async def test_another_server_begins_anew() -> None:
    """A server that does not know the session makes a newcomer, and says so; what waited is dropped."""
    async with testing.Network() as network:
        first = await network.serve(port=PORT)
        ada = await network.join("Ada")
        connections = noted(ada)
        network.cable(ada).refuse()
        await first.stop()
        lost: list[int] = []
        ada.send(Note(1), delivered=lambda: lost.append(1))
        second = await network.serve(port=PORT)
        up = noted(second, Note)
        await back(network, ada)
        ada.send(Note(2))
        await testing.until(lambda: up)
        await asyncio.sleep(1)
        assert kinds(connections) == ["Interrupted", "Connected", "ServerError"]
        assert connections[2].message == "you are a newcomer: this server does not know your session"
        assert (connections[1].resumed, numbers(up), lost) == (False, [2], [])


@testing.in_virtual_time
async def test_another_servers_first_welcome_is_lost() -> None:
    """What was got in the session before is not taken for what was got in the new one."""
    async with testing.Network() as network:
        first = await network.serve(port=PORT)
        ada = await network.join("Ada", messages=[Note])
        down = noted(ada, Note)
        for number in range(3):
            first.broadcast(Note(number))
        await testing.until(lambda: len(down) == 3)
        network.cable(ada).refuse()
        await first.stop()
        second = await network.serve(port=PORT)
        second.on(netlib.Joined, lambda joined: [joined.peer.send(Note(n)) for n in range(100, 105)])
        network.cable(ada).cut_after(300, to="client")
        await back(network, ada)
        await testing.until(lambda: len(down) >= 8, "all notes")
        assert numbers(down) == [0, 1, 2, 100, 101, 102, 103, 104]
        assert len(second.peers) == 1


# Bounds.


@testing.in_virtual_time
async def test_too_much_for_who_is_away() -> None:
    """Only that one's session ends, with the reason; it comes back as a newcomer who is told."""
    async with testing.Network() as network:
        server = await network.serve()
        comings = noted(server)
        ada, bob = await network.join("Ada", messages=[Note]), await network.join("Bob", messages=[Note])
        connections, down = noted(ada), noted(bob, Note)
        await away(network, ada)
        for number in range(delivery.MAX_MESSAGES + 1):
            server.broadcast(Note(number))
            if number % 100 == 0:
                await asyncio.sleep(0.6)
        (left,) = [event for event in comings if isinstance(event, netlib.Left)]
        assert (left.peer.name, left.code, left.reason) == ("Ada", 1008, "too many messages waited for it")
        await back(network, ada)
        await testing.until(lambda: len(connections) == 3)
        assert connections[2] == netlib.ServerError(
            "session_over", "you are a newcomer: too many messages waited for it"
        )
        assert bob.connected and numbers(down) == list(range(delivery.MAX_MESSAGES + 1))


@testing.in_virtual_time
async def test_too_much_for_who_does_not_read() -> None:
    """A client that confirms and then hangs is ended while it is connected; the others are not."""
    async with testing.Network() as network:
        server = await network.serve()
        comings = noted(server)
        ada, bob = await network.join("Ada", messages=[Note]), await network.join("Bob", messages=[Note])
        network.cable(ada).stall("client")
        for number in range(40):
            server.broadcast(Note(number, "x" * 8000))
            await asyncio.sleep(0.1)
        await testing.until(lambda: "Left" in kinds(comings))
        assert (comings[-1].peer.name, comings[-1].code) == ("Ada", 1008)
        assert bob.connected and server.players == [peer for peer in server.peers if peer.name == "Bob"]


@testing.in_virtual_time
async def test_too_much_for_the_server() -> None:
    """A client that writes too much while it is away gives up, once, and stays away."""
    async with testing.Network() as network:
        server = await network.serve()
        ada = await network.join("Ada")
        connections = noted(ada)
        await away(network, ada)
        for number in range(delivery.MAX_MESSAGES + 10):
            ada.send(Note(number))
        network.cable(ada).accept()
        await asyncio.sleep(GRACE + 1)
        assert kinds(connections) == ["Interrupted", "Disconnected"]
        assert connections[1] == netlib.Disconnected(1008, "too many messages waited for the server")
        assert not network.lines and not server.peers


@testing.in_virtual_time
async def test_too_much_at_once_for_a_newcomer() -> None:
    """More than is kept ends the session, with the reason, before its client can have confirmed any of it."""
    async with testing.Network() as network:
        server = await network.serve()
        server.on(netlib.Joined, lambda joined: [joined.peer.send(Note(n, "x" * 10_000)) for n in range(40)])
        ada = await network.join("Ada", messages=[Note])
        assert await testing.message(ada, netlib.Disconnected) == netlib.Disconnected(
            1008, "too many messages waited for it"
        )


# Clients that do not count.


@testing.in_virtual_time
async def test_a_plain_client_may_never_confirm() -> None:
    """It is not ended for that while it is connected, and nothing is kept for it."""
    async with testing.Network() as network:
        server = await network.serve()
        plain = PlainPlayer()
        await plain.join(server, network)
        (peer,) = server.peers
        for number in range(delivery.MAX_MESSAGES + 100):
            server.broadcast(Note(number))
        await asyncio.sleep(1)
        assert plain.ended is None and len(plain.got("note")) == delivery.MAX_MESSAGES + 100
        assert peer.session.delivery.waiting == 0


@testing.in_virtual_time
async def test_a_plain_client_may_come_back() -> None:
    """With its token alone it is the same player; what it missed it has missed."""
    async with testing.Network() as network:
        server = await network.serve()
        plain, again = PlainPlayer(), PlainPlayer()
        token = (await plain.join(server, network))["resume"]
        plain.kill()
        await testing.until(lambda: not server.peers[0].connected)
        server.broadcast(Note(1))
        welcome = await again.join(server, network, resume=token)
        assert (welcome["player_id"], welcome["resumed"]) == (1, True) and len(server.peers) == 1
        server.broadcast(Note(2))
        await testing.until(lambda: again.got("note"))
        assert [frame["number"] for frame in again.got("note")] == [2]


@testing.in_virtual_time
async def test_a_plain_client_that_is_away_is_not_waited_for_without_bound() -> None:
    """It has left when too much has waited for it."""
    async with testing.Network() as network:
        server = await network.serve()
        comings = noted(server)
        plain = PlainPlayer()
        await plain.join(server, network)
        plain.kill()
        await testing.until(lambda: not server.peers[0].connected)
        for number in range(delivery.MAX_MESSAGES + 1):
            server.broadcast(Note(number))
        assert kinds(comings) == ["Joined", "Dropped", "Left"]


# Sockets that nobody uses any more.


@pytest.mark.parametrize("end", ["cut", "plug"])
def test_a_stale_socket_is_without_effect(end: str) -> None:
    """What an old connection still says, and its end, do nothing to the player who is back."""

    async def scenario() -> None:
        async with testing.Network() as network:
            server = await network.serve(limits=netlib.Limits(idle_time=100))
            up, comings = noted(server, Note), noted(server)
            ada = await network.join("Ada")
            (peer,), (old,) = server.peers, network.cable(ada).lines
            old.pull()
            ada.send(Note(1))
            await testing.until(lambda: "Resumed" in kinds(comings), timeout=30)
            getattr(old, end)()
            await asyncio.sleep(20)
            assert kinds(comings) == ["Joined", "Dropped", "Resumed"]
            assert ada.connected and peer.connected and server.peers == [peer]
            ada.send(Note(2))
            await testing.until(lambda: len(up) == 2)
            assert numbers(up) == [1, 2] and network.lines == network.cable(ada).lines[-1:]

    testing.run(scenario())


# A handshake that breaks at any byte.


class AtEachByte:
    """A player who speaks and is spoken to while its handshakes break."""

    def __init__(self, network: testing.Network, server: netlib.Server) -> None:
        self.server = server
        self.network = network
        self.comings, self.up = noted(server), noted(server, Note)
        self.cable = network.new_cable()
        self.ada = netlib.Client(f"ws://room:{server.port}", name="Ada", network=self.cable, messages=[Note])
        self.down = noted(self.ada, Note)
        self._numbers = itertools.count()

    def say(self) -> None:
        """Say one note each way."""
        number = next(self._numbers)
        self.ada.send(Note(number))
        self.server.broadcast(Note(number))

    async def check(self, count: int) -> None:
        """Wait until all have arrived, and check that each did once, and that there is one player."""
        await testing.until(lambda: min(len(self.up), len(self.down)) >= count, "all notes", timeout=30)
        await asyncio.sleep(1)
        assert numbers(self.up) == numbers(self.down) == list(range(count))
        assert [peer.id for peer in self.server.peers] == [self.ada.player_id] == [1]
        assert kinds(self.comings).count("Joined") == 1 and "Left" not in kinds(self.comings)
        assert len(self.network.lines) == 1 and self.ada.connected


async def first_join(count: int, side: Side) -> int:
    """Join over a connection that breaks after so many bytes; return how many bytes a whole one needs."""
    async with testing.Network() as network:
        server = await network.serve()
        server.publish({"things": {1: Thing(1)}})
        player = AtEachByte(network, server)
        server.on(netlib.Joined, lambda joined: joined.peer.send(Note(0)))
        player.ada.send(Note(next(player._numbers)))
        player.cable.cut_after(count, to=side)
        await opened(player.ada)
        await asyncio.sleep(1)
        player.say()
        await player.check(2)
        size = player.cable.carried(to=side)
        await player.ada.close()
        return size


async def a_resume(count: int, side: Side) -> int:
    """Come back over a connection that breaks after so many bytes; return how many a whole one needs."""
    async with testing.Network() as network:
        server = await network.serve()
        server.publish({"things": {1: Thing(1)}})
        player = AtEachByte(network, server)
        await player.ada.open()
        player.say()
        await asyncio.sleep(1)
        player.say()
        player.cable.cut()
        player.cable.cut_after(count, to=side)
        player.say()
        await player.check(3)
        assert "Resumed" in kinds(player.comings)
        size = player.cable.carried(to=side)
        await player.ada.close()
        return size


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("handshake", [first_join, a_resume])
def test_a_handshake_breaks_at_any_byte(handshake: Any, side: Side) -> None:
    """Wherever it breaks: the same player, once; nothing is lost, nothing doubled."""
    whole = testing.run(handshake(10**6, side))
    for count in range(min(whole, 1000)):
        try:
            testing.run(handshake(count, side))
        except BaseException as error:
            error.add_note(f"the connection broke after {count} bytes to the {side}")
            raise
