"""Bots as clients: each plays over the network like a person, and together they measure the room."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterable
from functools import partial
from statistics import quantiles

import msgspec
from websockets.frames import CloseCode

import netlib
from netlib.transport.loops import clock
from netlib.transport.tcp import TCP, Network
from workshop.game.play.autopilot import Autopilot
from workshop.game.play.ticks import ticks
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import MESSAGES, PlayingAs

JOINS_PER_SECOND = 20.0  # so that a hundred bots do not knock at once
WARM_UP = 1.0  # seconds that a bot plays before its numbers count
NAMES = (
    "Alder", "Ash", "Aspen", "Beech", "Birch", "Cedar", "Cherry", "Cypress", "Elder", "Elm", "Fir",
    "Hazel", "Hawthorn", "Holly", "Hornbeam", "Juniper", "Larch", "Laurel", "Lime", "Maple", "Medlar",
    "Myrtle", "Oak", "Olive", "Osier", "Pear", "Pine", "Plum", "Poplar", "Quince", "Rowan", "Sequoia",
    "Sorbus", "Spruce", "Sumac", "Sycamore", "Thuja", "Walnut", "Willow", "Yew",
)  # fmt: skip


class BotsReport(msgspec.Struct):
    """What the bots saw."""

    joined: int = 0  # how many got in
    fed: int = 0  # how many of those got a snapshot, at least one
    refused: Counter[str] = msgspec.field(default_factory=Counter)  # did not get in, by what they were told
    lost: Counter[str] = msgspec.field(default_factory=Counter)  # connections for good, by reason
    came_back: int = 0  # how often one lost its connection, and came back as the same player
    snapshots: list[float] = []  # per second, for each bot
    rtts: list[float] = []  # median round trip of each bot, in seconds


class Troop:
    """A number of bots in one room.

    Args:
        url: the room's address.
        count: how many bots.
        password: what the room asks for.
        link: simulated conditions at each bot's end.
        seed: makes what they do repeatable, as far as the network is.
        network: what carries the bytes.

    Attributes:
        report: what they saw; complete when `play` has ended.
    """

    def __init__(
        self,
        url: str,
        count: int,
        *,
        password: str = "",
        link: netlib.LinkConditions = netlib.PERFECT,
        seed: int = 1,
        network: Network = TCP,
    ) -> None:
        self.report = BotsReport()
        self._count, self._seed = count, seed
        known = partial(netlib.connect, url, messages=MESSAGES, schema=SCHEMA)
        self._connect = partial(known, password=password, link=link, network=network)

    async def play(self) -> None:
        """Play until cancelled, or until every bot has lost its connection for good.

        A bot whose connection is lost comes back as netlib's clients do; when the room has closed, it
        leaves: nobody waits for it to open again.

        Raises:
            netlib.ConnectError: the first bot was not let in, and why.
        """
        first = await self._client(0)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._play(first, 0))
            for number in range(1, self._count):
                await asyncio.sleep(1 / JOINS_PER_SECOND)
                group.create_task(self._join_and_play(number))

    def _client(self, number: int) -> netlib.Client:
        return self._connect(name=NAMES[number % len(NAMES)], seed=self._seed + number)

    async def _join_and_play(self, number: int) -> None:
        try:
            client = await self._client(number)
        except netlib.NetlibError as error:
            self.report.refused[getattr(error, "code", str(error))] += 1
        else:
            await self._play(client, number)

    async def _play(self, client: netlib.Client, number: int) -> None:
        self.report.joined += 1
        started = clock()
        telling = asyncio.create_task(_tell_what_plays(client))
        try:
            await self._send_inputs(client, number)
        finally:
            telling.cancel()
            self._note(client, clock() - started)
            await client.close()

    async def _send_inputs(self, client: netlib.Client, number: int) -> None:
        autopilot = Autopilot(client, seed=self._seed + number)
        async for _ in ticks(client.tick_rate):
            if self._has_ended(client.poll()):
                return
            if move := autopilot.decide():
                client.send_input(move)

    def _has_ended(self, events: Iterable[object]) -> bool:
        """Take in what happened to a bot. True when it has no place in the room any more."""
        for event in events:
            match event:
                case netlib.Connected(resumed=True):
                    self.report.came_back += 1
                case netlib.Disconnected(code, reason) | netlib.Interrupted(
                    CloseCode.GOING_AWAY as code, reason
                ):
                    self.report.lost[reason or str(code)] += 1
                    return True
        return False

    def _note(self, client: netlib.Client, seconds: float) -> None:
        self.report.fed += client.metrics.snapshots.total > 0
        if seconds > WARM_UP:
            self.report.snapshots.append(client.metrics.snapshots.total / seconds)
        if client.metrics.rtt is not None:
            self.report.rtts.append(client.metrics.rtt)


async def _tell_what_plays(client: netlib.Client) -> None:
    with contextlib.suppress(netlib.NetlibError, TimeoutError):  # only a board wants to know
        await client.request(PlayingAs("bot"))


def percentile(values: Iterable[float], percent: int) -> float:
    """The value below which ``percent`` of the values lie; 0 when there are none."""
    known = sorted(values)
    if len(known) < 2:
        return known[0] if known else 0.0
    return quantiles(known, n=100, method="inclusive")[percent - 1]
