"""The host's rights: pause, start, kick, shut down, worsen the network; and nobody else has them."""

import asyncio
import contextlib
import string
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

import netlib
from netlib import Command, testing
from netlib.server.host import GUESS_BURST, GUESSES_PER_SECOND
from tests.support.sessions import Note, PlainPlayer, kinds, noted, within

PASSWORD = "plum"
TICK_RATE = 20.0
SLOW = netlib.LinkConditions(latency=0.2, jitter=0.01, loss=0.02)
QUIET = 0.5  # seconds of the virtual clock in which whatever was sent has arrived
DOINGS = ("host", "pause", "start", "kick", "shutdown", "link")


class Step(netlib.Input, frozen=True, kw_only=True, tag="input"):
    x: int = 0


class Room:
    """A server with clients, and what the server was told."""

    def __init__(self, network: testing.Network, server: netlib.Server) -> None:
        self.network, self.server = network, server
        self.ticks: list[int] = []
        self.inputs: list[int] = []
        self.happened = noted(server, netlib.Paused, netlib.Started)
        self.ada: netlib.Client
        self.bob: netlib.Client
        server.on_tick(self._tick)

    def _tick(self, dt: float) -> None:
        self.ticks.append(self.server.tick)
        self.inputs += [input.seq for peer in self.server.peers for input in peer.take_inputs()]

    async def join(self, name: str, **options: Any) -> netlib.Client:
        """Let somebody join, and be told how the room is."""
        client = await self.network.join(name, **options)
        await asyncio.sleep(0.01)
        return client

    def peer(self, client: netlib.Client) -> netlib.Peer:
        """The player that a client is."""
        return next(peer for peer in self.server.peers if peer.id == client.player_id)

    async def away(self, client: netlib.Client) -> None:
        """Take somebody's connection, until `back`."""
        self.network.cable(client).refuse()
        self.network.cable(client).cut()
        await testing.until(lambda: client.reconnecting, "the client notices")

    async def back(self, client: netlib.Client) -> None:
        """Let somebody come back."""
        self.network.cable(client).accept()
        await testing.until(lambda: client.connected, "it is back")
        await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def a_room(*names: str, **options: Any) -> AsyncIterator[Room]:
    """Give a room in memory with these people; the first is its host, unless the options say otherwise."""
    usual: dict[str, Any] = {
        "first_is_host": True,
        "host_password": PASSWORD,
        "tick_rate": TICK_RATE,
        "input_type": Step,
    }
    async with testing.Network() as network:
        room = Room(network, await network.serve(**usual | options))
        for name in names:
            setattr(room, name.lower(), await room.join(name))
        yield room


async def refused(client: netlib.Client, command: Command) -> str:
    """Give a command that must be refused; return the code."""
    with pytest.raises(netlib.RequestFailed) as caught:
        await client.request(command)
    return caught.value.code


async def claim(client: netlib.Client, password: str = PASSWORD) -> None:
    """Ask for the rights of a host."""
    await client.request(Command("host", password=password))


@within(a_room, "Ada", "Bob")
async def test_the_first_player_is_the_host(room: Room) -> None:
    """The first player may give commands and is told so; later ones may not."""
    assert room.ada.room_state.host and not room.bob.room_state.host
    assert [room.server.rights.is_host(peer) for peer in room.server.peers] == [True, False]
    assert await refused(room.bob, Command("pause")) == "not_host"
    assert not room.server.paused
    assert await room.ada.request(Command("pause")) is None
    assert room.server.paused


@within(a_room)
async def test_a_spectator_is_not_the_first_player(room: Room) -> None:
    """A spectator who came before all players is no host; the first player is."""
    eve = await room.join("Eve", spectator=True)
    ada = await room.join("Ada")
    assert ada.room_state.host and not eve.room_state.host


@within(a_room)
async def test_listeners_of_joined_see_who_is_host(room: Room) -> None:
    """When the game hears of the first player, that player is the host already."""
    seen: list[bool] = []
    room.server.on(netlib.Joined, lambda event: seen.append(room.server.rights.is_host(event.peer)))
    await room.join("Ada")
    await room.join("Bob")
    assert seen == [True, False]


@within(a_room)
async def test_the_rights_pass_on_when_the_host_has_left(room: Room) -> None:
    """The next in the order of joining is the host, and is told so."""
    ada, bob, eve = [await room.join(name) for name in ("Ada", "Bob", "Eve")]
    await ada.close()
    await testing.until(lambda: bob.room_state.host, "Bob is told")
    assert not eve.room_state.host
    await bob.request(Command("pause"))
    assert room.happened == [netlib.Paused("Bob")]


@within(a_room, "Ada", "Bob")
async def test_a_host_who_is_away_remains_the_host(room: Room) -> None:
    """A drop passes nothing on, and a host that is back is told again that it is the host."""
    await room.away(room.ada)
    await asyncio.sleep(5)
    assert not room.bob.room_state.host
    assert await refused(room.bob, Command("pause")) == "not_host"
    await room.back(room.ada)
    assert room.ada.room_state.host and not room.bob.room_state.host
    await room.ada.request(Command("pause"))
    assert room.server.paused


@within(a_room, "Ada", "Bob")
async def test_a_host_who_does_not_come_back_is_no_longer_the_host(room: Room) -> None:
    """When the grace time is over, the next is the host; a later comer is a newcomer without rights."""
    await room.away(room.ada)
    await testing.until(lambda: room.bob.room_state.host, "Bob is told", timeout=40)
    await room.back(room.ada)
    assert not room.ada.room_state.host and room.bob.room_state.host


@within(a_room, "Ada")
async def test_a_command_given_while_away_is_obeyed_once(room: Room) -> None:
    """What the host says during a drop arrives after it, as every message does."""
    await room.away(room.ada)
    room.ada.send(Command("pause"))
    await room.back(room.ada)
    await testing.until(lambda: room.server.paused, "it is paused")
    assert kinds(room.happened) == ["Paused"]


@within(a_room, "Ada", first_is_host=False, host_password="")
async def test_without_either_rule_nobody_is_host(room: Room) -> None:
    """By default nobody may command the room, and no password helps, not even an empty one."""
    assert await refused(room.ada, Command("pause")) == "not_host"
    assert await refused(room.ada, Command("host")) == "host_password"
    assert await refused(room.ada, Command("host", password=PASSWORD)) == "host_password"
    assert not room.ada.room_state.host


@within(a_room, "Ada", "Bob")
async def test_a_player_with_the_password_is_a_host(room: Room) -> None:
    """A teacher who only watches, and came last, commands the room; beside the first player."""
    eve = await room.join("Eve", spectator=True)
    await claim(eve)
    await asyncio.sleep(0.01)
    assert eve.room_state.host and room.ada.room_state.host and not room.bob.room_state.host
    assert await refused(room.bob, Command("pause")) == "not_host"
    await eve.request(Command("pause"))
    await room.ada.request(Command("start"))
    assert room.happened == [netlib.Paused("Eve"), netlib.Started()]


@within(a_room)
async def test_a_teacher_does_not_stand_in_the_first_players_way(room: Room) -> None:
    """The player who has been here longest is a host, also when there is one by password already."""
    eve = await room.join("Eve", spectator=True)
    await claim(eve)
    ada, bob = await room.join("Ada"), await room.join("Bob")
    assert ada.room_state.host
    await ada.close()
    await testing.until(lambda: bob.room_state.host, "Bob is told")


@within(a_room, "Ada", first_is_host=False)
async def test_the_passwords_rights_survive_a_drop_but_not_a_leave(room: Room) -> None:
    """A host who comes back is still one; one who leaves and joins again must say the password again."""
    await claim(room.ada)
    await room.away(room.ada)
    await room.back(room.ada)
    assert room.ada.room_state.host
    await room.ada.close()
    again = await room.join("Ada")
    assert not again.room_state.host
    assert await refused(again, Command("pause")) == "not_host"


@pytest.mark.parametrize("password", ["", "Plum", "plum ", "plümchen", "\0", "x" * 128])
@within(a_room, "Ada", "Bob")
async def test_a_wrong_password_gives_nothing(room: Room, password: str) -> None:
    """Only the exact password counts; the error says where to get it, and not what it is."""
    with pytest.raises(netlib.RequestFailed, match="not the host's password") as caught:
        await claim(room.bob, password)
    assert PASSWORD not in str(caught.value)
    assert not room.server.rights.is_host(room.peer(room.bob))


@within(a_room, "Ada", first_is_host=False)
async def test_guessing_is_slowed_down(room: Room) -> None:
    """After some guesses even the right one must wait, and each second gives a part of another."""
    answers = []
    for _ in range(int(GUESS_BURST) + 2):
        with pytest.raises(netlib.RequestFailed) as caught:
            await claim(room.ada, "guess")
        answers.append("too many guesses" in str(caught.value))
    assert answers == [False] * int(GUESS_BURST) + [True] * 2
    assert await refused(room.ada, Command("host", password=PASSWORD)) == "host_password"
    await asyncio.sleep(1.1 / GUESSES_PER_SECOND)
    await claim(room.ada)
    assert room.server.rights.is_host(room.peer(room.ada))


@within(a_room, "Ada", first_is_host=False)
async def test_the_right_password_is_no_guess(room: Room) -> None:
    """A host may open as many desks as it likes: only wrong passwords are counted."""
    for _ in range(10):
        await claim(room.ada)


@within(a_room, first_is_host=False)
async def test_joining_again_gives_no_more_guesses(room: Room) -> None:
    """A guesser who leaves and joins under another name is still slowed down."""
    tried = 0
    for number in range(20):
        guesser = await room.join(f"Guess {number}")
        with pytest.raises(netlib.RequestFailed) as caught:
            await claim(guesser, "guess")
        tried += "too many guesses" not in str(caught.value)
        await guesser.close()
    assert tried == GUESS_BURST


@within(a_room, "Ada", "Bob")
async def test_a_pause_lets_time_stand_still(room: Room) -> None:
    """No tick, no second, no input; the clients and the game are told who did it."""
    told = [noted(client, netlib.Paused, netlib.Started) for client in (room.ada, room.bob)]
    await testing.ticks(room.server, 5)
    await room.ada.request(Command("pause"))
    ticks, time = list(room.ticks), room.server.time
    room.bob.send_input(Step(x=1))
    await asyncio.sleep(60)
    assert room.ticks == ticks and room.server.time == time and room.server.tick == ticks[-1]
    assert room.inputs == [] and room.peer(room.bob).inputs_waiting == 0
    assert room.happened == [netlib.Paused("Ada")]
    assert told == [[netlib.Paused("Ada")]] * 2
    assert (room.bob.room_state.paused, room.bob.room_state.by) == (True, "Ada")


@within(a_room, "Ada", "Bob")
async def test_time_goes_on_where_it_stood(room: Room) -> None:
    """After the pause the next tick has the next number, inputs count again, everybody is told."""
    await testing.ticks(room.server, 3)
    await room.ada.request(Command("pause"))
    room.bob.send_input(Step(x=1))
    last, time = room.server.tick, room.server.time
    await asyncio.sleep(60)
    told = [noted(client, netlib.Paused, netlib.Started) for client in (room.ada, room.bob)]
    await room.ada.request(Command("start"))
    assert room.server.time == pytest.approx(time, abs=0.01)
    number = room.bob.send_input(Step(x=2))
    await testing.ticks(room.server, 3)
    assert room.ticks == list(range(1, last + 4)) and room.server.metrics.ticks_skipped == 0
    assert room.inputs == [number] and told == [[netlib.Started()]] * 2
    assert room.bob.room_state == netlib.protocol.frames.RoomState()
    assert kinds(room.happened) == ["Paused", "Started"]


@within(a_room, "Ada", "Bob")
async def test_messages_pass_during_a_pause(room: Room) -> None:
    """Only time stands still: chat and requests go on, and so does the connection."""
    notes = noted(room.bob, Note)
    room.server.on(Note, lambda peer, note: room.server.broadcast(note))
    await room.ada.request(Command("pause"))
    await asyncio.sleep(120)
    room.ada.send(Note(1))
    await testing.until(lambda: notes, "the note")
    assert room.bob.connected and room.server.metrics.dropped == 0


@within(a_room)
async def test_the_pong_tells_the_time_that_stands(room: Room) -> None:
    """A client that measures the room's time sees it stand still."""
    ada, plain = await room.join("Ada"), PlainPlayer()
    await plain.join(room.server, room.network)
    await ada.request(Command("pause"))
    for number in range(3):
        plain.send(type="ping", time=number)
        await asyncio.sleep(1)
    assert [pong["server_time"] for pong in plain.got("pong")] == [room.server.time] * 3
    plain.kill()


@within(a_room, "Ada")
async def test_a_late_joiner_is_told_of_the_pause(room: Room) -> None:
    """A client that joins during a pause learns of it and who did it; the time in its welcome stands."""
    await room.ada.request(Command("pause"))
    plain = PlainPlayer()
    await asyncio.sleep(20)
    welcome = await plain.join(room.server, room.network)
    await testing.until(lambda: plain.got("room"), "the state of the room")
    (state,) = plain.got("room")
    assert (state["paused"], state["by"], state.get("host", False)) == (True, "Ada", False)
    assert welcome["server_time"] == room.server.time
    bob = await room.join("Bob")
    assert [event for event in bob.poll() if isinstance(event, netlib.Paused)] == [netlib.Paused("Ada")]
    plain.kill()


@within(a_room, "Ada", "Bob")
async def test_a_player_who_comes_back_in_a_pause_is_told(room: Room) -> None:
    """A pause that began or ended during a drop is known after it."""
    await room.away(room.bob)
    await room.ada.request(Command("pause"))
    await room.back(room.bob)
    assert room.bob.room_state.paused
    await room.away(room.bob)
    await room.ada.request(Command("start"))
    await room.back(room.bob)
    assert not room.bob.room_state.paused


@within(a_room, "Ada")
async def test_saying_it_twice_is_saying_it_once(room: Room) -> None:
    """A second pause, by whomever, changes nothing; nor does a start while nothing is paused."""
    await room.ada.request(Command("start"))
    assert room.happened == []
    await room.ada.request(Command("pause"))
    room.server.pause("the program")
    await asyncio.sleep(1)
    assert room.happened == [netlib.Paused("Ada")] and room.ada.room_state.by == "Ada"


@within(a_room, "Ada")
async def test_the_program_pauses_too(room: Room) -> None:
    """`Server.pause` and `unpause` do the same without a host."""
    told = noted(room.ada, netlib.Paused, netlib.Started)
    room.server.pause()
    await asyncio.sleep(QUIET)
    room.server.unpause()
    await asyncio.sleep(QUIET)
    assert told == room.happened == [netlib.Paused("the server"), netlib.Started()]


@within(a_room, "Ada")
async def test_a_server_that_starts_again_is_not_paused(room: Room) -> None:
    """Stopped during a pause and started again, it ticks on; a client that comes back is told of no pause."""
    await room.ada.request(Command("pause"))
    last, time = room.server.tick, room.server.time
    await room.server.stop()
    await room.server.start()
    assert not room.server.paused and room.server.time == pytest.approx(time, abs=0.01)
    await testing.until(lambda: room.ada.connected, "Ada is back")
    await testing.ticks(room.server, 2)
    assert room.ticks == list(range(1, room.server.tick + 1)) and room.server.tick > last
    assert room.ada.room_state == netlib.protocol.frames.RoomState(host=True)


@within(a_room, "Ada", "Bob")
async def test_a_kick_ends_a_stay(room: Room) -> None:
    """The player is gone at once, is shown the reason, and does not come back by itself."""
    left, ends = noted(room.server, netlib.Left), noted(room.bob)
    await room.ada.request(Command("kick", player=room.bob.player_id, reason="enough for today"))
    await asyncio.sleep(60)
    assert ends == [netlib.Disconnected(1008, "enough for today")]
    assert [(event.peer.name, event.code, event.reason) for event in left] == [
        ("Bob", 1008, "enough for today")
    ]
    assert [peer.name for peer in room.server.peers] == ["Ada"] and room.ada.connected


@within(a_room)
async def test_a_kick_without_a_reason_says_who(room: Room) -> None:
    """Without words of its own it names the host."""
    ada, eve = await room.join("Ada"), await room.join("Eve", spectator=True)
    await ada.request(Command("kick", player=eve.player_id))
    end = await eve.wait_for(netlib.Disconnected)
    assert end.reason == "Ada has removed you from the room"


@within(a_room, "Ada")
async def test_what_nobody_has_is_refused(room: Room) -> None:
    """Oneself, and numbers that nobody has, cannot be kicked; nor has nobody a network. Nobody goes."""
    for number in (room.ada.player_id, 0, 99, 2**53):
        assert await refused(room.ada, Command("kick", player=number)) == "not_possible"
    assert await refused(room.ada, Command("link", player=99, latency=0.2)) == "not_possible"
    assert len(room.server.peers) == 1


@within(a_room, "Ada", "Bob")
async def test_a_player_who_is_away_can_be_kicked(room: Room) -> None:
    """Its place is free at once."""
    await room.away(room.bob)
    await room.ada.request(Command("kick", player=room.bob.player_id))
    assert [peer.name for peer in room.server.peers] == ["Ada"]


@within(a_room, "Ada", "Bob")
async def test_the_host_shuts_the_server_down(room: Room) -> None:
    """Everybody is told why, with code 1001, and the code that waits for the server's end goes on."""
    ends = [noted(client, netlib.Interrupted) for client in (room.ada, room.bob)]
    waiting = asyncio.create_task(room.server.wait_stopped())
    room.ada.send(Command("shutdown", reason="lunch"))
    await asyncio.wait_for(waiting, 5)
    assert ends == [[netlib.Interrupted(1001, "lunch")]] * 2
    assert room.server.stopping


@within(a_room, "Ada")
async def test_a_host_that_asks_for_a_shutdown_gets_an_answer(room: Room) -> None:
    """As a request it is answered before the connection ends, whose reason names the host."""
    assert await room.ada.request(Command("shutdown"), timeout=1) is None
    assert (await room.ada.wait_for(netlib.Interrupted)).reason == "Ada has closed the room"
    await asyncio.wait_for(room.server.wait_stopped(), 5)


@within(a_room, "Ada")
async def test_a_shutdown_during_a_pause(room: Room) -> None:
    """A paused room can be closed, and open again."""
    await room.ada.request(Command("pause"))
    room.ada.send(Command("shutdown"))
    await asyncio.wait_for(room.server.wait_stopped(), 5)
    await room.server.start()
    await testing.ticks(room.server, 2)
    await testing.until(lambda: room.ada.connected and room.ada.room_state.host, "Ada is the host again")


@pytest.mark.parametrize("event", [netlib.Joined, netlib.Dropped, netlib.Left, netlib.Paused, Note])
@within(a_room)
async def test_a_listener_may_stop_the_server(room: Room, event: Any) -> None:
    """`await server.stop()` in a listener, of whatever, stops it, and does not wait for itself."""

    async def stop(*_: object) -> None:
        await room.server.stop("said a listener")

    ada, bob = await room.join("Ada"), await room.join("Bob")
    room.server.on(event, stop)
    ends = noted(ada, netlib.Interrupted)
    ada.send(Note(1))
    ada.send(Command("pause"))
    await asyncio.sleep(0.1)
    if event is netlib.Dropped:
        room.network.cable(bob).cut()
    with contextlib.suppress(netlib.NetlibError):
        await bob.close()
        await room.join("Eve")
    await asyncio.wait_for(room.server.wait_stopped(), 5)
    assert ends == [netlib.Interrupted(1001, "said a listener")]


@within(a_room)
async def test_a_tick_may_stop_the_server(room: Room) -> None:
    """A game that is over ends its server from a tick."""

    async def stop(dt: float) -> None:
        if room.server.tick == 3:
            await room.server.stop()

    room.server.on_tick(stop)
    await asyncio.wait_for(room.server.wait_stopped(), 5)
    assert room.server.tick == 3


@within(a_room, "Ada", "Bob")
async def test_the_host_worsens_one_players_network(room: Room) -> None:
    """That player is told, and its round trip shows it; nobody else's does."""
    command = Command("link", player=room.bob.player_id, latency=0.2, jitter=0.01, loss=0.02)
    await room.ada.request(command)
    await asyncio.sleep(5)
    assert room.peer(room.bob).link == SLOW and room.peer(room.ada).link == netlib.PERFECT
    state = room.bob.room_state
    assert (state.latency, state.jitter, state.loss) == (0.2, 0.01, 0.02)
    assert room.ada.room_state == netlib.protocol.frames.RoomState(host=True)
    assert room.bob.metrics.rtt == pytest.approx(0.2, abs=0.05) and (room.ada.metrics.rtt or 0) < 0.05


@within(a_room, "Ada", "Bob")
async def test_the_host_worsens_everybodys_network(room: Room) -> None:
    """All are told, later ones too; and all zero is none again."""
    await room.ada.request(Command("link", latency=0.2))
    eve = await room.join("Eve")
    await asyncio.sleep(QUIET)
    assert [client.room_state.latency for client in (room.ada, room.bob, eve)] == [0.2] * 3
    assert room.server.link == netlib.LinkConditions(latency=0.2)
    await room.ada.request(Command("link"))
    await asyncio.sleep(QUIET)
    assert [client.room_state.latency for client in (room.ada, room.bob, eve)] == [0.0] * 3
    assert room.server.link == netlib.PERFECT


@within(a_room, "Ada")
async def test_both_ends_add(room: Room) -> None:
    """What a player simulates itself comes on top of what the host has set."""
    bob = await room.join("Bob", link=netlib.LinkConditions(latency=0.1))
    room.peer(bob).link = netlib.LinkConditions(latency=0.3)
    await asyncio.sleep(10)
    assert bob.metrics.rtt == pytest.approx(0.4, abs=0.02)


@within(a_room, "Ada", "Bob")
async def test_a_worse_network_survives_a_drop(room: Room) -> None:
    """A client that comes back over a new connection has the link that the host set, and knows it."""
    await room.ada.request(Command("link", player=room.bob.player_id, latency=0.2))
    await room.away(room.bob)
    await room.back(room.bob)
    await asyncio.sleep(QUIET)
    assert room.bob.room_state.latency == room.peer(room.bob).link.latency == 0.2


words = st.text(string.printable, max_size=20)
commands = st.builds(
    Command,
    do=st.sampled_from(DOINGS),
    password=words.filter(lambda word: word != PASSWORD),
    player=st.integers(0, 4) | st.integers(0, 2**53),
    reason=words,
    latency=st.floats(0, 60),
    jitter=st.floats(0, 60),
    loss=st.floats(0, 0.99),
)


@given(st.lists(st.tuples(commands, st.booleans()), min_size=1, max_size=10), st.booleans())
@within(a_room, "Ada")
async def test_a_strangers_commands_change_nothing(
    room: Room, sent: list[tuple[Command, bool]], spectator: bool
) -> None:
    """Whatever commands who is not the host sends, as a message or as a request: all are refused."""
    eve = await room.join("Eve", spectator=spectator)
    before = standing(room)
    for command, request in sent:
        if request:
            assert await refused(eve, command) in ("not_host", "host_password")
        else:
            eve.send(command)
    await asyncio.sleep(QUIET)
    assert standing(room) == before and room.happened == []
    messages = sum(not request for _, request in sent)
    assert sum(room.peer(eve).refused.values()) == messages
    assert room.ada.connected and eve.connected and not eve.room_state.host
    await testing.ticks(room.server, 2)


def standing(room: Room) -> object:
    """How everything is that a command could change."""
    server = room.server
    peers = [(peer.id, peer.link, server.rights.is_host(peer)) for peer in server.peers]
    return server.paused, server.stopping, server.link, peers


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@given(st.lists(st.dictionaries(st.sampled_from(Command.__struct_fields__), anything), max_size=10))
@within(a_room, "Ada")
async def test_frames_that_look_like_commands_change_nothing(
    room: Room, frames: list[dict[str, Any]]
) -> None:
    """Commands with fields of any kind, from a client in any language, are refused one by one."""
    eve = PlainPlayer()
    await eve.join(room.server, room.network)
    before = standing(room)
    for frame in frames:
        eve.send(**{**frame, "type": "command"})
    await asyncio.sleep(QUIET)
    assert standing(room) == before and room.happened == [] and eve.ended is None
    assert len(eve.got("error")) == len(frames)
    eve.kill()


@given(commands.filter(lambda command: command.do not in ("shutdown", "host")))
@within(a_room, "Ada", "Bob")
async def test_no_command_of_the_host_breaks_the_room(room: Room, command: Command) -> None:
    """Whatever the host wants is done or answered with a reason; the room lives on."""
    # A link on which nobody can be heard in time drops them, as it should: not what this is about.
    command = replace(
        command, latency=command.latency / 60, jitter=command.jitter / 60, loss=command.loss / 2
    )
    with contextlib.suppress(netlib.RequestFailed):
        await room.ada.request(command, timeout=None)
    room.server.link = netlib.PERFECT
    assert await room.ada.request(Command("start"), timeout=None) is None
    await testing.ticks(room.server, 2)
