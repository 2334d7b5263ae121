"""Many rooms on one port: hundreds who race, rooms that come and go, and ticks spread over time."""

import asyncio
import gc
import weakref
from functools import partial
from typing import Any

import netlib
from netlib import testing
from netlib.play.timing import RateLimit
from netlib.rooms import Join, KindRoom, RoomServer
from tests.support.many_rooms import Hall, in_a_hall
from tests.support.processes import wait_until_async
from tests.support.rooms import LOOPBACK, url

Client = netlib.Client[Any]


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
