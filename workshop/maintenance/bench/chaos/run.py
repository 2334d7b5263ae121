"""The chaos run from beginning to end: two lives of one server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import msgspec

import netlib
from netlib.transport.loops import clock
from workshop.game.play.ticks import ticks
from workshop.game.rules.messages import MESSAGES
from workshop.game.rules.units import TICK_RATE
from workshop.maintenance.bench.chaos.books import Ask, Books, Hush, News, Token, differences
from workshop.maintenance.bench.chaos.bots import Bot
from workshop.maintenance.bench.chaos.cutter import Cutter
from workshop.maintenance.bench.chaos.proxy import HOST, Proxy
from workshop.processes.children import READY, Child, running

SERVER = "workshop.maintenance.bench.chaos.serve"
LIVES = 2
BACK_SECONDS = 30.0  # that all bots may take to come back; the longest pause between two tries is 4 s
LOOK_EVERY = 0.02  # seconds between two looks at what we wait for
PROGRESS_EVERY = 2.0  # seconds
TRIPS = 4  # one of so many bots is cut in the handshake when it comes back after the kill
ASK_EVERY = 0.25  # seconds between two looks at the server's books
SPARE_SECONDS = 60.0  # beyond the time for the cuts, after which a run counts as hanging


class Plan(msgspec.Struct, frozen=True):
    """How many bots play, how many connections to cut at least, and within about how many seconds."""

    bots: int = 32
    cuts: int = 200
    seconds: float = 60.0
    seed: int = 1


class Result(msgspec.Struct):
    """What happened; the counts add up both lives."""

    cuts: dict[str, int] = msgspec.field(default_factory=dict)  # connections that were cut, by kind
    silences: int = 0  # connections through which nothing passed for a while
    dropped: int = 0  # how often a player lost its connection, as the server saw it
    resumed: int = 0  # how often a player came back to its place
    scores: int = 0  # how many of those had points, and kept them
    sent: int = 0  # tokens of the bots; those that were under way at the kill are lost
    arrived: int = 0  # how many of these the server got
    received: int = 0  # how many tokens and news the bots got
    back: float = 0.0  # seconds from the kill until all bots were in the room again
    seconds: float = 0.0  # the whole run
    problems: list[str] = msgspec.field(default_factory=list)  # what went wrong, in words


class Chaos:
    """One run; ``tell`` hears of its progress, and ``result`` is complete once `run` has ended."""

    def __init__(self, plan: Plan, tell: Callable[[str], None]) -> None:
        self.result = Result()
        self._plan = plan
        self._tell = tell
        self._proxy = Proxy()
        self._cutter = Cutter(self._proxy, plan.seed)
        self._bots: list[Bot] = []
        self._hushed = False

    async def run(self) -> Result:
        """Run it all.

        Raises:
            click.ClickException: the server did not start.
            netlib.ConnectError: the server refused a bot at the beginning.
        """
        begun = clock()
        try:
            async with asyncio.timeout(self._plan.seconds * 2 + SPARE_SECONDS), self._proxy:
                await self._play()
        except TimeoutError:
            self._problem(f"the run was not over after {clock() - begun:.0f} s")
        self._count_up()
        self.result.seconds = clock() - begun
        return self.result

    async def _play(self) -> None:
        url, seed = f"ws://{HOST}:{self._proxy.port}", self._plan.seed
        self._bots = [Bot(url, number, seed) for number in range(1, self._plan.bots + 1)]
        with running(SERVER, "0", str(self._plan.bots)) as first:
            self._proxy.target = await port_of(first)
            await asyncio.gather(*(bot.client.open() for bot in self._bots))
            self._tell(f"{self._plan.bots} bots are in the room")
            async with _beside(self._let_bots_play()):
                await self._first_life(first)
                with running(SERVER, str(self._proxy.target), str(self._plan.bots)) as second:
                    await port_of(second)
                    await self._second_life(second)

    async def _let_bots_play(self) -> None:
        """Let them play until they must begin nothing new, so that what is under way can arrive."""
        tick = 0
        async for _ in ticks(TICK_RATE):
            if self._hushed:
                return
            tick += 1
            for bot in self._bots:
                bot.act(tick)

    async def _first_life(self, server: Child) -> None:
        async with self._clerk() as clerk:
            await self._cut(self._plan.cuts // 2)
            self._note(await clerk.request(Ask()))
            self._check_runs(server)
            server.kill()
            self._killed = clock()
        self._cutter.trip(max(1, self._plan.bots // TRIPS))
        self._tell("the server is killed, and started again")

    async def _second_life(self, server: Child) -> None:
        async with self._clerk() as clerk:
            await self._all_back()
            await self._cut(self._plan.cuts)
            self._hushed = True
            clerk.send(Hush())
            self._note(await self._settled(clerk))
            self._check_runs(server)
            await asyncio.gather(*(bot.leave() for bot in self._bots))

    @contextlib.asynccontextmanager
    async def _clerk(self) -> AsyncIterator[netlib.Client]:
        """A spectator that reads the server's books, over a connection that is never cut."""
        url = f"ws://{HOST}:{self._proxy.target}"
        async with netlib.connect(
            url, name="clerk", spectator=True, messages=[Books, Token, News, *MESSAGES], reconnect_time=0
        ) as clerk:
            yield clerk

    async def _cut(self, goal: int) -> None:
        cutting = asyncio.create_task(self._cutter.cut(goal, self._plan.seconds / 2))
        async with _beside(self._show_progress()):
            await cutting

    async def _show_progress(self) -> None:
        while True:
            await asyncio.sleep(PROGRESS_EVERY)
            players = sum(bot.client.connected for bot in self._bots)
            self._tell(f"{self._proxy.cuts.total()} of {self._plan.cuts} cuts; {players} bots are connected")

    async def _all_back(self) -> None:
        """Wait until every bot is a newcomer in the second life."""
        while clock() - self._killed < BACK_SECONDS and any(bot.lives < LIVES for bot in self._bots):
            await asyncio.sleep(LOOK_EVERY)
        self.result.back = clock() - self._killed
        self._tell(f"all are back {self.result.back:.1f} s after the kill")

    async def _settled(self, clerk: netlib.Client) -> Books:
        """Wait until nothing is under way; any difference left is a problem. Returns the books."""
        deadline = clock() + BACK_SECONDS
        while True:
            books: Books = await clerk.request(Ask())
            differ = differences(books, {bot.client.player_id: bot.seen for bot in self._bots})
            if not differ or clock() > deadline:
                self.result.problems += differ
                return books
            await asyncio.sleep(ASK_EVERY)

    def _note(self, books: Books) -> None:
        """Add up the server's books at the end of a life."""
        result = self.result
        result.dropped += books.dropped
        result.resumed += books.resumed
        result.scores += books.scores
        result.arrived += sum(account.received for account in books.accounts)
        result.problems += books.problems

    def _check_runs(self, server: Child) -> None:
        if (code := server.exit_code) is not None:
            how = f"its exit code is {code}, and it said: {server.last_words}"
            self._problem(f"the server has ended by itself; {how}")

    def _count_up(self) -> None:
        """Add the bots' books, and the cuts."""
        self.result.cuts, self.result.silences = dict(self._proxy.cuts), self._cutter.silences
        for bot in self._bots:
            self.result.sent += bot.tokens
            self.result.received += bot.received
            self.result.problems += bot.problems
            if bot.lives != LIVES:
                self._problem(f"{bot.name} was a newcomer {bot.lives} times in {LIVES} lives of the server")

    def _problem(self, words: str) -> None:
        self.result.problems.append(words)


async def port_of(server: Child) -> int:
    """Wait until a server is open, and return its port.

    Raises:
        click.ClickException: it did not open in time; with its last lines.
    """
    return int((await asyncio.to_thread(server.wait_for, READY))[1])


@contextlib.asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do something for as long as the block lasts; if it fails, the block ends."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(work)
        yield
        task.cancel()
