"""A run: a room, honest players, many attacks at once, and what went wrong."""

import asyncio
import contextlib
import itertools
import logging
import sys
import time
import traceback
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

import netlib
from netlib.transport.loops import clock
from workshop.maintenance.bench.game_server import room
from workshop.maintenance.fuzz.attack import HOST, Attack
from workshop.maintenance.fuzz.honest import Honest, settled

AT_ONCE = 8  # attacks
REMEMBERED = 24  # attacks that have ended, which may still be to blame
SEATS = 400
GRACE_TIME = 1.0  # seconds that a dropped attacker keeps its place: the room is to be empty of them soon
CLEAN_SECONDS = 10.0  # until nothing of the attacks may be left
LOOK_EVERY = 0.25  # seconds between two looks at the honest players
MOST_SPENT = 0.5  # seconds of the processor between two ticks, which nobody may cause


class Plan(msgspec.Struct, frozen=True):
    """What to do."""

    seed: int  # all attacks are made from it
    seconds: float = 30.0  # how long to go on
    # Numbers of the attacks to make, once each; empty for 0, 1, 2, … until the time is over
    only: tuple[int, ...] = ()


class Result(msgspec.Struct):
    """What happened."""

    attacks: int = 0  # how many were made
    written: int = 0  # bytes that they wrote
    joined: int = 0  # how many players and spectators the server let in, the honest ones included
    resumed: int = 0  # how often one of them came back to its place
    # How often the server refused something, by reason
    refused: dict[str, int] = msgspec.field(default_factory=dict)
    states: int = 0  # states that the honest players saw
    lines: int = 0  # lines of their chat that came back
    spent: float = 0.0  # the most seconds of the processor between two ticks
    problems: list[str] = msgspec.field(default_factory=list)  # what went wrong, in words
    # The attacks that were under way at the first problem, or just before it
    suspects: list[str] = msgspec.field(default_factory=list)


class Fuzz:
    """One run; its ``result`` is complete once `run` has ended. Tests may ``prepare`` the server."""

    def __init__(self, plan: Plan, prepare: Callable[[netlib.Server], object] = lambda server: None) -> None:
        self.result = Result()
        self._plan, self._prepare = plan, prepare
        self._numbers: Iterator[int] = iter(plan.only) if plan.only else itertools.count()
        self._running: set[Attack] = set()
        self._ended: deque[Attack] = deque(maxlen=REMEMBERED)

    async def run(self) -> Result:
        """Run it all."""
        limits = netlib.Limits(
            max_players=SEATS, max_spectators=SEATS, max_connections=2 * SEATS, grace_time=GRACE_TIME
        )
        server = room(limits)
        self._prepare(server)
        tasks = len(asyncio.all_tasks())
        with self._listening():
            async with server, self._players(f"ws://{HOST}:{server.port}") as players:
                self._measure(server)
                await self._attack(server, players)
                await self._compare(server, players)
            await self._clean(lambda: len(asyncio.all_tasks()), tasks, "tasks")
        metrics = server.metrics
        self.result.joined, self.result.resumed = metrics.joined, metrics.resumed
        self.result.refused = dict(metrics.refused)
        return self.result

    @contextlib.contextmanager
    def _listening(self) -> Iterator[None]:
        """Take every error that is logged, and every one that asyncio is left with, for a problem."""
        handler = _Handler(self._problem)
        logging.getLogger().addHandler(handler)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: self._problem(in_words(context)))
        try:
            yield
        finally:
            loop.set_exception_handler(None)
            logging.getLogger().removeHandler(handler)

    @contextlib.asynccontextmanager
    async def _players(self, url: str) -> AsyncIterator[list[Honest]]:
        """Two honest players who play as long as this lasts, one in each encoding."""
        players = [Honest(url, "Ada", netlib.JSON), Honest(url, "Ben", netlib.MSGPACK)]
        async with players[0].client, players[1].client, asyncio.TaskGroup() as group:
            playing = [group.create_task(player.play()) for player in players]
            yield players
            for task in playing:
                task.cancel()
        self.result.lines = sum(player.lines for player in players)
        self.result.states = sum(player.ticks for player in players)

    def _measure(self, server: netlib.Server) -> None:
        last = time.thread_time()

        def tick(_: float) -> None:
            nonlocal last
            before, last = last, time.thread_time()
            self.result.spent = max(self.result.spent, last - before)

        server.on_tick(tick)

    async def _attack(self, server: netlib.Server, players: list[Honest]) -> None:
        """Attack until the time is over, or something is wrong; then nothing of the attacks may be left."""
        await asyncio.sleep(LOOK_EVERY)
        tasks, files, until = len(asyncio.all_tasks()), open_files(), clock() + self._plan.seconds
        async with asyncio.TaskGroup() as group:
            attackers = [group.create_task(self._attacker(server.port, until)) for _ in range(AT_ONCE)]
            while not all(attacker.done() for attacker in attackers):
                await asyncio.sleep(LOOK_EVERY)
                self._look(players)
        await self._clean(lambda: len(server.peers), len(players), "players")
        await self._clean(lambda: len(asyncio.all_tasks()), tasks, "tasks")
        await self._clean(open_files, files, "open files and sockets")
        self._look(players)
        if self.result.spent > MOST_SPENT:
            self._problem(f"a tick had to wait for {self.result.spent:.2f} s of the processor")

    async def _attacker(self, port: int, until: float) -> None:
        for number in self._numbers:
            if self.result.problems or (clock() > until and not self._plan.only):
                return
            attack = Attack(self._plan.seed, number)
            self._running.add(attack)
            await attack.run(port)
            self._running.discard(attack)
            self._ended.append(attack)
            self.result.attacks += 1
            self.result.written += sum(map(len, attack.sent))

    def _look(self, players: list[Honest]) -> None:
        for player in players:
            player.look()
            while player.problems:
                self._problem(player.problems.pop())

    async def _compare(self, server: netlib.Server, players: list[Honest]) -> None:
        """When time stands still, both honest players see the same."""
        server.pause()
        if not self.result.problems and not await settled(players):
            self._problem("the honest players do not see the same state")

    async def _clean(self, count: Callable[[], int], most: int, what: str) -> None:
        deadline = clock() + CLEAN_SECONDS
        while count() > most:
            if clock() > deadline:
                self._problem(f"{count()} {what} are left, and {most} were there before")
                return
            await asyncio.sleep(0.05)

    def _problem(self, words: str) -> None:
        if not self.result.problems:
            suspects = [*self._ended, *self._running]
            self.result.suspects = [attack.script() for attack in suspects]
        self.result.problems.append(words)


class _Handler(logging.Handler):
    def __init__(self, tell: Callable[[str], object]) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info or record.levelno >= logging.ERROR:
            self._tell(self.format(record))


def in_words(context: dict[str, Any]) -> str:
    """What asyncio is left with, and where it comes from."""
    error = context.get("exception")
    return "\n".join([f"asyncio: {context['message']}", *traceback.format_exception(error)])


def open_files() -> int:
    """How many files and sockets this process has open; 0 where the system does not tell."""
    return 0 if sys.platform == "win32" else len(list(Path("/dev/fd").iterdir()))
