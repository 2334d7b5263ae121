"""Views of a room: what they take, who sees what and when, and what others are told."""

from typing import Any

import pytest

import netlib
from netlib import testing
from netlib.interest import Private, Views
from netlib.protocol.codecs import Codec
from tests.support import rooms
from tests.support.sessions import Note, PlainPlayer
from tests.support.snapshots import both

GRID: Any = {"cell": 10, "radius": 10, "positions": {"things": ("x", "y")}}


class Thing(netlib.Entity, frozen=True):
    x: float
    y: float = 0
    text: str = ""


class Card(netlib.Entity, frozen=True):
    face: int


SCHEMA: Any = {"things": Thing, "hand": Card}


async def served(network: testing.Network) -> tuple[netlib.Server, Views]:
    """Return a room with a grid, whose time its test lets pass."""
    server = await network.serve(manual=True)
    return server, Views(server, **GRID)


def publish(server: netlib.Server, **state: Any) -> None:
    """Publish in a tick of its own."""
    server.update()
    server.publish(state)


async def reached(client: netlib.Client, server: netlib.Server) -> Any:
    """Return a client's state once it is the newest."""
    await testing.until(lambda: client.tick == server.tick)
    return client.state


@pytest.mark.parametrize(
    "options",
    [
        {"cell": 10},
        {"positions": GRID["positions"]},
        {**GRID, "cell": 0},
        {**GRID, "cell": float("nan")},
        {**GRID, "cell": float("inf")},
        {**GRID, "cell": True},
        {**GRID, "radius": -1},
        {**GRID, "radius": float("nan")},
        {**GRID, "radius": float("inf")},
        {**GRID, "radius": 10**400},
        {**GRID, "positions": {"things": "xy"}},
        {**GRID, "positions": {"things": ("x",)}},
        {**GRID, "positions": {"things": ("x", 1)}},
        {**GRID, "positions": {"things": None}},
    ],
)
def test_a_grid_that_makes_no_sense_is_refused(options: Any) -> None:
    """In words, and the room stays as it was."""
    room = rooms.a_room()
    with pytest.raises(netlib.WrongArgument):
        Views(room, **options)
    Views(room, **GRID)


def test_views_come_first_and_once() -> None:
    """Else somebody would have seen too much already, or would look through other views."""
    room = rooms.a_room()
    room.publish({})
    with pytest.raises(netlib.WrongCall, match="made before its first publish"):
        Views(room)
    room = rooms.a_room()
    Views(room)
    with pytest.raises(netlib.WrongCall, match="a room has one Views"):
        Views(room, **GRID)


@pytest.mark.parametrize(
    "state",
    [
        {"hand": Private({1: {1: Card(1)}})},
        {"hand": Private()},
        {"hand": Private({"Ada": {"face": 1}})},
        {"tables": {1: Private({"Ada": 1})}},
        {"tables": {1: {"hands": [Private({"Ada": 1})]}}},
        {"all": [{"hands": Private({"Ada": 1})}]},
    ],
)
def test_what_is_private_does_not_travel_without_views(state: Any) -> None:
    """The text says what to do."""
    room = rooms.a_room()
    with pytest.raises(netlib.WrongArgument, match=r"is Private, .* make netlib.interest.Views\(room\)"):
        room.publish(state)
    assert room.publisher.newest is None


@pytest.mark.parametrize(
    "x", [float("nan"), float("inf"), True, "1", None, 10**400, pytest.param(10**5000, id="many digits")]
)
@testing.in_virtual_time
async def test_a_focus_that_is_no_place_is_refused(x: Any) -> None:
    """And the player sees what it saw."""
    async with testing.Network() as network:
        server, views = await served(network)
        ada = await network.join("Ada", schema=SCHEMA)
        views.focus(server.peers[0], 0, 0)
        for place in ((x, 0), (0, x)):
            with pytest.raises(netlib.WrongArgument, match="a focus is two finite numbers"):
                views.focus(server.peers[0], *place)
        publish(server, things={1: Thing(1), 2: Thing(55)})
        assert (await reached(ada, server))["things"] == {1: Thing(1)}


@pytest.mark.parametrize("far", [1e308, -1e308, 10**300])
@testing.in_virtual_time
async def test_far_away_is_a_place_as_any_other(far: Any) -> None:
    """Far out, all is one cell; the middle is not seen from there."""
    async with testing.Network() as network:
        server, views = await served(network)
        ada = await network.join("Ada", schema=SCHEMA)
        views.focus(server.peers[0], far, far)
        publish(server, things={1: Thing(1), 2: Thing(float(far), float(far))})
        assert (await reached(ada, server))["things"] == {2: Thing(float(far), float(far))}


@testing.in_virtual_time
async def test_a_player_of_another_room_is_refused_and_one_who_has_left_is_not_kept() -> None:
    """Rooms count their players by themselves: its number is somebody else's here."""
    async with testing.Network() as network:
        server, views = await served(network)
        ada = await network.join("Ada")
        (peer,) = server.peers
        await served(network)
        await network.join("Ben")
        (other,) = network._rooms[1].peers
        assert other.id == peer.id
        for look in (views.see_all, views.see_nothing, lambda peer: views.focus(peer, 1, 1)):
            with pytest.raises(netlib.WrongArgument, match="Ben is in another room"):
                look(other)
        views.see_all(peer)
        await ada.close()
        await testing.until(lambda: not peer.joined)
        views.focus(peer, 1, 1)
        assert not views._publisher.focuses


@both
@testing.in_virtual_time
async def test_a_player_keeps_its_view_when_it_comes_back_under_another_name(codec: Codec) -> None:
    """Its hand, too, whole; and one who takes its place has neither."""
    async with testing.Network() as network:
        server, views = await served(network)
        ada = await network.join("Ada", codec=codec, schema=SCHEMA)
        (peer,) = server.peers
        views.focus(peer, 0, 0)
        state: Any = {"things": {1: Thing(1), 2: Thing(99)}, "hand": Private({peer.id: {1: Card(7)}})}
        publish(server, **state)
        await reached(ada, server)
        server.roster.rename(peer, "Bea")
        network.cut()
        publish(server, **state)
        mine = {"things": {1: Thing(1)}, "hand": {1: Card(7)}}
        assert await reached(ada, server) == mine
        await ada.close()
        await testing.until(lambda: not peer.joined)
        new = await network.join("Ada", codec=codec, schema=SCHEMA)
        publish(server, **state)
        assert await reached(new, server) == {"things": {}, "hand": {}}


@testing.in_virtual_time
async def test_a_view_moves_only_with_a_state() -> None:
    """Wherever its player looks meanwhile, and however often is published in a tick."""
    async with testing.Network() as network:
        server, views = await served(network)
        ada = await network.join("Ada", schema=SCHEMA)
        (peer,) = server.peers
        state: Any = {"things": {1: Thing(1), 2: Thing(99)}}
        views.focus(peer, 0, 0)
        publish(server, **state)
        await reached(ada, server)
        views.focus(peer, 99, 0)
        server.show(server.roster.seats[peer.id])
        server.publish(state)
        server.publish(state)
        await testing.until(lambda: ada.state["things"] == {2: Thing(99)})


@testing.in_virtual_time
async def test_a_full_snapshot_names_all_collections() -> None:
    """Also those of which this player sees nothing; a plain client has them as empty."""
    async with testing.Network() as network:
        server, _ = await served(network)
        publish(server, things={1: Thing(1)}, hand=Private({99: {1: Card(1)}}), none={}, countdown=3)
        plain = PlainPlayer()
        await plain.join(server, network)
        await testing.until(lambda: plain.got("snapshot"))
        (snapshot,) = plain.got("snapshot")
        assert snapshot["state"] == {"things": {}, "hand": {}, "none": {}, "": {"0": {"countdown": 3}}}


@both
@testing.in_virtual_time
async def test_much_that_comes_into_view_comes_little_by_little(codec: Codec) -> None:
    """As a full snapshot in slices, of which others share the encoding; then deltas go on from there."""
    async with testing.Network() as network:
        server, views = await served(network)
        things = {id: Thing(id % 500, id % 300, "x" * 30) for id in range(15_000)}
        clients = [await network.join(name, codec=codec, schema=SCHEMA) for name in ("Ada", "Ben")]
        publish(server, things=things)
        for client, peer in zip(clients, server.peers, strict=True):
            await reached(client, server)
            views.see_all(peer)
        publish(server, things=things)
        assert len({id(server.publisher.seen_by(peer.id)) for peer in server.peers}) == 1
        assert not server.publisher.seen_by(server.peers[0].id).whole(codec).done
        publish(server, things={**things, 1: Thing(1)})
        for client in clients:
            assert len((await reached(client, server))["things"]) == len(things)
            assert client.state["things"][1] == Thing(1)


@testing.in_virtual_time
async def test_a_request_is_not_answered_with_what_another_has() -> None:
    """When a game publishes in its answer, and something in a hand cannot travel."""
    async with testing.Network() as network:
        server, _ = await served(network)
        bad = Private({99: {1: Thing(float("nan"), 1, "secret")}})
        server.on_request(Note)(lambda peer, note: server.publish({"hand": bad}))
        ada = await network.join("Ada", messages=[Note])
        with pytest.raises(netlib.RequestFailed) as failed:
            await ada.request(Note(1))
        assert "hand" not in str(failed.value) and "nan" not in str(failed.value)
