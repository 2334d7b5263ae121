"""Many rooms on one port: what goes wrong in one harms no other, and where a room may be closed from."""

import asyncio
import contextlib
from collections import Counter
from typing import Any

import pytest

import netlib
from netlib import testing
from netlib.rooms import Join, KindRoom
from netlib.rooms.server import FAILED
from tests.support.many_rooms import Hall, in_a_hall

Client = netlib.Client[Any]


@in_a_hall()
async def test_a_room_that_cannot_be_furnished_harms_nobody(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    """The newcomer is refused in words, what the room had begun ends, and no room is left."""
    spawned: list[asyncio.Task[Any]] = []

    @hall.server.kind("bad")
    def bad(room: KindRoom) -> None:
        spawned.append(room.spawn(asyncio.sleep(1000)))
        raise RuntimeError("no cards")

    @hall.server.kind("shut")
    def shut(room: KindRoom) -> None:
        room.close()

    @hall.server.kind("cut")
    def cut(room: KindRoom) -> None:
        raise asyncio.CancelledError

    ada = await hall.join("Ada")
    for kind in ("bad", "shut", "cut"):
        error = await hall.refused(Join(kind))
        assert (error.code, FAILED in str(error)) == ("room_failed", True)
    assert "no cards" in caplog.text and 'a room of kind "bad" could not be made' in caplog.text
    assert hall.server.rooms == [hall.room_of(ada)]
    await testing.until(spawned[0].done)
    assert not hall.server._ending


@in_a_hall()
async def test_a_room_that_fails_in_its_listeners_goes_on(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    """A tick and a `Joined` that raise are logged; this room and the others go on."""

    def ask_a_cancelled(dt: float) -> None:
        future = asyncio.get_running_loop().create_future()
        future.cancel()
        future.result()

    @hall.server.kind("bad")
    def bad(room: KindRoom) -> None:
        hall.note(room)
        room.on_tick(lambda dt: 1 / 0)
        room.on_tick(ask_a_cancelled)
        room.on(netlib.Joined)(lambda event: 1 / 0)

    ada, eve = await hall.join("Ada"), await hall.join("Eve", Join("bad"))
    rooms = [hall.room_of(client) for client in (ada, eve)]
    ticks = [room.tick for room in rooms]
    await testing.until(lambda: all(room.tick > tick + 2 for room, tick in zip(rooms, ticks, strict=True)))
    assert ada.connected and eve.connected and "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("when", ["tick", "joined", "message", "timer", "admit", "state"])
@in_a_hall()
async def test_a_room_may_be_closed_from_within(hall: Hall, when: str) -> None:
    """In its own tick, listener or timer, or at its door: everybody leaves, and nothing of it is left."""
    closed: list[KindRoom] = []

    def close(room: KindRoom) -> None:
        room.close("that was it")
        room.publish({"round": 1})
        room.unpause()
        closed.append(room)

    @hall.server.kind("short")
    def short(room: KindRoom) -> None:
        hall.note(room)
        match when:
            case "tick":
                room.on_tick(lambda dt: close(room) if room.peers and not room.closed else None)
            case "joined":
                room.on(netlib.Joined)(lambda event: close(room))
            case "message":
                room.on("enough")(lambda peer, message: close(room))
            case "timer":
                room.every(3, lambda: close(room))
            case "admit":
                room.on_admit(lambda visitor: close(room))
            case "state":
                room.on_tick(lambda dt: room.publish({"tick": room.tick}))
                room.after(5, lambda: close(room))

    eve: Client | None = None
    with contextlib.suppress(netlib.Refused, netlib.ConnectionLost):
        eve = await hall.join("Eve", Join("short"), messages=["enough"])
        if when == "message":
            eve.send("enough")
    await testing.until(lambda: closed and not (eve and eve.connected))
    (room,) = closed
    await testing.until(lambda: not room._tasks and room not in hall.server._ending)
    counts = Counter(name for name, _ in hall.happened[room.code])
    assert counts["Joined"] == counts["Left"] == (0 if when == "admit" else 1)
    assert room.peers == [] and hall.server.rooms == []
    tick = room.tick
    await asyncio.sleep(1)
    assert room.tick == tick


@in_a_hall()
async def test_listeners_of_the_last_leave_come_to_their_end(hall: Hall) -> None:
    """What a room saves when its last player leaves is saved; what never ends is cut off."""
    saved: list[str] = []

    @hall.server.kind("club")
    def club(room: KindRoom) -> None:
        hall.note(room)
        room.spawn(asyncio.sleep(10_000))

        @room.on(netlib.Left)
        async def save(event: netlib.Left) -> None:
            await asyncio.sleep(0.5)
            saved.append(event.peer.name)

    ada = await hall.join("Ada", Join("club"))
    room = hall.room_of(ada)
    await ada.close()
    await testing.until(lambda: room.closed and not room._tasks, timeout=30)
    assert saved == ["Ada"]


@in_a_hall()
async def test_the_server_may_stop_while_a_room_ends(hall: Hall) -> None:
    """Nothing of the room goes on after that."""

    @hall.server.kind("slow")
    def slow(room: KindRoom) -> None:
        hall.note(room)
        room.spawn(asyncio.sleep(1000))

    ada = await hall.join("Ada", Join("slow"))
    room = hall.room_of(ada)
    room.close()
    await hall.server.stop()
    assert not room._tasks and not hall.server._ending and not hall.server._tasks


@in_a_hall()
async def test_the_host_of_a_room_ends_that_room_alone(hall: Hall) -> None:
    """``shutdown`` says goodbye to its players, and to nobody else."""
    hall.serve("hosted", first_is_host=True)
    ada, bob = await hall.join("Ada", Join("hosted")), await hall.join("Bob", Join("hosted"))
    cyd = await hall.join("Cyd")
    ends: list[netlib.Disconnected] = []
    bob.on(netlib.Disconnected)(ends.append)
    await ada.request(netlib.Command(do="shutdown", reason="bedtime"))
    await testing.until(lambda: ends and not ada.connected)
    assert [(end.code, end.reason) for end in ends] == [(1000, "bedtime")]
    assert cyd.connected and hall.server.rooms == [hall.room_of(cyd)]


@in_a_hall()
async def test_the_first_in_a_room_is_its_host(hall: Hall) -> None:
    """Each room has its own host; when that leaves, the next one is it."""
    hall.serve("hosted", first_is_host=True)
    ada, bob, cyd = [await hall.join(name, Join("hosted")) for name in ("Ada", "Bob", "Cyd")]
    await testing.until(lambda: ada.room_state.host and cyd.room_state.host)
    assert not bob.room_state.host
    await ada.close()
    await testing.until(lambda: bob.room_state.host)


@in_a_hall()
async def test_a_room_in_which_nobody_ever_was_ends(hall: Hall) -> None:
    """Somebody who asked for it was not let in; a lasting room stays for all that."""

    @hall.server.kind("club")
    def club(room: KindRoom) -> None:
        hall.note(room)
        room.on_admit(lambda visitor: "members only")

    lobby = hall.server.open_room("club")
    assert (await hall.refused(Join("club", new=True))).code == "admission"
    _, room = hall.made
    await testing.until(lambda: room.closed)
    assert hall.server.rooms == [lobby] and hall.happened == {lobby.code: [], room.code: []}


@in_a_hall()
async def test_limits_of_a_kind_hold_in_its_rooms(hall: Hall) -> None:
    """A client may say there what its room allows, not what the server does before."""
    hall.serve("quiet", limits=netlib.Limits(messages_per_second=1, message_burst=3))
    ada = await hall.stranger()
    ada.send(type="hello", protocol=1, name="Ada", join={"kind": "quiet"})
    for _ in range(5):
        ada.send(type="ping", time=1.0)
    await testing.until(lambda: len(ada.got("pong") + ada.got("error")) == 5)
    assert [frame["code"] for frame in ada.got("error")] == ["rate", "rate"]
