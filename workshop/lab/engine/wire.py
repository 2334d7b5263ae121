"""What has crossed the driven player's wire, as marks for the time line."""

from collections import deque
from collections.abc import Iterable

from msgspec.structs import replace

from workshop.lab.marks import Mark

KEPT = 34.0  # seconds: what the recording has, and what was under way when it began


class WireLog:
    """Inputs and snapshots in the order in which they were sent; both ends are in this program."""

    def __init__(self) -> None:
        self._marks: deque[Mark] = deque()
        self._way: dict[tuple[str, int], Mark] = {}
        self._done: dict[tuple[str, int], Mark] = {}

    def sent(self, mark: Mark) -> None:
        """A message is under way from now on."""
        self._way[mark.kind, mark.number] = mark
        self._marks.append(mark)
        while self._marks[0].sent < mark.sent - KEPT:
            old = self._marks.popleft()
            self._way.pop((old.kind, old.number), None)
            self._done.pop((old.kind, old.number), None)

    def arrived(self, kind: str, number: int, when: float, *, replayed: int = 0, error: float = 0.0) -> None:
        """It is there; what the client has made of a snapshot is told with it."""
        if (mark := self._way.pop((kind, number), None)) is not None:
            self._done[kind, number] = replace(mark, arrived=when, replayed=replayed, error=error)

    def forget_what_is_under_way(self) -> None:
        """The connection is another one now, and numbers begin again."""
        kept = [self._done.get((mark.kind, mark.number), mark) for mark in self._marks]
        self._marks, self._way, self._done = deque(kept), {}, {}

    def at(self, now: float, seconds: float) -> list[Mark]:
        """What was sent in the last seconds before ``now``, as it was known then, oldest first."""
        recent = (mark for mark in self._marks if now - seconds <= mark.sent <= now)
        return list(self._known(recent, now))

    def _known(self, marks: Iterable[Mark], now: float) -> Iterable[Mark]:
        for mark in marks:
            there = self._done.get((mark.kind, mark.number), mark)
            yield there if there.arrived is None or there.arrived <= now else mark
