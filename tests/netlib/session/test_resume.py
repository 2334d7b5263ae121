"""Coming back into a room: the same player, with nothing lost and nothing doubled; and when it is over."""

import asyncio
import itertools
from typing import Any

import pytest

import netlib
from netlib import testing
from netlib.testing.pipe import SIDES, Side
from tests.support.sessions import Note, Room, Thing, a_room, kinds, noted, numbers, opened, within

OUTAGE = 5.0  # seconds, well within the grace time
GRACE = netlib.Limits().grace_time
SMALL = netlib.Limits(max_backlog=100_000)
PORT = 7000  # of a server that another one follows


@within(a_room, ada={"schema": {"things": Thing}})
async def test_the_whole_state_comes_at_once(room: Room) -> None:
    """A client that is back has the newest state before anything is published again."""
    room.server.publish({"things": {1: Thing(1), 2: Thing(2)}})
    await testing.snapshot(room.ada, where=lambda state: len(state["things"]) == 2)
    await testing.ticks(room.server, 2)
    room.server.publish({"things": {1: Thing(1), 2: Thing(2), 4: Thing(4)}})  # lost on the way
    await room.away()
    room.server.publish({"things": {2: Thing(5), 3: Thing(3)}})
    await room.back()
    await testing.snapshot(room.ada, where=lambda state: state == {"things": {2: Thing(5), 3: Thing(3)}})


@within(a_room)
async def test_a_message_said_while_away_arrives_once_and_in_order(room: Room) -> None:
    """What both sides send before, during and after an outage is there once, and its sender is told so."""
    told: list[tuple[str, int]] = []

    def say(number: int) -> None:
        room.ada.send(Note(number), delivered=lambda: told.append(("up", number)))
        room.server.send(room.peer, Note(number), delivered=lambda to: told.append(("down", number)))

    for number in range(5):
        say(number)
    await room.away()
    for number in range(5, 10):
        say(number)
        await asyncio.sleep(OUTAGE / 5)
    await room.back()
    for number in range(10, 15):
        say(number)
    await testing.until(lambda: len(told) == 30, "all are delivered")
    assert numbers(room.up) == numbers(room.down) == list(range(15))
    for way in ("up", "down"):
        assert [number for there, number in told if there == way] == list(range(15))


@within(a_room)
async def test_what_was_written_while_away_is_within_the_rate(room: Room) -> None:
    """Messages that were written at an allowed rate are not too many because they come at once."""
    await room.away()
    for number in range(1000):
        room.ada.send(Note(number))
        await asyncio.sleep(1 / netlib.Limits().messages_per_second)
    await room.back()
    await testing.until(lambda: len(room.up) == 1000, "all arrive")
    assert not room.server.metrics.refused


@within(a_room)
async def test_what_is_refused_counts_as_received(room: Room) -> None:
    """A message that the other side cannot use is not sent again, and neither is the one after it."""
    for side in (room.ada.send, room.server.broadcast):
        side(netlib.Untyped("nonsense"))
        side(Note(1))
    room.cable.refuse()
    await testing.until(lambda: room.up and room.down)
    room.cable.cut()
    await asyncio.sleep(1)
    room.cable.accept()
    await asyncio.sleep(5)
    for side in (room.ada.send, room.server.broadcast):
        side(Note(2))
    await testing.until(lambda: len(room.up) + len(room.down) >= 4)
    await asyncio.sleep(1)
    assert numbers(room.up) == numbers(room.down) == [1, 2]
    assert room.server.metrics.refused["unknown_type"] == room.ada.metrics.refused["unknown_type"] - 1 == 1


class Push(netlib.Input, frozen=True, kw_only=True):
    """Push."""


@within(a_room, input_type=Push)
async def test_inputs_go_on(room: Room) -> None:
    """Inputs count on after a drop; those of the time away are gone, and none is applied twice."""
    applied: list[int] = []
    room.server.on_tick(lambda _: applied.extend(push.seq for push in room.peer.take_inputs()))
    room.ada.send_input(Push())
    await testing.until(lambda: applied == [1])
    await room.away()
    room.ada.send_input(Push())
    await room.back()
    room.ada.send_input(Push())
    await testing.until(lambda: len(applied) > 1)
    assert applied == [1, 3]


@within(a_room)
async def test_closing_while_coming_back(room: Room) -> None:
    """A client that closes while it is away is done at once, tries no more, and says so once."""
    await room.away()
    await asyncio.sleep(1)
    before = netlib.clock()
    await room.ada.close()
    assert netlib.clock() == before and room.ada.reconnecting is None
    room.cable.accept()
    await asyncio.sleep(GRACE + 1)
    assert kinds(room.connections) == ["Interrupted", "Disconnected"] and room.network.lines == []
    assert kinds(room.comings) == ["Joined", "Dropped", "Left"]


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.15, 0.25, 0.35, 0.45, 0.55])
@within(a_room, ada={"link": netlib.LinkConditions(latency=0.2)})
async def test_closing_at_any_moment_of_coming_back(room: Room, delay: float) -> None:
    """Also in the middle of a handshake: it is over, and nobody is left in the room after the grace time."""
    room.cable.cut()
    await asyncio.sleep(0.1 + delay)
    await room.ada.close()
    assert not room.ada.connected and room.ada.reconnecting is None
    assert room.connections[-1].code == 1000 and kinds(room.connections).count("Disconnected") == 1
    await asyncio.sleep(GRACE + 1)
    assert not room.server.peers and not room.network.lines


@within(a_room)
async def test_a_kicked_player_stays_away(room: Room) -> None:
    """A kick is final on both sides, with its reason."""
    room.server.peers[0].kick("mind your words")
    await asyncio.sleep(GRACE + 1)
    assert room.connections == [netlib.Disconnected(1008, "mind your words")]
    assert kinds(room.comings) == ["Joined", "Left"] and room.comings[1].reason == "mind your words"
    assert not room.network.lines and not room.server.peers


@within(a_room, ada={"password": "plum"}, port=PORT, password="plum")
async def test_a_wrong_password_is_final(room: Room) -> None:
    """A server with another password refuses once; the client gives up, with the server's words."""
    await room.server.stop()
    second = await room.network.serve(port=PORT, password="pear")
    await asyncio.sleep(30)
    assert kinds(room.connections) == ["Interrupted", "Disconnected"]
    assert room.connections[1].reason == "wrong password; ask the host for it"
    assert second.metrics.refused["password"] == 1


@within(a_room, port=PORT)
async def test_a_full_room_is_tried_again(room: Room) -> None:
    """A place may become free: the client tries on."""
    room.cable.refuse()
    await room.server.stop()
    second = await room.network.serve(port=PORT, limits=netlib.Limits(max_players=1))
    bob = await room.network.join("Bob", room=second)
    room.cable.accept()
    await testing.until(lambda: second.metrics.refused["full"] >= 2, "it has tried")
    assert room.ada.reconnecting is not None and "full" in room.ada.reconnecting.reason
    await bob.close()
    await testing.until(lambda: room.ada.connected, "a place is free")


@within(a_room, ada={"reconnect_time": 20})
async def test_patience_ends(room: Room) -> None:
    """When no server comes back, the client gives up after its reconnect time and tells why it was lost."""
    await room.server.stop("good night")
    await testing.until(lambda: len(room.connections) == 2, timeout=30)
    over = [netlib.Interrupted(1001, "good night"), netlib.Disconnected(1001, "good night")]
    assert room.connections == over and room.ada.reconnecting is None
    assert 20 <= netlib.clock() <= 26


@within(a_room, ada={"reconnect_time": 0})
async def test_without_reconnecting_a_drop_is_the_end(room: Room) -> None:
    """A client that was told not to come back does not."""
    room.cable.cut()
    await asyncio.sleep(10)
    assert room.connections == [netlib.Disconnected(1006, "")]


@within(a_room, port=PORT)
async def test_a_server_that_starts_again_remembers(room: Room) -> None:
    """The same object, stopped and started: the same player, and what was said meanwhile arrives."""
    await room.server.stop()
    room.ada.send(Note(1))
    room.server.broadcast(Note(2))
    await asyncio.sleep(OUTAGE)
    assert not room.peer.connected
    await room.server.start()
    await testing.until(lambda: room.up and room.down, "both notes")
    assert (numbers(room.up), numbers(room.down)) == ([1], [2])
    assert room.connections[-1] == netlib.Connected(room.peer.id, resumed=True)
    assert kinds(room.comings) == ["Joined", "Dropped", "Resumed"] and room.comings[1].code == 1001
    assert {event.peer for event in room.comings} == set(room.server.peers)


@within(a_room, port=PORT)
async def test_another_server_begins_anew(room: Room) -> None:
    """A server that does not know the session makes a newcomer, and says so; what waited is dropped."""
    room.cable.refuse()
    await room.server.stop()
    lost: list[int] = []
    room.ada.send(Note(1), delivered=lambda: lost.append(1))
    second = await room.network.serve(port=PORT)
    up = noted(second, Note)
    await room.back()
    room.ada.send(Note(2))
    await testing.until(lambda: up)
    await asyncio.sleep(1)
    assert kinds(room.connections) == ["Interrupted", "Connected", "ServerError"]
    assert room.connections[2].message == "you are a newcomer: this server does not know your session"
    assert (room.connections[1].resumed, numbers(up), lost) == (False, [2], [])


@within(a_room, port=PORT)
async def test_another_servers_first_welcome_is_lost(room: Room) -> None:
    """What was got in the session before is not taken for what was got in the new one."""
    for number in range(3):
        room.server.broadcast(Note(number))
    await testing.until(lambda: len(room.down) == 3)
    room.cable.refuse()
    await room.server.stop()
    second = await room.network.serve(port=PORT)
    second.on(netlib.Joined, lambda joined: [joined.peer.send(Note(n)) for n in range(100, 105)])
    room.cable.cut_after(300, to="client")
    await room.back()
    await testing.until(lambda: len(room.down) >= 8, "all notes")
    assert numbers(room.down) == [0, 1, 2, 100, 101, 102, 103, 104]
    assert len(second.peers) == 1


@within(a_room, limits=SMALL)
async def test_too_much_for_a_player_that_is_away(room: Room) -> None:
    """Only that one's session ends, with the reason; it comes back as a newcomer who is told."""
    bob = await room.network.join("Bob", messages=[Note])
    down = noted(bob, Note)
    await room.away()
    for number in range(20):
        room.server.broadcast(Note(number, "x" * 8000))
        await asyncio.sleep(0.6)
    (left,) = [event for event in room.comings if isinstance(event, netlib.Left)]
    reason = "more waited for it than the server keeps (Limits.max_backlog)"
    assert (left.peer.name, left.code, left.reason) == ("Ada", 1008, reason)
    await room.back()
    await testing.until(lambda: len(room.connections) == 3)
    assert room.connections[2] == netlib.ServerError("session_over", f"you are a newcomer: {reason}")
    assert bob.connected and numbers(down) == list(range(20))


@within(a_room, limits=SMALL)
async def test_too_much_for_a_client_that_does_not_read(room: Room) -> None:
    """A client that confirms and then hangs is ended while it is connected; the others are not."""
    bob = await room.network.join("Bob", messages=[Note])
    room.cable.stall("client")
    for number in range(40):
        room.server.broadcast(Note(number, "x" * 8000))
        await asyncio.sleep(0.1)
    await testing.until(lambda: "Left" in kinds(room.comings))
    assert (room.comings[-1].peer.name, room.comings[-1].code) == ("Ada", 1008)
    assert bob.connected and [peer.name for peer in room.server.players] == ["Bob"]


@within(a_room)
async def test_too_much_for_the_server(room: Room) -> None:
    """A client that writes too much while it is away gives up, once, and stays away."""
    await room.away()
    for number in range(40):
        room.ada.send(Note(number, "x" * 1_000_000))
    room.cable.accept()
    await asyncio.sleep(GRACE + 1)
    assert kinds(room.connections) == ["Interrupted", "Disconnected"]
    assert room.connections[1] == netlib.Disconnected(1008, "more waited for the server than we keep")
    assert not room.network.lines and not room.server.peers


@within(a_room, limits=SMALL)
async def test_too_much_at_once_for_a_newcomer(room: Room) -> None:
    """More than is kept ends the session, with the reason, before its client can have confirmed any of it."""
    room.server.on(netlib.Joined, lambda joined: [joined.peer.send(Note(n, "x" * 10_000)) for n in range(40)])
    bob = await room.network.join("Bob", messages=[Note])
    end = await testing.message(bob, netlib.Disconnected)
    assert end == netlib.Disconnected(1008, "more waited for it than the server keeps (Limits.max_backlog)")


@pytest.mark.parametrize("end", ["cut", "plug"])
@within(a_room, limits=netlib.Limits(idle_time=100))
async def test_a_stale_socket_is_without_effect(room: Room, end: str) -> None:
    """What an old connection still says, and its end, do nothing to the player who is back."""
    peer, (old,) = room.peer, room.cable.lines
    old.pull()
    room.ada.send(Note(1))
    await testing.until(lambda: "Resumed" in kinds(room.comings), timeout=30)
    getattr(old, end)()
    await asyncio.sleep(20)
    assert kinds(room.comings) == ["Joined", "Dropped", "Resumed"]
    assert room.ada.connected and peer.connected and room.server.peers == [peer]
    room.ada.send(Note(2))
    await testing.until(lambda: len(room.up) == 2)
    assert numbers(room.up) == [1, 2] and room.network.lines == room.cable.lines[-1:]


class AtEachByte(Room):
    """A player who speaks and is spoken to while her handshakes break."""

    def __init__(self, network: testing.Network, server: netlib.Server) -> None:
        super().__init__(network, server)
        server.publish({"things": {1: Thing(1)}})
        self.cable = network.new_cable()
        self.ada = netlib.Client(f"ws://room:{server.port}", name="Ada", network=self.cable, messages=[Note])
        self.down = noted(self.ada, Note)
        self.numbers = itertools.count()

    def say(self) -> None:
        """Say one note each way."""
        number = next(self.numbers)
        self.ada.send(Note(number))
        self.server.broadcast(Note(number))

    async def check(self, count: int) -> None:
        """Wait until all have arrived, and check that each did once, and that there is one player."""
        await testing.until(lambda: min(len(self.up), len(self.down)) >= count, "all notes", timeout=30)
        await asyncio.sleep(1)
        await testing.until(lambda: self.ada.connected, "a connection that broke late is there again")
        assert numbers(self.up) == numbers(self.down) == list(range(count))
        assert [peer.id for peer in self.server.peers] == [self.ada.player_id] == [1]
        assert kinds(self.comings).count("Joined") == 1 and "Left" not in kinds(self.comings)
        assert len(self.network.lines) == 1 and self.ada.connected


async def first_join(player: AtEachByte, count: int, side: Side) -> None:
    """Join over a connection that breaks after so many bytes."""
    player.server.on(netlib.Joined, lambda joined: joined.peer.send(Note(0)))
    player.cable.cut_after(count, to=side)
    opening = asyncio.create_task(opened(player.ada))
    await asyncio.sleep(0)
    player.ada.send(Note(next(player.numbers)))  # it waits for the welcome
    await opening
    await asyncio.sleep(1)
    player.say()
    await player.check(2)


async def a_resume(player: AtEachByte, count: int, side: Side) -> None:
    """Come back over a connection that breaks after so many bytes."""
    await player.ada.open()
    player.say()
    await asyncio.sleep(1)
    player.say()
    player.cable.cut()
    player.cable.cut_after(count, to=side)
    player.say()
    await player.check(3)
    assert "Resumed" in kinds(player.comings)


async def play(handshake: Any, count: int, side: Side) -> int:
    """Break a handshake after so many bytes; return how many bytes a whole one needs."""
    async with testing.Network() as network:
        player = AtEachByte(network, await network.serve())
        await handshake(player, count, side)
        size = player.cable.carried(to=side)
        await player.ada.close()
        return size


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("handshake", [first_join, a_resume])
def test_a_handshake_breaks_at_any_byte(handshake: Any, side: Side, pytestconfig: pytest.Config) -> None:
    """Wherever it breaks: the same player, once; nothing is lost, nothing doubled. In a quick run, often."""
    whole = testing.run(play(handshake, 10**6, side))
    for count in range(0, min(whole, 1000), 1 if pytestconfig.getoption("--all") else 11):
        try:
            testing.run(play(handshake, count, side))
        except BaseException as error:
            error.add_note(f"the connection broke after {count} bytes to the {side}")
            raise
