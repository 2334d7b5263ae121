"""A room: who is in it, broadcasts, and state for everyone."""

from functools import partial
from itertools import pairwise
from typing import Any

import pytest

import netlib
from netlib.errors import BadMessage, UnknownType, WrongArgument
from tests.support.callers import Chat
from tests.support.processes import wait_until_async
from tests.support.rooms import a_room, plain_client, url
from tests.support.sessions import Thing

SCHEMA = {"things": Thing}


async def test_a_player_who_has_left_is_no_longer_in_the_room() -> None:
    """A Left listener that looks round does not see the one who left."""
    async with a_room() as server:
        seen: list[tuple[list[str], bool]] = []
        server.on(
            netlib.Left, lambda event: seen.append(([peer.name for peer in server.peers], event.peer.joined))
        )
        async with plain_client(server, hello="Ada"):
            async with plain_client(server, hello="Bob"):
                pass
            await wait_until_async(lambda: seen, "the leave")
            assert seen == [(["Ada"], False)]


async def test_a_broadcast_reaches_all_but_the_excluded_in_each_ones_encoding() -> None:
    """JSON and MessagePack in one room, encoded once for each."""
    async with (
        a_room() as server,
        netlib.connect(url(server), name="Ada", messages=[Chat]) as ada,
        netlib.connect(url(server), name="Bob", messages=[Chat], codec=netlib.MSGPACK) as bob,
        netlib.connect(url(server), name="Cid", messages=[Chat], codec=netlib.MSGPACK) as cid,
        plain_client(server, hello=None) as stranger,
    ):
        heard: dict[str, list[str]] = {"Ada": [], "Bob": [], "Cid": []}
        for client in (ada, bob, cid):
            client.on(Chat, partial(lambda name, chat: heard[name].append(chat.text), client.name))
        server.broadcast(Chat("most"), exclude=[peer for peer in server.peers if peer.name == "Cid"])
        server.broadcast(Chat("all"))
        await wait_until_async(lambda: all("all" in texts for texts in heard.values()), "the broadcast")
        assert heard == {"Ada": ["most", "all"], "Bob": ["most", "all"], "Cid": ["all"]}
        assert (await stranger.hello("Dan"))["type"] == "welcome"


async def test_sending_by_name_needs_a_declared_message() -> None:
    """Broadcast and send take names, too, and tell a wrong one."""
    async with a_room() as server, netlib.connect(url(server), messages=[Chat]) as client:
        server.declare(Chat)
        server.broadcast("chat", text="hi")
        server.send(server.peers[0], "chat", text="you")
        await client.wait_for(Chat, where=lambda chat: chat.text == "you", timeout=20)
        with pytest.raises(UnknownType, match="did you mean"):
            server.broadcast("chatt", text="hi")
        with pytest.raises(BadMessage):
            server.send(server.peers[0], "chat")


async def test_early_and_late_have_the_same_state() -> None:
    """Deltas from the start, or one full snapshot: the same world."""
    async with a_room(tick_rate=200) as server:
        server.on_tick(
            lambda dt: server.publish(
                {"things": {id: Thing(server.tick) for id in range(server.tick % 7, 9)}}
            )
        )
        async with netlib.connect(url(server), schema=SCHEMA) as early:
            await wait_until_async(lambda: early.tick > 20, "some deltas")
            async with netlib.connect(url(server), schema=SCHEMA, codec=netlib.MSGPACK) as late:
                await wait_until_async(lambda: late.tick > 0, "the first state")
                states: dict[int, Any] = {}
                early.on(netlib.StateChanged, lambda event: states.setdefault(event.tick, early.state))
                await wait_until_async(lambda: late.tick in states, "a common tick")
                assert states[late.tick] == late.state


async def test_snapshots_can_be_rarer_than_ticks() -> None:
    """At snapshot_rate 10 of 100 ticks, one in ten is sent, and it is the newest."""
    async with (
        a_room(tick_rate=100, snapshot_rate=10) as server,
        netlib.connect(url(server), schema=SCHEMA) as client,
    ):
        server.on_tick(lambda dt: server.publish({"things": {1: Thing(server.tick)}}))
        ticks: list[int] = []
        client.on(netlib.StateChanged, lambda event: ticks.append(event.tick))
        await wait_until_async(lambda: len(ticks) >= 4, "snapshots")
        assert min(after - before for before, after in pairwise(ticks[1:])) >= 10
        assert client.state["things"][1].x == client.tick


async def test_a_slow_server_with_rarer_snapshots_still_sends_some() -> None:
    """Ticks that are skipped in step with the snapshots do not silence the room."""
    async with (
        a_room(tick_rate=0.01, snapshot_rate=0.005) as server,
        netlib.connect(url(server), schema=SCHEMA) as client,
    ):
        for tick in range(1, 40, 2):  # a server that manages every other tick
            server.tick = tick
            server.publish({"things": {1: Thing(tick)}})
        await wait_until_async(lambda: client.tick > 30, "a late snapshot", timeout=2)


@pytest.mark.parametrize("call", ["kick", "refuse", "pause"])
@pytest.mark.parametrize(
    ("text", "told"), [(None, "must be a string"), (5, "string"), ("\ud800", "cannot travel")]
)
async def test_words_that_cannot_travel_are_refused_before_anything_happens(
    call: str, text: Any, told: str
) -> None:
    """The player stays, the room's time goes on."""
    async with a_room() as server, netlib.connect(url(server)) as client:
        [peer] = server.peers
        calls = {"kick": peer.kick, "refuse": lambda text: peer.refuse("no", text), "pause": server.pause}
        with pytest.raises(WrongArgument, match=told):
            calls[call](text)
        assert client.connected and not server.paused and server.peers == [peer]
        assert not peer.refused


async def test_a_broadcast_leaves_out_peers_and_nothing_else() -> None:
    """A peer alone, or its id, is a mistake that would leave out nobody."""
    async with a_room() as server, netlib.connect(url(server)):
        [peer] = server.peers
        wrong: Any
        for wrong in (peer, [peer.id], "Ada"):
            with pytest.raises(WrongArgument, match=r"exclude is .*; it must be"):
                server.broadcast(Chat("hi"), exclude=wrong)
        with pytest.raises(WrongArgument, match="the peer is 1; it must be an object of class Peer"):
            server.send(1, Chat("hi"))  # type: ignore[call-overload]
        with pytest.raises(WrongArgument, match="delivered is 5; it must be a function"):
            server.send(peer, Chat("hi"), delivered=5)  # type: ignore[call-overload]
