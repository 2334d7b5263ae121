"""The simulated link against real TCP: one-way delays of 300 B messages at 20 Hz, in milliseconds.

Run it with ``python -m workshop.maintenance.bench.link_model [--messages 200000] [--seed 1] [--json]``. It
simulates in virtual time, so the same seed gives the same figures. It ends with 1 if a figure is off target:
p50 and p95 must be within 10 % of real TCP, p99 within 15 %.

Real TCP was measured over emulated links. In the first row only the way there is slow. If the way back were
slow too, a repeat, which waits until a later message has arrived and its ack has come back, would take 350
ms, and p99 could not be 278. The tails of a short run are luck: in a second measurement, p95 of that row was
160 ms over 27,600 messages, and from 120 to 201 over 1,380 of them. The tails of the other rows with loss
were then a little shorter too. So with jitter the model is too pessimistic, by a fifth at most.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import NamedTuple

from netlib.transport.conditioner import Conditioner, LinkConditions
from workshop.game.play.bot_client import percentile
from workshop.maintenance.bench.server_load import positive

INTERVAL = 0.05  # seconds between two messages
TARGETS = {50: 0.10, 95: 0.10, 99: 0.15}  # percentile: how far its ratio to real TCP may differ from 1


class Emulated(NamedTuple):
    """An emulated link, and how real TCP did over it."""

    name: str
    conditions: LinkConditions  # the latency is that of the round trip, half each way
    real: dict[int, int]  # percentiles of the one-way delay, in milliseconds
    beyond: float = 0.0  # seconds by which the way there takes longer than half of the round trip


LINKS = [
    Emulated(
        "100±20 ms, 2 % loss one way",
        LinkConditions(0.1, 0.02, 0.02),
        {50: 103, 95: 199, 99: 278},
        beyond=0.05,
    ),
    Emulated("50±10 ms, 2 % loss each way", LinkConditions(0.1, 0.01, 0.02), {50: 52, 95: 115, 99: 212}),
    Emulated("100±20 ms, 2 % loss each way", LinkConditions(0.2, 0.02, 0.02), {50: 105, 95: 289, 99: 388}),
    Emulated("100±20 ms, no loss", LinkConditions(0.2, 0.02), {50: 101, 95: 120, 99: 122}),
]


class Figure(NamedTuple):
    """One percentile of one link, in milliseconds."""

    link: str
    percentile: int
    simulated: float
    real: int

    @property
    def ratio(self) -> float:
        """The simulated delay divided by the real one."""
        return self.simulated / self.real

    @property
    def within(self) -> bool:
        """Whether it is on target."""
        return abs(self.ratio - 1) <= TARGETS[self.percentile]


def main() -> int:
    """Compare, print, and return the exit code."""
    options = _options()
    figures = list(compare(options.messages, options.seed))
    print(as_json(figures) if options.json else as_table(figures))
    return 0 if all(figure.within for figure in figures) else 1


def compare(messages: int, seed: int) -> Iterator[Figure]:
    """Simulate that many messages over each link."""
    for link in LINKS:
        seconds = [link.beyond + delay for delay in delays(link.conditions, messages, seed)]
        for share, real in link.real.items():
            yield Figure(link.name, share, percentile(seconds, share) * 1000, real)


def delays(
    conditions: LinkConditions, messages: int, seed: int, *, interval: float = INTERVAL
) -> Iterator[float]:
    """How long each message takes, in seconds, if they are sent at that interval."""
    conditioner = Conditioner[float](conditions, seed=seed)
    for number in range(messages):
        sent = number * interval
        yield from _arrive(conditioner, until=sent)
        conditioner.push(sent, sent)
    yield from _arrive(conditioner, until=float("inf"))


def _arrive(conditioner: Conditioner[float], *, until: float) -> Iterator[float]:
    while (due := conditioner.next_due()) is not None and due <= until:
        yield from (due - sent for sent in conditioner.pop_due(due))


def as_table(figures: list[Figure]) -> str:
    """The figures as a table for people."""
    width = max(len(link.name) for link in LINKS)
    lines = [f"{'one-way delay in ms':{width}}       simulated  real TCP  ratio"]
    for figure in figures:
        link, share, simulated, real = figure
        verdict = "ok" if figure.within else f"more than {TARGETS[share]:.0%} off"
        lines.append(f"{link:{width}}  p{share}  {simulated:9.0f}  {real:8}  {figure.ratio:5.2f}  {verdict}")
    return "\n".join(lines)


def as_json(figures: list[Figure]) -> str:
    """The figures as JSON for programs: a list with an object for each."""
    objects = [
        {**it._asdict(), "ratio": it.ratio, "target": TARGETS[it.percentile], "within": it.within}
        for it in figures
    ]
    return json.dumps(objects, indent=2)


def _options() -> argparse.Namespace:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--messages", type=positive, default=200_000, help="over each link")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same figures")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
