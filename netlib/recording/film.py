"""A whole recording in memory, which can be played from any place, and as it would come over another link."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from copy import copy
from math import inf
from pathlib import Path

from msgspec.structs import replace

from netlib.recording.file import Kind, Record, Tape
from netlib.transport.conditioner import Conditioner, LinkConditions

MOST_RECORDS, MOST_BYTES = 2_000_000, 2**29  # that are held: some hours of a game, and no bomb of zeros
TOO_LONG = "it is too long to be held in memory"


class Film:
    """All records of a recording, or the first `MOST_RECORDS` of a longer one.

    Attributes:
        path, header, codec, problem: see `Tape`.
        records: what happened, oldest first.

    Raises:
        RecordingError: there is no such file, or it is not a recording, or one that we cannot play.
    """

    def __init__(self, path: str | Path) -> None:
        tape = Tape(path)
        self.path, self.header, self.codec = tape.path, tape.header, tape.codec
        self.records = tuple(_held(tape))
        self.problem = tape.problem

    @property
    def duration(self) -> float:
        """How long it is, in seconds."""
        return self.records[-1].time if self.records else 0.0

    def until(self, time: float) -> int:
        """How many records there are until a time, in seconds, and at it."""
        return bisect_right(self.records, time, key=lambda record: record.time)

    def over(self, link: LinkConditions, *, seed: int | None = None) -> "Film":
        """The same recording as if what came had come over a link that is worse by these conditions.

        Only the way from the server can be simulated: what it did with what was sent has already
        happened. So half of the latency is added, the jitter, and what a loss holds up.
        """
        other = copy(self)
        other.records = tuple(_delayed(self.records, Conditioner(link, seed=seed)))
        return other


def _held(tape: Tape) -> Iterator[Record]:
    size = 0
    for number, record in enumerate(tape):
        size += len(record.data)
        if number >= MOST_RECORDS or size > MOST_BYTES:
            tape.problem = TOO_LONG
            return
        yield record


def _delayed(records: Iterable[Record], line: Conditioner[Record]) -> Iterator[Record]:
    """What came later, and in order; a connection that begins has none of the one before on its line."""
    time = 0.0
    for record in records:
        yield from _arrived(line, record.time)
        time = max(time, record.time)
        if record.kind in (Kind.RECEIVED, Kind.CLOSED):
            line.push(record.time, record)
        elif record.kind is Kind.OPENED:
            yield from (replace(late, time=time) for late in line.pop_due(inf))
            yield record
        elif record.kind is Kind.ENDED:
            rest = list(_arrived(line, inf))
            yield from (*rest, replace(record, time=max(time, *(late.time for late in rest), 0.0)))
        else:
            yield record
    yield from _arrived(line, inf)


def _arrived(line: Conditioner[Record], until: float) -> Iterator[Record]:
    """What arrives until a time, at its own times."""
    while (due := line.next_due()) is not None and due <= until:
        yield from (replace(record, time=due) for record in line.pop_due(due))
