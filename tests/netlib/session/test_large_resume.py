"""Large messages and worlds in parts over connections that break, in virtual time."""

import asyncio
import json

import pytest

import netlib
from netlib import testing
from netlib.session.parts import LARGE, PART
from netlib.testing.pipe import SIDES, Side
from tests.support.sessions import Note, PlainPlayer, Room, Thing, a_room, kinds, numbers, within

STORY = "once upon a time " * 30_000  # half a megabyte
WORLD = {"things": {n: Thing(n) for n in range(20_000)}}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
@within(a_room)
async def test_a_message_in_parts_begins_anew_after_a_cut(room: Room, share: float, side: Side) -> None:
    """Wherever the line breaks within it, it arrives once, and what was said after it comes after it."""
    count = share * len(STORY) if side == "client" else share * 500
    room.cable.cut_after(round(count), to=side)
    for number in range(3):
        room.server.broadcast(Note(number, STORY if number != 1 else "short"))
    await testing.until(lambda: len(room.down) == 3 and room.peer.backlog == 0)
    await asyncio.sleep(5)
    assert numbers(room.down) == [0, 1, 2]
    assert room.down[0].text == room.down[2].text == STORY


@within(a_room)
async def test_others_are_not_held_up(room: Room) -> None:
    """What does not count passes between two parts; what counts waits behind them."""
    plain = PlainPlayer()
    await plain.join(room.server, room.network, parts=True, received=0)
    room.server.broadcast(Note(0, STORY * 4))
    room.server.broadcast(Note(1))
    room.server.publish({"things": {1: Thing(1)}})
    plain.send(type="ping", time=1)
    await testing.until(lambda: plain.got("note"))
    order = [frame["type"] for frame in plain.frames if frame["type"] != "room"]
    assert order.index("part") < order.index("pong") < len(order) - 1 - order[::-1].index("part")
    assert order.index("snapshot") < len(order) - 1 - order[::-1].index("part") < order.index("note")
    parts = plain.got("part")
    assert max(len(part["data"]) for part in parts) <= PART
    assert [part.get("last", False) for part in parts] == [False] * (len(parts) - 1) + [True]


@within(a_room, ada={"schema": {"things": Thing}})
async def test_a_world_in_parts_begins_anew_after_a_cut(room: Room) -> None:
    """The player sees the whole world after it is back, and what has changed meanwhile."""
    room.cable.cut_after(LARGE, to="client")
    room.server.publish(WORLD)
    await testing.until(lambda: room.ada.reconnecting is not None)
    room.server.publish({"things": {**WORLD["things"], 5: Thing(-1)}})
    await testing.until(lambda: room.ada.state["things"].get(5) == Thing(-1))
    assert len(room.ada.state["things"]) == 20_000


@within(a_room)
async def test_deltas_wait_for_a_world_in_parts(room: Room) -> None:
    """Its client gets them as one, from that world on, whatever was published in between."""
    room.server.publish(WORLD)
    plain = PlainPlayer()
    await plain.join(room.server, room.network, parts=True)
    for number in range(5):
        room.server.publish({"things": {**WORLD["things"], number: Thing(-1)}})
        await asyncio.sleep(0)
    await testing.until(lambda: plain.got("snapshot"))
    order = [frame["type"] for frame in plain.frames if frame["type"] in ("part", "snapshot")]
    parts = plain.got("part")
    assert order == ["part"] * len(parts) + ["snapshot"]
    whole = json.loads("".join(part["data"] for part in parts))
    (delta,) = plain.got("snapshot")
    assert whole["full"] and whole["tick"] == delta["base"]
    assert delta["set"] == {"things": {"4": {"x": -1}}}


@within(a_room)
async def test_two_newcomers_share_one_encoding(room: Room) -> None:
    """A large world is encoded once for all who wait for it."""
    room.server.publish(WORLD)
    publisher = room.server.publisher
    first, second = PlainPlayer(), PlainPlayer()
    await first.join(room.server, room.network, name="One", parts=True)
    await second.join(room.server, room.network, name="Two", parts=True)
    assert len(publisher._wholes) == 1
    for player in (first, second):
        await testing.until(lambda player=player: any(part.get("last") for part in player.got("part")))  # type: ignore[misc]


@within(a_room)
async def test_a_server_waits_until_a_player_has_less_to_read(room: Room) -> None:
    """`drain` goes on as fast as the client confirms; a stay that ends is an error there."""
    for number in range(20):
        room.peer.send(Note(number, STORY))
        await room.peer.drain()
        assert room.peer.backlog < netlib.Limits().soft_backlog
    room.cable.stall("client")
    for number in range(20, 30):
        room.peer.send(Note(number, STORY))
    waits = asyncio.create_task(room.peer.drain())
    await asyncio.sleep(1)
    assert not waits.done()
    room.peer.kick("too slow")
    with pytest.raises(netlib.ConnectionLost):
        await waits


@within(a_room)
async def test_a_client_waits_until_less_waits_for_the_server(room: Room) -> None:
    """Also while it is away; when its session ends that is an error."""
    room.take()
    for number in range(3):
        room.ada.send(Note(number, STORY))
    waits = asyncio.create_task(room.ada.drain())
    await asyncio.sleep(1)
    assert not waits.done() and room.ada.backlog > netlib.Limits().soft_backlog
    await room.ada.close()
    with pytest.raises(netlib.ConnectionLost):
        await waits


@within(a_room, limits=netlib.Limits(message_size=1 << 20))
async def test_what_waits_goes_before_the_goodbye(room: Room) -> None:
    """What was said before leaving counts, however much that is."""
    for number in range(5):
        room.ada.send(Note(number, STORY))
    await room.ada.close()
    await testing.until(lambda: len(room.up) == 5)
    assert numbers(room.up) == list(range(5))


@within(a_room)
async def test_the_pauses_go_on_when_a_connection_does_not_last(room: Room) -> None:
    """A room that lets a client in and cuts it again is not asked ever more often."""
    pauses: list[float] = []
    for number, lasts in enumerate((0.1, 0.1, 0.1, 6.0, 0.1), start=1):
        await asyncio.sleep(lasts)
        cut = netlib.clock()
        room.cable.cut()
        back = ["Interrupted", "Connected"] * number
        await testing.until(lambda back=back: kinds(room.connections) == back)  # type: ignore[misc]
        pauses.append(netlib.clock() - cut)
    bounds = [(0.0, 0.05), (0.125, 0.3), (0.25, 0.55), (0.0, 0.05), (0.125, 0.3)]
    assert all(least <= pause <= most for pause, (least, most) in zip(pauses, bounds, strict=True)), pauses
    assert "Disconnected" not in kinds(room.connections)
