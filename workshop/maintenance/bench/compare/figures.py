"""The figures of one measurement, and summaries of several."""

from collections.abc import Callable, Sequence
from statistics import median
from typing import Final

import msgspec

from workshop.maintenance.bench.compare.workload import TICK

BUSY: Final = 0.8  # of a core: above it, the clients' process may be the limit
TICKS_KEPT: Final = 0.95  # share of the ticks that a server must keep
LATENCY: Final = 2 * TICK  # seconds; 99 of 100 inputs must be acknowledged faster


class Figures(msgspec.Struct, frozen=True):
    """One measurement of one row."""

    cpu: float  # the server's share of a core
    ticks_kept: float  # the share of the expected snapshots that came
    p50: float  # seconds from an input to the snapshot that acknowledges it, for half of them
    p99: float  # the same for 99 of 100
    snapshot_bytes: float  # bytes of snapshots, per client and second
    bytes: float  # everything that a client got, with headers, per second
    memory: float  # bytes by which the server grew, per client
    load_cpu: float  # the clients' process's share of a core

    @property
    def keeps_up(self) -> bool:
        """Whether such a game is playable."""
        return self.p99 < LATENCY and self.ticks_kept >= TICKS_KEPT


class Spread(msgspec.Struct, frozen=True):
    """One figure over several rounds: the median, the lowest and the highest."""

    middle: float
    low: float
    high: float


class Summary(msgspec.Struct, frozen=True):
    """All rounds of one row."""

    title: str
    figures: dict[str, Spread] = {}  # each of `Figures`, by name; empty if something went wrong
    # What went wrong in any round: a server that is fast because it is broken has no figures.
    errors: list[str] = []
    missing: str = ""  # what this Python lacks for the row
    largest: int | None = None  # the most players with which it keeps up, if that was searched for
    limited: bool = False  # the clients' process was the limit in that search, so `largest` may be too low

    def middle(self, name: str) -> float | None:
        """The median of a figure; None if it was not measured."""
        spread = self.figures.get(name)
        return spread.middle if spread else None

    @property
    def crowded(self) -> bool:
        """Whether the clients' process was too busy for these figures to be the server's."""
        return (self.middle("load_cpu") or 0.0) > BUSY


def spread(values: Sequence[float]) -> Spread:
    """The median, the lowest and the highest of these values."""
    return Spread(median(values), min(values), max(values))


def summarise(title: str, rounds: Sequence[Figures], errors: Sequence[str]) -> Summary:
    """Summarise the rounds of one row."""
    if errors or not rounds:
        return Summary(title, errors=list(dict.fromkeys(errors)) or ["nothing was measured"])
    names = Figures.__struct_fields__
    return Summary(title, {name: spread([getattr(figures, name) for figures in rounds]) for name in names})


def largest(keeps_up: Callable[[int], bool], *, first: int, most: int, exact: float = 0.05) -> int:
    """Find the largest number that keeps up, by doubling and then by bisection.

    Args:
        keeps_up: tries a number.
        first: the number to begin with.
        most: the largest number to try.
        exact: the share of the result by which it may be too low.

    Returns:
        The largest number that kept up; 0 if not even ``first`` did.
    """
    good, bad = 0, first
    while bad <= most and keeps_up(bad):
        good, bad = bad, bad * 2
    if good == 0:
        return 0
    bad = min(bad, most + 1)
    while bad - good > max(1.0, good * exact):
        middle = (good + bad) // 2
        good, bad = (middle, bad) if keeps_up(middle) else (good, middle)
    return good
