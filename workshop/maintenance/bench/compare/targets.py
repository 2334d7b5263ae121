"""The targets for netlib beside the others, and whether it reaches them."""

from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

import msgspec

from workshop.maintenance.bench.compare.figures import Summary
from workshop.maintenance.bench.compare.rows import REFERENCE

Summaries: TypeAlias = Mapping[str, Summary]


class Target(NamedTuple):
    """A figure of one row, as a multiple of the reference row's."""

    what: str  # its name, for people
    row: str  # the row that is measured
    figure: str  # one of `Figures`, or ``largest``
    bound: float  # the limit for the multiple
    at_least: bool = False  # the multiple must reach the bound; otherwise it must stay below it
    moving: float | None = None  # the target counts only if this share of the players moves; None: always


class Verdict(msgspec.Struct, frozen=True):
    """Whether a target is reached; ``value`` and ``passed`` are None if it was not measured."""

    what: str
    bound: str
    value: float | None
    passed: bool | None


TARGETS: Final = (
    Target("CPU, JSON", "d", "cpu", 0.75),
    Target("CPU, MessagePack", "e", "cpu", 0.75),
    Target("CPU, JSON on uvloop", "f", "cpu", 0.60),
    Target("CPU, MessagePack on uvloop", "g", "cpu", 0.60),
    Target("bytes, MessagePack, all move", "e", "snapshot_bytes", 0.15, moving=1.0),
    Target("bytes, MessagePack, a fifth moves", "e", "snapshot_bytes", 0.05, moving=0.2),
    Target("most players, JSON", "d", "largest", 1.0, at_least=True),
    Target("most players, MessagePack", "e", "largest", 1.3, at_least=True),
)


def verdicts(rows: Summaries, moving: float) -> list[Verdict]:
    """Each target that this run has measured."""
    possible = [target for target in TARGETS if target.row in rows and target.moving in (None, moving)]
    return [verdict(target, rows) for target in possible if target.figure != "largest" or searched(rows)]


def searched(rows: Summaries) -> bool:
    """Whether this run searched for the most players."""
    return any(row.largest is not None for row in rows.values())


def verdict(target: Target, rows: Summaries) -> Verdict:
    """Whether this target is reached."""
    value = ratio(rows, target.row, target.figure)
    bound = f"{'≥' if target.at_least else '≤'} {target.bound:.2f} × {REFERENCE}"
    if value is None:
        return Verdict(target.what, bound, None, False if rows[target.row].errors else None)
    return Verdict(
        target.what, bound, value, value >= target.bound if target.at_least else value <= target.bound
    )


def ratio(rows: Summaries, row: str, figure: str) -> float | None:
    """A row's figure as a multiple of the reference row's; None if either is missing."""
    both = [rows[key] for key in (row, REFERENCE) if key in rows]
    found = [each.largest if figure == "largest" else each.middle(figure) for each in both]
    match found:
        case [int() | float() as ours, int() | float() as theirs] if theirs:
            return ours / theirs
    return None
