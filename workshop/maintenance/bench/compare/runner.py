"""Measuring: a server's process, the clients' process, and their figures, round after round."""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from typing import Self, TypeVar

import msgspec

from workshop.errors import WorkshopError
from workshop.game.play.bot_client import percentile
from workshop.maintenance.bench.compare.figures import BUSY, Figures, Summary, largest, summarise
from workshop.maintenance.bench.compare.load import PATIENCE, CrowdReport, Task
from workshop.maintenance.bench.compare.rows import ROWS
from workshop.maintenance.bench.compare.serve import Cost
from workshop.maintenance.bench.compare.workload import TICK_RATE
from workshop.paths import ROOT

FIRST, MOST = 50, 6400  # players with which the search for the most begins and ends
SEARCH_SECONDS = 2.0  # that one try takes
TRIES = 2  # with a number of players before it counts as too many

T = TypeVar("T")


class Failed(WorkshopError):
    """A measurement failed; the text says why."""


class Plan(msgspec.Struct, frozen=True):
    """What to measure."""

    rows: list[str]  # keys of `ROWS`
    players: int = 200  # clients of each server
    seconds: float = 5.0  # how long each measurement takes
    rounds: int = 3  # how often to measure each row; the rows take turns
    moving: float = 1.0  # the share of the players that moves
    warm_up: float = 1.0  # seconds of play before each measurement
    find_largest: bool = False  # also search for the most players


class Process:
    """A module of the benchmark as a process that lasts as long as a block.

    Args:
        patience: seconds after which it counts as hanging and is killed.
    """

    def __init__(self, module: str, argument: str, patience: float) -> None:
        self._name = module
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.{module}", argument],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self._alarm = threading.Timer(patience, self._process.kill)

    def __enter__(self) -> Self:
        self._alarm.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._alarm.cancel()
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def line(self) -> str:
        """Its next line.

        Raises:
            Failed: it has ended, so there is none.
        """
        assert self._process.stdout is not None
        if line := self._process.stdout.readline():
            return line.decode().strip()
        self._process.wait()
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").split("\n")
        last = next((text.strip(" |") for text in reversed(said) if text.strip(" |+-")), "nothing")
        raise Failed(f"{self._name} ended; it said: {last}")

    def value(self, kind: type[T]) -> T:
        """Its next line, decoded from JSON."""
        return msgspec.json.decode(self.line(), type=kind)

    def cost(self) -> Cost:
        """What a server has cost so far."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(b"\n")
            self._process.stdin.flush()
        except OSError:  # it has ended; its last words say why
            self.line()
        return self.value(Cost)


def measure(row: str, plan: Plan, *, players: int, seconds: float) -> Figures:
    """One measurement.

    Raises:
        Failed: a process ended, or the clients did not see what they should.
    """
    patience = PATIENCE * 2 + plan.warm_up + seconds
    with Process("serve", row, patience) as server:
        port = int(server.line().rpartition(" ")[2])
        empty = server.cost()
        task = Task(port, ROWS[row].dialect, players, seconds, plan.warm_up, plan.moving)
        with Process("load", msgspec.json.encode(task).decode(), patience) as load:
            load.line()
            begin = server.cost()
            load.line()
            end = server.cost()
            return figures(load.value(CrowdReport), players, empty, begin, end)


def figures(seen: CrowdReport, players: int, empty: Cost, begin: Cost, end: Cost) -> Figures:
    """The figures, from what the clients saw and what the server cost.

    Args:
        empty: the server's cost before the first client came.
        begin, end: its cost before and after the time that was measured.
    """
    tally = seen.tally
    if tally.errors:
        raise Failed("; ".join(tally.errors))
    if not tally.latencies:
        raise Failed("no input was acknowledged")
    each = players * seen.seconds
    return Figures(
        cpu=(end.cpu - begin.cpu) / (end.at - begin.at),
        ticks_kept=min(1.0, tally.snapshots / each / TICK_RATE),
        p50=percentile(tally.latencies, 50),
        p99=percentile(tally.latencies, 99),
        snapshot_bytes=tally.snapshot_bytes / each,
        bytes=tally.bytes / each,
        memory=(end.memory - empty.memory) / players,
        load_cpu=seen.cpu,
    )


def compare(plan: Plan, tell: Callable[[str], None] = lambda what: None) -> dict[str, Summary]:
    """Measure every row of the plan; ``tell`` hears before each measurement what comes next."""
    rounds: dict[str, list[Figures]] = {row: [] for row in plan.rows}
    errors: dict[str, list[str]] = {row: [] for row in plan.rows}
    for number in range(1, plan.rounds + 1):
        for row in runnable(plan.rows):
            tell(f"round {number} of {plan.rounds}: {ROWS[row].title}")
            try:
                rounds[row].append(measure(row, plan, players=plan.players, seconds=plan.seconds))
            except Failed as failed:
                errors[row].append(str(failed))
    found = {row: summary(row, rounds[row], errors[row]) for row in plan.rows}
    return with_largest(found, plan, tell) if plan.find_largest else found


def runnable(rows: Sequence[str]) -> list[str]:
    """The rows that this Python can run."""
    return [row for row in rows if not ROWS[row].missing]


def summary(row: str, rounds: Sequence[Figures], errors: Sequence[str]) -> Summary:
    """Summarise the rounds of one row, or say what it lacks."""
    if ROWS[row].missing:
        return Summary(ROWS[row].title, missing=ROWS[row].missing)
    return summarise(ROWS[row].title, rounds, errors)


def with_largest(found: dict[str, Summary], plan: Plan, tell: Callable[[str], None]) -> dict[str, Summary]:
    """Add to the summary of each row that works how many players it can serve."""
    for row in runnable(plan.rows):
        if not found[row].errors:
            search = Search(row, plan, tell)
            most = largest(search.keeps_up, first=FIRST, most=MOST)
            found[row] = msgspec.structs.replace(found[row], largest=most, limited=search.limited)
    return found


class Search:
    """Tries of one row with more and more players."""

    def __init__(self, row: str, plan: Plan, tell: Callable[[str], None]) -> None:
        self._row = row
        self._plan = plan
        self._tell = tell
        self._crowded: dict[int, bool] = {}  # for each number that was too many: were the clients too busy

    @property
    def limited(self) -> bool:
        """Whether the clients' process was busy when the row first failed, and so may have been the limit."""
        return bool(self._crowded) and self._crowded[min(self._crowded)]

    def keeps_up(self, players: int) -> bool:
        """Whether the row keeps up with this number; another program on this machine may spoil one try."""
        return any(self._try(players) for _ in range(TRIES))

    def _try(self, players: int) -> bool:
        self._tell(f"most players: {ROWS[self._row].title} with {players}")
        try:
            got = measure(self._row, self._plan, players=players, seconds=SEARCH_SECONDS)
        except Failed:
            self._crowded[players] = False
            return False
        self._crowded[players] = got.load_cpu > BUSY
        if got.keeps_up:
            del self._crowded[players]
        return got.keeps_up
