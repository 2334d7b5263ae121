"""The clients' process: ``python -m workshop.maintenance.bench.compare.load '{"port": …}'``.

It prints ``begin`` and ``end`` around the time that is measured, and then what the clients saw, as JSON. They
stay connected until its input ends, so that the server need not handle all of them leaving.
"""

import asyncio
import gc
import sys
import time
from collections.abc import Sequence

import msgspec

import netlib
from netlib.transport.loops import GameLoop, clock
from workshop.maintenance.bench.compare.crowd import InputWatch, Member, Shared, Tally
from workshop.maintenance.bench.compare.dialects import DIALECTS, Dialect, look_at
from workshop.maintenance.bench.compare.rows.serving import HOST
from workshop.maintenance.bench.compare.system import allow_many_connections
from workshop.maintenance.bench.compare.workload import SCHEMA, TICK, Look, direction, movers, problems

GOLDEN = 0.6180339887498949
SAMPLE = 20  # players whose inputs are followed
SLOTS = 20  # parts of a tick over which the clients are spread: real ones are not in step
PINGS_EVERY = 10  # ticks: twice a second, like netlib's client
DOORS = 20  # clients that join at once
PATIENCE = 30.0  # seconds for all to join
WITNESS_SECONDS = 0.3  # between the two looks of the witness


class Task(msgspec.Struct, frozen=True):
    """What the crowd is to do."""

    port: int  # where the server is
    dialect: str  # what it speaks; a key of `DIALECTS`
    players: int  # how many clients
    seconds: float  # how long to measure
    warm_up: float = 1.0  # seconds of play before that
    moving: float = 1.0  # the share of the players that moves


class CrowdReport(msgspec.Struct):
    """What the crowd saw, and what it cost."""

    seconds: float  # how long it measured
    cpu: float  # the share of a core that this process took meanwhile
    tally: Tally


class Crowd:
    """All clients of one server."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._dialect: Dialect = DIALECTS[task.dialect]
        self._frames: dict[tuple[int, tuple[float, float]], bytes] = {}
        self.shared = Shared(self._dialect, f"{HOST}:{task.port}")
        sample = sampled(movers(task.players, task.moving))
        self.members = [
            Member(number, self.shared, InputWatch(number, self._dialect) if number in sample else None)
            for number in range(task.players)
        ]

    async def come_in(self) -> None:
        """Connect all of them."""
        doors = asyncio.Semaphore(DOORS)
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
            for member in self.members:
                group.create_task(self._come_in(member, doors))

    async def _come_in(self, member: Member, doors: asyncio.Semaphore) -> None:
        async with doors:
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: member, HOST, self._task.port)
            await member.ready

    def begin(self) -> Tally:
        """Count from now on."""
        self.shared.tally = Tally()
        for member in self.members:
            if member.watch:
                member.watch.first = b""
        return self.shared.tally

    async def play(self) -> None:
        """Send everyone's inputs, tick by tick, until cancelled."""
        groups: list[list[Member]] = [[] for _ in range(SLOTS)]
        for member in self.members:
            groups[slot_of(member.number)].append(member)
        begun, turn = clock(), 0
        while True:
            seq, slot = turn // SLOTS + 1, turn % SLOTS
            self._send_inputs(groups[slot], seq)
            turn += 1
            await asyncio.sleep(max(0.0, begun + turn * TICK / SLOTS - clock()))

    def _send_inputs(self, members: Sequence[Member], seq: int) -> None:
        for member in members:
            member.send_input(seq, self._input(member.number, seq))
            if self._dialect.netlib and (seq + member.number) % PINGS_EVERY == 0:
                member.write(self._dialect.frame({"type": "ping", "time": clock(), "rtt": 0.01}))

    def _input(self, number: int, seq: int) -> bytes:
        """The frame of an input, made once for all players who send the same."""
        move = direction(number, self._task.players, self._task.moving)
        if (seq, move) not in self._frames:
            self._frames = {key: frame for key, frame in self._frames.items() if key[0] >= seq - 1}
            self._frames[seq, move] = self._dialect.frame({"type": "input", "seq": seq, "move": move})
        return self._frames[seq, move]


def slot_of(number: int) -> int:
    """The part of a tick in which a player sends. Multiples of the golden ratio spread the players evenly."""
    return int(number * GOLDEN % 1 * SLOTS)


def sampled(moving: int) -> set[int]:
    """The players who measure: some of the moving ones, evenly spread."""
    return {round(step * moving / SAMPLE) % moving for step in range(SAMPLE)}


async def measure(task: Task) -> CrowdReport:
    """Play, and measure for a while."""
    crowd = Crowd(task)
    await crowd.come_in()
    gc.freeze()
    gc.disable()  # a pause of ours would count as the server's
    async with asyncio.TaskGroup() as group:
        playing = group.create_task(crowd.play())
        await asyncio.sleep(task.warm_up)
        seen = await watch(crowd, task.seconds)
        for problem in problems(*await looks(crowd, task), task.players, task.moving):
            seen.tally.count(problem)
        playing.cancel()
    return seen


async def watch(crowd: Crowd, seconds: float) -> CrowdReport:
    """Count what arrives in that time."""
    print("begin", flush=True)
    tally = crowd.begin()
    begun, cpu = clock(), time.process_time()
    await asyncio.sleep(seconds)
    took = clock() - begun
    seen = CrowdReport(took, (time.process_time() - cpu) / took, tally)
    crowd.shared.tally = Tally()
    print("end", flush=True)
    return seen


async def looks(crowd: Crowd, task: Task) -> tuple[Look, Look]:
    """What the clients saw early and late."""
    if DIALECTS[task.dialect].netlib:
        return await witness(task)
    watch = next(member.watch for member in crowd.members if member.watch)
    if not watch.newest:
        return Look({}, 0), Look({}, 0)
    return look_at(watch.first), look_at(watch.newest)


async def witness(task: Task) -> tuple[Look, Look]:
    """What a real client sees now and a little later. The crowd itself does not read netlib's deltas."""
    codec = DIALECTS[task.dialect].codec
    url = f"ws://{HOST}:{task.port}"
    async with netlib.connect(url, name="witness", spectator=True, schema=SCHEMA, codec=codec) as client:
        await client.wait_for(netlib.StateChanged, timeout=PATIENCE)
        before = look_through(client)
        await asyncio.sleep(WITNESS_SECONDS)
        return before, look_through(client)


def look_through(client: netlib.Client) -> Look:
    """What this client shows."""
    places = {player.name: (player.x, player.y) for player in client.state["players"].values()}
    return Look(places, len(client.state["resources"]))


def main() -> None:
    """Do the task from the command line."""
    task = msgspec.json.decode(sys.argv[1], type=Task)
    allow_many_connections()
    with asyncio.Runner(loop_factory=GameLoop) as runner:
        print(msgspec.json.encode(runner.run(measure(task))).decode(), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
