"""Many rooms on one port: who gets into which, how they end, and that none harms another."""

import asyncio
import contextlib
import gc
import weakref
from collections import Counter
from functools import partial
from typing import Any

import pytest

import netlib
from netlib import testing
from netlib.play.timing import RateLimit
from netlib.rooms import Join, KindRoom, RoomServer, Visitor
from netlib.rooms.server import FAILED
from tests.support.many_rooms import Hall, in_a_hall
from tests.support.processes import wait_until_async
from tests.support.rooms import LOOPBACK, url

Client = netlib.Client[Any]


@in_a_hall()
async def test_players_share_rooms_of_a_kind(hall: Hall) -> None:
    """Two come into one room, and the third into a new one: each room has numbers of its own."""
    ada, bob, cyd = [await hall.join(name) for name in ("Ada", "Bob", "Cyd")]
    assert ada.room_id == bob.room_id != cyd.room_id
    assert [client.player_id for client in (ada, bob, cyd)] == [1, 2, 1]
    assert len(ada.room_code) == 5 and ada.room == "table"


@in_a_hall()
async def test_friends_meet_by_a_code_in_any_letters(hall: Hall) -> None:
    """A private room is found by its code, in small letters and with spaces, and by its id."""
    ada = await hall.join("Ada", Join("table", private=True))
    stranger = await hall.join("Eve")
    bob = await hall.join("Bob", Join(code=f" {ada.room_code.lower()} "))
    assert bob.room_id == ada.room_id != stranger.room_id
    assert (await hall.refused(Join(id=ada.room_id))).code == "full"


@in_a_hall()
async def test_a_code_comes_before_an_id(hall: Hall) -> None:
    """Who says both gets the room of the code, or none when that is wrong."""
    ada, bob = await hall.join("Ada"), await hall.join("Bob", Join("table", new=True))
    cyd = await hall.join("Cyd", Join(id=bob.room_id, code=ada.room_code))
    assert cyd.room_id == ada.room_id
    assert (await hall.refused(Join(id=bob.room_id, code="WRONG"))).code == "no_room"


@in_a_hall()
async def test_what_is_said_in_a_room_stays_there(hall: Hall) -> None:
    """A broadcast and a state reach the room's own players."""
    ada, bob = await hall.join("Ada"), await hall.join("Bob", Join("table", new=True))
    hall.room_of(ada).declare("secret")
    ada.declare("secret")
    bob.declare("secret")
    hall.room_of(ada).broadcast("secret", word="plum")
    assert (await testing.message(ada, "secret")).fields == {"word": "plum"}
    assert not [one for one in bob.poll() if not isinstance(one, netlib.Connected)]


@in_a_hall()
async def test_a_room_ends_with_its_last_player(hall: Hall) -> None:
    """It is in no list any more, its code opens nothing, and every `Joined` has had its `Left`."""
    ada, bob = await hall.join("Ada"), await hall.join("Bob")
    room = hall.room_of(ada)
    await ada.close()
    await testing.until(lambda: len(room.players) == 1)
    assert not room.closed and hall.server.rooms == [room]
    await bob.close()
    await testing.until(lambda: room.closed)
    assert hall.server.rooms == [] and room.peers == []
    assert Counter(name for name, _ in hall.happened[room.code]) == {"Joined": 2, "Left": 2}
    assert (await hall.refused(Join(code=room.code))).code == "no_room"


@in_a_hall()
async def test_spectators_watch_rooms_and_leave_with_the_last_player(hall: Hall) -> None:
    """Nobody watches where nobody plays; who watches takes no seat, and is sent away in the end."""
    assert (await hall.refused(Join("table"), spectator=True)).code == "no_room"
    ada, eye = await hall.join("Ada"), await hall.join("Eye", spectator=True)
    bob = await hall.join("Bob")
    assert ada.room_id == eye.room_id == bob.room_id
    await ada.close()
    await bob.close()
    await testing.until(lambda: not eye.connected and hall.room_of(eye).peers == [])
    assert Counter(name for name, _ in hall.happened[ada.room_code]) == {"Joined": 3, "Left": 3}


@in_a_hall()
async def test_a_locked_room_is_not_given_to_strangers(hall: Hall) -> None:
    """Once a game has begun, only those come who know its code or its id."""
    ada = await hall.join("Ada")
    hall.room_of(ada).locked = True
    stranger, friend = await hall.join("Eve"), await hall.join("Bob", Join(id=ada.room_id))
    assert friend.room_id == ada.room_id != stranger.room_id


@in_a_hall(limits=netlib.Limits(max_players=3, max_spectators=0))
async def test_all_rooms_together_have_limits(hall: Hall) -> None:
    """Free seats in a room help nobody when the server is full, whichever way is asked."""
    ada, _, cyd = [await hall.join(name) for name in ("Ada", "Bob", "Cyd")]
    for join in (Join("table"), Join(code=cyd.room_code), Join("table", new=True)):
        assert (await hall.refused(join)).code == "full"
    refused = await hall.refused(Join(code=ada.room_code), spectator=True)
    assert refused.code == "full" and "0 for spectators" in str(refused)
    await ada.close()
    await testing.until(lambda: sum(len(room.players) for room in hall.server.rooms) == 2)
    assert (await hall.join("Dan", Join(code=cyd.room_code))).room_id == cyd.room_id


@in_a_hall(limits=netlib.Limits(max_total_backlog=300_000, max_players=4))
async def test_what_waits_in_all_rooms_together_is_limited(hall: Hall) -> None:
    """Where many rooms keep messages for those who are away, the stay ends for which most wait."""
    clients = [await hall.join(name, Join("table", new=True), messages=["note"]) for name in "ABCD"]
    rooms = [hall.room_of(client) for client in clients]
    hall.network.cut()
    for cable in hall.network._cables:
        cable.refuse()
    await testing.until(lambda: not any(peer.connected for room in rooms for peer in room.peers))
    for count, room in enumerate(rooms, start=1):
        room.declare("note")
        for _ in range(count):
            room.broadcast("note", text="x" * 50_000)
    assert [room.closed for room in rooms] == [False, False, True, True]


# Coming back.


@in_a_hall()
async def test_a_player_comes_back_into_its_room(hall: Hall) -> None:
    """Its token finds the room, though the room is locked and others have seats."""
    ada, _ = await hall.join("Ada", Join("table", private=True)), await hall.join("Bob")
    room, number = hall.room_of(ada), ada.player_id
    room.locked = True
    hall.network.cut()
    await testing.until(lambda: "Resumed" in [name for name, _ in hall.happened[room.code]])
    assert (ada.room_id, ada.player_id) == (room.room_id, number)
    assert "Left" not in [name for name, _ in hall.happened[room.code]]


@in_a_hall()
async def test_who_comes_back_after_the_end_of_its_room_is_a_newcomer(hall: Hall) -> None:
    """What it asked for at first decides again: a room of the kind."""
    ada, bob = await hall.join("Ada"), await hall.join("Bob", Join("table", private=True))
    first, cable = hall.room_of(ada), hall.network._cables[0]
    cable.refuse()
    cable.cut()
    await testing.until(lambda: ada.reconnecting is not None)
    first.close()
    assert hall.happened[first.code] == [("Joined", "Ada"), ("Dropped", "Ada"), ("Left", "Ada")]
    cable.accept()
    await testing.until(lambda: ada.connected)
    assert ada.room_id not in (first.room_id, bob.room_id)
    assert first.peers == []


@in_a_hall()
async def test_a_first_hello_said_again_is_the_same_player(hall: Hall) -> None:
    """Its welcome was lost: the nonce finds the room, though there are seats elsewhere."""
    hello = {"type": "hello", "protocol": 1, "name": "Ada", "nonce": "5f0e21c7", "join": {"kind": "table"}}
    first = await hall.stranger()
    first.send(**hello)
    await testing.until(lambda: first.got("welcome"))
    first.kill()
    again = await hall.stranger()
    again.send(**{**hello, "join": {"kind": "table", "new": True}})
    await testing.until(lambda: again.got("welcome"))
    ids = {player.got("welcome")[0]["room_id"] for player in (first, again)}
    assert len(ids) == 1 and len(hall.made) == 1
    assert [name for name, _ in hall.happened[hall.made[0].code]].count("Joined") == 1


@in_a_hall()
async def test_a_first_hello_said_again_waits_at_the_same_door(hall: Hall) -> None:
    """Somebody whose hello was said twice while the game thought about it is one player in one room."""

    @hall.server.kind("club")
    def club(room: KindRoom) -> None:
        hall.note(room)

        @room.on_admit
        async def ask(visitor: netlib.rooms.Visitor) -> None:
            await asyncio.sleep(1)

    hello = {
        "type": "hello",
        "protocol": 1,
        "name": "Ada",
        "nonce": "5f0e",
        "join": {"kind": "club", "new": True},
    }
    both = [await hall.stranger(), await hall.stranger()]
    for one in both:
        one.send(**hello)
    await testing.until(lambda: all(one.got("welcome") for one in both))
    (room,) = hall.made
    assert [peer.name for peer in room.peers] == ["Ada"]


@in_a_hall()
async def test_who_was_kicked_is_not_let_in_by_another_room(hall: Hall) -> None:
    """Its token is answered by the room that has thrown it out; a newcomer without one is another matter."""
    ada, _ = await hall.join("Ada"), await hall.join("Bob")
    room = hall.room_of(ada)
    eve = await hall.stranger()
    eve.send(type="hello", protocol=1, name="Eve", join={"code": (await hall.join("Cyd")).room_code})
    await testing.until(lambda: eve.got("welcome"))
    kicked_from = next(r for r in hall.made if r is not room)
    next(peer for peer in kicked_from.peers if peer.name == "Eve").kick("be nice")
    await testing.until(lambda: eve.ended)
    again = await hall.stranger()
    again.send(
        type="hello",
        protocol=1,
        name="Eve",
        resume=eve.got("welcome")[0]["resume"],
        join={"kind": "table", "new": True},
    )
    await testing.until(lambda: again.ended)
    assert [(frame["code"], frame["message"]) for frame in again.got("refused")] == [("kicked", "be nice")]
    assert len(hall.made) == 2


@in_a_hall()
async def test_rooms_outlive_a_restart_of_the_server(hall: Hall) -> None:
    """Its players come back into their rooms, and time goes on there."""
    clients = [await hall.join(name) for name in ("Ada", "Bob", "Cyd")]
    ids = [client.room_id for client in clients]
    rooms = hall.server.rooms
    await hall.server.stop()
    assert not [task for room in rooms for task in room._tasks]
    ticks = [room.tick for room in rooms]
    await hall.server.start()
    await testing.until(lambda: all(client.connected for client in clients))
    await testing.until(lambda: all(room.tick > tick for room, tick in zip(rooms, ticks, strict=True)))
    assert [client.room_id for client in clients] == ids
    assert not [name for notes in hall.happened.values() for name, _ in notes if name == "Left"]


# What goes wrong.


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


# Bad input.


@in_a_hall()
async def test_codes_cannot_be_guessed_quickly(hall: Hall) -> None:
    """After ten wrong ones from an address, a right one is refused, too; another address is not slowed."""
    ada = await hall.join("Ada", Join("table", private=True), host="10.0.0.1")
    texts = [str(await hall.refused(Join(code=f"WRN{n:02}"), host="10.0.0.2")) for n in range(11)]
    assert ["no room here has the code" in text for text in texts] == [True] * 10 + [False]
    right = Join(code=ada.room_code)
    assert "too many codes" in str(await hall.refused(right, host="10.0.0.2"))
    assert (await hall.join("Bob", right, host="10.0.0.3")).room_id == ada.room_id
    await asyncio.sleep(6)
    assert "full" in (await hall.refused(right, host="10.0.0.2")).code


@in_a_hall()
async def test_a_password_is_guessed_in_all_rooms_together(hall: Hall) -> None:
    """Who goes on to a new room has no new guesses of the host's password, nor at the door."""

    @hall.server.kind("club", host_password="plum")
    def club(room: KindRoom) -> None:
        room.on_admit(lambda visitor: "wrong" if visitor.password == "pear" else None)

    texts = []
    for _ in range(4):
        client = await hall.join("Eve", Join("club", new=True))
        with pytest.raises(netlib.RequestFailed) as caught:
            await client.request(netlib.Command("host", password="pear"))
        texts.append(str(caught.value))
    assert ["too many" in text for text in texts] == [False] * 3 + [True]
    codes = [(await hall.refused(Join("club", new=True), password="pear")).code for _ in range(11)]
    assert codes == ["admission"] * 10 + ["password"]


@in_a_hall(limits=netlib.Limits(max_spectators=2))
async def test_spectators_who_wait_at_the_door_count(hall: Hall) -> None:
    """Of five that come at once, two find a place, though the game looks at each of them for a while."""

    @hall.server.kind("club")
    def club(room: KindRoom) -> None:
        @room.on_admit
        async def admit(visitor: Visitor) -> None:
            await asyncio.sleep(1)

    await hall.join("Ada", Join("club"))
    eyes = [hall.join(f"Eye{number}", Join("club"), spectator=True) for number in range(5)]
    found = await asyncio.gather(*eyes, return_exceptions=True)
    assert [one.code for one in found if isinstance(one, netlib.Refused)] == ["full"] * 3
    assert hall.server.rooms[0].spectators == 2


@in_a_hall(limits=netlib.Limits(max_players=6))
async def test_who_is_away_gives_place_when_all_rooms_are_full(hall: Hall) -> None:
    """Somebody who fills all rooms by connections that he cuts keeps four places, not all."""
    for number in range(6):
        eve = await hall.stranger()
        eve.send(type="hello", protocol=1, name=f"E{number}", join={"kind": "table"})
        await testing.until(partial(eve.got, "welcome"))
        eve.kill()
    await testing.until(lambda: not any(peer.connected for room in hall.server.rooms for peer in room.peers))
    ada, bob = await hall.join("Ada"), await hall.join("Bob")
    assert ada.connected and bob.connected and hall.server.info().players == 6
    assert (await hall.refused(Join("table"))).code == "full"


@pytest.mark.parametrize("join", [Join(id="x" * 10_000), Join(code="y" * 10_000), Join(kind="z" * 10_000)])
@in_a_hall()
async def test_long_names_are_refused_in_few_words(hall: Hall, join: Join) -> None:
    """An id of 10 KB finds no room, and is not said again."""
    assert len(str(await hall.refused(join))) < 200
    assert hall.server.rooms == []


@in_a_hall()
async def test_a_mistyped_kind_is_set_right(hall: Hall) -> None:
    """Who says no kind has it where there is one alone; else the kinds are listed."""
    error = await hall.refused(Join("tabel"))
    assert error.code == "kind" and 'did you mean "table"?' in str(error)
    assert (await hall.join("Ada", Join())).room == "table"
    hall.serve("arena")
    assert "table, arena" in str(await hall.refused(Join()))


@in_a_hall(limits=netlib.Limits(max_players=1000, max_connections=1000, handshake_burst=2000))
async def test_an_address_has_few_rooms(hall: Hall) -> None:
    """Of a thousand that it asks for it gets some dozens; another address still gets one."""
    hall.serve("slow", tick_rate=1)
    refusals: Counter[str] = Counter()
    for number in range(1000):
        try:
            await hall.join(f"E{number}", Join("slow", new=True), host="10.0.0.2")
        except netlib.Refused as error:
            refusals[f"{error.code}: {error}"] += 1
        if number % 100 == 99:
            await asyncio.sleep(4)
    assert len(hall.server.rooms) == 64 == 1000 - refusals.total()
    assert {text.partition(":")[0] for text in refusals} == {"rooms"}
    assert any("your address has 64 rooms" in text for text in refusals)
    assert any("in a short time" in text for text in refusals)
    await hall.join("Ada", Join("slow", new=True), host="10.0.0.3")


@in_a_hall(max_rooms=2)
async def test_a_server_has_few_rooms(hall: Hall) -> None:
    """When there is no place for more, those that are there still take players."""
    for name in ("Ada", "Bob"):
        await hall.join(name, Join("table", new=True))
    assert (await hall.refused(Join("table", new=True))).code == "rooms"
    await hall.join("Cyd")


@in_a_hall()
async def test_somebody_without_a_hello_is_in_no_room(hall: Hall) -> None:
    """A move before the hello is refused, as is a hello of another protocol; and no room is made."""
    eve = await hall.stranger()
    eve.send(type="ping", time=1.0)
    eve.send(type="hello", protocol=99, name="Eve", join={"kind": "table"})
    await testing.until(lambda: eve.ended)
    assert [frame["code"] for frame in eve.frames] == ["no_hello", "protocol"]
    assert hall.made == []


# Many.


@in_a_hall(limits=netlib.Limits(max_players=200))
async def test_two_hundred_race_for_seats(hall: Hall) -> None:
    """No room has more than eight, whoever is quick; nobody leaves who has not joined."""
    hall.serve("arena", limits=netlib.Limits(max_players=8))
    most: list[int] = []

    def furnished(room: KindRoom) -> None:
        hall.note(room)
        room.on(netlib.Joined)(lambda event: most.append(len(room.players)))

        @room.on_admit
        async def slowly(visitor: netlib.rooms.Visitor) -> str | None:
            await asyncio.sleep(len(visitor.name) / 10)
            return "no" if visitor.name.endswith("7") else None

    hall.server.kind("asking", limits=netlib.Limits(max_players=8))(furnished)
    kinds = ["arena", "asking"]
    clients = [hall.client(f"P{n}", Join(kinds[n % 2]), host=f"10.0.{n % 9}.1") for n in range(200)]
    found = await asyncio.gather(*(client.open() for client in clients), return_exceptions=True)
    refused = [error for error in found if error is not None]
    assert {getattr(error, "code", error) for error in refused} <= {"admission", "full"}
    assert sum(len(room.players) for room in hall.server.rooms) == 200 - len(refused)
    assert max(len(room.players) for room in hall.made) == 8 >= max(most)
    await asyncio.gather(*(client.close() for client in clients))
    await testing.until(lambda: hall.server.rooms == [])
    for notes in hall.happened.values():
        names = [name for name, _ in notes]
        assert names.count("Joined") == names.count("Left")
        assert all(("Joined", who) in notes[:at] for at, (what, who) in enumerate(notes) if what == "Left")


async def test_rooms_that_have_ended_are_forgotten() -> None:
    """A thousand rooms came and went: the server holds none of them, and no task is left."""
    limits = netlib.Limits(handshakes_per_second=1e6)
    server = RoomServer("hall", host=LOOPBACK, port=0, discoverable=False, limits=limits)
    server._directory._made = lambda address: RateLimit(1e6, 1e6)
    rooms = weakref.WeakSet[KindRoom]()

    @server.kind("brief")
    def brief(room: KindRoom) -> None:
        rooms.add(room)
        room.every(1, lambda: room.group("red").peers)

    async with server:
        tasks = len(server._tasks)
        for _ in range(40):
            clients = [netlib.Client(url(server), name="Ada", join=Join(new=True)) for _ in range(25)]
            await asyncio.gather(*(client.open() for client in clients))
            await asyncio.gather(*(client.close() for client in clients))
        await wait_until_async(lambda: len(server._tasks) == tasks, "all have ended")
        del clients
        gc.collect()
        assert len(rooms) <= 1  # the newest that the watch over silent clients has looked at
        assert server._made == 1000
        assert (len(server._ending), len(server._directory._makers)) == (0, 0)


@in_a_hall()
async def test_ticks_of_rooms_are_spread_over_time(hall: Hall) -> None:
    """Ten rooms of one rate do not tick at once: in each tenth of a tick there are one or two."""
    rooms = [hall.server.open_room("table") for _ in range(10)]
    moments: dict[str, float] = {}

    def note(room: KindRoom, dt: float) -> None:
        moments.setdefault(room.code, netlib.clock() * room.tick_rate % 1)

    for room in rooms:
        room.on_tick(partial(note, room))
    await testing.until(lambda: len(moments) == 10)
    gaps = sorted(moments.values())
    between = [b - a for a, b in zip(gaps, [*gaps[1:], gaps[0] + 1], strict=True)]
    assert max(between) < 0.2 and min(between) > 0.04


# How it is set up.


def test_kinds_are_checked_as_they_are_declared() -> None:
    """What is wrong with a kind is said at once, not to the first player."""
    server = RoomServer("hall")
    server.kind("table")(lambda room: None)
    with pytest.raises(netlib.WrongArgument, match="already"):
        server.kind("table")
    with pytest.raises(netlib.WrongArgument, match='did you mean "tick_rate"'):
        server.kind("other", tickrate=3)  # type: ignore[call-arg]
    with pytest.raises(netlib.WrongArgument, match=r'@server\.kind\("table"\)'):
        server.kind(lambda room: None)  # type: ignore[arg-type]
    with pytest.raises(netlib.WrongArgument, match="tick_rate"):
        server.kind("other", tick_rate=-1)
    with pytest.raises(netlib.WrongArgument, match="room"):
        server.kind("other")(lambda: None)  # type: ignore[arg-type, misc]
    with pytest.raises(netlib.WrongArgument, match="plain function"):
        server.kind("other")(asyncio.sleep)  # type: ignore[arg-type]
    with pytest.raises(netlib.WrongArgument, match='did you mean "table"'):
        server.open_room("tabel")


@testing.in_virtual_time
async def test_a_room_may_be_opened_before_the_server() -> None:
    """Its time begins with the server's."""
    async with testing.Network() as network:
        server = RoomServer("hall", port=0, discoverable=False, network=network)
        server.kind("lobby")(lambda room: None)
        lobby = server.open_room("lobby", options={"size": 4})
        assert lobby.options == {"size": 4} and lobby.tick == 0
        async with server:
            await testing.until(lambda: lobby.tick > 3)


@in_a_hall(hosted=True)
async def test_discovery_tells_of_all_rooms_together(hall: Hall) -> None:
    """A searcher sees how many play on the server, and in how many rooms."""
    for name in ("Ada", "Bob", "Cyd"):
        await hall.join(name)
    await hall.join("Eye", spectator=True)
    info = hall.server.info()
    assert (info.name, info.players, info.max_players, info.rooms) == ("hall", 3, 500, 2)
    assert info.hosted and not info.password
