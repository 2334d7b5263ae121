"""Many rooms in one process against a process for each: ticks kept, and what they cost.

Run it with ``python -m workshop.maintenance.bench.many_rooms [--bots 400] [--seconds 10]``. All servers share
one core, where the system lets programs choose theirs; the bots, eight in each room, have the others.
"""

import asyncio
import contextlib
import itertools
import json
import os
import sys
import time

import netlib
from netlib.rooms import Join, RoomServer
from netlib.server.room import GameRoom
from workshop.maintenance.bench.server_load import how_much
from workshop.processes.children import READY, Child, running

MODULE = "workshop.maintenance.bench.many_rooms"
BOTS = 8  # in each room
LIMITS = netlib.Limits(max_players=BOTS)
EVERYBODY = netlib.Limits(max_players=2000, max_connections=2000, handshake_burst=2000, handshake_time=60)


class Step(netlib.Input, frozen=True):
    dx: int = 0


def main() -> None:
    """Measure both and print."""
    options = how_much(str(__doc__), bots=400)
    all_rooms = max(1, options.bots // BOTS)
    for servers, rooms in ((1, all_rooms), (all_rooms, 1)):
        print(f"{servers} process(es) of {rooms} room(s):", measured(servers, rooms, options.seconds))


def measured(servers: int, rooms: int, seconds: int) -> str:
    """Let bots play for a while; how many ticks were kept, and how busy the servers' core was."""
    with contextlib.ExitStack() as exit:
        children: dict[str, Child] = {}  # by port
        for _ in range(servers):  # one after the other: fifty would wait for each other too long
            child = exit.enter_context(running(MODULE, "serve", str(rooms)))
            children[child.wait_for(READY)[1]] = child
        bots = exit.enter_context(running(MODULE, "play", str(rooms * BOTS), *children))
        for _ in range(servers * rooms * BOTS):
            bots.wait_for("joined")
        begun = time.time() + 1
        lines = [line for child in children.values() for line in some(child, begun, seconds)]
    _, cpu, ticks, skipped = map(sum, zip(*lines, strict=True))
    return f"{ticks / (ticks + skipped):.1%} of the ticks kept, {cpu / seconds:.1%} of a core"


def some(child: Child, begun: float, seconds: int) -> list[list[float]]:
    """What a server said of the seconds from a moment on."""
    said = (json.loads(child.wait_for(r"^\[.*\]$")[0]) for _ in itertools.count())
    return list(itertools.islice((line for line in said if line[0] >= begun), seconds))


def furnish(room: GameRoom) -> None:
    """Let everybody walk, and see everybody."""
    places: dict[int, int] = {}

    @room.on_tick
    def tick(dt: float) -> None:
        for peer in room.players:
            for step in peer.take_inputs():
                places[peer.id] = places.get(peer.id, 0) + step.dx
        room.publish({"players": {peer.id: {"x": places.get(peer.id, 0)} for peer in room.players}})


async def serve(rooms: int) -> None:
    """Serve until the parent is gone, and say each second what it cost."""
    server = RoomServer("bench", host="127.0.0.1", port=0, discoverable=False, limits=EVERYBODY)
    server.kind("walk", tick_rate=20, snapshot_rate=10, input_type=Step, limits=LIMITS)(furnish)
    for _ in range(rooms):
        server.open_room("walk")
    async with server:
        print(f"is open on port {server.port}", flush=True)
        before = time.process_time(), 0, 0
        while True:
            await asyncio.sleep(1)
            counts = [room.metrics for room in server.rooms]
            now = time.process_time(), sum(c.ticks for c in counts), sum(c.ticks_skipped for c in counts)
            passed = [new - old for new, old in zip(now, before, strict=True)]
            before = now
            print(json.dumps([time.time(), *passed]), flush=True)


async def play(bots: int, ports: list[str]) -> None:
    """Let so many bots play on each of these servers, until the parent is gone."""
    urls = [f"ws://127.0.0.1:{port}" for port in ports for _ in range(bots)]
    clients = [netlib.Client(url, join=Join(), timeout=60) for url in urls]  # one core, and all have to wait
    for client in clients:
        await client.open()
        print("joined", flush=True)
    while True:
        for client in clients:
            client.send_input(Step(dx=1))
            await asyncio.sleep(0.2 / len(clients))  # so that each moves five times a second at most


def take_core(*, first: bool) -> None:
    """Have the first core, or the others, where there are several and one can choose."""
    if sys.platform == "linux" and len(cores := os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, {min(cores)} if first else cores - {min(cores)})


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", rooms]:
            take_core(first=True)
            netlib.run(serve(int(rooms)))
        case ["play", bots, *ports]:
            take_core(first=False)
            netlib.run(play(int(bots), ports))
        case _:
            main()
