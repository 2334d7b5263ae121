"""Many rooms on one port: guesses, long names, and more rooms or seats than there may be."""

import asyncio
from collections import Counter
from functools import partial
from typing import Any

import pytest

import netlib
from netlib import testing
from netlib.rooms import Join, KindRoom, Visitor
from tests.support.many_rooms import Hall, in_a_hall

Client = netlib.Client[Any]


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
